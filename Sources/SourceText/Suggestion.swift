/// "Did you mean": the known word nearest to one that is not known.
public enum Suggestion {
  /// - Parameters:
  ///   - word: What the user wrote.
  ///   - words: What is accepted.
  /// - Returns: The nearest, if it is near enough to be what was meant; letter case counts little.
  public static func nearest(to word: String, in words: some Sequence<String>) -> String? {
    allNearest(to: word, in: words).first
  }

  /// All that are equally near, in the order of `words`; more than one leave open what was meant.
  public static func allNearest(to word: String, in words: some Sequence<String>) -> [String] {
    let written = Array(normalized(word))
    guard !written.isEmpty, written.count <= 64 else { return [] }
    // One slip in three letters, at least one, at most four.
    let limit = min(4, max(1, written.count / 3))
    var best: [String] = []
    var bestDistance = limit
    for candidate in words {
      let known = Array(normalized(candidate))
      guard abs(known.count - written.count) <= limit else { continue }
      // Nothing but the marks between words is amiss.
      if isSame(written, known) { return [candidate] }
      guard let distance = editDistance(written, known, limit: bestDistance) else { continue }
      if distance < bestDistance { best = [] }
      best.append(candidate)
      bestDistance = distance
    }
    return best
  }

  /// Whether the words are the same without the marks that join them.
  private static func isSame(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    let joint = UInt8(ascii: "_")
    return a.lazy.filter { $0 != joint }.elementsEqual(b.lazy.filter { $0 != joint })
  }

  private static func normalized(_ word: String) -> String.UTF8View {
    word.lowercased().replacing("-", by: "_").replacing(" ", by: "_").utf8
  }

  /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment;
  /// Damerau 1964), or nil if there are more than `limit`.
  static func editDistance(_ a: [UInt8], _ b: [UInt8], limit: Int) -> Int? {
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      row.reserveCapacity(b.count + 1)
      var smallest = i + 1
      for j in 0..<b.count {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          cost = min(cost, beforeLast[j - 1] + 1)
        }
        row.append(cost)
        smallest = min(smallest, cost)
      }
      if smallest > limit { return nil }
      beforeLast = last
      last = row
    }
    return last[b.count] <= limit ? last[b.count] : nil
  }
}

extension String {
  fileprivate func replacing(_ old: Character, by new: Character) -> String {
    String(map { $0 == old ? new : $0 })
  }
}
