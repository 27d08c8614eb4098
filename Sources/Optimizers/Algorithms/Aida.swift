#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Aida: AdaBelief that projects gradient and mean onto each other before it takes their distance.
///
/// Zhang et al., "A DNN Optimizer that Improves over AdaBelief by Suppression of the Adaptive
/// Stepsize Range", Algorithm 1, as pytorch_optimizer 3.6.0 has it (`optimizer/aida.py`). There
/// `adanorm` keeps a number that is never changed from 0, so that neither it nor `r` has an effect;
/// with `rectify` s is not corrected.
struct Aida<Element: StoredNumber>: ParameterwiseOptimizer {
  var beta1 = 0.9
  var beta2 = 0.999
  var epsilon = 1e-8
  var k = 2
  var xi = 1e-20
  var weightDecay = 0.0
  var decoupledDecay = false
  var fixedDecay = false
  var rectify = false
  var leastLength = 5.0
  var degeneratedToSGD = true
  var amsBound = false
  var r = 0.95
  var adanorm = false
  var adamDebias = false
  var maximize = false

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .share, "decay of the mean gradient"),
      Hyperparameter("beta2", \.beta2, .share, "decay of the mean squared distance"),
      Hyperparameter("eps", \.epsilon, .notNegative, "added to the square and to its root"),
      Hyperparameter("k", \.k, 0...Int.max, "how often gradient and mean are projected"),
      Hyperparameter("xi", \.xi, .notNegative, "added to the square norms in a projection"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "shrinks the weights"),
      Hyperparameter("decoupled_decay", \.decoupledDecay, "decays weights, not gradients"),
      Hyperparameter("fixed_decay", \.fixedDecay, "decouples the decay from the rate too"),
      Hyperparameter("rectify", \.rectify, "shortens steps while the mean square is uncertain"),
      Hyperparameter(
        "n_sma_threshold", \.leastLength, .any, "length of the average that is certain enough"),
      Hyperparameter(
        "degenerated_to_sgd", \.degeneratedToSGD, "steps undivided while it is too uncertain"),
      Hyperparameter("ams_bound", \.amsBound, "divides by the largest mean square so far"),
      Hyperparameter("r", \.r, .any, "is not looked at"),
      Hyperparameter("adanorm", \.adanorm, "keeps a number that has no effect"),
      Hyperparameter("adam_debias", \.adamDebias, "leaves the mean gradient uncorrected"),
      Hyperparameter("maximize", \.maximize, "climbs instead of descending"),
    ]
  }

  /// The first step divides by 1 − β₁, and with `rectify` by 1 − β₂.
  func checkCombination() throws(HyperparameterError) {
    if beta1 == 1, !adamDebias {
      throw .combination(option: "beta1", value: .number(1), needs: "'adam_debias'")
    }
    if beta2 == 1, rectify {
      throw .combination(option: "beta2", value: .number(1), needs: "'rectify' to be off")
    }
  }

  struct Memory: Codable, Sendable {
    var t = 0
    var m: [Element]
    var s: [Element]
    /// The largest s so far; empty without ams_bound.
    var sMax: [Element]
    /// What adanorm keeps: 0.
    var norm: [Element]
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    let names = ["exp_avg", "exp_avg_var"] + (amsBound ? ["max_exp_avg_var"] : [])
    return names.map { StateTensor($0, parameter.shape, parameter.format) }
      + (adanorm ? [StateTensor("exp_grad_adanorm", [1], parameter.format)] : [])
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    Memory(
      m: parameter.zeros(), s: parameter.zeros(), sMax: amsBound ? parameter.zeros() : [],
      norm: adanorm ? [.zero] : [])
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) throws(OptimizerError) {
    memory.t += 1
    let move = try move(t: memory.t, rate: rate)
    if amsBound {
      sweep(
        &parameter.values, gradient.values, &memory.m, &memory.s, &memory.sMax,
        count: parameter.count, rate: rate, move)
    } else {
      sweep(
        &parameter.values, gradient.values, &memory.m, &memory.s, nil, count: parameter.count,
        rate: rate, move)
    }
  }

  private func sweep(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafeMutablePointer<Element>, _ s: UnsafeMutablePointer<Element>,
    _ sMax: UnsafeMutablePointer<Element>?, count: Int, rate: Double, _ move: Move
  ) {
    let decay = PytorchOptimizerDecay<Element>(
      weightDecay, decoupled: decoupledDecay, fixed: fixedDecay, rate: rate, maximize: maximize)
    AidaSweep(
      aida: self, theta: theta, gradient: gradient, m: m, s: s, sMax: sMax, count: count,
      decay: decay
    ).step(move)
  }

  /// What a step divides by, and minus its length.
  enum Move {
    /// By √s, times this number.
    case divided(by: Double, Double)
    /// By nothing.
    case undivided(Double)
    case none
  }

  private func move(t: Int, rate: Double) throws(OptimizerError) -> Move {
    let correction = adamDebias ? 1 : 1 - pow(beta1, Double(t))
    let beta2t = pow(beta2, Double(t))
    guard rectify else {
      return .divided(by: 1 / (1 - beta2t).squareRoot(), -rate / correction)
    }
    let longest = 2 / (1 - beta2) - 1
    let length = longest - 2 * Double(t) * beta2t / (1 - beta2t)
    if length >= leastLength {
      let square =
        (1 - beta2t) * (length - 4) / (longest - 4) * (length - 2) / length * longest
        / (longest - 2)
      guard square >= 0, square.isFinite else {
        throw .refused(
          "step \(t): the library takes the root of \(square); 'n_sma_threshold' of \(leastLength)"
            + " is below 5")
      }
      return .divided(by: 1, -rate * square.squareRoot() / correction)
    }
    return degeneratedToSGD && rate > 0 ? .undivided(-rate / correction) : .none
  }
}

/// The passes over memory of a step of Aida, as long as the pointers last.
private struct AidaSweep<Element: StoredNumber> {
  typealias A = Element.Arithmetic
  let aida: Aida<Element>
  let theta: UnsafeMutablePointer<Element>
  let gradient: UnsafePointer<Element>
  let m: UnsafeMutablePointer<Element>
  let s: UnsafeMutablePointer<Element>
  let sMax: UnsafeMutablePointer<Element>?
  let count: Int
  let decay: PytorchOptimizerDecay<Element>

  /// What gradient and mean are multiplied by, one after the other, to be projected k times.
  typealias Scales = [(g: A, m: A)]

  func step(_ move: Aida<Element>.Move) {
    var scales: Scales = []
    var sums = products(scales, first: true)
    for turn in 0..<aida.k {
      if turn > 0 { sums = products(scales) }
      let product = Element.rounded(A(sums.x))
      let xi = A(aida.xi)
      let squareG = Element.rounded(Element.rounded(A(sums.y)) + xi)
      let squareM = Element.rounded(Element.rounded(A(sums.z)) + xi)
      scales.append(
        (g: Element.rounded(product / squareG), m: Element.rounded(product / squareM)))
    }
    Sweep.each(count) { range in
      Sweep.pieces(of: range, buffers: 2, of: A.self) { piece, room in
        project(piece, into: room, scales)
        deviate(piece, room)
        apply(piece, room, move)
      }
    }
  }

  /// m.
  @inline(__always) private func average(_ piece: Range<Int>) {
    let beta1 = A(aida.beta1)
    let weight1 = A(1 - aida.beta1)
    for i in piece {
      let g = decay.gradient(gradient[i], theta[i])
      m[i] = Element(rounding: Element.rounded(m[i].wide * beta1) + weight1 * g)
    }
  }

  /// Gradients and means of a piece, projected: the first buffer, and the second.
  @inline(__always) private func project(
    _ piece: Range<Int>, into room: UnsafeMutablePointer<A>, _ scales: Scales
  ) {
    let (theta, gradient, m) = (
      theta + piece.lowerBound, gradient + piece.lowerBound, m + piece.lowerBound
    )
    let projectedM = room + Sweep.piece
    for i in 0..<piece.count {
      room[i] = decay.gradient(gradient[i], theta[i])
      projectedM[i] = m[i].wide
    }
    for scale in scales {
      for i in 0..<piece.count {
        room[i] = Element.rounded(room[i] * scale.g)
        projectedM[i] = Element.rounded(projectedM[i] * scale.m)
      }
    }
  }

  /// g·m, g·g and m·m after some projections.
  ///
  /// - Parameter first: Whether m is still to be made.
  private func products(_ scales: Scales, first: Bool = false) -> SIMD4<Double> {
    Sweep.sums(count) { range in
      var sums = SIMD4<Double>.zero
      Sweep.pieces(of: range, buffers: 2, of: A.self) { piece, room in
        if first { average(piece) }
        project(piece, into: room, scales)
        let projectedM = room + Sweep.piece
        var both: A = 0
        var squareG: A = 0
        var squareM: A = 0
        for i in 0..<piece.count {
          let g = room[i]
          let m = projectedM[i]
          both = .summing(both, Element.rounded(g * m))
          squareG = .summing(squareG, Element.rounded(g * g))
          squareM = .summing(squareM, Element.rounded(m * m))
        }
        sums += SIMD4(Double(both), Double(squareG), Double(squareM), 0)
      }
      return sums
    }
  }

  /// s, and its root into the first buffer.
  @inline(__always) private func deviate(_ piece: Range<Int>, _ room: UnsafeMutablePointer<A>) {
    let s = s + piece.lowerBound
    let projectedM = room + Sweep.piece
    let beta2 = A(aida.beta2)
    let weight2 = A(1 - aida.beta2)
    let epsilon = A(aida.epsilon)
    for i in 0..<piece.count {
      let apart = Element.rounded(projectedM[i] - room[i])
      let decayed = Element.rounded(s[i].wide * beta2)
      s[i] = Element(
        rounding: Element.rounded(decayed + weight2 * apart * apart) + epsilon)
      room[i] = s[i].wide
    }
    if let sMax = sMax.map({ $0 + piece.lowerBound }) {
      for i in 0..<piece.count {
        room[i] = max(sMax[i].wide, room[i])
        sMax[i] = Element(rounding: room[i])
      }
    }
    for i in 0..<piece.count {
      let root = Element.rounded(Element.rounded(room[i] + epsilon).root)
      room[i] = Element.rounded(root + epsilon)
    }
  }

  /// The weights.
  @inline(__always) private func apply(
    _ piece: Range<Int>, _ room: UnsafeMutablePointer<A>, _ move: Aida<Element>.Move
  ) {
    let (theta, m) = (theta + piece.lowerBound, m + piece.lowerBound)
    switch move {
    case .divided(let correction, let stepSize):
      let correction = A(correction)
      let stepSize = A(stepSize)
      for i in 0..<piece.count {
        let update = m[i].wide / Element.rounded(room[i] * correction)
        let decayed = decay.weight(theta[i])
        theta[i] = Element(rounding: decayed + stepSize * update)
      }
    case .undivided(let stepSize):
      let stepSize = A(stepSize)
      for i in 0..<piece.count {
        theta[i] = Element(rounding: decay.weight(theta[i]) + stepSize * m[i].wide)
      }
    case .none:
      for i in 0..<piece.count { theta[i] = Element(rounding: decay.weight(theta[i])) }
    }
  }
}

extension OptimizerFamily {
  static let aida = OptimizerFamily(
    "AIDA", "Aida", library: "pytorch_optimizer 3.6.0",
    Citation(
      "A DNN Optimizer that Improves over AdaBelief by Suppression of the Adaptive Stepsize Range",
      "https://arxiv.org/abs/2203.13273"),
    Aida<Float>.self, Aida<Double>.self, Aida<BFloat16>.self, Aida<Half>.self)
}
