public import SourceText

/// The difference of two texts as `diff -u` prints it, which `patch` and git take.
public enum UnifiedDiff {
  private static let context = 3

  /// With its line break. Compared byte by byte: texts would be equal in any normal form.
  private typealias Bytes = ArraySlice<UInt8>

  fileprivate enum Line {
    case same(ArraySlice<UInt8>), removed(ArraySlice<UInt8>), added(ArraySlice<UInt8>)
  }

  /// Empty if nothing differs.
  public static func between(
    _ old: SourceFile, _ new: SourceFile, style: Reporter.Style = .init()
  ) -> String {
    guard old.bytes != new.bytes else { return "" }
    let lines = merged(split(old), split(new))
    var result =
      style.paint("--- \(name(old))", .bold) + "\n" + style.paint("+++ \(name(new))", .bold) + "\n"
    var place = 0
    var oldLine = 1
    var newLine = 1
    while let first = lines[place...].firstIndex(where: \.isChange) {
      let start = max(place, first - context)
      oldLine += start - place
      newLine += start - place
      let end = endOfHunk(lines, from: first)
      let hunk = lines[start..<end]
      let oldCount = hunk.count { !$0.isAdded }
      let newCount = hunk.count { !$0.isRemoved }
      // Where a side has no line, the one before is named.
      let places =
        "-\(oldLine - (oldCount == 0 ? 1 : 0)),\(oldCount) +\(newLine - (newCount == 0 ? 1 : 0)),\(newCount)"
      result += style.paint("@@ \(places) @@", .cyan) + "\n"
      result += hunk.map { render($0, style) }.joined()
      oldLine += oldCount
      newLine += newCount
      place = end
    }
    return result
  }

  /// A tab ends a name with blanks in it.
  private static func name(_ file: SourceFile) -> String {
    file.path.contains(" ") ? file.path + "\t" : file.path
  }

  /// Up to the context after the last change that is near enough to the one before.
  private static func endOfHunk(_ lines: [Line], from first: Int) -> Int {
    var last = first
    var place = first
    while place < lines.count, place - last <= 2 * context {
      if lines[place].isChange { last = place }
      place += 1
    }
    return min(lines.count, last + context + 1)
  }

  private static func render(_ line: Line, _ style: Reporter.Style) -> String {
    func painted(_ mark: String, _ bytes: Bytes, _ colour: Reporter.Style.Colour?) -> String {
      let hasBreak = bytes.last == 0x0A
      let body = mark + String(decoding: hasBreak ? bytes.dropLast() : bytes, as: UTF8.self)
      return (colour.map { style.paint(body, $0) } ?? body) + "\n"
        + (hasBreak ? "" : "\\ No newline at end of file\n")
    }
    return switch line {
    case .same(let bytes): painted(" ", bytes, nil)
    case .removed(let bytes): painted("-", bytes, .red)
    case .added(let bytes): painted("+", bytes, .green)
    }
  }

  private static func split(_ file: SourceFile) -> [Bytes] {
    var lines: [Bytes] = []
    var start = 0
    for (place, byte) in file.bytes.enumerated() where byte == 0x0A {
      lines.append(file.bytes[start...place])
      start = place + 1
    }
    if start < file.bytes.count { lines.append(file.bytes[start...]) }
    return lines
  }

  private static func merged(_ old: [Bytes], _ new: [Bytes]) -> [Line] {
    let difference = new.difference(from: old)
    var removed: Set<Int> = []
    var added: Set<Int> = []
    for change in difference {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var lines: [Line] = []
    var (a, b) = (0, 0)
    while a < old.count || b < new.count {
      if a < old.count, removed.contains(a) {
        lines.append(.removed(old[a]))
        a += 1
      } else if b < new.count, added.contains(b) {
        lines.append(.added(new[b]))
        b += 1
      } else {
        lines.append(.same(old[a]))
        a += 1
        b += 1
      }
    }
    return lines
  }
}

extension UnifiedDiff.Line {
  fileprivate var isRemoved: Bool { if case .removed = self { true } else { false } }
  fileprivate var isAdded: Bool { if case .added = self { true } else { false } }
  fileprivate var isChange: Bool { isRemoved || isAdded }
}
