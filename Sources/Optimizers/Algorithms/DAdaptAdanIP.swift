/// Adan whose rate is estimated by D-Adaptation with a tighter bound, from ⟨g, s⟩.
///
/// Xie et al., "Adan: Adaptive Nesterov Momentum Algorithm for Faster Optimizing Deep Models",
/// Algorithm 1, with the d of Defazio and Mishchenko, "Learning-Rate-Free Learning by
/// D-Adaptation", as dadaptation 3.2 has it (`experimental.DAdaptAdanIP`). It differs from
/// ``DAdaptAdan`` in d alone.
///
/// The library leaves r in a tensor, so that d is one from its first growth on, and all that is
/// made of d is rounded as the weights are. Its names of the two tensors of n and v are swapped.
///
/// The rate is that of the first parameter; the library does not look at the others. The weights
/// move by the old d, so one pass does all. A step that leaves s zero moves nothing and is not
/// counted.
struct DAdaptAdanIP<Element: StoredNumber>: Optimizer {
  var beta1 = 0.98
  var beta2 = 0.92
  var beta3 = 0.99
  var epsilon = 1e-8
  var weightDecay = 0.02
  var noProx = false
  var d0 = 1e-6
  var growthRate = Double.infinity
  var logEvery = 0.0

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .fraction, "decay of the mean gradient"),
      Hyperparameter("beta2", \.beta2, .fraction, "decay of the mean change of the gradient"),
      Hyperparameter("beta3", \.beta3, .fraction, "decay of the mean square"),
      Hyperparameter("eps", \.epsilon, .positive, "added to the denominator"),
      Hyperparameter("weight_decay", \.weightDecay, .any, "shrinks the weights"),
      Hyperparameter("no_prox", \.noProx, "shrinks them before the step, by a product"),
      Hyperparameter("d0", \.d0, .positive, "first estimate of d"),
      Hyperparameter("growth_rate", \.growthRate, .any, "the most that a step multiplies d by"),
      Hyperparameter("log_every", \.logEvery, .any, "steps between two lines of log; 0 for none"),
    ]
  }

  struct State: Codable, Sendable {
    var k = 0
    var d: Double
    /// Whether d has become a tensor, by taking the place of a number.
    var isRounded = false
    /// Mean λ ⟨g, s⟩ / (√v + ε), always in a tensor.
    var numerator = 0.0
    var memories: [Memory]
  }

  struct Memory: Codable, Sendable {
    var s: [Element]
    var m: [Element]
    /// The mean change of the gradient.
    var n: [Element]
    var v: [Element]
    /// g of the step before.
    var last: [Element]
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    ["s", "exp_avg", "exp_avg_diff", "exp_avg_sq", "pre_grad"].map {
      StateTensor($0, parameter.shape, parameter.format)
    }
  }

  func initialState(for parameters: [Tensor<Element>]) -> State {
    State(
      d: d0,
      memories: parameters.map { parameter in
        return Memory(
          s: parameter.zeros(), m: parameter.zeros(), n: parameter.zeros(), v: parameter.zeros(),
          last: parameter.zeros())
      })
  }

  func internals(_ state: State) -> [String: Double] {
    ["k": Double(state.k), "d": state.d, "numerator_weighted": state.numerator]
  }

  func step(
    _ parameters: inout [Tensor<Element>], gradients: [Tensor<Element>], state: inout State,
    rates: [Double]
  ) throws(OptimizerError) {
    let rate = rates.first ?? 0
    let dlr = Estimate(state.d, isRounded: state.isRounded) * rate
    // Whether the new s is not zero must be known before anything moves.
    let moves = parameters.indices.contains {
      stirs(gradients[$0], state.memories[$0], dlr: dlr)
    }
    var numerator = 0.0
    var norm = 0.0
    for place in parameters.indices {
      // Until something has moved, each gradient counts as the first.
      if state.k == 0 { state.memories[place].last = gradients[place].values }
      let sums = sweep(
        &parameters[place].values, gradients[place].values, memory: &state.memories[place],
        dlr: dlr, moves: moves)
      // The library takes only the second out of its tensor.
      let dot = (Estimate(Element(sums.x).double, isRounded: true) * dlr.value).value
      numerator = Element(numerator + dot).double
      norm += Element(sums.y).double
    }
    if moves { estimate(&state, numerator, norm, rate: rate) }
  }

  /// r, d̂ and d of the next step.
  private func estimate(
    _ state: inout State, _ numerator: Double, _ norm: Double, rate: Double
  ) {
    typealias A = Element.Arithmetic
    let old = Estimate(state.numerator, isRounded: true) * beta3
    let new = Estimate(numerator, isRounded: true) * (1 - beta3)
    let r = Estimate(Element(old.value + new.value).double, isRounded: true)
    state.k += 1
    state.numerator = r.value
    guard rate > 0 else { return }
    let scaled = r * (2 * (beta3 / (1 - beta3)))
    let dHat = Estimate(
      Element(rounding: A(scaled.value) / A(norm)).double, isRounded: true)
    let d = Estimate(state.d, isRounded: state.isRounded)
    let bound = d * growthRate
    let next = bound < dHat ? bound : dHat
    if d < next {
      state.d = next.value
      state.isRounded = next.isRounded
    }
  }

  /// A number in double, or one in a tensor, rounded as the weights are.
  private struct Estimate {
    let value: Double
    let isRounded: Bool

    init(_ value: Double, isRounded: Bool) {
      self.value = value
      self.isRounded = isRounded
    }

    static func * (a: Estimate, b: Double) -> Estimate {
      typealias A = Element.Arithmetic
      let product = a.isRounded ? Element(rounding: A(a.value) * A(b)).double : a.value * b
      return Estimate(product, isRounded: a.isRounded)
    }

    static func < (a: Estimate, b: Estimate) -> Bool {
      typealias A = Element.Arithmetic
      return a.isRounded || b.isRounded ? A(a.value) < A(b.value) : a.value < b.value
    }

    /// 1 + self, as a factor of weights.
    var increment: Element.Arithmetic {
      typealias A = Element.Arithmetic
      return isRounded ? Element.rounded(1 + A(value)) : A(1 + value)
    }
  }

  /// Whether s will hold something else than zeros.
  private func stirs(_ gradient: Tensor<Element>, _ memory: Memory, dlr: Estimate) -> Bool {
    typealias A = Element.Arithmetic
    let beta3 = A(beta3)
    let weight = A((dlr * (1 - self.beta3)).value)
    return DAdaptation.any(gradient.count) { i in
      let old = Element.rounded(memory.s[i].wide * beta3)
      return Element.rounded(old + weight * gradient.values[i].wide) != 0
    }
  }

  private func sweep(
    _ x: inout [Element], _ gradient: [Element], memory: inout Memory, dlr: Estimate,
    moves: Bool
  ) -> SIMD4<Double> {
    sweep(
      &x, gradient, &memory.s, &memory.m, &memory.n, &memory.v, &memory.last, count: x.count,
      dlr: dlr, moves: moves)
  }

  /// - Returns: ⟨g, s⟩ / (√v + ε) of the old s and v, and ‖s‖₁ of the new s.
  private func sweep(
    _ x: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ s: UnsafeMutablePointer<Element>, _ m: UnsafeMutablePointer<Element>,
    _ n: UnsafeMutablePointer<Element>, _ v: UnsafeMutablePointer<Element>,
    _ last: UnsafeMutablePointer<Element>, count: Int, dlr: Estimate, moves: Bool
  ) -> SIMD4<Double> {
    typealias A = Element.Arithmetic
    let beta1 = A(beta1)
    let weight1 = A((dlr * (1 - self.beta1)).value)
    let beta2 = A(beta2)
    let weight2 = A((dlr * (1 - self.beta2)).value)
    let beta3 = A(beta3)
    let weight3 = A(1 - self.beta3)
    let weight = A((dlr * (1 - self.beta3)).value)
    let epsilon = A(epsilon)
    let before = noProx ? (dlr * -weightDecay).increment : 1
    let after = noProx ? 1 : (dlr * weightDecay).increment
    @inline(__always) func denominator(_ i: Int) -> A {
      Element.rounded(Element.rounded(v[i].wide.root) + epsilon)
    }
    /// Takes the gradient in, adds the terms of the sums.
    @inline(__always) func learn(_ i: Int, _ dot: inout A, _ norm: inout A) {
      let g = gradient[i].wide
      let change = Element.rounded(g - last[i].wide)
      let u = Element.rounded(g + Element.rounded(beta2 * change))
      dot = .summing(dot, g * Element.rounded(s[i].wide / denominator(i)))
      m[i] = Element(rounding: Element.rounded(m[i].wide * beta1) + weight1 * g)
      n[i] = Element(rounding: Element.rounded(n[i].wide * beta2) + weight2 * change)
      v[i] = Element(
        rounding: Element.rounded(v[i].wide * beta3) + weight3 * Element.rounded(u * u))
      s[i] = Element(rounding: Element.rounded(s[i].wide * beta3) + weight * g)
      norm = .summing(norm, s[i].wide.magnitude)
    }
    return Sweep.sums(count) { range in
      var dot: A = 0
      var norm: A = 0
      if moves {
        for i in range {
          learn(i, &dot, &norm)
          let ahead = Element.rounded(m[i].wide + Element.rounded(beta2 * n[i].wide))
          let step = Element.rounded(ahead / denominator(i))
          let moved = Element.rounded(Element.rounded(x[i].wide * before) - step)
          x[i] = Element(rounding: moved / after)
          last[i] = gradient[i]
        }
      } else {
        for i in range { learn(i, &dot, &norm) }
      }
      return SIMD4(Double(dot), Double(norm), 0, 0)
    }
  }
}

extension OptimizerFamily {
  static let dAdaptAdanIP = OptimizerFamily(
    "DADAPT_ADAN_IP", "D-Adaptation Adan IP", library: "dadaptation 3.2", .dAdaptation,
    DAdaptAdanIP<Float>.self, DAdaptAdanIP<Double>.self, DAdaptAdanIP<BFloat16>.self,
    DAdaptAdanIP<Half>.self)
}
