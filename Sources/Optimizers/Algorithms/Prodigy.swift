#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Adam that estimates its own step size.
///
/// Mishchenko and Defazio, "Prodigy: An Expeditiously Adaptive Parameter-Free Learner", the Adam
/// version, as prodigyopt 1.1.2 has it. The library divides r and s by d₀ (1 − √β₂), which leaves
/// their quotient as it is, takes β₃ for √β₂, and uses the new d in d ε and the old one everywhere
/// else.
///
/// A parameter with a rate of 0 is frozen in m, v and s only: it moves by its last m, and decays,
/// at the rate of the others. A step that meets no gradient moves nothing and is not counted.
struct Prodigy<Element: StoredNumber>: Optimizer {
  var beta1 = 0.9
  var beta2 = 0.999
  var beta3: Double?
  var epsilon = 1e-8
  var weightDecay = 0.0
  var decouple = true
  var useBiasCorrection = false
  var safeguardWarmup = false
  var d0 = 1e-6
  var dCoefficient = 1.0
  var growthRate = Double.infinity
  var sliceLength = 1
  var fsdpInUse = false

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .fraction, "decay of the mean gradient; 0 keeps none"),
      Hyperparameter("beta2", \.beta2, .fraction, "decay of the mean squared gradient"),
      Hyperparameter("beta3", \.beta3, .any, "decay of what d is estimated from; null for √beta2"),
      Hyperparameter("eps", \.epsilon, .positive, "times d, added to the denominator"),
      Hyperparameter("weight_decay", \.weightDecay, .any, "shrinks the weights"),
      Hyperparameter("decouple", \.decouple, "decays the weights and not through the gradient"),
      Hyperparameter("use_bias_correction", \.useBiasCorrection, "corrects the rate as Adam does"),
      Hyperparameter("safeguard_warmup", \.safeguardWarmup, "estimates d without the rate"),
      Hyperparameter("d0", \.d0, .positive, "first estimate of d"),
      Hyperparameter("d_coef", \.dCoefficient, .any, "multiplies the estimate of d"),
      Hyperparameter("growth_rate", \.growthRate, .any, "the most that a step multiplies d by"),
      Hyperparameter("slice_p", \.sliceLength, 1...(.max), "one weight in so many estimates d"),
      Hyperparameter("fsdp_in_use", \.fsdpInUse, "adds up over the processes of a split model"),
    ]
  }

  struct State: Codable, Sendable {
    var k = 0
    var d: Double
    var dMax: Double
    /// r of the paper.
    var numerator = 0.0
    /// ‖s‖₁ and d̂, once a step has been made.
    var denominator: Double?
    var dHat: Double?
    var memories: [Memory]
  }

  struct Memory: Codable, Sendable {
    /// Of the slice, as ``x0``.
    var s: [Element]
    /// A single 0 if the parameter starts as zeros all over.
    var x0: [Element]
    /// Empty if β₁ is 0.
    var m: [Element]
    var v: [Element]
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    let slice = [slices(of: parameter.count)]
    let format = parameter.format
    return [
      StateTensor("s", slice, format),
      StateTensor("p0", parameter.startsAtZero ? [] : slice, format),
    ] + (beta1 > 0 ? [StateTensor("exp_avg", parameter.shape, format)] : [])
      + [StateTensor("exp_avg_sq", parameter.shape, format)]
  }

  func initialState(for parameters: [Tensor<Element>]) -> State {
    State(d: d0, dMax: d0, memories: parameters.map(initialMemory))
  }

  private func initialMemory(for parameter: Tensor<Element>) -> Memory {
    Memory(
      s: Element.zeros(slices(of: parameter.count)),
      x0: parameter.isZero ? [.zero] : parameter.copy(every: sliceLength),
      m: beta1 > 0 ? parameter.zeros() : [], v: parameter.zeros())
  }

  private func slices(of count: Int) -> Int {
    count / sliceLength + (count % sliceLength == 0 ? 0 : 1)
  }

  func internals(_ state: State) -> [String: Double] {
    var numbers = [
      "k": Double(state.k), "d": state.d, "d_max": state.dMax, "d_numerator": state.numerator,
    ]
    numbers["d_denom"] = state.denominator
    numbers["d_hat"] = state.dHat
    return numbers
  }

  func step(
    _ parameters: inout [Tensor<Element>], gradients: [Tensor<Element>], state: inout State,
    rates: [Double]
  ) throws(OptimizerError) {
    let rate = try DAdaptation.rate(of: rates)
    try DAdaptation.checkProcesses(fsdpInUse)
    let d = state.d
    let dlr = d * rate * biasCorrection(k: state.k)
    var numerator = 0.0
    var denominator = 0.0
    for place in parameters.indices where rates[place] > 0 {
      let sums = correlate(
        parameters[place], gradients[place], memory: &state.memories[place],
        weight: d / d0 * (safeguardWarmup ? d : dlr))
      numerator += d / d0 * dlr * sums.numerator
      denominator += sums.denominator
    }
    if denominator != 0 { estimate(&state, numerator, denominator) }
    for place in parameters.indices {
      let stride = Stride(
        d: d, newD: state.d, dlr: dlr, learns: rates[place] > 0, moves: denominator != 0)
      sweep(
        &parameters[place].values, gradients[place].values, memory: &state.memories[place], stride)
    }
  }

  private func biasCorrection(k: Int) -> Double {
    guard useBiasCorrection else { return 1 }
    let t = Double(k + 1)
    return (1 - pow(beta2, t)).squareRoot() / (1 - pow(beta1, t))
  }

  /// r, d̂ and d of the next step.
  private func estimate(_ state: inout State, _ numerator: Double, _ denominator: Double) {
    state.k += 1
    state.numerator = (beta3 ?? beta2.squareRoot()) * state.numerator + numerator
    state.denominator = denominator
    let dHat = dCoefficient * state.numerator / denominator
    state.dHat = dHat
    if state.d == d0 { state.d = max(state.d, dHat) }
    state.dMax = max(state.dMax, dHat)
    state.d = min(state.dMax, state.d * growthRate)
  }

  /// Updates s.
  ///
  /// - Returns: ⟨g, x₀ − x⟩ and ‖s‖₁, over the slice.
  private func correlate(
    _ parameter: Tensor<Element>, _ gradient: Tensor<Element>, memory: inout Memory, weight: Double
  ) -> (numerator: Double, denominator: Double) {
    let sums = correlate(
      parameter.values, gradient.values, memory.x0, &memory.s, count: memory.s.count,
      hasStart: memory.x0.count == memory.s.count, weight: weight)
    // The library takes both out of tensors.
    return (Element(sums.x).double, Element(sums.y).double)
  }

  private func correlate(
    _ x: UnsafePointer<Element>, _ gradient: UnsafePointer<Element>, _ x0: UnsafePointer<Element>,
    _ s: UnsafeMutablePointer<Element>, count: Int, hasStart: Bool, weight: Double
  ) -> SIMD4<Double> {
    typealias A = Element.Arithmetic
    let beta3 = A(beta3 ?? beta2.squareRoot())
    let weight = A(weight)
    let decay = A(decouple ? 0 : weightDecay)
    let p = sliceLength
    /// Adds the terms of one place of the slice.
    @inline(__always) func add(
      _ place: Int, _ i: Int, _ start: A, _ dot: inout A, _ norm: inout A
    ) {
      let g = Element.rounded(gradient[i].wide + decay * x[i].wide)
      dot = .summing(dot, g * Element.rounded(start - x[i].wide))
      s[place] = Element(rounding: Element.rounded(s[place].wide * beta3) + weight * g)
      norm = .summing(norm, s[place].wide.magnitude)
    }
    return Sweep.sums(count) { range in
      var dot: A = 0
      var norm: A = 0
      if !hasStart {
        for place in range { add(place, place * p, 0, &dot, &norm) }
      } else if p == 1 {
        for place in range { add(place, place, x0[place].wide, &dot, &norm) }
      } else {
        for place in range { add(place, place * p, x0[place].wide, &dot, &norm) }
      }
      return SIMD4(Double(dot), Double(norm), 0, 0)
    }
  }

  private func sweep(
    _ x: inout [Element], _ gradient: [Element], memory: inout Memory, _ stride: Stride
  ) {
    sweep(&x, gradient, &memory.m, &memory.v, count: x.count, stride)
  }

  /// What a step does to a parameter once the new d is known.
  private struct Stride {
    let d: Double
    let newD: Double
    /// γ d, the bias correction included.
    let dlr: Double
    /// Whether m and v take the gradient in.
    let learns: Bool
    /// Whether x goes along m.
    let moves: Bool
  }

  private func sweep(
    _ x: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafeMutablePointer<Element>, _ v: UnsafeMutablePointer<Element>, count: Int,
    _ stride: Stride
  ) {
    typealias A = Element.Arithmetic
    let decay = A(decouple ? 0 : weightDecay)
    let shrinkage = A(decouple ? -weightDecay * stride.dlr : 0)
    let beta1 = A(beta1)
    let weight1 = A(stride.d * (1 - self.beta1))
    let beta2 = A(beta2)
    let weight2 = A(stride.d * stride.d * (1 - self.beta2))
    let stepSize = A(-stride.dlr)
    let bareStepSize = A(-stride.dlr * stride.newD)
    let epsilon = A(stride.newD * epsilon)
    @inline(__always) func slope(_ i: Int) -> A {
      Element.rounded(gradient[i].wide + decay * x[i].wide)
    }
    @inline(__always) func average(_ i: Int, _ g: A, keepsMean: Bool) {
      if keepsMean {
        m[i] = Element(rounding: Element.rounded(m[i].wide * beta1) + weight1 * g)
      }
      v[i] = Element(rounding: Element.rounded(v[i].wide * beta2) + weight2 * g * g)
    }
    @inline(__always) func move(_ i: Int, _ g: A, keepsMean: Bool) {
      let denominator = Element.rounded(Element.rounded(v[i].wide.root) + epsilon)
      let ascent = keepsMean ? stepSize * m[i].wide : bareStepSize * g
      let shrunk = Element.rounded(x[i].wide + shrinkage * x[i].wide)
      x[i] = Element(rounding: shrunk + ascent / denominator)
    }
    @inline(__always) func pass(_ range: Range<Int>, keepsMean: Bool) {
      if stride.learns && stride.moves {
        for i in range {
          let g = slope(i)
          average(i, g, keepsMean: keepsMean)
          move(i, g, keepsMean: keepsMean)
        }
      } else if stride.learns {
        for i in range { average(i, slope(i), keepsMean: keepsMean) }
      } else if stride.moves {
        for i in range { move(i, slope(i), keepsMean: keepsMean) }
      }
    }
    Sweep.each(count) { range in
      if self.beta1 > 0 { pass(range, keepsMean: true) } else { pass(range, keepsMean: false) }
    }
  }
}

extension OptimizerFamily {
  static let prodigy = OptimizerFamily(
    "PRODIGY", "Prodigy", library: "prodigyopt 1.1.2",
    Citation(
      "Prodigy: An Expeditiously Adaptive Parameter-Free Learner",
      "https://arxiv.org/abs/2306.06101"),
    Prodigy<Float>.self, Prodigy<Double>.self, Prodigy<BFloat16>.self, Prodigy<Half>.self)
}
