extension ProdigyPlusScheduleFree {
  /// What is kept for a parameter.
  struct Memory: Codable, Sendable {
    /// z where the optimizer is schedule-free, else exp_avg.
    var companion: [Element]
    /// exp_avg_sq; empty where it is factored.
    var v: [Element]
    var factors: FactoredMoment<Float>?
    /// In place of ``factors`` without `factored_fp32`.
    var narrowFactors: FactoredMoment<Element>?
    var slices: DistanceSlices<Element>?
    /// In place of ``slices`` beside float32 parameters.
    var narrowSlices: DistanceSlices<BFloat16>?
    var random: RandomNumbers
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    let axes = factors ? FactoredAxes(parameter.shape) : nil
    let isNarrow = Element.format == .float32
    return Memory(
      companion: isScheduleFree ? parameter.copy() : parameter.zeros(),
      v: axes == nil ? parameter.zeros() : [],
      factors: factorsInFloat32 ? axes.map { FactoredMoment($0) } : nil,
      narrowFactors: factorsInFloat32 ? nil : axes.map { FactoredMoment($0) },
      slices: isNarrow ? nil : DistanceSlices(of: parameter, every: slice, withSum: !usesSpeed),
      narrowSlices: isNarrow
        ? DistanceSlices(of: parameter, every: slice, withSum: !usesSpeed) : nil,
      random: RandomNumbers(seed: seed, stream: number))
  }

  /// One step of one parameter.
  ///
  /// - Returns: What it adds to the estimate of d; nil in the first step of ADOPT, which moves
  ///   nothing.
  func move(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    _ step: ProdigyPlusStep
  ) -> DistanceTerms? {
    if parameter.count == 0 { return DistanceTerms(numerator: 0, denominator: 0) }
    if !usesAdopt || step.isFirstOfAdopt { memory.averageFactors(gradient.values, step) }
    memory.random.advance()
    let terms = MomentFactors.withSquares(memory.factors?.factors) { factors in
      MomentFactors.withSquares(memory.narrowFactors?.factors) { narrowFactors in
        run(
          step, count: parameter.count, gradient.values, y: &parameter.values,
          companion: &memory.companion, v: &memory.v, factors: factors,
          narrowFactors: narrowFactors, slices: &memory.slices,
          narrowSlices: &memory.narrowSlices, random: memory.random)
      }
    }
    if usesAdopt && !step.isFirstOfAdopt { memory.averageFactors(gradient.values, step) }
    return terms
  }

  private func run(
    _ step: ProdigyPlusStep, count: Int, _ gradient: UnsafePointer<Element>,
    y: UnsafeMutablePointer<Element>, companion: UnsafeMutablePointer<Element>,
    v: UnsafeMutablePointer<Element>, factors: FactoredSquares<Float>?,
    narrowFactors: FactoredSquares<Element>?, slices: inout DistanceSlices<Element>?,
    narrowSlices: inout DistanceSlices<BFloat16>?, random: RandomNumbers
  ) -> DistanceTerms? {
    let kernel = ProdigyPlusKernel(
      options: self, step: step, count: count, gradient: gradient, y: y, companion: companion,
      divisor: ProdigyPlusDivisor(
        usesFocus: usesFocus, beta2: step.beta2, d: step.d, epsilon: epsilon, v: v,
        factors: factors, narrowFactors: narrowFactors),
      storing: StochasticStore(self, random, count: count))
    if step.isFirstOfAdopt {
      kernel.average()
      return nil
    }
    if step.estimates {
      return slices?.follow(kernel) ?? narrowSlices?.follow(kernel)
    }
    slices?.discard()
    narrowSlices?.discard()
    _ = kernel.run { _ in .zero }
    return DistanceTerms(numerator: 0, denominator: 0)
  }
}

extension ProdigyPlusScheduleFree.Memory {
  fileprivate mutating func averageFactors(
    _ gradient: UnsafePointer<Element>, _ step: ProdigyPlusStep
  ) {
    let weight = (1 - step.beta2) * (step.d * step.d)
    factors?.average(gradient, beta2: step.beta2, weight: weight)
    narrowFactors?.average(gradient, beta2: step.beta2, weight: weight)
  }
}
