import Knowledge
import Plans
import SourceText

/// Changes of settings as text, in the style of the file.
struct SimpleTunerEditor: Sendable {
  private let document: Document

  init(_ document: Document) { self.document = document }

  func edits(_ change: Change) -> [TextEdit]? {
    if let option = OptionPath(change) { return edits(option) }
    let editor = document.editor
    switch change {
    case .set(let place, let value):
      guard place.span.file == document.source.id, let value = Self.written(value) else {
        return nil
      }
      if let node = document.node(at: place.keyPath) { return editor.replace(node, with: value) }
      guard let key = place.keyPath.split(separator: ".").last.map(String.init) else { return nil }
      return insert(key, value, below: place.keyPath, editor)
    case .remove(let place):
      guard place.span.file == document.source.id else { return nil }
      return document.node(at: place.keyPath).flatMap(editor.remove)
    }
  }

  /// Keys at the top get the dashes that the others have.
  private func insert(
    _ key: String, _ value: EditValue, below path: String, _ editor: any DocumentEditor
  ) -> [TextEdit]? {
    let file = SimpleTunerFile(document)
    let parent = path.dropLast(key.count).dropLast(path == key ? 0 : 1)
    if String(parent) == file.path {
      guard let name = file.name(of: key) else { return nil }
      return editor.insert(key: name, value, into: file.mapping)
    }
    return document.node(at: String(parent)).flatMap { mapping in
      mapping.kind == .mapping ? editor.insert(key: key, value, into: mapping) : nil
    }
  }

  private static func written(_ value: SettingValue) -> EditValue? {
    switch value {
    case .null: .null
    case .boolean(let flag): .boolean(flag)
    case .number(let number): number.isFinite ? .numeral(Number.literal(number)) : nil
    case .text(let text): .text(text)
    case .collection: nil
    }
  }

  // MARK: Options within optimizer_config

  /// `optimizer_config.weight_decay`, and the value it is to have.
  private struct OptionPath {
    let parent: String
    let option: String
    /// Nil to take it out.
    let value: SettingValue?
    let file: FileID

    init?(_ change: Change) {
      switch change {
      case .set(let place, let value): self.init(place, value)
      case .remove(let place): self.init(place, nil)
      }
    }

    private init?(_ place: any Located, _ value: SettingValue?) {
      let path = place.keyPath
      guard let dot = path.lastIndex(of: ".") else { return nil }
      let parent = String(path[..<dot])
      let key = parent.split(separator: ".").last.map(String.init) ?? ""
      guard SimpleTunerKeys.plain(key) == "optimizer_config" else { return nil }
      self.parent = parent
      option = String(path[path.index(after: dot)...])
      self.value = value
      file = place.span.file
    }
  }

  /// Betas cannot be written there, as commas part the options.
  private func edits(_ path: OptionPath) -> [TextEdit]? {
    let editor = document.editor
    guard path.file == document.source.id, !path.option.contains("[") else { return nil }
    let text = path.value.flatMap(Self.optionText)
    guard let node = document.node(at: path.parent) else {
      guard let text else { return nil }
      return insert(
        "optimizer_config", .text("\(path.option)=\(text)"),
        below: SimpleTunerFile(document).path.isEmpty ? "optimizer_config" : path.parent, editor)
    }
    guard !node.isCollection else { return nil }
    let config = OptimizerConfigText(
      Setting(.text(node.text.trimmed), .written(node.span), keyPath: path.parent),
      at: (node, node.text.utf8.prefix { $0 <= 0x20 }.count))
    let end = node.text.utf8.count
    guard let place = config.items.lastIndex(where: { $0.key == path.option }) else {
      guard let text else { return nil }
      let separator = config.items.isEmpty ? "" : ","
      return editor.replace(
        part: end..<end, of: node, with: "\(separator)\(path.option)=\(text)")
    }
    let item = config.items[place]
    if let text { return editor.replace(part: item.valueRange, of: node, with: text) }
    if path.value != nil { return nil }
    if config.items.count == 1 { return editor.remove(node) }
    let part =
      place > 0
      ? config.items[place - 1].range.upperBound..<item.range.upperBound
      : item.range.lowerBound..<config.items[1].range.lowerBound
    return editor.replace(part: part, of: node, with: "")
  }

  /// As the trainer reads it back; nil for what it cannot.
  private static func optionText(_ value: SettingValue) -> String? {
    switch value {
    case .null: "none"
    case .boolean(let flag): flag ? "true" : "false"
    case .number(let number):
      OptimizerConfigText.value(Number.literal(number)) == value ? Number.literal(number) : nil
    case .text(let text): OptimizerConfigText.value(text) == value ? text : nil
    case .collection: nil
    }
  }
}
