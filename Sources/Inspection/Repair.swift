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
    /// What is left to report.
    public let report: FileReport
    public let applied: [Fix]
  }

  /// More rounds than any file needs: a fix may bring to light what another finding hid.
  private static let maximumRounds = 16

  /// - Throws: A ``ReadFailure`` if the file cannot be read, or if a fix would change more than it
  ///   says; the file on disk is not touched either way.
  public func repair(_ source: SourceFile) throws(ReadFailure) -> Outcome {
    var source = source
    var report = try inspector.inspect(source)
    var applied: [Fix] = []
    for _ in 0..<Self.maximumRounds {
      let fixes = report.diagnostics.compactMap { diagnostic in
        diagnostic.fixes.first { includesUnsafe || $0.safety == .safe }
      }
      if fixes.isEmpty { break }
      let (bytes, taken) = source.applying(fixes)
      if taken.isEmpty || bytes == source.bytes { break }
      let repaired = SourceFile(id: source.id, path: source.path, bytes: bytes)
      try Self.check(source, repaired, taken)
      source = repaired
      report = try inspector.inspect(source)
      applied += taken
    }
    return Outcome(source: source, report: report, applied: applied)
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
        path: old.path, message: "a fix would leave the file unreadable (\(error.message)): nothing was changed")
    }
    let edited = fixes.flatMap(\.edits).map(\.span.bytes)
    var kept = values(of: after)
    for (path, leaf) in leaves(of: before) {
      if edited.contains(where: { $0.lowerBound <= leaf.bytes.upperBound && leaf.bytes.lowerBound <= $0.upperBound }) {
        continue
      }
      guard let place = kept[path]?.firstIndex(of: leaf.text) else {
        throw ReadFailure(
          path: old.path, message: "a fix would change '\(path)', which it does not name: nothing was changed")
      }
      kept[path]?.remove(at: place)
    }
  }

  private static func values(of document: Document) -> [String: [String]] {
    var values: [String: [String]] = [:]
    for (path, leaf) in leaves(of: document) { values[path, default: []].append(leaf.text) }
    return values
  }

  /// All scalars with their key paths, and the bytes from key to end.
  private static func leaves(
    of document: Document
  ) -> [(path: String, leaf: (bytes: Range<Int>, text: String))] {
    var found: [(String, (Range<Int>, String))] = []
    var waiting: [(DocumentNode, String)] = [(document.root, "")]
    while let (node, path) = waiting.popLast() {
      // An alias of YAML is its anchor's value, which is checked there.
      if node.isAlias { continue }
      guard node.isCollection else {
        let start = node.keySpan?.bytes.lowerBound ?? node.span.bytes.lowerBound
        found.append((path, (start..<node.span.bytes.upperBound, node.sourceText)))
        continue
      }
      for (place, child) in node.children.enumerated() {
        waiting.append((child, KeyPath.joined([path, child.key ?? "[\(place)]"].filter { !$0.isEmpty })))
      }
    }
    return found
  }
}
