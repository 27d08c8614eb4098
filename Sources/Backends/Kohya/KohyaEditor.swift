import Knowledge
import Plans
import SourceText

/// Changes of settings as text edits of a TOML file or of a command.
struct KohyaEditor {
  let document: Document
  private let editor: any DocumentEditor

  init(_ document: Document) {
    self.document = document
    editor = document.editor
  }

  /// Nil if one of the changes cannot be expressed.
  func edits(_ changes: [Change]) -> [TextEdit]? {
    var all: [TextEdit] = []
    // Arguments that are not there yet go into their list together.
    var new: [(list: String, items: [String], place: any Located)] = []
    for change in changes {
      switch change {
      case .set(let place, let value):
        guard place.span.file == document.source.id, value != .collection else { return nil }
        if let (list, name) = argument(at: place) {
          guard let literal = value.literal(ofArgument: name) else { return nil }
          let item = "\(name)=\(literal)"
          if let slot = new.firstIndex(where: { $0.list == list }) {
            new[slot].items.append(item)
          } else {
            new.append((list, [item], place))
          }
          continue
        }
        guard let edits = set(place, value), !edits.isEmpty else { return nil }
        all += edits
      case .remove(let place):
        guard place.span.file == document.source.id,
          let edits = node(at: place).flatMap(editor.remove)
        else { return nil }
        all += edits
      }
    }
    for (list, items, place) in new {
      guard let edits = add(items, to: list, at: place) else { return nil }
      all += edits
    }
    return all
  }

  // MARK: Places

  private static let lists = ["optimizer_args", "lr_scheduler_args", "network_args"]

  /// The list and the name of an argument that is not given: `optimizer_args.weight_decay`.
  private func argument(at place: any Located) -> (list: String, name: String)? {
    let parts = place.keyPath.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2, Self.lists.contains(parts[0]) else { return nil }
    return (parts[0], parts[1])
  }

  /// The mapping that holds the settings: of several commands that of the one which the place is in.
  private func mapping(around place: any Located) -> DocumentNode? {
    guard document.format == .arguments else { return document.root }
    let start = place.span.bytes.lowerBound
    let command = document.root.children.first { command in
      command.span.bytes.contains(start) || command.span.bytes.upperBound == start
    }
    return command?["arguments"]
  }

  private func node(at place: any Located) -> DocumentNode? {
    guard document.format == .arguments else { return document.node(at: place.keyPath) }
    let (key, index) = Self.item(place.keyPath)
    let entry = mapping(around: place)?[key]
    guard let index else { return entry }
    // A single word is no list.
    guard let entry, entry.kind == .sequence else { return index == 0 ? entry : nil }
    return entry.children.enumerated().first { $0.offset == index }?.element
  }

  /// `optimizer_args[1]` as its name and 1.
  private static func item(_ path: String) -> (key: String, index: Int?) {
    guard path.hasSuffix("]"), let open = path.lastIndex(of: "[") else { return (path, nil) }
    return (String(path[..<open]), Int(path[path.index(after: open)...].dropLast()))
  }

  // MARK: Changes

  private func set(_ place: any Located, _ value: SettingValue) -> [TextEdit]? {
    let path = place.keyPath
    guard let node = node(at: place) else {
      guard !path.contains("."), !path.contains("[") else { return nil }
      return mapping(around: place).flatMap { mapping in
        EditValue(value).flatMap { editor.insert(key: path, $0, into: mapping) }
      }
    }
    if Self.lists.contains(Self.item(path).key) {
      // Within an item: what stands behind the equals sign.
      guard let literal = value.pythonLiteral, let part = node.part(at: place.span) else {
        return nil
      }
      return editor.replace(part: part, of: node, with: literal)
    }
    if case .number(let number) = value, number.isFinite {
      let needsPoint = node.parent?.kind == .sequence || path.hasSuffix("validation_split")
      let digits = Number.literal(number)
      let isFraction = digits.contains { ".e".contains($0) }
      // What is a fraction in the file may have to be a whole number.
      return editor.replace(
        node, with: .numeral(needsPoint && !isFraction ? digits + ".0" : digits))
    }
    return EditValue(value).flatMap { editor.replace(node, with: $0) }
  }

  private func add(_ items: [String], to key: String, at place: any Located) -> [TextEdit]? {
    guard let mapping = mapping(around: place) else { return nil }
    let list =
      document.format == .arguments
      ? mapping[key] : KohyaRun.flattened(document.root).last { $0.hasKey(key) }
    guard let list else { return editor.insert(key: key, .texts(items), into: mapping) }
    let old = list.kind == .sequence ? Array(list.children) : [list]
    guard let last = old.last, document.format == .arguments || list.kind == .sequence else {
      return editor.replace(list, with: .texts(items))
    }
    let end = last.span.bytes.upperBound
    let added: String
    if document.format == .arguments {
      let areSafe = items.allSatisfy { item in
        item.utf8.allSatisfy { $0 > 0x20 && !"'\"$`\\()[]{}<>|&;*?!~#%^,".utf8.contains($0) }
      }
      guard areSafe, !list.standsAlone else { return nil }
      added = items.map { " " + $0 }.joined()
    } else {
      added = items.map { ", " + JSONText.quoted($0) }.joined()
    }
    return [TextEdit(SourceSpan(end..<end, in: document.source.id), added)]
  }
}

extension SettingValue {
  /// As an argument of an optimizer: the numbers of `betas` make a tuple, all else is one value.
  func literal(ofArgument name: String) -> String? {
    if name == "betas", case .text(let numbers) = self,
      numbers.split(separator: ",").allSatisfy({ Number.parse(String($0)) != nil })
    {
      return numbers
    }
    return pythonLiteral
  }
}

extension DocumentNode {
  /// The part of the text that stands at a place in the file; nil if none stands there alone.
  func part(at place: SourceSpan) -> Range<Int>? {
    let count = text.utf8.count
    guard count < 4096 else { return nil }
    let starts = (0...count).first {
      span(ofText: $0..<min($0 + 1, count)).bytes.lowerBound == place.bytes.lowerBound
    }
    let ends = (0...count).last {
      span(ofText: max($0 - 1, 0)..<$0).bytes.upperBound == place.bytes.upperBound
    }
    guard let starts, let ends, starts <= ends else { return nil }
    return starts..<ends
  }
}
