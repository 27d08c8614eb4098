/// Makes the document of the commands, one by one.
struct LaunchBuilder {
  private let source: SourceFile
  private(set) var builder = DocumentBuilder()

  init(_ source: SourceFile) {
    self.source = source
    builder.add(.sequence, 0..<source.bytes.count, to: nil)
  }

  var isEmpty: Bool { builder.records.count == 1 }

  /// - Parameters:
  ///   - program: The number of the word that is the program.
  ///   - script: The same of the script.
  mutating func add(_ all: [ShellLexer.Word], program: Int, script: Int) {
    let words = all.filter { !isEllipsis($0) || $0.bytes == all[script].bytes }
    let start = all[program].bytes.lowerBound
    let end = words.last?.bytes.upperBound ?? start
    let command = builder.add(.mapping, start..<end, to: 0)
    let before = all[(program + 1)..<script]
    let launcherEnd = before.last?.bytes.upperBound ?? all[program].bytes.upperBound
    _ = addOptions("launcher", before, start..<launcherEnd, to: command)
    let path = all[script].bytes
    let isQuoted =
      path.count > 1 && isQuote(source.bytes[path.lowerBound])
      && source.bytes[path.lowerBound] == source.bytes[path.upperBound - 1]
    builder.add(
      isQuoted ? .string : .plain, path, key: key("script", at: path.lowerBound), to: command)
    let rest = all[(script + 1)...]
    let options = rest.first { optionName($0) != nil }?.bytes.lowerBound ?? path.upperBound
    let free = addOptions("arguments", rest, options..<max(options, end), to: command)
    addWords(free, to: command)
  }

  private func isQuote(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
  }

  /// What stands for words that a guide leaves out.
  private func isEllipsis(_ word: ShellLexer.Word) -> Bool {
    !word.isQuoted && (word.text.elementsEqual("...".utf8) || word.text.elementsEqual("…".utf8))
  }

  /// An entry that has no key in the file.
  private func key(_ name: String, at offset: Int) -> DocumentBuilder.Key {
    DocumentBuilder.Key(bytes: offset..<offset, hash: hashOfKey(name), text: name)
  }

  // MARK: Options

  /// - Returns: The words that belong to no option.
  private mutating func addOptions(
    _ name: String, _ all: ArraySlice<ShellLexer.Word>, _ bytes: Range<Int>, to command: Int32
  ) -> [ShellLexer.Word] {
    let words = all.filter { !isEllipsis($0) }
    let mapping = builder.add(
      .mapping, bytes, key: key(name, at: bytes.lowerBound), to: command)
    var free: [ShellLexer.Word] = []
    var place = 0
    var end = bytes.lowerBound
    while place < words.count {
      let word = words[place]
      place += 1
      guard let option = optionName(word) else {
        free.append(word)
        continue
      }
      if option.name.isEmpty {
        // Behind `--` there are no options.
        free += words[place...]
        break
      }
      end = word.bytes.upperBound
      if let value = option.value {
        add(value, key: option.key, to: mapping)
        continue
      }
      let first = place
      while place < words.count, optionName(words[place]) == nil { place += 1 }
      add(words[first..<place], of: option, in: word, to: mapping)
      if place > first { end = words[place - 1].bytes.upperBound }
    }
    if name == "arguments" { builder.close(mapping, end: end) }
    return free
  }

  private mutating func add(
    _ values: ArraySlice<ShellLexer.Word>, of option: Option, in word: ShellLexer.Word,
    to mapping: Int32
  ) {
    guard let first = values.first, let last = values.last else {
      builder.add(.null, option.key.bytes, text: "", key: option.key, to: mapping)
      return
    }
    guard values.count > 1 else { return add(first, key: option.key, to: mapping) }
    let sequence = builder.add(
      .sequence, first.bytes.lowerBound..<last.bytes.upperBound, key: option.key, to: mapping)
    for value in values { add(value, key: nil, to: sequence) }
  }

  private mutating func add(
    _ word: ShellLexer.Word, key: DocumentBuilder.Key?, to parent: Int32
  ) {
    let kind = word.isQuoted ? NodeKind.string : .plain
    let bytes = source.bytes[word.bytes]
    let quotes = word.isQuoted && bytes.first.map(isQuote) == true ? 1 : 0
    // What a node takes for its text, if it has none of its own.
    let isWritten =
      bytes.count >= 2 * quotes
      && word.text.elementsEqual(bytes.dropFirst(quotes).dropLast(quotes))
    let text = isWritten ? nil : String(decoding: word.text, as: UTF8.self)
    builder.add(kind, word.bytes, text: text, key: key, to: parent)
  }

  private mutating func addWords(_ words: [ShellLexer.Word], to command: Int32) {
    guard let first = words.first, let last = words.last else { return }
    let bytes = first.bytes.lowerBound..<last.bytes.upperBound
    let sequence = builder.add(
      .sequence, bytes, key: key("words", at: bytes.lowerBound), to: command)
    for word in words { add(word, key: nil, to: sequence) }
  }

  private struct Option {
    var name: String
    /// The option with its dashes.
    var key: DocumentBuilder.Key
    /// What stands behind its `=`.
    var value: ShellLexer.Word?
  }

  /// The option that a word is, as argparse tells them (CPython 3.11, argparse.py:2226-2280): it
  /// begins with a dash, is no negative number, and its name has no blanks.
  private func optionName(_ word: ShellLexer.Word) -> Option? {
    let text = word.text
    guard text.first == UInt8(ascii: "-"), text.count > 1 else { return nil }
    if text[1] &- 0x30 < 10 || text[1] == UInt8(ascii: ".") { return nil }
    let head = text.prefix(256)
    let equals = head.firstIndex(of: UInt8(ascii: "="))
    let end = equals ?? text.count
    guard end <= head.count, !text[..<end].contains(where: { $0 <= 0x20 }) else { return nil }
    let dashes = text[..<end].prefix { $0 == UInt8(ascii: "-") }.count
    let name = String(decoding: text[dashes..<end], as: UTF8.self)
    if name.isEmpty, end != 2 || equals != nil { return nil }
    let keyBytes = word.alignment.bytes(of: 0..<end)
    let key = DocumentBuilder.Key(bytes: keyBytes, hash: hashOfKey(name), text: name)
    return Option(name: name, key: key, value: equals.map { value(of: word, behind: $0) })
  }

  /// The part of a word behind its `=`. Where a quote is around both, it is no part of the value.
  private func value(of word: ShellLexer.Word, behind equals: Int) -> ShellLexer.Word {
    let start = word.alignment.bytes(of: equals..<(equals + 1)).upperBound
    let quote = source.bytes[word.bytes.lowerBound]
    let last = word.bytes.upperBound - 1
    let isInQuotes =
      isQuote(quote) && last >= start && source.bytes[last] == quote
      && !source.bytes[(word.bytes.lowerBound + 1)..<start].contains(quote)
    let end = isInQuotes ? last : word.bytes.upperBound
    var value = ShellLexer.Word(at: start)
    value.bytes = start..<end
    value.text = Array(word.text[(equals + 1)...])
    value.isQuoted = word.isQuoted
    return value
  }
}
