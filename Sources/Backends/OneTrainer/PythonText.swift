import SourceText

/// JSON values as Python turns them into text.
enum PythonText {
  /// `str()`.
  static func str(_ node: DocumentNode) -> String {
    node.kind == .string ? node.text : repr(node)
  }

  /// `repr()`, which elements of collections get.
  private static func repr(_ node: DocumentNode) -> String {
    switch node.kind {
    case .null: "None"
    case .boolean: node.text == "true" ? "True" : "False"
    case .integer: node.text == "-0" ? "0" : node.text
    case .float: float(Number.parse(node.text) ?? .nan)
    case .string, .plain, .dateTime: quoted(node.text)
    case .sequence: "[" + node.children.map(repr).joined(separator: ", ") + "]"
    case .mapping: "{" + entries(node).joined(separator: ", ") + "}"
    }
  }

  private static func float(_ number: Double) -> String {
    if number.isNaN { return "nan" }
    if number.isInfinite { return number < 0 ? "-inf" : "inf" }
    return String(describing: number)
  }

  /// A repeated key stands where it is first, with the value it has last.
  private static func entries(_ node: DocumentNode) -> [String] {
    var seen: Set<String> = []
    return node.children.compactMap { child in
      guard let key = child.key, seen.insert(key).inserted, let value = node[key]
      else { return nil }
      return "\(quoted(key)): \(repr(value))"
    }
  }

  private static func quoted(_ text: String) -> String {
    let quote: Unicode.Scalar = text.contains("'") && !text.contains("\"") ? "\"" : "'"
    var result = String.UnicodeScalarView([quote])
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n".unicodeScalars
      case "\r": result += "\\r".unicodeScalars
      case "\t": result += "\\t".unicodeScalars
      case "\\", quote: result += ["\\", scalar]
      default: result.append(scalar)
      }
    }
    result.append(quote)
    return String(result)
  }
}
