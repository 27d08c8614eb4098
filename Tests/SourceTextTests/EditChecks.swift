import SourceText
import TestSupport

/// A document without its places, in which entries have no order.
indirect enum Tree: Equatable {
  case scalar(String)
  case list([Tree])
  case mapping([String: Tree])

  /// Aliases are what they stand for.
  init(_ node: DocumentNode) {
    switch node.kind {
    case .sequence: self = .list(node.children.map(Tree.init))
    case .mapping:
      self = .mapping(
        Dictionary(node.children.map { ($0.key ?? "", Tree($0)) }, uniquingKeysWith: { $1 }))
    case .string: self = .scalar("string \(node.text)")
    default: self = .scalar("\(node.text)")
    }
  }

  /// The tree with something else at a path; nil takes it away.
  func changing(_ path: some Collection<Step>, _ change: (Tree?) -> Tree?) -> Tree? {
    guard let step = path.first else { return change(self) }
    switch (self, step) {
    case (.mapping(var entries), .key(let key)):
      entries[key] =
        path.count == 1
        ? change(entries[key]) : entries[key]?.changing(path.dropFirst(), change)
      return .mapping(entries)
    case (.list(var items), .place(let place)):
      if let item = items[place].changing(path.dropFirst(), change) {
        items[place] = item
      } else {
        items.remove(at: place)
      }
      return .list(items)
    default: return self
    }
  }

  subscript(path: some Collection<Step>) -> Tree? {
    guard let step = path.first else { return self }
    switch (self, step) {
    case (.mapping(let entries), .key(let key)): return entries[key]?[path.dropFirst()]
    case (.list(let items), .place(let place)):
      return items.indices.contains(place) ? items[place][path.dropFirst()] : nil
    default: return nil
    }
  }
}

enum Step: Hashable {
  case key(String)
  case place(Int)

  static func path(_ node: DocumentNode) -> [Step] {
    guard let parent = node.parent else { return [] }
    if let key = node.key { return path(parent) + [.key(key)] }
    return path(parent) + [.place(parent.children.prefix { $0 != node }.count)]
  }
}

/// Makes changes of a document, reads the result and compares it with what it should be.
struct EditChecks {
  let document: Document
  let reader: @Sendable (SourceFile) throws(SyntaxError) -> Document
  var random: SplitMix64
  /// Changes that were asked for and refused, by what they are.
  var refused: [String: Int] = [:]
  var made = 0
  var problems: [String] = []
  /// Whether the format has no types, and writes a list as words with blanks between.
  var isUntyped = false

  static let values: [EditValue] = [
    .number(1), .number(0.5), .number(1e-4), .number(-3), .boolean(false), .text("AdamW"),
    .text("yes"), .text("1e-4"), .text("a: b #c, 'x' \"y\" [é]\n{\\}\u{7F}\u{2028}"), .text(""),
    .text("C:\\new\\x"), .text("- a"), .text("x y"), .text("it's"),
    .texts(["a=1", "b=0.9,0.99", "true", "c d"]), .text("日本 # 1"),
    .entry("a b", .entry("c", .texts([]))),
  ]

  init(
    _ document: Document, seed: UInt64,
    reader: @escaping @Sendable (SourceFile) throws(SyntaxError) -> Document
  ) {
    self.document = document
    self.reader = reader
    random = SplitMix64(seed: seed)
  }

  /// - Parameter share: Of all changes, one in so many is made.
  mutating func run(oneIn share: Int = 1) {
    let tree = Tree(document.root)
    let untyped = isUntyped
    for node in DocumentChecks.nodes(document) {
      let path = Step.path(node)
      if random.oneIn(share), !node.isCollection {
        let value = random.pick(Self.values)
        check("replace", node, document.editor.replace(node, with: value)) { after in
          let found = tree.changing(path) { _ in after[path] }
          return found == after && Self.isValue(after[path], value, untyped: untyped)
        }
      }
      if random.oneIn(share), node.kind == .mapping, !node.isAlias {
        let key = random.pick(["new", "new_key", "new key", "new: #", "é new", "-", "1", "\"n"])
        let value = random.pick(Self.values)
        let place = path + [.key(key)]
        if tree[place] == nil {
          check("insert", node, document.editor.insert(key: key, value, into: node)) { after in
            tree.changing(place, { _ in after[place] }) == after
              && Self.isValue(after[place], value, untyped: untyped)
          }
        }
      }
      guard node.parent != nil else { continue }
      if random.oneIn(share) {
        check("remove", node, document.editor.remove(node)) { after in
          tree.changing(path) { _ in nil } == after
        }
      }
      if random.oneIn(share), node.key != nil {
        let key = random.pick(["renamed", "re named", "no", "a.b", "[x]"])
        let place = path.dropLast() + [.key(key)]
        if tree[place] == nil {
          check("rename", node, document.editor.rename(node, to: key)) { after in
            tree.changing(path) { _ in nil }?.changing(place) { _ in tree[path] } == after
          }
        }
      }
    }
  }

  private mutating func check(
    _ name: String, _ node: DocumentNode, _ edits: [TextEdit]?, _ isRight: (Tree) -> Bool
  ) {
    guard let edits else {
      refused[name, default: 0] += 1
      return
    }
    made += 1
    let source = document.source
    let (bytes, applied) = source.applying([Fix(title: name, safety: .safe, edits: edits)])
    let file = SourceFile(path: source.path, bytes: bytes)
    func report(_ what: String) {
      problems.append(
        "\(name) \(node.keyPath): \(what)\n\(source.text(of: 0..<source.bytes.count))\n"
          + "=>\n\(file.text(of: 0..<bytes.count))\n\(edits)")
    }
    guard !applied.isEmpty else { return report("edits clash") }
    do throws(SyntaxError) {
      let after = Tree(try reader(file).root)
      if !isRight(after) { report("not what it should be") }
    } catch {
      report(error.message)
    }
  }

  /// Whether a value was read back as it was meant, as far as its format tells.
  private static func isValue(
    _ tree: Tree?, _ value: EditValue, untyped isUntyped: Bool
  ) -> Bool {
    switch (tree, value) {
    case (.scalar(let text), _) where isUntyped:
      let plain = text.hasPrefix("string ") ? String(text.unicodeScalars.dropFirst(7)) : text
      switch value {
      case .number(let number): return Number.parse(plain) == number
      case .boolean(let flag): return plain == "\(flag)"
      case .text(let expected): return plain == expected
      case .list(let values):
        let words = values.compactMap { if case .text(let word) = $0 { word } else { nil } }
        return plain == words.joined(separator: " ")
      default: return false
      }
    case (.scalar(let text), .number(let number)): return Number.parse(text) == number
    case (.scalar(let text), .boolean(let flag)): return text == "\(flag)"
    case (.scalar(let text), .text(let expected)):
      // Plain YAML has no kind of its own.
      return text == "string \(expected)" || text == expected
    case (.list(let items), .list(let values)):
      return items.count == values.count
        && zip(items, values).allSatisfy { isValue($0, $1, untyped: false) }
    case (.mapping(let entries), .mapping(let expected)):
      return entries.count == expected.count
        && expected.allSatisfy { isValue(entries[$0.key], $0.value, untyped: false) }
    default: return false
    }
  }
}
