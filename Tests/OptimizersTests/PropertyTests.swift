import Foundation
import Optimizers
import Testing

/// What theory says of an optimizer, whatever the numbers.
@Suite struct PropertyTests {
  /// Loshchilov's decay with a rate this small changes no bfloat16 weight: half a step of the format
  /// is 2⁻⁹ of the largest weight of a binade, and ties go to the even one.
  @Test(arguments: ["ADAMW", "LION"])
  func smallDecayIsLostInBFloat16(_ id: String) throws {
    let start = Tensor<BFloat16>(
      shape: [256], values: (0..<256).map { BFloat16(bits: 0x3F80 + $0 / 2) })
    let zeros = Tensor<BFloat16>(zerosOf: [256])
    func decayed(_ product: Double) throws -> [BFloat16] {
      let optimizer = try #require(OptimizerFamily[id: id]).optimizer(
        storing: BFloat16.self, ["weight_decay": .number(1)])
      var parameters = [start]
      try optimizer.run(on: parameters).step(&parameters, gradients: [zeros], rate: product)
      return parameters[0].values
    }
    #expect(try decayed(0x1p-9 * 0.999) == start.values)
    #expect(try decayed(0x1p-9 * 1.01) != start.values)
  }

  /// Only the signs count.
  @Test(arguments: [1e-6, 1, 1e6])
  func lionDoesNotSeeTheSizeOfGradients(_ scale: Double) throws {
    let optimizer = try #require(OptimizerFamily[id: "LION"]).optimizer(storing: Double.self)
    var plain = Trajectory(optimizer)
    var scaled = Trajectory(optimizer)
    try plain.go(to: 100)
    // A power of two near the scale, which rounds no mean.
    try scaled.go(to: 100, gradientScale: exp2(log2(scale).rounded()))
    #expect(plain.values == scaled.values)
  }

  /// Gradient descent on ½λx² multiplies x by 1 - rate λ.
  @Test func gradientDescentDivergesAboveTwoOverLambda() throws {
    let lambda = 3.0
    let optimizer = try #require(OptimizerFamily[id: "SGD"]).optimizer(storing: Double.self)
    #expect(try Bowl(lambda).growth(optimizer, rate: 2 / lambda * 0.999, steps: 400) < 1)
    #expect(try Bowl(lambda).growth(optimizer, rate: 2 / lambda * 1.001, steps: 400) > 1)
  }

  /// Cohen et al., "Adaptive Gradient Methods at the Edge of Stability", equation 3: with a frozen
  /// preconditioner P, Adam is stable up to λ/P = (2 + 2β₁)/((1 - β₁) rate), which is 38/rate.
  ///
  /// An ε that outweighs every gradient, very near the minimum, freezes it at P = ε. It stays frozen
  /// for these few steps; then the mean square would outgrow ε and hold the weight again.
  @Test func adamDivergesAboveThirtyEightOverRate() throws {
    let rate = 0.01
    let epsilon = 1.0
    let start = 1e-60
    let optimizer = try #require(OptimizerFamily[id: "ADAM"]).optimizer(
      storing: Double.self, ["eps": .number(epsilon)])
    let threshold = 38 / rate * epsilon
    #expect(try Bowl(threshold * 0.98, start).growth(optimizer, rate: rate, steps: 400) < 1)
    #expect(try Bowl(threshold * 1.02, start).growth(optimizer, rate: rate, steps: 400) > 1)
  }

  /// The estimate reaches the order of the distance whatever it starts from; the distance here is 1.
  @Test(arguments: [1e-8, 1e-6, 1e-4, 1e-2])
  func prodigyFindsTheDistance(_ d0: Double) throws {
    #expect(try (0.1...0.5).contains(Self.estimate(d0: d0, rate: 1)))
  }

  /// At a rate that another optimizer would use, it never learns the distance.
  @Test(arguments: [1e-8, 1e-6, 1e-4, 1e-2])
  func prodigyStaysAtItsFirstGuess(_ d0: Double) throws {
    #expect(try Self.estimate(d0: d0, rate: 1e-4) == d0)
  }

  private static func estimate(d0: Double, rate: Double) throws -> Double {
    let optimizer = try #require(OptimizerFamily[id: "PRODIGY"]).optimizer(
      storing: Double.self, ["d0": .number(d0)])
    let goal = (0..<64).map { $0 % 3 == 0 ? -1.0 : 1 }
    var parameters = [Tensor<Double>(zerosOf: [64])]
    let run = optimizer.run(on: parameters)
    for _ in 0..<1000 {
      let gradient = parameters[0].values.enumerated().map { place, x in
        (0.1 + 0.9 * Double(place) / 63) * (x - goal[place])
      }
      try run.step(
        &parameters, gradients: [Tensor(shape: [64], values: gradient)], rate: rate)
    }
    return try #require(run.internals["d"] as Double?)
  }

  /// Defazio et al., "The Road Less Scheduled", equations 1 to 3, with z and x kept apart, beside
  /// the library's form, which keeps y and z alone.
  @Test func scheduleFreeIsItsReference() throws {
    let momentum = 0.9
    let rate = 0.05
    let optimizer = try #require(OptimizerFamily[id: "SCHEDULE_FREE_SGD"]).optimizer(
      storing: Double.self, ["momentum": .number(momentum)])
    let lambda = [0.1, 0.5, 1, 2, 4]
    var parameters = [Tensor<Double>(shape: [5], values: [1, -2, 3, -4, 5])]
    let run = optimizer.run(on: parameters)
    var x = parameters[0].values
    var z = x
    for t in 1...300 {
      let y = zip(x, z).map { (1 - momentum) * $1 + momentum * $0 }
      for i in y.indices {
        #expect(abs(y[i] - parameters[0].values[i]) < 1e-12)
        z[i] -= rate * lambda[i] * y[i]
        x[i] += (z[i] - x[i]) / Double(t)
      }
      let gradient = zip(lambda, parameters[0].values).map { $0 * $1 }
      try run.step(
        &parameters, gradients: [Tensor(shape: [5], values: gradient)], rate: rate)
    }
    let averaged = try #require(run.evaluationParameters(parameters))
    for i in x.indices { #expect(abs(x[i] - averaged[0].values[i]) < 1e-12) }
  }
}

/// f(x) = ½λx².
private struct Bowl {
  let lambda: Double
  let start: Double

  init(_ lambda: Double, _ start: Double = 1) {
    self.lambda = lambda
    self.start = start
  }

  /// What |x| has grown by in the second half of the run, when the start is forgotten.
  func growth(_ optimizer: AnyOptimizer<Double>, rate: Double, steps: Int) throws -> Double {
    var parameters = [Tensor<Double>(shape: [1], values: [start])]
    let run = optimizer.run(on: parameters)
    var path: [Double] = []
    for _ in 0..<steps {
      let gradient = Tensor<Double>(shape: [1], values: [lambda * parameters[0].values[0]])
      try run.step(&parameters, gradients: [gradient], rate: rate)
      path.append(abs(parameters[0].values[0]))
    }
    let middle = path[steps / 2..<steps / 2 + 20].max() ?? 0
    return (path.suffix(20).max() ?? 0) / middle
  }
}
