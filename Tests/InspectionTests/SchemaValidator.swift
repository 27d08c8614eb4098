import SourceText

/// JSON Schema draft-07, as far as the editor schemas use it. A keyword it does not know stops the
/// test rather than passing unseen.
struct SchemaValidator {
  let root: JSONValue

  /// The first thing wrong, as `path: keyword`; nil if the value is valid.
  func mistake(in value: JSONValue) -> String? { mistake(in: value, under: root, at: "") }

  func mistake(in value: JSONValue, under schema: JSONValue, at path: String = "") -> String? {
    guard case .object(let keywords) = schema else {
      return schema == true ? nil : "\(path): no schema"
    }
    if let reference = schema["$ref"]?.string {
      guard let target = definition(reference) else { return "\(path): \(reference) is missing" }
      return mistake(in: value, under: target, at: path)
    }
    for keyword in keywords {
      if let found = broken(keyword, in: value, under: schema, at: path) { return found }
    }
    return nil
  }

  private func broken(
    _ keyword: JSONValue.Entry, in value: JSONValue, under schema: JSONValue, at path: String
  ) -> String? {
    let wrong = "\(path): \(keyword.key)"
    let operand = keyword.value
    switch keyword.key {
    case "$schema", "$ref", "title", "description", "default", "definitions", "then", "else",
      "enumDescriptions", "deprecationMessage", "patternErrorMessage", "patternProperties",
      "examples":
      return nil
    case "type": return operand.names.contains { value.has(type: $0) } ? nil : wrong
    case "enum": return operand.elements.contains(where: value.equals) ? nil : wrong
    case "const": return value.equals(operand) ? nil : wrong
    case "minimum": return value.satisfies(operand, >=) ? nil : wrong
    case "maximum": return value.satisfies(operand, <=) ? nil : wrong
    case "exclusiveMinimum": return value.satisfies(operand, >) ? nil : wrong
    case "exclusiveMaximum": return value.satisfies(operand, <) ? nil : wrong
    case "multipleOf":
      return value.satisfies(operand) { $0.truncatingRemainder(dividingBy: $1) == 0 } ? nil : wrong
    case "pattern": return matches(value, operand) ? nil : wrong
    case "not": return mistake(in: value, under: operand, at: path) == nil ? wrong : nil
    case "required": return operand.names.contains { value.lacks($0) ?? false } ? wrong : nil
    case "allOf":
      return operand.elements.lazy.compactMap { mistake(in: value, under: $0, at: path) }.first
    case "anyOf":
      let mistakes = operand.elements.map { mistake(in: value, under: $0, at: path) }
      // Of an object or null, what the object lacks.
      return mistakes.contains(nil)
        ? nil : mistakes.lazy.compactMap(\.self).first { !Self.isOfValue($0, path) } ?? wrong
    case "if":
      let holds = mistake(in: value, under: operand, at: path) == nil
      return schema[holds ? "then" : "else"].flatMap { mistake(in: value, under: $0, at: path) }
    case "properties": return properties(operand, of: value, at: path)
    case "additionalProperties":
      let known = schema["properties"]?.entries.map(\.key) ?? []
      let patterns = (schema["patternProperties"]?.entries ?? []).compactMap { try? Regex($0.key) }
      return value.entries.lazy.filter { entry in
        !known.contains(entry.key) && !patterns.contains { entry.key.contains($0) }
      }
      .compactMap { mistake(in: $0.value, under: operand, at: "\(path).\($0.key)") }.first
    case "minItems":
      return value.elements.isEmpty || Double(value.elements.count) >= operand.asNumber ?? 0
        ? nil : wrong
    case "maxItems":
      return Double(value.elements.count) <= operand.asNumber ?? 0 ? nil : wrong
    case "items":
      return value.elements.lazy.compactMap { mistake(in: $0, under: operand, at: "\(path)[]") }
        .first
    default: return "\(wrong) is a keyword this validator does not know"
    }
  }

  /// Whether a mistake is of the value itself rather than of something in it or missing.
  private static func isOfValue(_ mistake: String, _ path: String) -> Bool {
    mistake.hasPrefix("\(path): ") && !mistake.hasSuffix(": required")
  }

  private func properties(_ schemas: JSONValue, of value: JSONValue, at path: String) -> String? {
    value.entries.lazy.compactMap { entry in
      schemas[entry.key].flatMap { mistake(in: entry.value, under: $0, at: "\(path).\(entry.key)") }
    }.first
  }

  private func matches(_ value: JSONValue, _ pattern: JSONValue) -> Bool {
    guard let text = value.string else { return true }
    guard let regex = pattern.string.flatMap({ try? Regex($0) }) else { return false }
    return text.contains(regex)
  }

  private func definition(_ reference: String) -> JSONValue? {
    reference.hasPrefix("#/definitions/")
      ? root["definitions"]?[String(reference.dropFirst("#/definitions/".count))] : nil
  }
}

extension JSONValue {
  /// A file that was read.
  init(_ node: DocumentNode) {
    self =
      switch node.kind {
      case .null: .null
      case .boolean: .boolean(node.text == "true")
      case .integer, .float: .number(Number.parse(node.text) ?? .nan)
      case .string, .plain, .dateTime: .text(node.text)
      case .sequence: .array(node.children.map { JSONValue($0) })
      case .mapping: .object(node.children.map { Entry($0.key ?? "", JSONValue($0)) })
      }
  }

  static func reading(_ text: String) throws -> JSONValue {
    JSONValue(try DocumentReader.read(SourceFile(path: "config.json", text: text)).root)
  }

  subscript(key: String) -> JSONValue? { entries.last { $0.key == key }?.value }

  var entries: [Entry] { if case .object(let entries) = self { entries } else { [] } }
  var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
  var string: String? { if case .text(let text) = self { text } else { nil } }
  /// One name or several.
  var names: [String] { string.map { [$0] } ?? elements.compactMap(\.string) }

  var asNumber: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }

  fileprivate func has(type: String) -> Bool {
    switch (self, type) {
    case (.null, "null"), (.boolean, "boolean"), (.text, "string"), (.array, "array"),
      (.object, "object"), (.integer, "number"), (.number, "number"), (.integer, "integer"):
      true
    case (.number(let number), "integer"): number == number.rounded()
    default: false
    }
  }

  fileprivate func equals(_ other: JSONValue) -> Bool {
    if let number = asNumber, let other = other.asNumber { return number == other }
    return self == other
  }

  /// True of everything but numbers.
  fileprivate func satisfies(_ bound: JSONValue, _ relation: (Double, Double) -> Bool) -> Bool {
    guard let number = asNumber, let bound = bound.asNumber else { return true }
    return relation(number, bound)
  }

  /// Nil of everything but objects.
  fileprivate func lacks(_ key: String) -> Bool? {
    if case .object = self { self[key] == nil } else { nil }
  }
}
