public import Optimizers

/// How long a step of an optimizer takes.
public struct StepTime: Sendable {
  public let id: String
  /// Of parameters and gradient.
  public let format: NumberFormat
  /// Seconds of each timed step.
  public let times: [Double]
  /// Parameters of the one tensor that is stepped.
  public let count: Int
  /// Bytes that a step must move for each parameter, see ``Workload``.
  public let bytesPerParameter: Double

  public var median: Double { Clock.median(times) }
  public var nanosecondsPerParameter: Double { median * 1e9 / Double(count) }
  /// Bytes per second.
  public var rate: Double { bytesPerParameter * Double(count) / median }
}

/// What optimizers are timed on: one matrix, in `float32` but for those that take `bfloat16` alone.
///
/// Bytes are counted as the least that a step can move: the parameter read and written, the
/// gradient read, and each tensor of state read and written. An optimizer that needs a second pass,
/// or keeps state that it only reads, is held against that too.
public struct Workload: Sendable {
  public let shape: [Int]
  private let start: Tensor<Float>
  private let gradient: Tensor<Float>

  /// - Parameter count: At least 1; is rounded down to whole rows of the matrix.
  public init(count: Int) {
    let rows = count >= 1000 ? 1000 : 1
    shape = [rows, count / rows]
    let total = rows * (count / rows)
    var start = Tensor<Float>(zerosOf: shape)
    var gradient = Tensor<Float>(zerosOf: shape)
    for i in 0..<total {
      start.values[i] = Float(i % 1000) * 1e-3 + 1e-3
      gradient.values[i] = Float(i * 7 % 1009) * 1e-3 - 0.503
    }
    self.start = start
    self.gradient = gradient
  }

  public var count: Int { start.count }

  /// Times steps of an optimizer with the library's defaults, and with what it needs to start.
  ///
  /// - Parameters:
  ///   - options: Besides those that it needs.
  ///   - steps: How many, after three that are not timed.
  ///   - seconds: After this long no more steps are begun; two are timed at least.
  /// - Throws: The reason why the optimizer cannot be made or stepped.
  public func time(
    _ family: OptimizerFamily, options: [String: HyperparameterValue] = [:], steps: Int,
    threads: Int, seconds: Double = 6
  ) throws -> StepTime {
    do {
      return try time(family, Float.self, options, steps, threads, seconds)
    } catch let error as OptimizerError {
      // Some libraries take no other weights.
      if let time = try? time(family, BFloat16.self, options, steps, threads, seconds) {
        return time
      }
      throw error
    }
  }

  private func time<Element: StoredNumber>(
    _ family: OptimizerFamily, _: Element.Type, _ options: [String: HyperparameterValue],
    _ steps: Int, _ threads: Int, _ seconds: Double
  ) throws -> StepTime {
    let optimizer = try family.optimizer(
      storing: Element.self, family.startOptions.merging(options) { $1 })
    var parameters: [Tensor<Element>] = [copy(start)]
    let run = optimizer.run(on: parameters)
    let gradients: [Tensor<Element>] = [copy(gradient)]
    var times: [Double] = []
    let begin = Clock.now
    try Sweep.$threads.withValue(threads) {
      for step in 0..<steps + Self.warmup {
        let isSlow = Clock.now - begin > seconds
        if isSlow, times.count >= 2 { break }
        let time = try Clock.time { () throws(OptimizerError) in
          try run.step(&parameters, gradients: gradients, rate: 1e-3)
        }
        if step >= Self.warmup || isSlow { times.append(time) }
      }
    }
    let layout = optimizer.layout(of: ParameterShape(shape, format: Element.format))
    let state = layout.reduce(0) { $0 + $1.bytes }
    return StepTime(
      id: family.id, format: Element.format, times: times, count: count,
      bytesPerParameter: 3 * Double(Element.format.width) + 2 * Double(state) / Double(count))
  }

  private func copy<Element: StoredNumber>(_ tensor: Tensor<Float>) -> Tensor<Element> {
    var copy = Tensor<Element>(zerosOf: tensor.shape)
    for i in 0..<tensor.count {
      copy.values[i] = Element(rounding: Element.Arithmetic(tensor.values[i]))
    }
    return copy
  }

  private static let warmup = 3
}
