import Optimizers
import Testing

@Suite struct HyperparameterTests {
  @Test(
    arguments: [
      (Domain.fraction, "at least 0 and less than 1", [0, 0.5], [1, -0.1, .nan]),
      (.share, "at least 0 and at most 1", [0, 1], [1.1]),
      (.positive, "more than 0", [1e-30, .infinity], [0, -1, .nan]),
      (.notNegative, "at least 0", [0, 3], [-1e-9]),
      (.any, "a number", [-3, 0, .infinity], [.nan]),
    ] as [(Domain, String, [Double], [Double])])
  func domains(_ domain: Domain, _ words: String, _ inside: [Double], _ outside: [Double]) {
    #expect(domain.description == words)
    for value in inside { #expect(domain.contains(value), "\(value)") }
    for value in outside { #expect(!domain.contains(value), "\(value)") }
  }

  @Test func namesOptionValueAndRange() throws {
    let family = try #require(OptimizerFamily[id: "ADAMW"])
    let refusal = #expect(throws: HyperparameterError.self) {
      try family.optimizer(storing: Float.self, ["beta1": .number(1)])
    }
    #expect(refusal?.description == "'beta1' is 1.0 and must be at least 0 and less than 1")
  }

  @Test func namesWhatIsKnown() throws {
    let family = try #require(OptimizerFamily[id: "ADAMW"])
    let refusal = #expect(throws: HyperparameterError.self) {
      try family.optimizer(storing: Float.self, ["momentum": .number(1)])
    }
    #expect(
      refusal?.description.hasPrefix("'momentum' is not an option here; these are: beta1") == true)
  }
}
