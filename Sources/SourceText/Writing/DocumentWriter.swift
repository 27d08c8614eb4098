/// Writes whole documents, with a comment above any setting where the format has comments.
public struct DocumentWriter: Sendable {
  public let format: DocumentFormat
  /// What stands above the settings, by key path; formats without comments leave it out.
  public var comments: [String: String]
  /// What stands at the top of the file.
  public var header: [String]

  public init(_ format: DocumentFormat, comments: [String: String] = [:], header: [String] = []) {
    self.format = format
    self.comments = comments
    self.header = header
  }

  /// Whether the format can say why a setting has its value.
  public var hasComments: Bool { format == .yaml || format == .toml }

  /// - Returns: Nil where the format cannot express the value: null in TOML, and formats of which no
  ///   whole documents are written.
  public func text(_ root: EditValue) -> String? {
    switch format {
    case .json: return json(root, indent: 0) + "\n"
    case .yaml: return yaml(root, path: "", indent: 0).map { top + $0 }
    case .toml:
      guard case .mapping(let entries) = root else { return nil }
      return toml(entries, name: [], path: "").map { top + $0 }
    case .environment, .arguments: return nil
    }
  }

  /// A value on one line, as JSON writes it; texts alone without quotes.
  public static func inline(_ value: EditValue) -> String {
    if case .text(let text) = value { text } else { JSONText.literal(value) }
  }

  private var top: String { header.map { "# \($0)\n" }.joined() + (header.isEmpty ? "" : "\n") }

  /// The comment of a setting, in lines that are not too long.
  private func comment(_ path: String, _ blanks: String) -> String {
    guard let words = comments[path] else { return "" }
    return Self.lines(words, width: 96 - blanks.count).map { "\(blanks)# \($0)\n" }.joined()
  }

  private static func lines(_ words: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in words.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return lines + (line.isEmpty ? [] : [line])
  }

  private static func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }

  // MARK: JSON

  private func json(_ value: EditValue, indent: Int) -> String {
    let inner = Self.blanks(indent + 4)
    switch value {
    case .mapping(let entries) where !entries.isEmpty:
      let parts = entries.map {
        "\(inner)\(JSONText.quoted($0.key)): \(json($0.value, indent: indent + 4))"
      }
      return "{\n" + parts.joined(separator: ",\n") + "\n\(Self.blanks(indent))}"
    case .list(let values) where values.contains(where: \.isCollection):
      let parts = values.map { inner + json($0, indent: indent + 4) }
      return "[\n" + parts.joined(separator: ",\n") + "\n\(Self.blanks(indent))]"
    default: return JSONText.literal(value)
    }
  }

  // MARK: YAML

  private func yaml(_ value: EditValue, path: String, indent: Int) -> String? {
    switch value {
    case .mapping(let entries) where !entries.isEmpty:
      var result = ""
      for entry in entries {
        guard let text = yaml(entry, path: path, indent: indent) else { return nil }
        result += text
      }
      return result
    case .list(let values) where values.contains(where: \.isCollection):
      var result = ""
      for (place, value) in values.enumerated() {
        guard let text = yaml(value, path: "\(path)[\(place)]", indent: indent + 2) else {
          return nil
        }
        result += Self.item(text, indent)
      }
      return result
    default: return YAMLText(quote: nil, isInFlow: false).literal(value).map { $0 + "\n" }
    }
  }

  private func yaml(_ entry: EditValue.Entry, path: String, indent: Int) -> String? {
    let blanks = Self.blanks(indent)
    let place = KeyPath.joined([path, entry.key].filter { !$0.isEmpty })
    let key = YAMLText(quote: nil, isInFlow: false).text(entry.key)
    let start = comment(place, blanks) + "\(blanks)\(key):"
    let isBlock: Bool =
      switch entry.value {
      case .mapping(let entries): !entries.isEmpty
      case .list(let values): values.contains(where: \.isCollection)
      default: false
      }
    guard let text = yaml(entry.value, path: place, indent: indent + 2) else { return nil }
    return start + (isBlock ? "\n" : " ") + text
  }

  /// Puts the dash before the first line that is no comment.
  private static func item(_ text: String, _ indent: Int) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let content = lines.firstIndex { !$0.drop { $0 == " " }.hasPrefix("#") } ?? 0
    for line in lines[..<content].indices {
      lines[line] = blanks(indent) + lines[line].drop { $0 == " " }
    }
    lines[content] =
      blanks(indent) + "- " + lines[content].dropFirst(min(indent + 2, lines[content].count))
    return lines.joined(separator: "\n")
  }

  // MARK: TOML

  private func toml(_ entries: [EditValue.Entry], name: [String], path: String) -> String? {
    var plain = ""
    var tables = ""
    let blanks = Self.blanks(max(0, name.count - 1) * 2)
    for entry in entries {
      let place = KeyPath.joined([path, entry.key].filter { !$0.isEmpty })
      let full = name + [TOMLText.key(entry.key)]
      switch entry.value {
      case .mapping(let inner):
        guard let text = toml(inner, name: full, path: place) else { return nil }
        tables += "\n\(blanks)[\(full.joined(separator: "."))]\n" + text
      case .list(let values) where values.contains(where: \.isCollection):
        for (number, value) in values.enumerated() {
          guard case .mapping(let inner) = value,
            let text = toml(inner, name: full, path: "\(place)[\(number)]")
          else { return nil }
          let indent = Self.blanks((full.count - 1) * 2)
          tables += "\n\(indent)[[\(full.joined(separator: "."))]]\n" + text
        }
      default:
        guard let literal = TOMLText.literal(entry.value) else { return nil }
        plain += comment(place, blanks) + "\(blanks)\(TOMLText.key(entry.key)) = \(literal)\n"
      }
    }
    return plain + tables
  }
}

extension EditValue {
  /// Whether it has parts of its own.
  public var isCollection: Bool {
    switch self {
    case .list, .mapping: true
    default: false
    }
  }

  /// What stands in a document; numbers in their own digits.
  public init(_ node: DocumentNode) {
    switch node.kind {
    case .null: self = .null
    case .boolean: self = .boolean(node.text == "true")
    case .integer, .float: self = .numeral(node.text)
    case .string, .plain, .dateTime: self = .text(node.text)
    case .sequence: self = .list(node.children.map { EditValue($0) })
    case .mapping: self = .mapping(node.children.map { Entry($0.key ?? "", EditValue($0)) })
    }
  }
}
