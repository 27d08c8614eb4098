#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Adafactor as torch has it.
///
/// Shazeer and Stern, "Adafactor: Adaptive Learning Rates with Sublinear Memory Cost", as torch
/// 2.13.0 has it (`torch/optim/_adafactor.py`, the loop over tensors). Unlike the paper and
/// ``Adafactor``: the learning rate is the largest relative step; ε₁ bounds from below instead of
/// being added; all is computed in the format of the weights.
struct AdafactorTorch<Element: StoredNumber>: ParameterwiseOptimizer {
  var beta2Decay = -0.8
  /// Nil for the spacing of numbers at 1.
  var epsilon1: Double?
  var epsilon2 = 1e-3
  var d = 1.0
  var weightDecay = 0.0
  var foreach = false
  var maximize = false

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta2_decay", \.beta2Decay, Domain(to: 0), "exponent of t in the decay"),
      Hyperparameter("eps", \.epsilon1, .notNegative, "bounds the divisors from below"),
      Hyperparameter("eps2", \.epsilon2, .notNegative, "smallest size of the weights"),
      Hyperparameter("d", \.d, Domain(from: 1), "largest RMS of an update"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "shrinks the weights"),
      Hyperparameter("foreach", \.foreach, "many tensors at once, which rounds the step by itself"),
      Hyperparameter("maximize", \.maximize, "climbs instead of descending"),
    ]
  }

  struct Memory: Codable, Sendable {
    var t = 0
    /// R, C and V̂; each empty where it is not kept.
    var rows: [Element]
    var columns: [Element]
    var v: [Element]
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    let (shape, format) = (parameter.shape, parameter.format)
    let step = StateTensor("step", [], .float32)
    if shape.count < 2 { return [step, StateTensor("variance", shape, format)] }
    let (leading, last) = (shape.dropLast(2), shape.suffix(1))
    return [
      step, StateTensor("row_var", shape.dropLast() + [1], format),
      StateTensor("col_var", leading + [1] + last, format),
    ]
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    func zeros(_ count: Int) -> [Element] { Element.zeros(count) }
    guard let matrices = Matrices(parameter.shape) else {
      return Memory(rows: [], columns: [], v: zeros(parameter.count))
    }
    return Memory(
      rows: zeros(matrices.count * matrices.rows),
      columns: zeros(matrices.count * matrices.columns),
      v: [])
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) {
    memory.t += 1
    let share = pow(Double(memory.t), beta2Decay)  // 1 - β̂₂
    let rho = min(rate, 1 / Double(memory.t).squareRoot())
    let alpha = max(epsilon2, rms(parameter.values, count: parameter.count)) * rho
    if let matrices = Matrices(parameter.shape) {
      let sums = MatrixSums(squares(gradient.values), of: matrices)
      Self.mix(&memory.rows, sums.rows, count: matrices.columns, share)
      Self.mix(&memory.columns, sums.columns, count: matrices.rows, share)
      moveMatrices(
        &parameter.values, gradient.values, memory.rows, memory.columns,
        bounds(memory.rows, matrices), matrices, alpha, rate)
    } else {
      moveVector(
        &parameter.values, gradient.values, &memory.v, count: parameter.count, share, alpha, rate)
    }
  }

  private var lowest: Double {
    if let epsilon1 { return epsilon1 }
    return switch Element.format {
    case .float64: 0x1p-52
    case .bfloat16: 0x1p-7
    case .float16: 0x1p-10
    default: 0x1p-23
    }
  }

  /// The norm is a number of the format before it is divided.
  private func rms(_ values: UnsafePointer<Element>, count: Int) -> Double {
    let squares = Sweep.sum(count) { range in
      var sum: Element.Arithmetic = 0
      for i in range { sum = .summing(sum, values[i].wide * values[i].wide) }
      return Double(sum)
    }
    return Self.size(squares, count)
  }

  private static func size(_ squares: Double, _ count: Int) -> Double {
    Element(squares.squareRoot()).double / Double(count).squareRoot()
  }

  private func squares(_ gradient: UnsafePointer<Element>) -> SquareTerms<Element> {
    SquareTerms(gradient: gradient, epsilon: 0)
  }

  /// The mean of squares is had from a norm, each number rounded on the way.
  private static func mix(
    _ means: inout [Element], _ sums: [Element.Arithmetic], count: Int, _ share: Double
  ) {
    let mix = Lerp<Element.Arithmetic>(share)
    for place in means.indices {
      let norm = Element.rounded(sums[place].root)
      let mean = Element.rounded(Element.rounded(norm * norm) / Element.Arithmetic(count))
      means[place] = Element(rounding: mix(means[place].wide, mean))
    }
  }

  /// max(mean(R), ε₁) of each matrix.
  private func bounds(_ rows: [Element], _ matrices: Matrices) -> [Element.Arithmetic] {
    let lowest = Element(lowest).wide
    return (0..<matrices.count).map { matrix in
      let part = rows[matrix * matrices.rows..<(matrix + 1) * matrices.rows]
      let sum = part.reduce(0.0) { $0 + $1.double }
      return max(Element(sum / Double(matrices.rows)).wide, lowest)
    }
  }

  private func moveMatrices(
    _ x: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ r: UnsafePointer<Element>, _ c: UnsafePointer<Element>,
    _ bounds: UnsafePointer<Element.Arithmetic>, _ matrices: Matrices, _ alpha: Double,
    _ rate: Double
  ) {
    typealias A = Element.Arithmetic
    let least = leastVariance
    let sign: A = maximize ? -1 : 1
    @inline(__always) func update(_ r: A, _ bound: A, _ i: Int, _ column: Int) -> A {
      let v = Element.rounded(Element.rounded(r * c[column].wide) / bound)
      return Element.rounded(Element.rounded(1 / max(v, least).root) * (sign * gradient[i].wide))
    }
    let squares = Sweep.sum(matrices.elements) { range in
      var total = 0.0
      matrices.eachRow(in: range) { row, places, shift in
        let (r, bound) = (r[row].wide, bounds[row / matrices.rows])
        var sum: A = 0
        for i in places {
          let u = update(r, bound, i, i &+ shift)
          sum = .summing(sum, u * u)
        }
        total += Double(sum)
      }
      return total
    }
    let pace = pace(alpha, squares, matrices.elements)
    Sweep.each(matrices.elements) { range in
      matrices.eachRow(in: range) { row, places, shift in
        let (r, bound) = (r[row].wide, bounds[row / matrices.rows])
        move(x, places, pace, rate) { update(r, bound, $0, $0 &+ shift) }
      }
    }
  }

  private func moveVector(
    _ x: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ v: UnsafeMutablePointer<Element>, count: Int, _ share: Double, _ alpha: Double,
    _ rate: Double
  ) {
    typealias A = Element.Arithmetic
    let mix = Lerp<A>(share)
    let least = leastVariance
    let sign: A = maximize ? -1 : 1
    @inline(__always) func update(_ i: Int) -> A {
      Element.rounded(Element.rounded(1 / max(v[i].wide, least).root) * (sign * gradient[i].wide))
    }
    let squares = Sweep.sum(count) { range in
      var sum: A = 0
      for i in range {
        let square = Element.rounded(gradient[i].wide * gradient[i].wide)
        v[i] = Element(rounding: mix(v[i].wide, square))
        let u = update(i)
        sum = .summing(sum, u * u)
      }
      return Double(sum)
    }
    let pace = pace(alpha, squares, count)
    Sweep.each(count) { range in move(x, range, pace, rate, update) }
  }

  /// ε₁², for the root is taken after.
  private var leastVariance: Element.Arithmetic { Element(lowest * lowest).wide }

  /// -α / max(1, RMS(U) / d)
  private func pace(_ alpha: Double, _ squares: Double, _ count: Int) -> Element.Arithmetic {
    let ratio = Self.size(squares, count) / d
    return Element.Arithmetic(-alpha / (ratio > 1 ? ratio : 1))
  }

  @inline(__always)
  private func move(
    _ x: UnsafeMutablePointer<Element>, _ places: Range<Int>, _ pace: Element.Arithmetic,
    _ rate: Double, _ u: (Int) -> Element.Arithmetic
  ) {
    let decay = Element.Arithmetic(1 - rate * weightDecay)
    if foreach {
      for i in places {
        x[i] = Element(rounding: Element.rounded(x[i].wide * decay) + Element.rounded(pace * u(i)))
      }
    } else {
      for i in places {
        x[i] = Element(rounding: Element.rounded(x[i].wide * decay) + pace * u(i))
      }
    }
  }
}

extension OptimizerFamily {
  static let adafactorTorch = OptimizerFamily(
    "ADAFACTOR_TORCH", "Adafactor (torch)", library: "torch 2.13.0",
    Citation(
      "Adafactor: Adaptive Learning Rates with Sublinear Memory Cost",
      "https://arxiv.org/abs/1804.04235"),
    AdafactorTorch<Float>.self, AdafactorTorch<Double>.self, AdafactorTorch<BFloat16>.self,
    AdafactorTorch<Half>.self)
}
