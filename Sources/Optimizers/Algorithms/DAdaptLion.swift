/// Lion whose rate is estimated by D-Adaptation.
///
/// Chen et al., "Symbolic Discovery of Optimization Algorithms", Algorithm 2, with the d of Defazio
/// and Mishchenko, "Learning-Rate-Free Learning by D-Adaptation", as dadaptation 3.2 has it
/// (`DAdaptLion`). m takes in d g where Lion takes g; s averages the moves, not the gradients.
///
/// A rate of 0 freezes nothing: all parameters move at the largest rate. A step that leaves s zero
/// moves the weights but is not counted.
struct DAdaptLion<Element: StoredNumber>: Optimizer {
  var beta1 = 0.9
  var beta2 = 0.99
  var weightDecay = 0.0
  var d0 = 1e-6
  var logEvery = 0.0
  var fsdpInUse = false

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .fraction, "share of the mean gradient in the direction"),
      Hyperparameter("beta2", \.beta2, .fraction, "decay of the mean gradient"),
      Hyperparameter("weight_decay", \.weightDecay, .any, "shrinks the weights"),
      Hyperparameter("d0", \.d0, .any, "first estimate of d"),
      Hyperparameter("log_every", \.logEvery, .any, "steps between two lines of log; 0 for none"),
      Hyperparameter("fsdp_in_use", \.fsdpInUse, "adds up over the processes of a split model"),
    ]
  }

  struct State: Codable, Sendable {
    var k = 0
    var d: Double
    /// r of the paper.
    var numerator = 0.0
    var memories: [Memory]
  }

  struct Memory: Codable, Sendable {
    var m: [Element]
    var s: [Element]
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    ["exp_avg", "s"].map { StateTensor($0, parameter.shape, parameter.format) }
  }

  func initialState(for parameters: [Tensor<Element>]) -> State {
    State(
      d: d0,
      memories: parameters.map { parameter in
        return Memory(m: parameter.zeros(), s: parameter.zeros())
      })
  }

  func internals(_ state: State) -> [String: Double] {
    ["k": Double(state.k), "d": state.d, "numerator_weighted": state.numerator]
  }

  func step(
    _ parameters: inout [Tensor<Element>], gradients: [Tensor<Element>], state: inout State,
    rates: [Double]
  ) throws(OptimizerError) {
    let rate = try DAdaptation.rate(of: rates)
    try DAdaptation.checkProcesses(fsdpInUse)
    let dlr = state.d * rate
    var numerator = 0.0
    var norm = 0.0
    for place in parameters.indices {
      let sums = sweep(
        &parameters[place].values, gradients[place].values, memory: &state.memories[place],
        dlr: dlr)
      // The library takes both out of tensors.
      numerator += dlr * Element(sums.x).double
      norm += Element(sums.y).double
    }
    if norm == 0 { return }
    try estimate(&state, numerator, norm, rate: rate)
  }

  /// r, d̂ and d of the next step.
  private func estimate(
    _ state: inout State, _ numerator: Double, _ norm: Double, rate: Double
  ) throws(OptimizerError) {
    let root = beta2.squareRoot()
    let numerator = root * state.numerator + (1 - root) * numerator
    if rate > 0 {
      state.d = max(state.d, numerator / ((1 - root) * norm))
    } else if DAdaptation.logs(every: logEvery, at: state.k) {
      throw .refused("a rate of 0 in a step that 'log_every' logs: the library logs what it skips")
    }
    state.numerator = numerator
    state.k += 1
  }

  private func sweep(
    _ x: inout [Element], _ gradient: [Element], memory: inout Memory, dlr: Double
  ) -> SIMD4<Double> {
    sweep(&x, gradient, &memory.m, &memory.s, count: x.count, dlr: dlr)
  }

  /// - Returns: ⟨u, s⟩ of the move u and the old s, and ‖s‖₁ of the new s.
  private func sweep(
    _ x: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafeMutablePointer<Element>, _ s: UnsafeMutablePointer<Element>, count: Int, dlr: Double
  ) -> SIMD4<Double> {
    typealias A = Element.Arithmetic
    let shrinkage = A(1 - dlr * weightDecay)
    let stepSize = A(-dlr)
    let beta1 = A(beta1)
    let weight1 = A(1 - self.beta1)
    let beta2 = A(beta2)
    let weight2 = A((1 - self.beta2) * dlr)
    let root = A(self.beta2.squareRoot())
    let weight = A((1 - self.beta2.squareRoot()) * dlr)
    return Sweep.sums(count) { range in
      var dot = 0.0
      var norm: A = 0
      // Only signs enter the steps, so that the last bit of d decides the path: summed as torch does.
      Sweep.pieces(of: range, buffers: 1, of: A.self) { piece, u in
        let start = piece.lowerBound
        let (x, gradient, m, s) = (x + start, gradient + start, m + start, s + start)
        for i in 0..<piece.count {
          let g = gradient[i].wide
          let c = Element.rounded(Element.rounded(m[i].wide * beta1) + weight1 * g)
          // The sign; 0 of what is no number, as in torch.
          u[i] = (c > 0 ? 1 : 0) - (c < 0 ? 1 : 0)
          x[i] = Element(rounding: Element.rounded(x[i].wide * shrinkage) + stepSize * u[i])
          m[i] = Element(rounding: Element.rounded(m[i].wide * beta2) + weight2 * g)
        }
        dot += Sweep.laneSum(piece.count) { Double(u[$0] * s[$0].wide) }
        for i in 0..<piece.count {
          s[i] = Element(rounding: Element.rounded(s[i].wide * root) + weight * u[i])
        }
        norm += Sweep.laneSum(piece.count) { s[$0].wide.magnitude }
      }
      return SIMD4(dot, Double(norm), 0, 0)
    }
  }
}

extension OptimizerFamily {
  static let dAdaptLion = OptimizerFamily(
    "DADAPT_LION", "D-Adaptation Lion", library: "dadaptation 3.2", .dAdaptation,
    DAdaptLion<Float>.self, DAdaptLion<Double>.self, DAdaptLion<BFloat16>.self,
    DAdaptLion<Half>.self)
}
