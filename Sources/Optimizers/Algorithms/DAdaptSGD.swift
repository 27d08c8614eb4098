/// Gradient descent whose rate is estimated by D-Adaptation.
///
/// Defazio and Mishchenko, "Learning-Rate-Free Learning by D-Adaptation", the SGD version, as
/// dadaptation 3.2 has it (`DAdaptSGD`): the momentum is a share of the old weights, and all rates
/// are divided by the norm of the first gradient, without decay and without the parameters that
/// have a rate of 0 then. Such a parameter is frozen in s only and goes on towards x₀ − s.
struct DAdaptSGD<Element: StoredNumber>: Optimizer {
  var momentum = 0.0
  var weightDecay = 0.0
  var d0 = 1e-6
  var growthRate = Double.infinity
  var logEvery = 0.0
  var fsdpInUse = false

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("momentum", \.momentum, .any, "share of the old weights in the new ones"),
      Hyperparameter("weight_decay", \.weightDecay, .any, "shrinks the weights, by the gradient"),
      Hyperparameter("d0", \.d0, .positive, "first estimate of d"),
      Hyperparameter("growth_rate", \.growthRate, .any, "the most that a step multiplies d by"),
      Hyperparameter("log_every", \.logEvery, .any, "steps between two lines of log; 0 for none"),
      Hyperparameter("fsdp_in_use", \.fsdpInUse, "adds up over the processes of a split model"),
    ]
  }

  struct State: Codable, Sendable {
    var k = 0
    var d: Double
    /// Σ λ ⟨g, s⟩
    var numerator = 0.0
    /// G of the paper, from the first step on.
    var firstNorm: Double?
    var memories: [Memory]
  }

  struct Memory: Codable, Sendable {
    /// x₀ − s, which the library keeps and does not read.
    var z: [Element]
    var s: [Element]
    var x0: [Element]
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    ["z", "s", "x0"].map { StateTensor($0, parameter.shape, parameter.format) }
  }

  func initialState(for parameters: [Tensor<Element>]) -> State {
    State(
      d: d0,
      memories: parameters.map { parameter in
        Memory(z: parameter.copy(), s: parameter.zeros(), x0: parameter.copy())
      })
  }

  func internals(_ state: State) -> [String: Double] {
    var numbers = ["k": Double(state.k), "d": state.d, "numerator_weighted": state.numerator]
    numbers["g0_norm"] = state.firstNorm
    return numbers
  }

  func step(
    _ parameters: inout [Tensor<Element>], gradients: [Tensor<Element>], state: inout State,
    rates: [Double]
  ) throws(OptimizerError) {
    let rate = try DAdaptation.rate(of: rates)
    try DAdaptation.checkProcesses(fsdpInUse)
    if rate <= 0 { throw .refused("a rate of 0, at which the library stops") }
    let firstNorm = state.firstNorm ?? norm(of: gradients, rates: rates)
    if firstNorm == 0 {
      throw .refused("a first gradient of zeros, by whose norm the library divides")
    }
    let dlr = state.d * rate / firstNorm
    var numerator = state.numerator
    var square = 0.0
    for place in parameters.indices {
      let sums = sweep(
        &parameters[place].values, gradients[place].values, memory: &state.memories[place],
        dlr: dlr, learns: rates[place] > 0)
      // The library takes both out of tensors.
      numerator += dlr * Element(sums.x).double
      square += Element(sums.y).double
    }
    if square == 0 { throw .refused("s of zeros, by whose norm the library divides") }
    let dHat = 2 * numerator / square.squareRoot()
    state.d = max(state.d, min(dHat, state.d * growthRate))
    state.numerator = numerator
    state.firstNorm = firstNorm
    state.k += 1
  }

  /// ‖g‖, over the parameters that are not frozen.
  private func norm(of gradients: [Tensor<Element>], rates: [Double]) -> Double {
    typealias A = Element.Arithmetic
    var square = 0.0
    for (gradient, rate) in zip(gradients, rates) where rate > 0 {
      let sum = gradient.values.withUnsafeBufferPointer { g in
        Sweep.sum(gradient.count) { range in
          var sum: A = 0
          for i in range { sum = .summing(sum, Element.rounded(g[i].wide * g[i].wide)) }
          return Double(sum)
        }
      }
      square += Element(sum).double
    }
    return square.squareRoot()
  }

  private func sweep(
    _ x: inout [Element], _ gradient: [Element], memory: inout Memory, dlr: Double, learns: Bool
  ) -> SIMD4<Double> {
    sweep(
      &x, gradient, &memory.z, &memory.s, memory.x0, count: x.count, dlr: dlr, learns: learns)
  }

  /// - Returns: ⟨g, s⟩ of the old s, and ‖s‖² of the new s.
  private func sweep(
    _ x: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ z: UnsafeMutablePointer<Element>, _ s: UnsafeMutablePointer<Element>,
    _ x0: UnsafePointer<Element>, count: Int, dlr: Double, learns: Bool
  ) -> SIMD4<Double> {
    typealias A = Element.Arithmetic
    let decay = A(weightDecay)
    let weight = A(dlr)
    let c = 1 - momentum
    let new = A(c)
    let old = A(1 - c)
    @inline(__always) func learn(_ i: Int, _ dot: inout A, _ square: inout A) {
      let g = Element.rounded(gradient[i].wide + decay * x[i].wide)
      dot = .summing(dot, g * s[i].wide)
      s[i] = Element(rounding: s[i].wide + weight * g)
      square = .summing(square, Element.rounded(s[i].wide * s[i].wide))
    }
    @inline(__always) func move(_ i: Int) {
      z[i] = Element(rounding: x0[i].wide - s[i].wide)
      x[i] = Element(rounding: Element.rounded(x[i].wide * old) + new * z[i].wide)
    }
    return Sweep.sums(count) { range in
      var dot: A = 0
      var square: A = 0
      if learns {
        for i in range {
          learn(i, &dot, &square)
          move(i)
        }
      } else {
        for i in range { move(i) }
      }
      return SIMD4(Double(dot), Double(square), 0, 0)
    }
  }
}

extension OptimizerFamily {
  static let dAdaptSGD = OptimizerFamily(
    "DADAPT_SGD", "D-Adaptation SGD", library: "dadaptation 3.2", .dAdaptation,
    DAdaptSGD<Float>.self, DAdaptSGD<Double>.self, DAdaptSGD<BFloat16>.self, DAdaptSGD<Half>.self)
}
