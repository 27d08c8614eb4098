/// Writing words of commands.
struct ShellText {
  let dialect: ShellDialect

  /// The text as one word.
  /// - Parameter quote: The quotes it stood in; kept if they can hold the text.
  /// - Returns: Nil where no quotes can hold it, or where it might be taken for a variable.
  func word(_ text: String, quote: UInt8? = nil) -> String? {
    let tries = [quote.flatMap { quoted(text, $0) }, bare(text)] + quotes.map { quoted(text, $0) }
    return tries.lazy.compactMap(\.self).first { literal in
      let file = SourceFile(path: "", text: literal)
      var lexer = ShellLexer(file, dialect)
      let word = try? lexer.readWord()
      return word.map { $0.text.elementsEqual(text.utf8) } == true && lexer.isAtEnd
    }
  }

  private var quotes: [UInt8] {
    let double = UInt8(ascii: "\"")
    return dialect == .cmd ? [double] : [double, UInt8(ascii: "'")]
  }

  /// Without quotes, if there is nothing in it that any shell looks at.
  func bare(_ text: String) -> String? {
    let isSafe =
      !text.isEmpty
      && text.utf8.allSatisfy {
        isWordByte($0) || $0 >= 0x80 || "-./:=+".utf8.contains($0)
          || $0 == UInt8(ascii: ",") && dialect != .powerShell
          || $0 == UInt8(ascii: "\\") && dialect != .bash
      }
    // Characters such as U+00A0 and U+201C are blanks and quotes to some shells.
    let isPlain = text.unicodeScalars.allSatisfy {
      $0.isASCII || $0.properties.isAlphabetic
    }
    return isSafe && isPlain ? text : nil
  }

  private func quoted(_ text: String, _ quote: UInt8) -> String? {
    let mark = String(Unicode.Scalar(quote))
    return inside(text, quote).map { mark + $0 + mark }
  }

  /// The text between quotes that are there already.
  func inside(_ text: String, _ quote: UInt8) -> String? {
    let double = quote == UInt8(ascii: "\"")
    // What comes from a variable and what is to be just text cannot be told apart.
    let variables = dialect == .cmd ? "%!\"" : "$`"
    guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && !variables.utf8.contains($0) })
    else { return nil }
    switch dialect {
    case .bash where double: return escaping(text, "\"\\", with: "\\")
    case .bash: return text.utf8.contains(quote) ? nil : text
    // Quotes within arguments are lost on the way to the program.
    case .powerShell where text.utf8.contains(UInt8(ascii: "\"")): return nil
    case .powerShell: return double ? text : escaping(text, "'", with: "'")
    case .cmd: return text.utf8.last == UInt8(ascii: "\\") ? nil : text
    }
  }

  private func escaping(_ text: String, _ special: String, with mark: String) -> String {
    text.unicodeScalars.reduce(into: "") {
      $0 += special.unicodeScalars.contains($1) ? mark + String($1) : String($1)
    }
  }
}
