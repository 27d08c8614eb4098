import Foundation
import Optimizers

/// A short run on a fixed problem, for comparing an optimizer with itself.
struct Trajectory<Element: StoredNumber> {
  var parameters: [Tensor<Element>]
  let run: OptimizerRun<Element>

  /// A matrix, a vector, an image of zeros as a LoRA starts with, and a kernel of a convolution.
  static var start: [Tensor<Element>] {
    [[12, 10], [7], [10, 4], [6, 4, 3, 3]].enumerated().map { number, shape in
      let numbers = RandomNumbers(seed: 3, stream: number)
      return Tensor(
        shape: shape,
        doubles: (0..<shape.reduce(1, *)).map {
          number == 2 ? 0 : Double(numbers.word($0)) / 32768 - 1
        })
    }
  }

  init(parameters: [Tensor<Element>], run: OptimizerRun<Element>) {
    self.parameters = parameters
    self.run = run
  }

  init(_ optimizer: AnyOptimizer<Element>, from start: [Tensor<Element>] = Self.start) {
    parameters = start
    run = optimizer.run(on: start)
  }

  /// Goes on to the step `end`, on a curved bowl with a little noise that depends on the step alone.
  /// - Parameter decay: What the gradients shrink by from step to step.
  mutating func go(
    from first: Int = 0, to end: Int, rate: Double = 0.01, gradientScale: Double = 1,
    decay: Double = 1
  ) throws {
    for t in first..<end {
      let scale = gradientScale * pow(decay, Double(t))
      let gradients = parameters.enumerated().map { number, parameter in
        let noise = RandomNumbers(seed: UInt64(t), stream: number)
        return Tensor<Element>(
          shape: parameter.shape,
          doubles: parameter.doubles.enumerated().map { place, x in
            let curvature = 0.1 + Double(place % 5)
            let shift = 0.3 * Double(place % 3) - 0.2
            let jitter = 0.1 * (Double(noise.word(place)) / 32768 - 1)
            return scale * (curvature * (x - shift) + jitter)
          })
      }
      try run.step(&parameters, gradients: gradients, rate: rate)
    }
  }

  var values: [Double] { parameters.flatMap(\.doubles) }
}

extension OptimizerFamily {
  /// What a small tensor needs to be treated as a large one, and what the library insists on.
  var working: [String: HyperparameterValue] {
    var options: [String: HyperparameterValue] = [:]
    let names = Set(hyperparameters.map(\.name))
    if names.contains("min_8bit_size") { options["min_8bit_size"] = .number(1) }
    if Self.needsMomentum.contains(id) { options["momentum"] = .number(0.9) }
    return options
  }

  /// Whether the library takes weights of this format at all.
  var takesFloat: Bool { id != "ADAMW_BF16" }

  /// The libraries refuse their own default of 0.
  private static let needsMomentum: Set = ["SGD_8BIT", "LARS", "LARS_8BIT"]
}
