/// Adafactor whose momentum is divided by how far the updates stray from it.
///
/// Luo et al., "CAME: Confidence-guided Adaptive Memory Efficient Optimization", 2023, Algorithm 2,
/// as OneTrainer has it (`modules/util/optimizer/CAME.py`). State is float32 for narrow weights.
/// Unlike the paper: means in place of sums; vectors are not factored and move along the momentum
/// alone; the parts of a step against the gradient can be left out (Liang et al., "Cautious
/// Optimizers", 2024). The library also keeps the RMS of the weights, and never reads it.
struct CAME<Element: StoredNumber>: ParameterwiseOptimizer {
  var beta1 = 0.9
  var beta2 = 0.999
  var beta3 = 0.9999
  var epsilon1 = 1e-30
  var epsilon2 = 1e-16
  var clipThreshold = 1.0
  var weightDecay = 0.0
  var useCautious = false
  var stochasticRounding = false
  /// Where the random numbers start.
  var seed: UInt64 = 0

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .share, "decay of the mean update"),
      Hyperparameter("beta2", \.beta2, .share, "decay of the mean squared gradient"),
      Hyperparameter("beta3", \.beta3, .share, "decay of the mean instability"),
      Hyperparameter("eps", \.epsilon1, .any, "added to the squared gradient"),
      Hyperparameter("eps2", \.epsilon2, .any, "added to the instability"),
      Hyperparameter("clip_threshold", \.clipThreshold, .any, "largest RMS of an update"),
      Hyperparameter("weight_decay", \.weightDecay, .any, "shrinks the weights"),
      Hyperparameter("use_cautious", \.useCautious, "skips what moves against the gradient"),
      Hyperparameter("stochastic_rounding", \.stochasticRounding, "rounds bfloat16 at random"),
    ]
  }

  struct Memory: Codable, Sendable {
    var m: [Element.Arithmetic]
    /// The mean square of what is not factored; empty for what is.
    var v: [Element.Arithmetic]
    /// R and C of the squared gradient.
    var squares: FactoredMean<Element.Arithmetic>
    /// R and C of the instability.
    var instabilities: FactoredMean<Element.Arithmetic>
    var random: RandomNumbers
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    let format: NumberFormat = parameter.format == .float64 ? .float64 : .float32
    let means = FactoredMean<Element.Arithmetic>.shapes(of: parameter.shape)
    let squares =
      Matrices(parameter.shape) == nil
      ? [("exp_avg_sq", parameter.shape)]
      : [
        ("exp_avg_sq_row", means.rows), ("exp_avg_sq_col", means.columns),
        ("exp_avg_res_row", means.rows), ("exp_avg_res_col", means.columns),
      ]
    return ([("exp_avg", parameter.shape)] + squares).map { StateTensor($0.0, $0.1, format) }
      + [StateTensor("RMS", [], parameter.format)]
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    initialMemory(for: parameter, number: number, as: Matrices(parameter.shape))
  }

  /// - Parameter matrices: What is factored; nil for what is not.
  func initialMemory(
    for parameter: Tensor<Element>, number: Int, as matrices: Matrices?
  ) -> Memory {
    Memory(
      m: parameter.wideZeros(), v: matrices == nil ? parameter.wideZeros() : [],
      squares: FactoredMean(zerosFor: matrices),
      instabilities: FactoredMean(zerosFor: matrices),
      random: RandomNumbers(seed: seed, stream: number))
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) {
    step(
      &parameter, gradient: gradient, memory: &memory, rate: rate, as: Matrices(parameter.shape))
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double, as matrices: Matrices?
  ) {
    if stochasticRounding { memory.random.advance() }
    if let matrices {
      stepMatrices(&parameter.values, gradient.values, &memory, matrices, rate)
    } else {
      stepVector(
        &parameter.values, gradient.values, &memory.m, &memory.v, count: parameter.count, rate,
        memory.random)
    }
  }

  private func stepMatrices(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ memory: inout Memory, _ matrices: Matrices, _ rate: Double
  ) {
    let update = FactoredUpdate(gradient, matrices)
    memory.squares.mix(update.squares(epsilon: epsilon1), of: matrices, decay: beta2)  // 4, 5
    let roots = memory.squares.inverseRoots(matrices)
    let clip = update.clip(roots.rows, roots.columns, threshold: clipThreshold)  // line 8
    average(&memory.m, &memory.instabilities, update, roots.rows, roots.columns, clip)
    let calm = memory.instabilities.inverseRoots(matrices)
    move(theta, gradient, memory.m, calm.rows, calm.columns, matrices, rate, memory.random)
  }

  /// Lines 9 to 12: the momentum of the update, and the instability around it.
  private func average(
    _ m: UnsafeMutablePointer<Element.Arithmetic>,
    _ instabilities: inout FactoredMean<Element.Arithmetic>, _ update: FactoredUpdate<Element>,
    _ r: UnsafePointer<Element.Arithmetic>, _ c: UnsafePointer<Element.Arithmetic>,
    _ clip: Element.Arithmetic
  ) {
    let terms = InstabilityTerms<Element>(
      m: m, gradient: update.gradient, r: r, c: c, clip: clip, beta1: .init(beta1),
      weight: .init(1 - beta1), epsilon2: .init(epsilon2))
    instabilities.mix(terms, of: update.matrices, decay: beta3)
  }

  /// Lines 13 and 14, with S^(-1/2) as r c.
  private func move(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafePointer<Element.Arithmetic>, _ r: UnsafePointer<Element.Arithmetic>,
    _ c: UnsafePointer<Element.Arithmetic>, _ matrices: Matrices, _ rate: Double,
    _ random: RandomNumbers
  ) {
    var move = CautiousMove(
      theta, gradient, rate, decay: weightDecay, random, roundingAtRandom: stochasticRounding)
    if useCautious {
      move.mask = move.mask(matrices.elements) { range in
        var total = 0.0
        matrices.eachRow(in: range) { row, places, shift in
          let r = r[row]
          total += move.agreeing(places) { r * c[$0 &+ shift] * m[$0] }
        }
        return total
      }
    }
    Sweep.each(matrices.elements) { [move] range in
      matrices.eachRow(in: range) { row, places, shift in
        let r = r[row]
        move.along(places) { r * c[$0 &+ shift] * m[$0] }
      }
    }
  }

  /// What is not factored: the momentum of the clipped update.
  private func stepVector(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafeMutablePointer<Element.Arithmetic>, _ v: UnsafeMutablePointer<Element.Arithmetic>,
    count: Int, _ rate: Double, _ random: RandomNumbers
  ) {
    typealias A = Element.Arithmetic
    let beta1 = A(beta1)
    let weight1 = A(1 - self.beta1)
    let beta2 = A(beta2)
    let weight2 = A(1 - self.beta2)
    let epsilon1 = A(epsilon1)
    let size: A = Sweep.rootMeanSquare(count) { range in
      var sum: A = 0
      for i in range {
        let g = gradient[i].wide
        v[i] = v[i] * beta2 + weight2 * (g * g + epsilon1)
        let u = 1 / v[i].root * g
        sum = .summing(sum, u * u)
      }
      return Double(sum)
    }
    let clip = FactoredUpdate<Element>.clip(size, threshold: clipThreshold)
    Sweep.each(count) { range in
      for i in range {
        m[i] = m[i] * beta1 + weight1 * (1 / v[i].root * gradient[i].wide / clip)
      }
    }
    var move = CautiousMove(
      theta, gradient, rate, decay: weightDecay, random, roundingAtRandom: stochasticRounding)
    if useCautious {
      move.mask = move.mask(count) { range in move.agreeing(range) { m[$0] } }
    }
    Sweep.each(count) { [move] range in move.along(range) { m[$0] } }
  }
}

/// Lines 8 to 10 of ``CAME``.
private struct InstabilityTerms<Element: StoredNumber>: MatrixTerms {
  typealias A = Element.Arithmetic
  let m: UnsafeMutablePointer<A>
  let gradient: UnsafePointer<Element>
  let r: UnsafePointer<A>
  let c: UnsafePointer<A>
  let clip: A
  let beta1: A
  let weight: A
  let epsilon2: A

  @inline(__always) func row(_ number: Int) -> A { r[number] }
  @inline(__always) func term(_ r: inout A, _ i: Int, _ column: Int) -> A {
    let u = r * c[column] * gradient[i].wide / clip  // line 8
    m[i] = m[i] * beta1 + weight * u  // line 9
    let stray = u - m[i]
    return stray * stray + epsilon2  // line 10
  }
}

extension OptimizerFamily {
  static let came = OptimizerFamily(
    "CAME", "CAME", library: "OneTrainer, CAME.py",
    Citation(
      "CAME: Confidence-guided Adaptive Memory Efficient Optimization",
      "https://arxiv.org/abs/2307.02047"),
    CAME<Float>.self, CAME<Double>.self, CAME<BFloat16>.self, CAME<Half>.self)
}
