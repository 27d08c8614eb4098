import SourceText
import Testing

/// What holds for the tree of any document, in any format.
enum DocumentChecks {
  /// A value as text, without its place: equal values have equal texts.
  static func value(_ node: DocumentNode) -> String {
    switch node.kind {
    case .sequence: "[" + node.children.map(value).joined(separator: ",") + "]"
    case .mapping:
      "{"
        + node.children.map { "\(($0.key ?? "").debugDescription):\(value($0))" }
        .joined(separator: ",") + "}"
    default: "\(node.kind) \(node.text.debugDescription)"
    }
  }

  /// All nodes as they are written: what an alias stands for comes once, at its anchor.
  static func nodes(_ document: Document) -> [DocumentNode] {
    var found: [DocumentNode] = []
    var pending = [document.root]
    while let node = pending.popLast() {
      found.append(node)
      if !node.isAlias { pending += Array(node.children).reversed() }
    }
    return found
  }

  /// What is wrong with the places of a document: spans that leave their parent or the file, that
  /// are out of order or that cut a character in two.
  static func misplaced(_ document: Document) -> [String] {
    var wrong: [String] = []
    let bytes = document.source.bytes
    func isBoundary(_ offset: Int) -> Bool {
      offset >= 0 && offset <= bytes.count
        && (offset == bytes.count || bytes[offset] & 0xC0 != 0x80)
    }
    for node in nodes(document) {
      let span = node.span.bytes
      let ends = [span, node.keySpan?.bytes].compactMap { $0 }
        .flatMap { [$0.lowerBound, $0.upperBound] }
      if !ends.allSatisfy(isBoundary) { wrong.append("\(node.keyPath) \(span) cuts a character") }
      guard !node.isAlias else { continue }
      var offset = span.lowerBound
      for child in node.children {
        for part in [child.keySpan?.bytes, child.span.bytes].compactMap({ $0 }) {
          if part.lowerBound < offset || part.upperBound > span.upperBound {
            wrong.append("\(child.keyPath) \(part) in \(span) from \(offset)")
          }
          offset = part.upperBound
        }
      }
    }
    return wrong
  }

  /// Whether an error names a place within the file and whole characters.
  static func isWellPlaced(_ error: SyntaxError, in source: SourceFile) -> Bool {
    let bytes = source.bytes
    return [error.bytes.lowerBound, error.bytes.upperBound].allSatisfy {
      $0 >= 0 && $0 <= bytes.count && ($0 == bytes.count || bytes[$0] & 0xC0 != 0x80)
    }
  }

  /// The entries that override an earlier one, found by comparing all keys of each mapping.
  static func repeatedKeys(_ document: Document) -> [[Int]] {
    var pairs: [[Int]] = []
    for node in nodes(document) where node.kind == .mapping && !node.isAlias {
      let entries = node.children.filter { !$0.isMergeKey }
      for (place, second) in entries.enumerated() {
        let key = Array((second.key ?? "").unicodeScalars)
        let first = entries[..<place].last { Array(($0.key ?? "").unicodeScalars) == key }
        if let first { pairs.append([first.id, second.id]) }
      }
    }
    return pairs.sorted { $0[1] < $1[1] }
  }
}

/// Changes a few bytes, or cuts the end off.
func mutated(_ bytes: [UInt8], with alphabet: [String], _ random: inout some RandomNumberGenerator)
  -> [UInt8]
{
  var bytes = bytes
  for _ in 0..<Int.random(in: 1...3, using: &random) {
    let place = Int.random(in: 0...bytes.count, using: &random)
    let end = min(bytes.count, place + Int.random(in: 0...2, using: &random))
    switch Int.random(in: 0..<5, using: &random) {
    case 0: bytes.removeSubrange(place...)
    case 1: bytes.removeSubrange(place..<end)
    case 2: bytes.replaceSubrange(place..<end, with: [UInt8.random(in: 0...255, using: &random)])
    default:
      bytes.replaceSubrange(
        place..<end, with: (alphabet.randomElement(using: &random) ?? "").utf8)
    }
  }
  return bytes
}
