import Knowledge
import Optimizers
import Plans
import SourceText

/// `key=value`, an item of `optimizer_args`, `lr_scheduler_args` or `network_args`.
///
/// kohya sd-scripts 48d368fa: `library/train_util.py:4857-4861` and `5287-5292` split at every equals
/// sign and read the value as a Python literal; `train_network.py:666-668` splits at the first one and
/// keeps the value as text.
struct KeyValueArgument: Sendable {
  /// The text of which it is all or a part.
  let node: DocumentNode
  /// `optimizer_args[1]`.
  let keyPath: String
  /// The item as the trainer has it.
  let text: String
  /// What stands before the first equals sign, blanks and all.
  let key: String
  /// What stands behind it; nil if there is none.
  let written: String?
  /// The equals signs.
  let equals: Int
  /// What Python makes of the value; nil where it is no literal.
  let literal: PythonValue?
  /// Where the bytes of `text` stand in the node's text; nil where the item is made of it in another
  /// way.
  private let offsets: [Int]?

  /// - Parameters:
  ///   - offsets: Where each byte of the item stands in the node's text, and where the last one ends;
  ///     nil where the item is made of it in another way.
  init(_ text: String, in node: DocumentNode, keyPath: String, offsets: [Int]?) {
    self.node = node
    self.keyPath = keyPath
    self.text = text
    self.offsets = offsets
    let sides = text.split(separator: "=", omittingEmptySubsequences: false)
    equals = sides.count - 1
    key = String(sides[0])
    written = equals > 0 ? String(text.dropFirst(key.count + 1)) : nil
    literal = written.flatMap { PythonValue(literal: $0) }
  }

  /// An item that is a text of its own.
  init(_ node: DocumentNode, keyPath: String) {
    let text = node.text
    self.init(text, in: node, keyPath: keyPath, offsets: Array(0...text.utf8.count))
  }

  /// Whether the trainer can read it.
  var isWellFormed: Bool { equals == 1 && literal != nil && !key.isEmpty }

  /// The places of the bytes behind the first equals sign.
  var offsetsOfValue: [Int]? { offsets.map { Array($0.dropFirst(key.utf8.count + 1)) } }

  /// The whole item.
  var place: Place { Place(keyPath: keyPath, span: span(0..<text.utf8.count)) }
  /// What stands before the equals sign.
  var keyPlace: Place { Place(keyPath: keyPath, span: span(0..<key.utf8.count)) }
  /// What stands behind it.
  var valuePlace: Place { Place(keyPath: keyPath, span: valueSpan) }

  var valueSpan: SourceSpan {
    let count = text.utf8.count
    return written == nil ? span(0..<count) : span((key.utf8.count + 1)..<count)
  }

  /// An element of a list or tuple; the whole value where it is neither.
  func elementSpan(_ place: Int) -> SourceSpan {
    guard let written else { return valueSpan }
    let start = key.utf8.count + 1
    var parts: [Range<Int>] = []
    var depth = 0
    var first = 0
    let bytes = Array(written.utf8)
    // Brackets around all of it are no level of their own.
    let isBracketed =
      bytes.first.map { "([".utf8.contains($0) } ?? false
      && bytes.last.map { ")]".utf8.contains($0) } ?? false
    let inner = isBracketed ? 1..<(bytes.count - 1) : 0..<bytes.count
    first = inner.lowerBound
    for offset in inner {
      switch bytes[offset] {
      case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: ",") where depth == 0:
        parts.append(first..<offset)
        first = offset + 1
      default: break
      }
    }
    parts.append(first..<inner.upperBound)
    guard parts.indices.contains(place) else { return valueSpan }
    var part = parts[place]
    while let byte = part.first, bytes[byte] == 0x20 { part = part.dropFirst() }
    while let byte = part.last, bytes[byte] == 0x20 { part = part.dropLast() }
    return span((start + part.lowerBound)..<(start + part.upperBound))
  }

  /// The value as a setting of its own.
  func setting(_ value: SettingValue) -> Setting {
    Setting(value, .written(valueSpan), keyPath: keyPath)
  }

  /// Writes another text in the place of the key or of the value; nil if it does not stand in the file
  /// as it is.
  func edits(of part: Part, to new: String, _ documents: [Document]) -> [TextEdit]? {
    guard let offsets, let document = documents.first(where: { $0.source.id == node.source.id })
    else { return nil }
    let bytes: Range<Int> =
      switch part {
      case .key: 0..<key.utf8.count
      case .value: (written == nil ? 0 : key.utf8.count + 1)..<text.utf8.count
      }
    return document.editor.replace(
      part: offsets[bytes.lowerBound]..<offsets[bytes.upperBound], of: node, with: new)
  }

  enum Part { case key, value }

  private func span(_ bytes: Range<Int>) -> SourceSpan {
    offsets.map { node.span(ofText: $0[bytes.lowerBound]..<$0[bytes.upperBound]) } ?? node.span
  }
}

extension SettingValue {
  /// As Python writes it; nil for what has no short form.
  var pythonLiteral: String? {
    switch self {
    case .null: "None"
    case .boolean(let flag): flag ? "True" : "False"
    case .number(let number) where number.isFinite: Number.literal(number)
    case .number, .collection: nil
    // Quotes of the other kind would need a look at what is around.
    case .text(let text): text.contains { "'\"\\".contains($0) } ? nil : "'\(text)'"
    }
  }
}

extension DocumentNode {
  /// The items of a list of arguments: those of a list, or the words of one text as the interface
  /// splits it.
  func keyValueArguments() -> [KeyValueArgument] {
    let path = keyPath
    // A word of a command is a list of one; in a file, text is no list.
    let isWord = kind == .plain || kind == .string && parent?.key == "arguments"
    if isWord {
      return [KeyValueArgument(self, keyPath: "\(path)[0]")].filter { !$0.node.isUnknownWord }
    }
    guard kind == .sequence else { return [] }
    return children.enumerated().compactMap { place, item in
      guard item.kind == .string || item.kind == .plain, !item.isUnknownWord || item.kind == .string
      else { return nil }
      return KeyValueArgument(item, keyPath: "\(path)[\(place)]")
    }
  }
}
