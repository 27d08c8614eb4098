#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An optimizer of bitsandbytes: what is done with one number is its own, how the state is kept is
/// the same for all.
///
/// Followed is what the kernels for graphics cards do (`csrc/kernels.cu` of 0.49.1 and 0.50.2),
/// without fused multiplications. State and arithmetic are 32-bit whatever the parameter is.
protocol BitsandbytesOptimizer: ParameterwiseOptimizer where Memory == BitsandbytesMemory {
  associatedtype Rule: BitsandbytesRule where Rule.Element == Element

  static var kernel: BitsandbytesKernel { get }
  var storage: BitsandbytesStorage { get set }
  /// The largest norm of an update as a share of the norm of the parameter; none if not positive.
  var largestUpdate: Double { get }

  /// The kernel for a step.
  func rule(_ step: BitsandbytesStep) -> Rule
}

/// What a step is about, for all numbers of a tensor.
struct BitsandbytesStep: Sendable {
  /// From 1.
  let t: Int
  let rate: Float
  /// What the gradient is multiplied with to clip it.
  let gradientScale: Float
  /// Whether the state is in 8 bits.
  let isNarrow: Bool
  /// Whether one scale serves the tensor.
  let isTensorwise: Bool
  let usesProcessor: Bool
  /// Whether the oddities of 0.49.1 are meant.
  let isOld: Bool

  /// 1 − β. For graphics cards β is rounded first, and 1 − 0.999 is 5 · 10⁻⁵ off.
  func weight(_ beta: Double) -> Float { usesProcessor ? Float(1 - beta) : 1 - Float(beta) }

  /// 1 − βᵗ.
  func correction(_ beta: Double) -> Float {
    usesProcessor
      ? Float(1 - pow(beta, Double(t))) : 1 - Float(pow(Double(Float(beta)), Double(t)))
  }
}

extension BitsandbytesOptimizer {
  var largestUpdate: Double { 0 }

  var sharedLayout: SharedState {
    SharedState(codeTables: storage.bits == 8 ? 1024 * min(Rule.moments, 2) : 0)
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    let isNarrow = storage.isNarrow(parameter.count)
    let names = Rule.moments == 1 ? ["1"] : ["1", "2"]
    let states = names.map { name in
      StateTensor(
        "state" + name, (Rule.moments == 3 && name == "1" ? [2] : []) + parameter.shape,
        isNarrow ? .uint8 : .float32)
    }
    var scales: [StateTensor] = []
    if isNarrow {
      let blocks = storage.scaleCount(parameter.count)
      scales = names.flatMap { name in
        storage.scalesBlocks
          ? [
            StateTensor(
              "absmax" + name, (Rule.moments == 3 && name == "1" ? [2] : []) + [blocks], .float32)
          ] : ["max", "new_max"].map { StateTensor($0 + name, [1], .float32) }
      }
    }
    // AdEMAMix allocates for itself, and the scales first.
    return (Rule.moments == 3 ? scales + states : states + scales)
      + (storage.clipsPercentile ? [StateTensor("gnorm_vec", [100], .float32)] : [])
      + (largestUpdate > 0 ? [StateTensor("unorm_vec", [1], .float32)] : [])
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> BitsandbytesMemory {
    let count = parameter.count
    let scales = storage.isNarrow(count) ? storage.scaleCount(count) : 0
    func zeros(ofMoment number: Int) -> BitsandbytesMoment {
      number <= Rule.moments ? BitsandbytesMoment(count, scales: scales) : BitsandbytesMoment()
    }
    return BitsandbytesMemory(
      m: zeros(ofMoment: 1), v: zeros(ofMoment: 2), slow: zeros(ofMoment: 3),
      norms: storage.clipsPercentile ? [Float](repeating: 0, count: 100) : [])
  }

  func codes(_ state: [BitsandbytesMemory], parameter: Int) -> [StateCodes] {
    let memory = state[parameter]
    return zip(["state1", "state2", "state1[1]"], [memory.m, memory.v, memory.slow]).compactMap {
      $1.codes.isEmpty ? nil : StateCodes(name: $0, codes: $1.codes, scales: $1.scales)
    }
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>,
    memory: inout BitsandbytesMemory, rate: Double
  ) throws(OptimizerError) {
    let count = parameter.count
    if let refusal = storage.refusal(of: Self.kernel, Element.format, count: count) {
      throw .refused(refusal)
    }
    memory.t += 1
    let isNarrow = storage.isNarrow(count)
    let step = BitsandbytesStep(
      t: memory.t, rate: Float(rate), gradientScale: storage.clip(gradient, &memory),
      isNarrow: isNarrow, isTensorwise: isNarrow && !storage.scalesBlocks,
      usesProcessor: storage.usesProcessor, isOld: storage.isOld)
    rule(step).step(&parameter, gradient, &memory, step, largestUpdate: largestUpdate)
  }
}

extension BitsandbytesRule {
  /// One step, by the kernel for the width of the state. Optimizers that share a rule share this.
  @inline(never) func step(
    _ parameter: inout Tensor<Element>, _ gradient: Tensor<Element>,
    _ memory: inout BitsandbytesMemory, _ step: BitsandbytesStep, largestUpdate: Double
  ) {
    let count = parameter.count
    var rule = self
    switch (step.isNarrow, step.isTensorwise) {
    case (false, _):
      if largestUpdate > 0 {
        let norm = updateNorm(parameter.values, gradient.values, memory)
        rule.bound(by: Self.scale(for: norm, parameter, largestUpdate))
      }
      rule.move(&parameter.values, gradient.values, &memory, count: count)
    case (true, false):
      // With a scale for each block, the library knows no bound of the update.
      moveBlocks(
        &parameter.values, gradient.values, &memory, count: count,
        usesProcessor: step.usesProcessor)
    case (true, true):
      let (largest, norm) = measure(&parameter.values, gradient.values, &memory, count: count)
      if largestUpdate > 0 { rule.bound(by: Self.scale(for: norm, parameter, largestUpdate)) }
      // The kernel moves four numbers at a time; what is left over it leaves alone.
      rule.moveTensor(
        &parameter.values, gradient.values, &memory, count: count / 4 * 4, largest: largest)
    }
  }

  private static func scale(
    for updateNorm: Float, _ parameter: Tensor<Element>, _ largestUpdate: Double
  ) -> Float {
    let limit = Float(largestUpdate) * Float(parameter.sumOfSquares.squareRoot())
    return updateNorm > limit ? limit / updateNorm : 1
  }
}

extension BitsandbytesStorage {
  /// What the gradient is multiplied with: the ratio of a percentile of its last 100 norms to its
  /// norm, if that is less than 1.
  fileprivate func clip<Element: StoredNumber>(
    _ gradient: Tensor<Element>, _ memory: inout BitsandbytesMemory
  ) -> Float {
    guard clipsPercentile else { return 1 }
    let square = Float(gradient.sumOfSquares)
    let place = memory.t % 100
    if memory.t == 1 {
      for k in memory.norms.indices { memory.norms[k] = square }
    } else {
      // The reference adds to what is there. The library sets it to 0 before (`csrc/ops.cu`).
      memory.norms[place] = (isOld ? 0 : memory.norms[place]) + square
    }
    let percentile = percentile + (percentile < 0 ? 100 : 0)
    let current = memory.norms[place].squareRoot()
    let limit = memory.norms.sorted()[percentile].squareRoot()
    return current > limit ? limit / current : 1
  }
}

extension Tensor {
  fileprivate var sumOfSquares: Double {
    func squares(_ values: UnsafePointer<Element>) -> Double {
      Sweep.sum(count) { range in
        var sum = 0.0
        for i in range {
          let value = Double(values[i].single)
          sum = .summing(sum, value * value)
        }
        return sum
      }
    }
    return squares(values)
  }
}
