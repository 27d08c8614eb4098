import Knowledge
import Plans
import SourceText

/// Changes of settings as text, in YAML and in JSON.
struct AIToolkitEdits {
  private let document: Document

  init(_ document: Document) { self.document = document }

  func edits(_ change: Change) -> [TextEdit]? {
    switch change {
    case .set(let place, let value):
      guard let value = Self.written(value) else { return nil }
      if let node = document.node(at: place.keyPath) {
        return document.editor.replace(node, with: value)
      }
      return insert(place.keyPath, value)
    case .remove(let place):
      return document.node(at: place.keyPath).flatMap(document.editor.remove)
    }
  }

  /// In digits of its own, so that a whole number put in the place of a fraction is one: `steps: 1e4`
  /// becomes 10000 and not 10000.0.
  private static func written(_ value: SettingValue) -> EditValue? {
    guard let number = value.number, number.isFinite else { return EditValue(value) }
    return .numeral(Number.literal(number))
  }

  /// Adds a key, and the mappings on the way to it that the file does not have.
  private func insert(_ keyPath: String, _ value: EditValue) -> [TextEdit]? {
    var keys = keyPath.split(separator: ".").map(String.init)
    var mapping = document.root
    while keys.count > 1, let next = child(of: mapping, keys[0]) {
      mapping = next
      keys.removeFirst()
    }
    // An element that is not there.
    guard !keys.contains(where: { $0.hasSuffix("]") }) else { return nil }
    return document.editor.set(keys, below: mapping, to: value)
  }

  /// `process[0]` of `config`.
  private func child(of mapping: DocumentNode, _ part: String) -> DocumentNode? {
    guard let open = part.firstIndex(of: "["),
      let place = Int(part[part.index(after: open)...].dropLast())
    else { return mapping[part] }
    guard let list = mapping[String(part[..<open])] else { return nil }
    return Array(list.children).dropFirst(place).first
  }
}
