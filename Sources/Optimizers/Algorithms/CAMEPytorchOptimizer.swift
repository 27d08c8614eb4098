/// CAME as pytorch_optimizer has it.
///
/// Luo et al., "CAME: Confidence-guided Adaptive Memory Efficient Optimization", 2023, Algorithm 2,
/// as pytorch_optimizer 3.6.0 has it (`optimizer/came.py`). Unlike ``CAME``: all is computed and
/// kept in the format of the weights; the largest mean square so far can bound the divisor, and is
/// kept as a root of which the root is taken again; weight decay acts only if it is decoupled; and
/// the momentum of a vector is itself multiplied by the learning rate in each step, which is done
/// in place.
struct CAMEPytorchOptimizer<Element: StoredNumber>: ParameterwiseOptimizer {
  private typealias A = Element.Arithmetic
  var beta1 = 0.9
  var beta2 = 0.999
  var beta3 = 0.9999
  var epsilon1 = 1e-30
  var epsilon2 = 1e-16
  var clipThreshold = 1.0
  var weightDecay = 0.0
  var decouplesDecay = true
  var fixesDecay = false
  var bounds = false
  var maximize = false

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .share, "decay of the mean update"),
      Hyperparameter("beta2", \.beta2, .share, "decay of the mean squared gradient"),
      Hyperparameter("beta3", \.beta3, .share, "decay of the mean instability"),
      Hyperparameter("eps1", \.epsilon1, .notNegative, "added to the squared gradient"),
      Hyperparameter("eps2", \.epsilon2, .notNegative, "added to the instability"),
      Hyperparameter("clip_threshold", \.clipThreshold, .any, "largest RMS of an update"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "shrinks the weights"),
      Hyperparameter("weight_decouple", \.decouplesDecay, "without it there is no weight decay"),
      Hyperparameter("fixed_decay", \.fixesDecay, "does not multiply the decay by the rate"),
      Hyperparameter("ams_bound", \.bounds, "keeps the largest mean square so far"),
      Hyperparameter("maximize", \.maximize, "climbs instead of descending"),
    ]
  }

  struct Memory: Codable, Sendable {
    var m: [Element]
    /// The mean square of a vector; empty for matrices.
    var v: [Element]
    /// The largest so far; empty without a bound.
    var vMax: [Element]
    var squares: StoredFactors<Element>
    var instabilities: StoredFactors<Element>
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    let shape = parameter.shape
    let means = FactoredMean<Element.Arithmetic>.shapes(of: shape)
    let squares =
      shape.count < 2
      ? [("exp_avg_sq", shape)]
      : [
        ("exp_avg_sq_row", means.rows), ("exp_avg_sq_col", means.columns),
        ("exp_avg_res_row", means.rows), ("exp_avg_res_col", means.columns),
      ]
    return
      ([("exp_avg", shape)] + squares + (bounds ? [("exp_avg_sq_hat", shape)] : [])
      + [("RMS", [])]).map { StateTensor($0.0, $0.1, parameter.format) }
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    let matrices = Matrices(parameter.shape)
    return Memory(
      m: parameter.zeros(), v: matrices == nil ? parameter.zeros() : [],
      vMax: bounds ? parameter.zeros() : [],
      squares: StoredFactors(zerosFor: matrices), instabilities: StoredFactors(zerosFor: matrices))
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) {
    if let matrices = Matrices(parameter.shape) {
      stepMatrices(&parameter.values, gradient.values, &memory, matrices, rate)
    } else {
      stepVector(
        &parameter.values, gradient.values, &memory.m, &memory.v, &memory.vMax,
        count: parameter.count, rate)
    }
  }

  private func stepMatrices(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ memory: inout Memory, _ matrices: Matrices, _ rate: Double
  ) {
    let squares = RoundedSquareTerms(gradient: gradient, epsilon: A(epsilon1))
    memory.squares.mix(squares, of: matrices, decay: beta2)  // lines 4, 5
    let roots = memory.squares.inverseRoots(matrices)
    if bounds { Self.bound(&memory.vMax, roots.rows, roots.columns, matrices) }
    average(
      &memory.m, memory.vMax, gradient, &memory.instabilities, roots.rows, roots.columns, matrices)
    let calm = memory.instabilities.inverseRoots(matrices)
    move(theta, memory.m, calm.rows, calm.columns, matrices, rate)
  }

  /// Lines 8 to 12.
  private func average(
    _ m: UnsafeMutablePointer<Element>, _ vMax: UnsafePointer<Element>,
    _ gradient: UnsafePointer<Element>, _ instabilities: inout StoredFactors<Element>,
    _ r: UnsafePointer<A>, _ c: UnsafePointer<A>, _ matrices: Matrices
  ) {
    if bounds {
      average(m, BoundedRoots(vMax: vMax, beta2: A(beta2)), gradient, &instabilities, matrices)
    } else {
      average(m, FactoredRoots<Element>(r: r, c: c), gradient, &instabilities, matrices)
    }
  }

  private func average<Roots: InverseRoots>(
    _ m: UnsafeMutablePointer<Element>, _ roots: Roots, _ gradient: UnsafePointer<Element>,
    _ instabilities: inout StoredFactors<Element>, _ matrices: Matrices
  ) where Roots.Element == Element {
    let updates = Updates(roots: roots, gradient: gradient, sign: maximize ? -1 : 1)
    let squares = Sweep.sum(matrices.elements) { range in
      var total = 0.0
      matrices.eachRow(in: range) { row, places, shift in
        let part = roots.row(row)
        total += updates.squares(part, places, shift)
      }
      return total
    }
    let terms = RoundedInstabilityTerms(
      m: m, updates: updates, clip: clip(squares, matrices.elements), beta1: .init(beta1),
      weight: .init(1 - beta1), epsilon2: .init(epsilon2))
    instabilities.mix(terms, of: matrices, decay: beta3)
  }

  /// max(1, RMS(U) / d), each number rounded.
  private func clip(_ squares: Double, _ count: Int) -> A {
    let size = Element(squares.squareRoot()).wide / A(Double(count).squareRoot())
    let ratio = Element.rounded(Element.rounded(size) / A(clipThreshold))
    return ratio < 1 ? 1 : ratio
  }

  private static func bound(
    _ vMax: UnsafeMutablePointer<Element>, _ r: UnsafePointer<A>, _ c: UnsafePointer<A>,
    _ matrices: Matrices
  ) {
    Sweep.each(matrices.elements) { range in
      matrices.eachRow(in: range) { row, places, shift in
        let r = r[row]
        for i in places {
          let root = Element.rounded(1 / Element.rounded(r * c[i &+ shift]))
          vMax[i] = Element(rounding: max(vMax[i].wide, root))
        }
      }
    }
  }

  /// Lines 13 and 14, with S^(-1/2) as r c.
  private func move(
    _ theta: UnsafeMutablePointer<Element>, _ m: UnsafePointer<Element>, _ r: UnsafePointer<A>,
    _ c: UnsafePointer<A>, _ matrices: Matrices, _ rate: Double
  ) {
    let decay = shrink(rate)
    let rate = A(rate)
    Sweep.each(matrices.elements) { range in
      matrices.eachRow(in: range) { row, places, shift in
        let r = r[row]
        for i in places {
          let update = Element.rounded(Element.rounded(r * c[i &+ shift]) * m[i].wide)
          let x = Element.rounded(theta[i].wide * decay)
          theta[i] = Element(rounding: x - Element.rounded(update * rate))
        }
      }
    }
  }

  private func shrink(_ rate: Double) -> A {
    decouplesDecay ? A(1 - weightDecay * (fixesDecay ? 1 : rate)) : 1
  }

  private func stepVector(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafeMutablePointer<Element>, _ v: UnsafeMutablePointer<Element>,
    _ vMax: UnsafeMutablePointer<Element>, count: Int, _ rate: Double
  ) {
    let terms = RoundedSquareTerms(gradient: gradient, epsilon: A(epsilon1))
    let (decay, weight) = (A(beta2), A(1 - beta2))
    Sweep.each(count) { range in
      var nothing: Void = ()
      for i in range {
        let square = terms.term(&nothing, i, i)
        v[i] = Element(rounding: Element.rounded(v[i].wide * decay) + weight * square)
      }
      guard bounds else { return }
      for i in range {
        let root = Element.rounded(1 / Element.rounded(1 / v[i].wide.root))
        vMax[i] = Element(rounding: max(vMax[i].wide, root))
      }
    }
    if bounds {
      moveVector(
        theta, m, BoundedRoots(vMax: vMax, beta2: A(beta2)), gradient, count: count, rate)
    } else {
      moveVector(theta, m, VectorRoots(v: v), gradient, count: count, rate)
    }
  }

  /// The momentum is the step; both become what the learning rate makes of them.
  private func moveVector<Roots: InverseRoots>(
    _ theta: UnsafeMutablePointer<Element>, _ m: UnsafeMutablePointer<Element>, _ roots: Roots,
    _ gradient: UnsafePointer<Element>, count: Int, _ rate: Double
  ) where Roots.Element == Element {
    let updates = Updates(roots: roots, gradient: gradient, sign: maximize ? -1 : 1)
    let part = roots.row(0)
    let clip = clip(Sweep.sum(count) { updates.squares(part, $0, 0) }, count)
    let (beta1, weight, decay) = (A(beta1), A(1 - beta1), shrink(rate))
    let rate = A(rate)
    Sweep.each(count) { range in
      for i in range {
        let u = Element.rounded(updates.update(part, i, i) / clip)
        let mean = Element.rounded(Element.rounded(m[i].wide * beta1) + weight * u)
        m[i] = Element(rounding: mean * rate)
        theta[i] = Element(rounding: Element.rounded(theta[i].wide * decay) - m[i].wide)
      }
    }
  }
}

extension OptimizerFamily {
  static let camePytorchOptimizer = OptimizerFamily(
    "CAME_PYTORCH_OPTIMIZER", "CAME (pytorch_optimizer)", library: "pytorch_optimizer 3.6.0",
    Citation(
      "CAME: Confidence-guided Adaptive Memory Efficient Optimization",
      "https://arxiv.org/abs/2307.02047"),
    CAMEPytorchOptimizer<Float>.self, CAMEPytorchOptimizer<Double>.self,
    CAMEPytorchOptimizer<BFloat16>.self, CAMEPytorchOptimizer<Half>.self)
}
