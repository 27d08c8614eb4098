/// AdaGrad whose rate is estimated by D-Adaptation.
///
/// Defazio and Mishchenko, "Learning-Rate-Free Learning by D-Adaptation", the AdaGrad version, as
/// dadaptation 3.2 has it (`DAdaptAdaGrad`): a² starts at 1e-6, ε is added to its root, and the
/// sums over s are carried on by their changes. Sparse gradients, which training of diffusion
/// models does not make, are left out.
///
/// The rate is that of the first parameter; the library does not look at the others. A step that
/// leaves s zero moves nothing and is not counted.
struct DAdaptAdaGrad<Element: StoredNumber>: Optimizer {
  var momentum = 0.0
  var epsilon = 1e-6
  var weightDecay = 0.0
  var d0 = 1e-6
  var growthRate = Double.infinity
  var logEvery = 0.0

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("momentum", \.momentum, .notNegative, "share of the old weights in the new"),
      Hyperparameter("eps", \.epsilon, .positive, "added to the denominator"),
      Hyperparameter("weight_decay", \.weightDecay, .any, "shrinks the weights, by the gradient"),
      Hyperparameter("d0", \.d0, .positive, "first estimate of d"),
      Hyperparameter("growth_rate", \.growthRate, .any, "the most that a step multiplies d by"),
      Hyperparameter("log_every", \.logEvery, .any, "steps between two lines of log; 0 for none"),
    ]
  }

  struct State: Codable, Sendable {
    var k = 0
    var d: Double
    /// Σ λ² ‖g‖² / a
    var gradients = 0.0
    /// ‖s‖² / a
    var weighted = 0.0
    /// ‖s‖₁
    var norm = 0.0
    var memories: [Memory]
  }

  struct Memory: Codable, Sendable {
    /// a²
    var square: [Element]
    var s: [Element]
    var x0: [Element]
    /// ‖s‖² / a and ‖s‖₁ of this parameter.
    var weighted = 0.0
    var norm = 0.0
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    ["alphak", "sk", "x0"].map { StateTensor($0, parameter.shape, parameter.format) }
  }

  func initialState(for parameters: [Tensor<Element>]) -> State {
    State(
      d: d0,
      memories: parameters.map { parameter in
        Memory(
          square: HugePages.array(repeating: Element(1e-6), count: parameter.count),
          s: parameter.zeros(), x0: parameter.copy())
      })
  }

  func internals(_ state: State) -> [String: Double] {
    [
      "k": Double(state.k), "d": state.d, "gsq_weighted": state.gradients,
      "sksq_weighted": state.weighted, "skl1": state.norm,
    ]
  }

  func step(
    _ parameters: inout [Tensor<Element>], gradients: [Tensor<Element>], state: inout State,
    rates: [Double]
  ) throws(OptimizerError) {
    let rate = rates.first ?? 0
    let dlr = state.d * rate
    // Whether the new s is not zero must be known before anything moves.
    let moves = parameters.indices.contains {
      stirs(parameters[$0], gradients[$0], state.memories[$0], dlr: dlr)
    }
    var change = SIMD2<Double>.zero
    var square = 0.0
    for place in parameters.indices {
      let sums = sweep(
        &parameters[place].values, gradients[place].values, memory: &state.memories[place],
        dlr: dlr, moves: moves)
      // The library takes all three out of tensors.
      square += Element(sums.x).double
      let weighted = Element(sums.y).double
      let norm = Element(sums.z).double
      change += SIMD2(
        weighted - state.memories[place].weighted, norm - state.memories[place].norm)
      state.memories[place].weighted = weighted
      state.memories[place].norm = norm
    }
    let norm = state.norm + change.y
    if norm == 0 { return }
    state.k += 1
    state.weighted += change.x
    state.norm = norm
    state.gradients += dlr * dlr * square
    if rate > 0 {
      let dHat = (state.weighted - state.gradients) / norm
      state.d = max(state.d, min(dHat, state.d * growthRate))
    }
  }

  /// Whether s will hold something else than zeros.
  private func stirs(
    _ parameter: Tensor<Element>, _ gradient: Tensor<Element>, _ memory: Memory, dlr: Double
  ) -> Bool {
    typealias A = Element.Arithmetic
    let decay = A(weightDecay)
    let weight = A(dlr)
    return DAdaptation.any(parameter.count) { i in
      let g = Element.rounded(gradient.values[i].wide + decay * parameter.values[i].wide)
      return Element.rounded(memory.s[i].wide + weight * g) != 0
    }
  }

  private func sweep(
    _ x: inout [Element], _ gradient: [Element], memory: inout Memory, dlr: Double, moves: Bool
  ) -> SIMD4<Double> {
    sweep(
      &x, gradient, &memory.square, &memory.s, memory.x0, count: x.count, dlr: dlr, moves: moves)
  }

  /// - Returns: ‖g‖² / a, ‖s‖² / a and ‖s‖₁, all of them with the new a and s.
  private func sweep(
    _ x: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ square: UnsafeMutablePointer<Element>, _ s: UnsafeMutablePointer<Element>,
    _ x0: UnsafePointer<Element>, count: Int, dlr: Double, moves: Bool
  ) -> SIMD4<Double> {
    typealias A = Element.Arithmetic
    let decay = A(weightDecay)
    let weight = A(dlr)
    let epsilon = A(epsilon)
    let c = 1 - momentum
    let new = A(c)
    let old = A(1 - c)
    /// Takes the gradient in, adds the terms of the sums; returns a, with ε.
    @inline(__always) func learn(
      _ i: Int, _ gradients: inout Double, _ weighted: inout Double, _ norm: inout Double
    ) -> A {
      let g = Element.rounded(gradient[i].wide + decay * x[i].wide)
      let gg = Element.rounded(g * g)
      square[i] = Element(rounding: square[i].wide + gg)
      let a = Element.rounded(Element.rounded(square[i].wide.root) + epsilon)
      gradients = .summing(gradients, Double(Element.rounded(gg / a)))
      s[i] = Element(rounding: s[i].wide + weight * g)
      let ss = Element.rounded(s[i].wide * s[i].wide)
      weighted = .summing(weighted, Double(Element.rounded(ss / a)))
      norm = .summing(norm, Double(s[i].wide.magnitude))
      return a
    }
    return Sweep.sums(count) { range in
      // As torch adds many short sums, which one long sum in `Float` is farther from.
      var gradients = 0.0
      var weighted = 0.0
      var norm = 0.0
      if moves {
        for i in range {
          let a = learn(i, &gradients, &weighted, &norm)
          let z = Element.rounded(x0[i].wide - Element.rounded(s[i].wide / a))
          x[i] = Element(rounding: Element.rounded(x[i].wide * old) + new * z)
        }
      } else {
        for i in range { _ = learn(i, &gradients, &weighted, &norm) }
      }
      return SIMD4(gradients, weighted, norm, 0)
    }
  }
}

extension OptimizerFamily {
  static let dAdaptAdaGrad = OptimizerFamily(
    "DADAPT_ADA_GRAD", "D-Adaptation AdaGrad", library: "dadaptation 3.2", .dAdaptation,
    DAdaptAdaGrad<Float>.self, DAdaptAdaGrad<Double>.self, DAdaptAdaGrad<BFloat16>.self,
    DAdaptAdaGrad<Half>.self)
}
