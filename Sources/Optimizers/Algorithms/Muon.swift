#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The momentum of a matrix, with its singular values made close to 1.
///
/// Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024, as
/// KellerJordan/Muon f90a42b has it (`muon.py`): momentum and Nesterov's step are interpolations;
/// the iteration runs in bfloat16 whatever the weights; the kernels of a convolution lie side by
/// side in one matrix, but its factor for tall matrices is taken from the last two dimensions. What
/// is no hidden matrix goes to an Adam of the library's own, as OneTrainer sets it up
/// (`modules/util/create.py`).
struct Muon<Element: StoredNumber>: ParameterwiseOptimizer {
  var momentum = 0.95
  var weightDecay = 0.0
  var steps = 5
  var nesterov = true
  var hasAuxiliaryAdam = true
  var auxiliaryBeta1 = 0.9
  var auxiliaryBeta2 = 0.95
  var auxiliaryEpsilon = 1e-10
  var auxiliaryWeightDecay = 0.0
  /// Places of the matrices that Adam takes, besides all vectors.
  var auxiliaryParameters: Set<Int> = []

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("momentum", \.momentum, .any, "decay of the mean gradient"),
      Hyperparameter("weight_decay", \.weightDecay, .any, "shrinks the weights"),
      Hyperparameter("ns_steps", \.steps, 0...(.max), "iterations of Newton and Schulz"),
      Hyperparameter("nesterov", \.nesterov, "looks one step ahead"),
      Hyperparameter("MuonWithAuxAdam", \.hasAuxiliaryAdam, "gives other tensors to Adam"),
      Hyperparameter("muon_adam_config.beta1", \.auxiliaryBeta1, .any, "Adam: decay of the mean"),
      Hyperparameter(
        "muon_adam_config.beta2", \.auxiliaryBeta2, .any, "Adam: decay of the mean square"),
      Hyperparameter(
        "muon_adam_config.eps", \.auxiliaryEpsilon, .any, "Adam: added to the denominator"),
      Hyperparameter(
        "muon_adam_config.weight_decay", \.auxiliaryWeightDecay, .any, "Adam: shrinks the weights"),
    ]
  }

  struct Memory: Codable, Sendable {
    var t = 0
    var m: [Element]
    /// The mean square; nil for what is not Adam's.
    var v: [Element]?
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    let isMatrix = parameter.shape.count >= 2
    let names: [String] =
      if hasAuxiliaryAdam && (parameter.isAuxiliary || !isMatrix) {
        ["exp_avg", "exp_avg_sq"]
      } else {
        isMatrix ? ["momentum_buffer"] : []
      }
    return names.map { StateTensor($0, parameter.shape, parameter.format) }
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    let isMatrix = parameter.shape.count >= 2
    if hasAuxiliaryAdam && (auxiliaryParameters.contains(number) || !isMatrix) {
      return Memory(m: parameter.zeros(), v: parameter.zeros())
    }
    return Memory(m: isMatrix ? parameter.zeros() : [], v: nil)
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) throws(OptimizerError) {
    let count = parameter.count
    memory.t += 1
    if var v = memory.v {
      memory.v = nil  // So that v is not copied.
      adam(
        &parameter.values, gradient.values, &memory.m, &v, count: count, t: memory.t, rate: rate)
      memory.v = v
      return
    }
    guard let matrices = Matrices(parameter.shape) else {
      throw .refused("\(parameter.shape) is no matrix for Muon, and there is no Adam beside it")
    }
    var update = [Float](repeating: 0, count: count)
    average(&memory.m, gradient.values, &update, count: count)
    update = try orthogonalized(update, matrices, shape: parameter.shape)
    move(&parameter.values, update, count: count, rate: rate)
  }

  /// B, and the matrix that is made orthogonal, in bfloat16.
  private func average(
    _ b: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ update: UnsafeMutablePointer<Float>, count: Int
  ) {
    typealias A = Element.Arithmetic
    let mix = Lerp<A>(1 - momentum)
    let lookAhead = Lerp<A>(momentum)
    @inline(__always) func averaged(_ i: Int) -> A {
      b[i] = Element(rounding: mix(b[i].wide, gradient[i].wide))
      return b[i].wide
    }
    Sweep.each(count) { range in
      if nesterov {
        for i in range {
          let ahead = Element.rounded(lookAhead(gradient[i].wide, averaged(i)))
          update[i] = BFloat16.rounded(Float(ahead))
        }
      } else {
        for i in range { update[i] = BFloat16.rounded(Float(averaged(i))) }
      }
    }
  }

  /// O, with the factor for tall matrices.
  private func orthogonalized(
    _ update: [Float], _ matrices: Matrices, shape: [Int]
  ) throws(OptimizerError) -> [Float] {
    let tallness = max(1, Double(matrices.rows) / Double(matrices.columns))
    let factor = Float(tallness.squareRoot())
    let matrix =
      shape.count == 4
      ? [shape[0], shape.dropFirst().reduce(1, *)] : [matrices.rows, matrices.columns]
    let size = matrix[0] * matrix[1]
    var all: [Float] = []
    all.reserveCapacity(update.count)
    for start in stride(from: 0, to: update.count, by: max(size, 1)) {
      let part = Tensor(shape: matrix, values: Array(update[start..<start + size]))
      do {
        let x = try NewtonSchulz.orthogonalized(part, steps: steps, rounding: BFloat16.self)
        all += x.values.lazy.map { BFloat16.rounded($0 * factor) }
      } catch {
        throw .missingLibrary(error)
      }
    }
    return all
  }

  /// θ: decay, then the step; each is rounded.
  private func move(
    _ theta: UnsafeMutablePointer<Element>, _ update: UnsafePointer<Float>, count: Int,
    rate: Double
  ) {
    typealias A = Element.Arithmetic
    let decay = A(1 - rate * weightDecay)
    let stepSize = A(-rate)
    Sweep.each(count) { range in
      for i in range {
        let decayed = Element.rounded(theta[i].wide * decay)
        theta[i] = Element(rounding: decayed + stepSize * A(update[i]))
      }
    }
  }

  /// Adam with decoupled weight decay, rounded at each operation of the library.
  private func adam(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafeMutablePointer<Element>, _ v: UnsafeMutablePointer<Element>, count: Int, t: Int,
    rate: Double
  ) {
    typealias A = Element.Arithmetic
    let mix1 = Lerp<A>(1 - auxiliaryBeta1)
    let mix2 = Lerp<A>(1 - auxiliaryBeta2)
    let correction1 = A(1 - pow(auxiliaryBeta1, Double(t)))
    let correction2 = A(1 - pow(auxiliaryBeta2, Double(t)))
    let epsilon = A(auxiliaryEpsilon)
    let decay = A(1 - rate * auxiliaryWeightDecay)
    let stepSize = A(-rate)
    Sweep.each(count) { range in
      for i in range {
        let g = gradient[i].wide
        m[i] = Element(rounding: mix1(m[i].wide, g))
        v[i] = Element(rounding: mix2(v[i].wide, Element.rounded(g * g)))
        let mean = Element.rounded(m[i].wide / correction1)
        let root = Element.rounded(Element.rounded(v[i].wide / correction2).root)
        let update = Element.rounded(mean / Element.rounded(root + epsilon))
        let decayed = Element.rounded(theta[i].wide * decay)
        theta[i] = Element(rounding: decayed + stepSize * update)
      }
    }
  }
}

extension OptimizerFamily {
  static let muon = OptimizerFamily(
    "MUON", "Muon", library: "KellerJordan/Muon f90a42b",
    Citation(
      "Muon: An optimizer for hidden layers in neural networks",
      "https://kellerjordan.github.io/posts/muon/"),
    Muon<Float>.self, Muon<Double>.self, Muon<BFloat16>.self, Muon<Half>.self)
}
