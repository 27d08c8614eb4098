import Knowledge
import Plans
import SourceText

/// `optimizer_config`: `eps=1e-8,weight_decay=0.01`.
///
/// SimpleTuner bc8e6ab7 `helpers/training/optimizer_param.py:885-910` splits at every comma, then at
/// every equals sign, and takes what stands between the first two of those for the value.
struct OptimizerConfigText: Sendable {
  let setting: Setting
  let items: [Item]

  /// One option, in the order of the text; of several for one option the last counts.
  struct Item: Sendable {
    /// Blanks and all.
    let key: String
    /// Nil where there is no equals sign.
    let written: String?
    /// Nil where Python cannot read it.
    let value: SettingValue?
    /// How many equals signs there are.
    let equals: Int
    let keyPath: String
    let span: SourceSpan
    let keySpan: SourceSpan
    let valueSpan: SourceSpan
    /// Where it stands in the text, and where its value does.
    let range: Range<Int>
    let valueRange: Range<Int>

    var place: Place { Place(keyPath: keyPath, span: span) }
    var keyPlace: Place { Place(keyPath: keyPath, span: keySpan) }
    var valuePlace: Place { Place(keyPath: keyPath, span: valueSpan) }
    /// The value as a setting of its own; null where it cannot be read.
    var setting: Setting {
      Setting(
        value ?? .null,
        value == nil
          ? .replaced(valueSpan, because: "not read", isMistake: true) : .written(valueSpan),
        keyPath: keyPath)
    }
  }

  /// - Parameters:
  ///   - setting: The option of the command line.
  ///   - place: The node it stands in, and where it begins in the node's text; nil where the file
  ///     states none.
  init(_ setting: Setting, at place: (node: DocumentNode, offset: Int)?) {
    self.setting = setting
    guard let place, let text = setting.text, !place.node.isCollection, !setting.isMistaken else {
      items = []
      return
    }
    let node = place.node
    var items: [Item] = []
    var offset = place.offset
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let range = offset..<(offset + part.utf8.count)
      items.append(Self.item(String(part), range, node, setting.keyPath))
      offset = range.upperBound + 1
    }
    self.items = items
  }

  private static func item(
    _ text: String, _ range: Range<Int>, _ node: DocumentNode, _ path: String
  ) -> Item {
    let sides = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
    let key = sides[0]
    let written = sides.count > 1 ? sides[1] : nil
    let keyRange = range.lowerBound..<(range.lowerBound + key.utf8.count)
    let start = written == nil ? range.upperBound : keyRange.upperBound + 1
    let valueRange = start..<(start + (written?.utf8.count ?? 0))
    return Item(
      key: key, written: written, value: written.flatMap(value), equals: sides.count - 1,
      keyPath: "\(path).\(key.trimmed)", span: node.span(ofText: range),
      keySpan: node.span(ofText: keyRange),
      valueSpan: written == nil ? node.span(ofText: range) : node.span(ofText: valueRange),
      range: range, valueRange: valueRange)
  }

  /// The rules of the trainer, in its order; nil where `float()` raises.
  static func value(_ text: String) -> SettingValue? {
    if text.contains(".") { return Number.parse(text).map(SettingValue.number) }
    if !text.isEmpty, text.allSatisfy(\.isNumber) {
      return Number.parseInteger(text).map(SettingValue.number)
    }
    switch text.lowercased() {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "none": return .null
    default: break
    }
    if text.contains("e-") { return Number.parse(text).map(SettingValue.number) }
    return .text(text)
  }

  /// The last item for an option.
  func item(_ key: String) -> Item? { items.last { $0.key == key } }

  /// Whether the trainer gets through all of it.
  var isReadable: Bool { items.allSatisfy { $0.written != nil && $0.value != nil } }
}
