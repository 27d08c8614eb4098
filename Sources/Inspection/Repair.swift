public import Plans
public import Reporting
public import SourceText

/// Applies the fixes of findings until none is left, and makes sure that nothing else changed.
public struct Repair: Sendable {
  public let inspector: Inspector
  /// Whether fixes that change the training are applied as well.
  public let includesUnsafe: Bool

  public init(_ inspector: Inspector, includesUnsafe: Bool) {
    self.inspector = inspector
    self.includesUnsafe = includesUnsafe
  }

  /// A file after its repair.
  public struct Outcome: Sendable {
    public let source: SourceFile
    /// What is left to report, of the file and of those that it names.
    public let reports: [FileReport]
    public let applied: [Fix]
  }

  /// More rounds than any file needs: a fix may bring to light what another finding hid.
  private static let maximumRounds = 32
  /// Fixes of one round; the next round takes the rest.
  private static let maximumFixes = 500

  /// - Throws: A ``ReadFailure`` if the file cannot be read, or if a fix would change more than it
  ///   says; the file on disk is not touched either way.
  public func repair(
    _ source: SourceFile, neighbours: Neighbours = .none
  ) throws(ReadFailure) -> Outcome {
    var source = source
    var reports = try inspector.inspect(source, neighbours: neighbours)
    var applied: [Fix] = []
    for _ in 0..<Self.maximumRounds {
      let fixes = (reports.first?.diagnostics ?? []).compactMap { diagnostic in
        diagnostic.fixes.first { includesUnsafe || $0.safety == .safe }
      }
      if fixes.isEmpty { break }
      let (bytes, taken) = source.applying(fixes.prefix(Self.maximumFixes))
      if taken.isEmpty || bytes == source.bytes { break }
      let repaired = SourceFile(id: source.id, path: source.path, bytes: bytes)
      try Self.check(source, repaired, taken)
      source = repaired
      reports = try inspector.inspect(source, neighbours: neighbours)
      applied += taken
    }
    return Outcome(source: source, reports: reports, applied: applied)
  }

  /// Every value outside the edits must be what and where it was.
  private static func check(
    _ old: SourceFile, _ new: SourceFile, _ fixes: [Fix]
  ) throws(ReadFailure) {
    let before: Document
    let after: Document
    do throws(SyntaxError) {
      before = try DocumentReader.read(old)
      after = try DocumentReader.read(new)
    } catch {
      throw ReadFailure(
        path: old.path,
        message: "a fix would leave the file unreadable (\(error.message)): nothing was changed")
    }
    let (removed, inserted) = changedBytes(fixes)
    var left = Dictionary(grouping: leaves(of: after), by: \.path)
    for leaf in leaves(of: before) where !removed.contains(where: { $0.touches(leaf.bytes) }) {
      guard let place = left[leaf.path]?.firstIndex(where: { $0.text == leaf.text }) else {
        throw refusal(old, leaf.path)
      }
      left[leaf.path]?.remove(at: place)
    }
    for leaf in left.values.joined() where !inserted.contains(where: { $0.touches(leaf.bytes) }) {
      throw refusal(old, leaf.path)
    }
  }

  private static func refusal(_ file: SourceFile, _ path: String) -> ReadFailure {
    ReadFailure(
      path: file.path,
      message: "a fix would change '\(path)', which it does not name: nothing was changed")
  }

  /// What the edits take away, in the old file, and what they put there, in the new one.
  private static func changedBytes(_ fixes: [Fix]) -> (
    removed: [Range<Int>], inserted: [Range<Int>]
  ) {
    let edits = Set(fixes.flatMap(\.edits)).sorted {
      $0.span.bytes.lowerBound < $1.span.bytes.lowerBound
    }
    var shift = 0
    let inserted = edits.map { edit in
      let start = edit.span.bytes.lowerBound + shift
      shift += edit.text.utf8.count - edit.span.bytes.count
      return start..<(start + edit.text.utf8.count)
    }
    return (edits.map(\.span.bytes), inserted)
  }

  /// A scalar: where it stands, the bytes from its key to its end, and its text.
  private struct Leaf {
    let path: String
    let bytes: Range<Int>
    let text: String
  }

  private static func leaves(of document: Document) -> [Leaf] {
    var found: [Leaf] = []
    var waiting: [(DocumentNode, String)] = [(document.root, "")]
    while let (node, path) = waiting.popLast() {
      // An alias of YAML is its anchor's value, which is checked there.
      if node.isAlias { continue }
      guard node.isCollection else {
        let start = node.keySpan?.bytes.lowerBound ?? node.span.bytes.lowerBound
        found.append(
          Leaf(path: path, bytes: start..<node.span.bytes.upperBound, text: node.sourceText))
        continue
      }
      for (place, child) in node.children.enumerated() {
        waiting.append(
          (child, KeyPath.joined([path, child.key ?? "[\(place)]"].filter { !$0.isEmpty })))
      }
    }
    return found
  }
}

extension Range<Int> {
  /// Whether both share a byte or stand side by side.
  fileprivate func touches(_ other: Range<Int>) -> Bool {
    lowerBound <= other.upperBound && other.lowerBound <= upperBound
  }
}
