/// Changes of a document as text edits that leave everything else byte for byte.
///
/// Every change is nil where the format, or this place in it, cannot express it safely: null in TOML,
/// a value of YAML that an alias shares, an entry whose removal would take more with it.
public protocol DocumentEditor: Sendable {
  /// Replaces a value; its key and the comments beside it stay.
  func replace(_ node: DocumentNode, with value: EditValue) -> [TextEdit]?
  /// Replaces a part of a text; the rest stays as it is written, unless the new part needs other quotes.
  /// - Parameter part: Of the node's text, in UTF-8.
  func replace(part: Range<Int>, of node: DocumentNode, with text: String) -> [TextEdit]?
  /// Adds an entry where an entry of this mapping belongs, indented like its neighbours.
  func insert(key: String, _ value: EditValue, into mapping: DocumentNode) -> [TextEdit]?
  /// Removes an entry or an element, with its line where nothing else stands there.
  func remove(_ node: DocumentNode) -> [TextEdit]?
  /// Renames the key of an entry.
  func rename(_ node: DocumentNode, to key: String) -> [TextEdit]?
}

extension Document {
  /// What changes this document, by its format.
  public var editor: any DocumentEditor {
    switch format {
    case .json: JSONEditor(self)
    case .toml: TOMLEditor(self)
    case .yaml: YAMLEditor(self)
    case .environment: EnvironmentEditor(self)
    case .arguments: ArgumentsEditor(self)
    }
  }
}

extension DocumentEditor {
  /// Sets the value at a path of keys below a mapping: replaces what is there, or adds an entry, with
  /// the mappings on the way to it that are not there yet.
  public func set(
    _ keys: some Collection<String>, below mapping: DocumentNode, to value: EditValue
  ) -> [TextEdit]? {
    var keys = Array(keys)
    var node = mapping
    while let key = keys.first, let next = node[key] {
      node = next
      keys.removeFirst()
    }
    guard let first = keys.first else { return replace(node, with: value) }
    guard node.kind == .mapping else { return nil }
    return insert(
      key: first, keys.dropFirst().reversed().reduce(value) { .entry($1, $0) }, into: node)
  }
}

extension TextEdit {
  init(_ range: Range<Int>, _ text: String, in source: SourceFile) {
    self.init(SourceSpan(range, in: source.id), text)
  }
}
