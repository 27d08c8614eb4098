extension String {
  /// As the text or an attribute of an XML document; what XML 1.0 has no place for, and what could
  /// steer a terminal, is made visible.
  public var escapedForXML: String {
    var result = ""
    for character in onOneLine.unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&apos;"
      case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
