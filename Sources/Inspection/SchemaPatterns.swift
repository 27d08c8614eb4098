/// Names as regular expressions, for JSON Schemas.
extension String {
  /// What this text alone matches: `a.b` as `a\.b`.
  var pattern: String { map(Self.pattern).joined() }

  /// The same in any case: `flux` as `[fF][lL][uU][xX]`.
  var patternInAnyCase: String {
    map { character in
      let (lower, upper) = (character.lowercased(), character.uppercased())
      return lower == upper ? Self.pattern(character) : "[\(lower)\(upper)]"
    }.joined()
  }

  private static func pattern(_ character: Character) -> String {
    #"\.+*?()[]{}|^$"#.contains(character) ? "\\\(character)" : String(character)
  }
}
