import TestSupport
import Testing

@testable import SourceText

@Suite struct SuggestionTests {
  private static let keys = [
    "learning_rate", "learning_rate_scheduler", "learning_rate_warmup_steps", "batch_size",
    "epochs", "beta1", "beta2", "eps", "eps2", "ema", "ema_decay", "lora_rank", "lora_alpha",
    "weight_decay", "d0", "d_coef", "unet", "vae",
  ]

  @Test(
    arguments: [
      // One slip of each kind
      ("learning_rat", "learning_rate"), ("learning_ratee", "learning_rate"),
      ("learning_rste", "learning_rate"), ("laerning_rate", "learning_rate"),
      // The nearest of several, the first of equals
      ("beta", "beta1"), ("bta2", "beta2"), ("ep", "eps"), ("eps3", "eps"), ("beta3", "beta1"),
      // Case and hyphens count little
      ("Learning-Rate", "learning_rate"), ("LORA_RANK", "lora_rank"), ("EPS", "eps"),
      ("learningrate", "learning_rate"), ("batchsize", "batch_size"),
      ("weightdecay", "weight_decay"),
      // Up to one slip in three letters, and never more than four
      ("lora_lpha", "lora_alpha"), ("d1", "d0"), ("vea", "vae"), ("ema_dcy", "ema_decay"),
      ("learnxxg_rate_schedxxer", "learning_rate_scheduler"),
      ("learnxxg_rate_schexxxer", nil), ("vxx", nil), ("dcoefx", "d_coef"), ("dcfx", nil),
      // Nothing like it
      ("", nil), ("optimizer", nil), ("x", nil), ("日本", nil), ("rank", nil),
      (String(repeating: "e", count: 65), nil),
    ] as [(String, String?)])
  func findsWhatWasMeant(written: String, meant: String?) {
    #expect(Suggestion.nearest(to: written, in: Self.keys) == meant)
  }

  @Test(arguments: [
    // Only the marks between the words differ, so that the other, equally near, is not meant
    ("adamw8bit", ["ADAMW_8BIT"]), ("adamw 8bit", ["ADAMW_8BIT"]), ("ADAM-8BIT", ["ADAM_8BIT"]),
    ("ADAMX", ["ADAM", "ADAMW"]), ("ADAMW", ["ADAMW"]), ("LARS", []),
  ])
  func tellsWhatIsLeftOpen(written: String, meant: [String]) {
    let names = ["ADAM", "ADAM_8BIT", "ADAMW", "ADAMW_8BIT"]
    #expect(Suggestion.allNearest(to: written, in: names) == meant)
  }

  @Test func hasNothingToOfferOfNothing() {
    #expect(Suggestion.nearest(to: "a", in: []) == nil)
    #expect(Suggestion.nearest(to: "a", in: [""]) == "")
  }

  private static func distance(_ a: String, _ b: String, limit: Int = 99) -> Int? {
    Suggestion.editDistance(Array(a.utf8), Array(b.utf8), limit: limit)
  }

  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("a", "a", 0), ("a", "b", 1), ("ab", "ba", 1), ("abc", "acb", 1),
    ("kitten", "sitting", 3), ("flaw", "lawn", 2), ("saturday", "sunday", 3),
    // A swapped pair is not edited again, as it is in the unrestricted distance (there 2)
    ("ca", "abc", 3), ("abcd", "badc", 2), ("abcdef", "abcfed", 2),
    ("é", "e", 2),
  ])
  func countsSlips(a: String, b: String, count: Int) {
    #expect(Self.distance(a, b) == count)
    #expect(Self.distance(b, a) == count)
    #expect(Self.distance(a, b, limit: count) == count)
    #expect(count == 0 || Self.distance(a, b, limit: count - 1) == nil)
  }

  /// The definition, as it stands.
  private static func definition(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Int {
    guard let lastA = a.last, let lastB = b.last else { return max(a.count, b.count) }
    var best = min(
      definition(a.dropLast(), b) + 1, definition(a, b.dropLast()) + 1,
      definition(a.dropLast(), b.dropLast()) + (lastA == lastB ? 0 : 1))
    if a.count > 1, b.count > 1, lastA == b.dropLast().last, lastB == a.dropLast().last {
      best = min(best, definition(a.dropLast(2), b.dropLast(2)) + 1)
    }
    return best
  }

  @Test func agreesWithTheDefinition() {
    var random = SplitMix64(seed: 11)
    func word() -> [UInt8] {
      (0..<Int.random(in: 0...5, using: &random)).map { _ in
        UInt8.random(in: 97...99, using: &random)
      }
    }
    for _ in 0..<2000 {
      let (a, b) = (word(), word())
      let distance = Self.definition(a[...], b[...])
      for limit in 0...6 {
        let expected = distance <= limit ? distance : nil
        #expect(Suggestion.editDistance(a, b, limit: limit) == expected, "\(a) \(b) \(limit)")
      }
    }
  }
}
