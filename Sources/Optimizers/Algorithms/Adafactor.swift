#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Adam's step from the means of the rows and columns of the squared gradient.
///
/// Shazeer and Stern, "Adafactor: Adaptive Learning Rates with Sublinear Memory Cost", Algorithms 4
/// and 5, as transformers 5.5.4 has it (`optimization.py`) with the step of OneTrainer
/// (`adafactor_extensions.py`), which can round bfloat16 weights at random. Narrow weights are
/// computed and their state is kept in float32. Unlike the paper: an optional running mean of the
/// update, which already holds the learning rate; weight decay; means in place of sums.
struct Adafactor<Element: StoredNumber>: ParameterwiseOptimizer {
  var epsilon1 = 1e-30
  var epsilon2 = 1e-3
  var clipThreshold = 1.0
  var decayRate = -0.8
  var beta1: Double?
  var weightDecay = 0.0
  var scaleParameter = true
  var relativeStep = true
  var warmupInit = false
  var stochasticRounding = false
  /// Where the random numbers start.
  var seed: UInt64 = 0

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("eps", \.epsilon1, .any, "added to the squared gradient"),
      Hyperparameter("eps2", \.epsilon2, .any, "smallest size of the weights that scales the rate"),
      Hyperparameter("clip_threshold", \.clipThreshold, .any, "largest RMS of an update"),
      Hyperparameter("decay_rate", \.decayRate, .any, "exponent of t in the decay of squares"),
      Hyperparameter("beta1", \.beta1, .any, "decay of the mean update; null keeps none"),
      Hyperparameter("weight_decay", \.weightDecay, .any, "shrinks the weights"),
      Hyperparameter(
        "scale_parameter", \.scaleParameter, "multiplies the rate by the RMS of the weights"),
      Hyperparameter("relative_step", \.relativeStep, "takes the rate from the step, not from lr"),
      Hyperparameter("warmup_init", \.warmupInit, "a relative step starts at 1e-6, not at 1e-2"),
      Hyperparameter("stochastic_rounding", \.stochasticRounding, "rounds bfloat16 at random"),
    ]
  }

  func checkCombination() throws(HyperparameterError) {
    if warmupInit && !relativeStep {
      throw .combination(
        option: "warmup_init", value: .flag(true), needs: "'relative_step' to be true")
    }
  }

  struct Memory: Codable, Sendable {
    var t = 0
    /// The mean update; empty without beta1.
    var m: [Element.Arithmetic]
    /// The mean square of a vector; empty for what is factored.
    var v: [Element.Arithmetic]
    var factors: FactoredMean<Element.Arithmetic>
    var random: RandomNumbers
    /// RMS of the weights before the last step.
    var size = 0.0
    /// α of the last step.
    var rate = 0.0
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    let format: NumberFormat = parameter.format == .float64 ? .float64 : .float32
    let means = FactoredMean<Element.Arithmetic>.shapes(of: parameter.shape)
    let squares =
      Matrices(parameter.shape) == nil
      ? [("exp_avg_sq", parameter.shape)]
      : [("exp_avg_sq_row", means.rows), ("exp_avg_sq_col", means.columns)]
    return ((beta1 == nil ? [] : [("exp_avg", parameter.shape)]) + squares + [("RMS", [])])
      .map { StateTensor($0.0, $0.1, format) }
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    let matrices = Matrices(parameter.shape)
    return Memory(
      m: beta1 == nil ? [] : parameter.wideZeros(), v: matrices == nil ? parameter.wideZeros() : [],
      factors: FactoredMean(zerosFor: matrices), random: RandomNumbers(seed: seed, stream: number))
  }

  /// Of the first parameter; those of the others bear their place, as in `lr_used_last_step[1]`.
  func internals(_ state: [Memory]) -> [String: Double] {
    var numbers: [String: Double] = [:]
    for (place, memory) in state.enumerated() {
      let mark = place == 0 ? "" : "[\(place)]"
      numbers["lr_used_last_step" + mark] = memory.rate
      numbers["RMS_used_last_step" + mark] = memory.size
    }
    return numbers
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) {
    step(
      &parameter, gradient: gradient, memory: &memory, rate: rate,
      storing: stochasticRounding && Element.format == .bfloat16 ? .atRandom : .nearest)
  }

  /// How weights are stored that were computed in float32.
  enum Storing {
    case nearest
    /// Up or down, by random bits below those of the format.
    case atRandom
    /// On the multiples of 2^-13, up or down; then to the nearest.
    case onGridAtRandom
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double, storing: Storing
  ) {
    memory.t += 1
    if storing != .nearest { memory.random.advance() }
    let size = size(of: parameter.values)
    memory.size = Double(size)
    memory.rate = effectiveRate(rate, size, Double(memory.t))
    let beta2 = 1 - pow(Double(memory.t), decayRate)
    if let matrices = Matrices(parameter.shape) {
      stepMatrices(&parameter.values, gradient.values, &memory, matrices, beta2, storing)
    } else {
      stepVector(
        &parameter.values, gradient.values, &memory.m, &memory.v, count: parameter.count, beta2,
        memory.rate, memory.random, storing)
    }
  }

  /// RMS(X), Algorithm 4, line 4.
  private func size(of values: UnsafePointer<Element>, count: Int) -> Element.Arithmetic {
    Sweep.rootMeanSquare(count) { range in
      var sum: Element.Arithmetic = 0
      for i in range { sum = .summing(sum, values[i].wide * values[i].wide) }
      return Double(sum)
    }
  }

  private func size(of values: [Element]) -> Element.Arithmetic {
    size(of: values, count: values.count)
  }

  /// α, Algorithm 4, line 4, and ρ, Algorithm 5: in double, but for the product with an RMS.
  private func effectiveRate(_ rate: Double, _ size: Element.Arithmetic, _ t: Double) -> Double {
    typealias A = Element.Arithmetic
    let rho = relativeStep ? min(warmupInit ? 1e-6 * t : 1e-2, 1 / t.squareRoot()) : rate
    if !scaleParameter { return rho }
    return size > A(epsilon2) ? Double(size * A(rho)) : epsilon2 * rho
  }

  /// Algorithm 4, lines 5 to 10.
  private func stepMatrices(
    _ x: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>, _ memory: inout Memory,
    _ matrices: Matrices, _ beta2: Double, _ storing: Storing
  ) {
    let update = FactoredUpdate(gradient, matrices)
    memory.factors.mix(update.squares(epsilon: epsilon1), of: matrices, decay: beta2)  // 6, 7
    let roots = memory.factors.inverseRoots(matrices)  // 8
    moveMatrices(
      x, &memory.m, update, roots.rows, roots.columns, memory.rate, memory.random, storing)
  }

  /// Algorithm 4, lines 8 to 10, with V̂^(-1/2) as r c.
  private func moveMatrices(
    _ x: UnsafeMutablePointer<Element>, _ m: UnsafeMutablePointer<Element.Arithmetic>,
    _ update: FactoredUpdate<Element>, _ r: UnsafePointer<Element.Arithmetic>,
    _ c: UnsafePointer<Element.Arithmetic>, _ rate: Double, _ random: RandomNumbers,
    _ storing: Storing
  ) {
    let move = Move(self, x, m, rate, update.size(r, c), random, storing)
    let gradient = update.gradient
    Sweep.each(update.matrices.elements) { range in
      update.matrices.eachRow(in: range) { row, places, shift in
        let r = r[row]
        move.along(places) { r * c[$0 &+ shift] * gradient[$0].wide }
      }
    }
  }

  /// Algorithm 5, whose V̂ is not factored.
  private func stepVector(
    _ x: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafeMutablePointer<Element.Arithmetic>, _ v: UnsafeMutablePointer<Element.Arithmetic>,
    count: Int, _ beta2: Double, _ rate: Double, _ random: RandomNumbers, _ storing: Storing
  ) {
    typealias A = Element.Arithmetic
    let decay = A(beta2)
    let weight = A(1 - beta2)
    let epsilon1 = A(epsilon1)
    let size: A = Sweep.rootMeanSquare(count) { range in
      var sum: A = 0
      for i in range {
        let g = gradient[i].wide
        v[i] = v[i] * decay + weight * (g * g + epsilon1)
        let u = 1 / v[i].root * g
        sum = .summing(sum, u * u)
      }
      return Double(sum)
    }
    let move = Move(self, x, m, rate, size, random, storing)
    Sweep.each(count) { range in move.along(range) { 1 / v[$0].root * gradient[$0].wide } }
  }
}

extension Adafactor {
  /// Algorithm 4, lines 9 and 10: from U to the weights.
  private struct Move {
    typealias A = Element.Arithmetic
    let x: UnsafeMutablePointer<Element>
    let m: UnsafeMutablePointer<A>
    let random: RandomNumbers
    /// α / max(1, RMS(U) / d)
    let scale: A
    let decay: A
    let beta1: A
    let weight: A
    let averages: Bool
    let storing: Storing

    init(
      _ options: Adafactor, _ x: UnsafeMutablePointer<Element>, _ m: UnsafeMutablePointer<A>,
      _ rate: Double, _ size: A, _ random: RandomNumbers, _ storing: Storing
    ) {
      self.x = x
      self.m = m
      self.random = random
      self.storing = storing
      scale =
        A(rate) / FactoredUpdate<Element>.clip(size, threshold: options.clipThreshold)
      decay = A(-options.weightDecay * rate)
      beta1 = A(options.beta1 ?? 0)
      weight = A(1 - (options.beta1 ?? 0))
      averages = options.beta1 != nil
    }

    @inline(__always)
    func along(_ places: Range<Int>, _ u: (Int) -> A) {
      if averages {
        store(places) { i in
          m[i] = m[i] * beta1 + weight * (u(i) * scale)
          return m[i]
        }
      } else {
        store(places) { u($0) * scale }
      }
    }

    @inline(__always)
    private func store(_ places: Range<Int>, _ update: (Int) -> A) {
      @inline(__always) func moved(_ i: Int) -> A {
        x[i].wide + decay * x[i].wide - update(i)
      }
      switch storing {
      case .nearest:
        for i in places { x[i] = Element(rounding: moved(i)) }
      case .atRandom:
        for i in places { x[i] = Element(rounding: moved(i), random: random.word(i)) }
      case .onGridAtRandom:
        for i in places {
          let noise = A(random.word(i)) * 0x1p-16 - 0.5
          let rounded = (moved(i) * 0x1p13 + noise).rounded(.toNearestOrEven)
          x[i] = Element(rounding: rounded * 0x1p-13)
        }
      }
    }
  }
}

extension OptimizerFamily {
  static let adafactor = OptimizerFamily(
    "ADAFACTOR", "Adafactor", library: "transformers 5.5.4 with the step of OneTrainer",
    Citation(
      "Adafactor: Adaptive Learning Rates with Sublinear Memory Cost",
      "https://arxiv.org/abs/1804.04235"),
    Adafactor<Float>.self, Adafactor<Double>.self, Adafactor<BFloat16>.self, Adafactor<Half>.self)
}
