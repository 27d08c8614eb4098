/// What stopped libyaml, in its words, which ``error`` turns into ours.
struct YAMLProblem {
  let bytes: UnsafeBufferPointer<UInt8>
  let text: String
  /// Byte offset of the thing that does not fit.
  let place: Int
  /// What was being read, in libyaml's words, where that began, and in which line, from 1.
  let context: String
  let contextPlace: Int
  let contextLine: Int

  static let tab = "a tab, where PyYAML takes only spaces"
  static let depth = "nested more than \(JSONReader.maximumDepth) levels deep: not a config"

  /// A character that YAML 1.1 takes nowhere (its production c-printable).
  static func character(
    _ scalar: UInt32, at place: Int, in bytes: UnsafeBufferPointer<UInt8>
  ) -> SyntaxError {
    let place = min(place, bytes.count)
    let digits = String(scalar, radix: 16, uppercase: true)
    let code = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return SyntaxError(
      "the control character U+\(code) is not accepted in YAML",
      at: place..<scalarEnd(place, in: bytes))
  }

  var error: SyntaxError {
    switch context {
    case "while scanning a simple key", "while scanning a quoted scalar",
      "while parsing a quoted scalar":
      ofKeyOrQuotes
    case "while scanning an anchor":
      SyntaxError(
        "'&' takes a name of letters, digits, '-' and '_': a text needs quotes", at: contextHead)
    case "while scanning an alias":
      SyntaxError(
        "'*' takes the name of an anchor, of letters, digits, '-' and '_': a text needs quotes",
        at: contextHead)
    case "while scanning a tag", "while parsing a tag":
      SyntaxError("'!' begins a tag, but this is none: a text needs quotes", at: contextHead)
    case "while scanning a block scalar": ofBlock
    case "while scanning a directive", "while scanning a %YAML directive",
      "while scanning a %TAG directive":
      SyntaxError("'%' begins a directive, but this is none: a text needs quotes", at: contextHead)
    default: ofStructure
    }
  }

  private var ofKeyOrQuotes: SyntaxError {
    switch text {
    case "could not find expected ':'":
      return SyntaxError("no ':' follows this key", at: contextPlace..<lineEnd(contextPlace))
    case "found unexpected end of stream":
      return SyntaxError("this quote is not closed before the file ends", at: contextHead)
    case "found unexpected document indicator":
      return SyntaxError("this quote is not closed before the document ends", at: contextHead)
    case "found unknown escape character":
      let end = Self.scalarEnd(min(place + 1, bytes.count), in: bytes)
      return SyntaxError(
        "\(words(place..<end)) is no escape of YAML: use single quotes, or / in paths",
        at: place..<end)
    case "did not find expected hexdecimal number":
      return SyntaxError(
        "an escape with too few hexadecimal digits: \\x takes 2, \\u 4 and \\U 8",
        at: escape)
    case "found invalid Unicode character escape code":
      return SyntaxError("an escape that is no Unicode character", at: escape)
    default: return ofStructure
    }
  }

  private var ofBlock: SyntaxError {
    switch text {
    case "found an indentation indicator equal to 0":
      SyntaxError("an indentation of 0: 1 to 9 are accepted", at: contextHead)
    case "did not find expected comment or line break":
      SyntaxError("\(found) where the line of '|' or '>' must end", at: head)
    default: ofStructure
    }
  }

  private var ofStructure: SyntaxError {
    switch text {
    case _ where text.hasPrefix("Maximum nesting level"):
      // Newer libyamls look ahead and count the brackets themselves.
      SyntaxError(Self.depth, at: head)
    case "found character that cannot start any token" where !isTab:
      SyntaxError("\(found) cannot begin a value: a text needs quotes", at: head)
    case "found character that cannot start any token",
      "found a tab character that violates indentation",
      "found a tab character where an indentation space is expected":
      SyntaxError(Self.tab, at: head)
    case "mapping values are not allowed in this context":
      SyntaxError(
        """
        ':' where no key can stand: the keys of a mapping begin in one column, and a text with \
        ': ' needs quotes
        """, at: head)
    case "block sequence entries are not allowed in this context":
      SyntaxError("'-' where no list can begin: its items take lines of their own", at: head)
    case "mapping keys are not allowed in this context":
      SyntaxError("'?' where no key can stand: a text that begins so needs quotes", at: head)
    case "did not find expected <document start>":
      SyntaxError(
        "\(found) after the end of the value: what belongs together begins in one column",
        at: head)
    case "did not find expected key":
      SyntaxError(
        """
        \(foundOrEnd) where a key belongs: the keys of the mapping of line \(contextLine) begin in \
        one column
        """, at: head)
    case "did not find expected '-' indicator":
      SyntaxError(
        """
        \(foundOrEnd) where '-' belongs: the items of the list of line \(contextLine) begin in one \
        column
        """, at: head)
    case "did not find expected ',' or ']'": unclosed("[", "]")
    case "did not find expected ',' or '}'": unclosed("{", "}")
    case "did not find expected node content":
      SyntaxError("\(foundOrEnd) where a value belongs", at: head)
    case "found unexpected ':'":
      SyntaxError("':' where a value in brackets goes on: a text with ':' needs quotes", at: head)
    case "found incompatible YAML document":
      SyntaxError("a version other than 1.1 and 1.2", at: head)
    case "found undefined tag handle":
      SyntaxError("a tag with a handle that no %TAG line declares", at: head)
    default:
      SyntaxError(text.isEmpty ? "this is no YAML" : text, at: head)
    }
  }

  private func unclosed(_ open: String, _ close: String) -> SyntaxError {
    place >= bytes.count
      ? SyntaxError("the file ends before this '\(open)' is closed", at: contextHead)
      : SyntaxError(
        "\(found) where ',' or '\(close)' belongs: '\(open)' of line \(contextLine) is open",
        at: head)
  }

  /// The backslash and the letter before the digits at which libyaml stopped.
  private var escape: Range<Int> { max(0, place - 2)..<place }
  private var isTab: Bool { place < bytes.count && bytes[place] == 0x09 }
  private var head: Range<Int> { place..<Self.scalarEnd(place, in: bytes) }
  private var contextHead: Range<Int> { contextPlace..<Self.scalarEnd(contextPlace, in: bytes) }
  private var found: String { words(head) }
  private var foundOrEnd: String { place >= bytes.count ? "the file ends" : found }

  /// The bytes, quoted for a message.
  private func words(_ range: Range<Int>) -> String {
    switch range.count == 1 ? bytes[range.lowerBound] : 0 {
    case 0x09: "a tab"
    case 0x0A, 0x0D: "a line break"
    default: "'\(String(decoding: bytes[range], as: UTF8.self))'"
    }
  }

  /// The end of the scalar that begins at `place`; at the end of the file, `place`.
  static func scalarEnd(_ place: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var end = min(place + 1, bytes.count)
    while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
    return end
  }

  private func lineEnd(_ place: Int) -> Int {
    var end = place
    while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
    return end
  }
}
