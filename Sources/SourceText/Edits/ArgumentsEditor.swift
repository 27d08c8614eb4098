/// Changes of the commands in a shell script.
struct ArgumentsEditor: DocumentEditor {
  let source: SourceFile
  let shell: ShellText

  init(_ document: Document) {
    source = document.source
    shell = ShellText(dialect: ShellDialect(of: document.source))
  }

  /// What a node is in its command.
  private enum Role { case option, value, word, script, other }

  private func role(_ node: DocumentNode) -> Role {
    // A command is an item of the root.
    guard let parent = node.parent, let above = parent.parent else { return .other }
    if above.parent == nil { return node.key == "script" ? .script : .other }
    if parent.key == "words", above.parent?.parent == nil { return .word }
    return parent.kind == .mapping ? .option : .value
  }

  // MARK: Replacing

  func replace(_ node: DocumentNode, with value: EditValue) -> [TextEdit]? {
    switch role(node) {
    case .other: return nil
    case .script, .value, .word:
      guard case .some(let words) = words(value), words.count == 1 else { return nil }
      return word(words[0], replacing: node).map { [TextEdit(node.span, $0)] }
    case .option: return replaceValue(of: node, with: value)
    }
  }

  private func replaceValue(of option: DocumentNode, with value: EditValue) -> [TextEdit]? {
    guard let key = option.keySpan?.bytes, let words = words(value), !words.isEmpty else {
      return nil
    }
    if option.kind == .null {
      // A flag that is not to be there goes.
      if case .boolean(let flag) = value { return flag ? nil : remove(option) }
      guard !isInQuotes(option), let literal = self.value(words, like: option.parent) else {
        return nil
      }
      return [TextEdit(key.upperBound..<key.upperBound, literal, in: source)]
    }
    if words.count == 1, option.kind != .sequence {
      return word(words[0], replacing: option).map { [TextEdit(option.span, $0)] }
    }
    guard !isInQuotes(option), !option.hasComment, !isBeforeFreeWord(option),
      let literal = separate(words)
    else {
      return nil
    }
    return [TextEdit(key.upperBound..<option.span.bytes.upperBound, literal, in: source)]
  }

  /// Nil where there is no way to write it as words: null, mappings.
  private func words(_ value: EditValue) -> [String]? {
    switch value {
    case .null, .mapping: return nil
    case .boolean(let flag): return [flag ? "true" : "false"]
    case .number(let number): return [Number.literal(number)]
    case .numeral(let digits): return [digits]
    case .text(let text): return [text]
    case .list(let values):
      let words = values.compactMap(words)
      let areSingle = words.count == values.count && words.allSatisfy { $0.count == 1 }
      return areSingle ? words.flatMap(\.self) : nil
    }
  }

  private func word(_ text: String, replacing node: DocumentNode) -> String? {
    // Only what stands behind a `=` may begin like an option.
    let isBehindEquals = source.byte(node.span.bytes.lowerBound - 1) == UInt8(ascii: "=")
    guard isBehindEquals || !isOption(text) else { return nil }
    if isInQuotes(node) { return shell.bare(text) }
    let start = node.span.bytes.lowerBound
    let first = source.byte(start)
    let word = shell.word(text, quote: node.kind == .string && isQuote(first) ? first : nil)
    guard let word, let begin = word.utf8.first else { return nil }
    return isQuote(begin) || !beginsUnjoinedLine(start) ? word : nil
  }

  /// Words behind an option, each with a blank before it.
  private func separate(_ words: [String]) -> String? {
    let literals = words.compactMap { isOption($0) ? nil : shell.word($0) }
    return literals.count == words.count ? " " + literals.joined(separator: " ") : nil
  }

  /// The value behind a new option, with `=` or blanks as its neighbours have it.
  private func value(_ words: [String], like mapping: DocumentNode?) -> String? {
    let first = mapping?.children.first { $0.kind != .null && !$0.isCollection }
    let usesBlank = first.map {
      source.byte($0.span.bytes.lowerBound - 1) != UInt8(ascii: "=")
    }
    let mustUseEquals = words.count == 1 && isOption(words[0])
    if words.count > 1 || usesBlank == true && !mustUseEquals { return separate(words) }
    return words.first.flatMap { shell.word($0) }.map { "=" + $0 }
  }

  private func isOption(_ text: String) -> Bool {
    let bytes = Array(text.utf8.prefix(2))
    return bytes.first == UInt8(ascii: "-")
      && !(bytes.count > 1 && (bytes[1] &- 0x30 < 10 || bytes[1] == UInt8(ascii: ".")))
  }

  private func isQuote(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
  }

  /// Whether a quote is around an option and its value together: `"--a=b"`.
  private func isInQuotes(_ node: DocumentNode) -> Bool {
    node.keySpan.map { isQuote(source.byte($0.bytes.lowerBound - 1)) } == true
      && role(node) == .option
  }

  func replace(part: Range<Int>, of node: DocumentNode, with text: String) -> [TextEdit]? {
    let bytes = node.span.bytes
    // A name of a variable could go on in the new part.
    let variables = (shell.dialect == .cmd ? "%!" : "$`").utf8
    guard role(node) != .other, !node.isCollection, node.kind != .null,
      !node.text.utf8.contains(where: variables.contains),
      let whole = node.text(replacing: part, with: text)
    else { return nil }
    let first = source.byte(bytes.lowerBound)
    let isOneQuote =
      node.kind == .string && bytes.count > 1 && source.byte(bytes.upperBound - 1) == first
      && isQuote(first) && !source.bytes[bytes].dropFirst().dropLast().contains(first)
    let isUnquoted = node.kind == .plain && !whole.isEmpty
    guard isOneQuote || isUnquoted, let alignment = node.alignment,
      let new = isOneQuote ? shell.inside(text, first) : text.isEmpty ? "" : shell.bare(text)
    else { return replace(node, with: .text(whole)) }
    if part.lowerBound == 0,
      isOption(whole) || isUnquoted && beginsUnjoinedLine(bytes.lowerBound)
    {
      return replace(node, with: .text(whole))
    }
    return [TextEdit(alignment.bytes(of: part), new, in: source)]
  }

  // MARK: Adding

  /// Adds an option at the end of the command, on a line of its own if the last one has one.
  func insert(key: String, _ value: EditValue, into mapping: DocumentNode) -> [TextEdit]? {
    guard mapping.kind == .mapping, let command = mapping.parent, command.parent?.parent == nil,
      command.parent != nil, mapping[key] == nil, Self.isName(key),
      let text = option(key, value, like: mapping)
    else { return nil }
    let isLauncher = mapping.key == "launcher"
    let end = (isLauncher ? mapping : command).span.bytes.upperBound
    // Behind `--` there are no options.
    let last = Array(mapping.children).last
    let tail = source.bytes[(last?.span.bytes.upperBound ?? end)..<max(end, last?.end ?? end)]
    if tail.contains(UInt8(ascii: "-")) { return nil }
    let before = last.flatMap { separator(before: wordStart($0)) } ?? ""
    return [TextEdit(end..<end, (before.isEmpty ? " " : before) + text, in: source)]
  }

  private func option(
    _ key: String, _ value: EditValue, like mapping: DocumentNode
  ) -> String? {
    switch value {
    case .boolean(true), .null: return "--\(key)"
    case .boolean(false): return nil
    default:
      guard let words = words(value), !words.isEmpty else { return nil }
      return self.value(words, like: mapping).map { "--\(key)\($0)" }
    }
  }

  static func isName(_ key: String) -> Bool {
    guard let first = key.utf8.first, isWordByte(first), first &- 0x30 >= 10 else { return false }
    return key.utf8.allSatisfy { isWordByte($0) || $0 == UInt8(ascii: "-") }
  }

  // MARK: Renaming

  func rename(_ node: DocumentNode, to key: String) -> [TextEdit]? {
    guard role(node) == .option, let span = node.keySpan, node.parent?[key] == nil,
      Self.isName(key)
    else { return nil }
    let dashes = source.bytes[span.bytes].prefix { $0 == UInt8(ascii: "-") }.count
    guard dashes > 0 else { return nil }
    return [TextEdit((span.bytes.lowerBound + dashes)..<span.bytes.upperBound, key, in: source)]
  }
}

extension DocumentNode {
  fileprivate var end: Int { max(span.bytes.upperBound, keySpan?.bytes.upperBound ?? 0) }
}
