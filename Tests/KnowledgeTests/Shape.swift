import SourceText

/// What a piece of the data looks like. The fields of objects are closed lists, so that a slip in a
/// name is found.
indirect enum Shape: Sendable {
  /// Words for people: not empty, at most 400 characters, no needless blanks or line breaks.
  case text
  /// A text of which this holds.
  case name(_ description: String, @Sendable (String) -> Bool)
  case flag
  case integer
  case number
  /// Whatever a setting can hold.
  case value
  case orNull(Shape)
  case list(Shape)
  /// An object whose keys are data, and no field twice.
  case map(Shape)
  case object([String: Shape], optional: [String: Shape] = [:])
  /// A list or an object.
  case either(list: Shape, object: Shape)

  static let maximumTextLength = 400

  static func oneOf(_ names: some Sequence<String>) -> Shape {
    let names = names.sorted()
    return .name("one of \(names.joined(separator: ", "))") { names.contains($0) }
  }

  /// Where the node is not of this shape, and why; empty if it is.
  func problems(_ node: DocumentNode) -> [String] {
    func unless(_ isRight: Bool, _ words: String) -> [String] {
      isRight ? [] : ["\(node.keyPath) is not \(words)"]
    }
    switch self {
    case .text: return unless(node.kind == .string, "text") + Self.textProblems(node)
    case .name(let description, let holds):
      return unless(node.kind == .string && holds(node.text), description)
    case .flag: return unless(node.kind == .boolean, "true or false")
    case .integer: return unless(node.kind == .integer, "a whole number")
    case .number: return unless(node.kind == .integer || node.kind == .float, "a number")
    case .value: return []
    case .orNull(let shape): return node.kind == .null ? [] : shape.problems(node)
    case .list(let item):
      guard node.kind == .sequence else { return unless(false, "a list") }
      return node.children.flatMap(item.problems)
    case .map(let item):
      guard node.kind == .mapping else { return unless(false, "an object") }
      return node.children.flatMap(item.problems)
    case .object(let fields, let optional):
      guard node.kind == .mapping else { return unless(false, "an object") }
      return Self.fieldProblems(node, fields, optional)
    case .either(let list, let object):
      return (node.kind == .sequence ? list : object).problems(node)
    }
  }

  private static func fieldProblems(
    _ node: DocumentNode, _ fields: [String: Shape], _ optional: [String: Shape]
  ) -> [String] {
    let missing = fields.keys.sorted().filter { node[$0] == nil }
      .map { "\(node.keyPath) has no field '\($0)'" }
    return missing
      + node.children.flatMap { child in
        let key = child.key ?? ""
        guard let shape = fields[key] ?? optional[key] else {
          return ["\(child.keyPath) is no known field"]
        }
        return shape.problems(child)
      }
  }

  private static func textProblems(_ node: DocumentNode) -> [String] {
    let text = node.text
    var problems: [String] = []
    if text.isEmpty { problems.append("\(node.keyPath) is empty") }
    if text.count > maximumTextLength {
      problems.append("\(node.keyPath) has \(text.count) characters")
    }
    if text.first?.isWhitespace == true || text.last?.isWhitespace == true
      || text.contains("  ") || text.contains(where: \.isNewline)
    {
      problems.append("\(node.keyPath) has blanks too many")
    }
    return problems
  }
}

extension Shape {
  /// A row of a trainer's list of constraints.
  static let row = Shape.name("a row such as B1") {
    $0.wholeMatch(of: /[A-F][0-9]+b?|(K|ST|AT)-[A-Z]+-?[0-9]+/) != nil
  }
  static let sentence = Shape.name("words without a full stop") { text in
    !text.isEmpty && text.count <= maximumTextLength && !text.hasSuffix(".")
      && text.first?.isWhitespace == false && text.last?.isWhitespace == false
  }
}
