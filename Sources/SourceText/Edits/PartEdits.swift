/// Changes of a part of a text.
extension DocumentEditor {
  /// - Parameters:
  ///   - part: Of the node's text, in UTF-8.
  ///   - escape: The new part and the whole new text, as they would stand in the old quotes; nil if
  ///     they cannot.
  func edits(
    of part: Range<Int>, of node: DocumentNode, to new: String,
    escape: (_ part: String, _ whole: String) -> String?
  ) -> [TextEdit]? {
    guard let whole = node.text(replacing: part, with: new) else { return nil }
    let begins = new.utf8.first.map { $0 > 0x20 } ?? false
    guard let alignment = node.alignment, begins || !alignment.joinsLines,
      let text = escape(new, whole)
    else { return replace(node, with: .text(whole)) }
    return [TextEdit(alignment.bytes(of: part), text, in: node.source)]
  }
}

extension DocumentNode {
  /// Nil if the part is none of the text, or cuts a character in two.
  func text(replacing part: Range<Int>, with new: String) -> String? {
    let bytes = Array(text.utf8)
    func isBoundary(_ offset: Int) -> Bool {
      offset == bytes.count || bytes[offset] & 0xC0 != 0x80
    }
    guard part.lowerBound >= 0, part.upperBound <= bytes.count, isBoundary(part.lowerBound),
      isBoundary(part.upperBound)
    else { return nil }
    return String(
      decoding: bytes[..<part.lowerBound] + Array(new.utf8) + bytes[part.upperBound...],
      as: UTF8.self)
  }
}

extension JSONEditor {
  func replace(part: Range<Int>, of node: DocumentNode, with text: String) -> [TextEdit]? {
    guard node.kind == .string else { return nil }
    return edits(of: part, of: node, to: text) { new, _ in
      JSONText.escaped(new)
    }
  }
}

extension TOMLEditor {
  func replace(part: Range<Int>, of node: DocumentNode, with text: String) -> [TextEdit]? {
    guard node.kind == .string else { return nil }
    let quote = source.byte(node.span.bytes.lowerBound)
    let bytes = node.span(ofText: part).bytes
    // Nothing between two quotes could make three, which end a text of several lines.
    let joinsQuotes =
      text.isEmpty && source.byte(bytes.lowerBound - 1) == quote
      && source.byte(bytes.upperBound) == quote
    return edits(of: part, of: node, to: text) { new, whole in
      // A line break right behind three quotes would be none.
      if joinsQuotes || part.lowerBound == 0 && whole.utf8.first == 0x0A { return nil }
      if quote == UInt8(ascii: "\"") { return TOMLText.escaped(new) }
      return TOMLText.fitsSingleQuotes(new) ? new : nil
    }
  }
}

extension YAMLEditor {
  func replace(part: Range<Int>, of node: DocumentNode, with text: String) -> [TextEdit]? {
    guard node.kind == .string || node.kind == .plain, !layout.isShared(node),
      !layout.isBlockScalar(node), !node.span.bytes.isEmpty
    else { return nil }
    return edits(of: part, of: node, to: text) { new, whole in
      switch source.byte(node.span.bytes.lowerBound) {
      case UInt8(ascii: "\""): YAMLText.escaped(new)
      case UInt8(ascii: "'"): YAMLText.isPrintable(new) ? YAMLText.doubled(new) : nil
      default: YAMLText.isPlain(whole, inFlow: layout.isInFlow(node)) ? new : nil
      }
    }
  }
}
