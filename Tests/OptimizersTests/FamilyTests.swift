import Foundation
import Optimizers
import Testing

/// What holds for every optimizer, so that none can be listed and untested.
@Suite struct FamilyTests {
  @Test func idsAreUnique() {
    #expect(Set(OptimizerFamily.all.map(\.id)).count == OptimizerFamily.all.count)
  }

  /// Saved as text, read again, and gone on: the same path to the last bit.
  @Test(arguments: OptimizerFamily.all)
  func aResumedRunIsTheRun(_ family: OptimizerFamily) throws {
    if family.takesFloat { try check(Float.self) }
    try check(BFloat16.self)

    func check<Element: StoredNumber>(_: Element.Type) throws {
      let optimizer = try family.optimizer(storing: Element.self, family.working)
      var whole = Trajectory(optimizer)
      try whole.go(to: 6)
      let half = Trajectory(optimizer)
      var first = half
      try first.go(to: 3)
      let encoder = JSONEncoder()
      let decoder = JSONDecoder()
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      decoder.nonConformingFloatDecodingStrategy = .convertFromString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      let saved = try encoder.encode(first.run)
      let resumed = try decoder.decode(Resumed<Element>.self, from: saved, configuration: optimizer)
      var second = Trajectory(parameters: first.parameters, run: resumed.run)
      try second.go(from: 3, to: 6)
      #expect(second.values == whole.values)
    }
  }

  /// Two runs of one seed are one run.
  @Test(arguments: OptimizerFamily.all)
  func runsRepeat(_ family: OptimizerFamily) throws {
    let optimizer = try family.optimizer(storing: BFloat16.self, family.working)
    var a = Trajectory(optimizer)
    var b = Trajectory(optimizer)
    try a.go(to: 5)
    try b.go(to: 5)
    #expect(a.values == b.values)
    #expect(a.values != Trajectory<BFloat16>.start.flatMap(\.doubles), "it does not move")
  }

  /// The same on one thread and on several.
  @Test(arguments: OptimizerFamily.all.filter(\.takesFloat))
  func threadsChangeNothing(_ family: OptimizerFamily) throws {
    let optimizer = try family.optimizer(storing: Float.self, family.working)
    let shape = [1024, 600]
    let start = Tensor<Float>(
      shape: shape, values: (0..<614_400).map { Float($0 % 997) / 997 - 0.4 })
    let gradient = Tensor<Float>(
      shape: shape, values: (0..<614_400).map { Float($0 % 1009) / 1009 - 0.5 })
    func end(_ threads: Int) throws -> [Float] {
      try Sweep.$threads.withValue(threads) {
        var parameters = [start]
        let run = optimizer.run(on: parameters)
        for _ in 0..<2 { try run.step(&parameters, gradients: [gradient], rate: 0.01) }
        return parameters[0].values
      }
    }
    let one = try end(1)
    #expect(try one == end(2))
    #expect(try one == end(3))
  }

  /// Room for a kernel's intermediate results, which is state to the library only.
  private static let scratch: Set = ["unorm_vec", "new_max1", "new_max2"]

  /// What is laid out is what is held.
  @Test(arguments: OptimizerFamily.all)
  func stateHasItsSize(_ family: OptimizerFamily) throws {
    if family.takesFloat { try check(Float.self) }
    try check(BFloat16.self)

    func check<Element: StoredNumber>(_: Element.Type) throws {
      let optimizer = try family.optimizer(storing: Element.self, family.working)
      var trajectory = Trajectory(optimizer)
      try trajectory.go(to: 2)
      let laidOut = Trajectory<Element>.start.flatMap { parameter in
        optimizer.layout(
          of: ParameterShape(
            parameter.shape, format: Element.format,
            startsAtZero: parameter.doubles.allSatisfy { $0 == 0 }))
      }.filter {
        // A starting point that is one number is held as a list of one.
        (!$0.shape.isEmpty || $0.name == "p0" && family.id != "PRODIGY_ADV")
          && !Self.scratch.contains($0.name)
      }.reduce(0) { $0 + $1.bytes }
      #expect(StateSize.bytes(of: trajectory.run.state) == laidOut)
    }
  }

  /// What lies outside the range of an option is refused by the option's name.
  @Test(arguments: OptimizerFamily.all)
  func refusesWhatIsOutOfRange(_ family: OptimizerFamily) {
    for option in family.hyperparameters {
      for value in [HyperparameterValue.text("no such word"), .number(.nan)] {
        let refusal = #expect(throws: HyperparameterError.self) {
          try family.optimizer(storing: Float.self, [option.name: value])
        }
        #expect(refusal?.description == "'\(option.name)' is \(value) and must be \(option.range)")
      }
    }
    #expect(throws: HyperparameterError.self) {
      try family.optimizer(storing: Float.self, ["no_such_option": .number(1)])
    }
  }

  /// Every option that is listed changes the path, alone or beside what it needs.
  @Test(arguments: OptimizerFamily.all)
  func everyOptionActs(_ family: OptimizerFamily) throws {
    for option in family.hyperparameters where !OptionTrials.isInert(option.name, in: family.id) {
      #expect(
        OptionTrials.contexts(for: family).contains { OptionTrials.acts(option, in: family, $0) },
        "\(option.name) does nothing")
    }
  }

  /// As in the library, where two runs of five steps were the same with it and without.
  @Test func stableAdamWDoesNotMaximize() throws {
    let family = try #require(OptimizerFamily[id: "STABLE_ADAMW"])
    let option = try #require(family.hyperparameters.first { $0.name == "maximize" })
    #expect(!OptionTrials.acts(option, in: family, [:]))
  }
}

/// A run read from its saved state.
private struct Resumed<Element: StoredNumber>: DecodableWithConfiguration {
  let run: OptimizerRun<Element>

  init(from decoder: any Decoder, configuration: AnyOptimizer<Element>) throws {
    run = try configuration.run(resuming: decoder)
  }
}
