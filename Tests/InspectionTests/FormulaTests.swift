import Knowledge
import SourceText
import Testing

@testable import Inspection

/// The formulas that `explain` shows can be read.
@Suite struct FormulaTests {
  /// ai-toolkit's own, for which nothing but their code is published.
  static let without: Set = ["AUTOMAGIC", "AUTOMAGIC_2", "AUTOMAGIC_3", "AUTOMAGIC_EXPERIMENT"]

  @Test func everyOptimizerHasOne() {
    let missing = Catalogue.optimizers.filter { $0.formula == nil }.map(\.id)
    #expect(Set(missing) == Self.without)
  }

  @Test(arguments: Catalogue.optimizers.compactMap(\.formula))
  func everyLetterIsExplained(_ text: String) throws {
    let symbols = try #require(EmbeddedFile("Schemas/optimizer-symbols.json")).document()
      .root["symbols"]?.children.compactMap(\.key)
    let clauses = text.split(separator: ";")
    #expect(clauses.allSatisfy { $0.contains("=") })
    let set = clauses.flatMap { Formula.words(in: String($0.prefix { $0 != "=" })) }
    // g₋₁, g′ and the like are g.
    let letters = Formula.words(in: text).filter {
      $0.unicodeScalars.first?.properties.isAlphabetic ?? false
        && $0.unicodeScalars.count { $0.properties.isAlphabetic } == 1
    }
    let unknown = letters.subtracting(symbols ?? []).subtracting(set)
    #expect(unknown.isEmpty, "\(unknown) in \(text)")
  }

  static let words: [(String, Set<String>)] = [
    ("m̂ = m / (1 − β₁ᵗ)", ["m", "(", "=", "/", "−", "β₁"]),
    ("θ₀ − θ", ["θ₀", "−", "θ"]), ("rms(u)", ["rms", "(", "u"]),
    ("⟨g, s⟩", ["⟨", "g", ",", "s"]),
  ]

  @Test(arguments: words)
  func hasWords(_ text: String, _ words: Set<String>) {
    #expect(Formula.words(in: text).subtracting(["/"]) == words.subtracting(["/"]))
  }
}
