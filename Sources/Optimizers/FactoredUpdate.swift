/// Adafactor's update of a tensor of matrices: the gradient divided by the root of a factored mean
/// of its square, and clipped.
struct FactoredUpdate<Element: StoredNumber> {
  typealias A = Element.Arithmetic
  let gradient: UnsafePointer<Element>
  let matrices: Matrices

  init(_ gradient: UnsafePointer<Element>, _ matrices: Matrices) {
    self.gradient = gradient
    self.matrices = matrices
  }

  /// g² + ε
  func squares(epsilon: Double) -> SquareTerms<Element> {
    SquareTerms(gradient: gradient, epsilon: A(epsilon))
  }

  /// RMS(U), where U = r c g.
  @inline(__always)
  func size(_ r: UnsafePointer<A>, _ c: UnsafePointer<A>) -> A {
    Sweep.rootMeanSquare(matrices.elements) { range in
      var total = 0.0
      matrices.eachRow(in: range) { row, places, shift in
        let r = r[row]
        var sum: A = 0
        for i in places {
          let u = r * c[i &+ shift] * gradient[i].wide
          sum = .summing(sum, u * u)
        }
        total += Double(sum)
      }
      return total
    }
  }

  /// What U is divided by: max(1, RMS(U) / d).
  @inline(__always)
  func clip(_ r: UnsafePointer<A>, _ c: UnsafePointer<A>, threshold: Double) -> A {
    Self.clip(size(r, c), threshold: threshold)
  }

  /// max(1, RMS / d), but not a number for an RMS that is none.
  static func clip(_ size: A, threshold: Double) -> A {
    let ratio = size / A(threshold)
    return ratio < 1 ? 1 : ratio
  }
}

/// g² + ε
struct SquareTerms<Element: StoredNumber>: MatrixTerms {
  let gradient: UnsafePointer<Element>
  let epsilon: Element.Arithmetic

  @inline(__always) func row(_ number: Int) {}
  @inline(__always)
  func term(_ row: inout Void, _ place: Int, _ column: Int) -> Element.Arithmetic {
    gradient[place].wide * gradient[place].wide + epsilon
  }
}

/// The last part of OneTrainer's CAME: weight decay and the move, each rounded for itself; of a
/// step only what agrees with the gradient, if so asked.
struct CautiousMove<Element: StoredNumber> {
  typealias A = Element.Arithmetic
  let theta: UnsafeMutablePointer<Element>
  let gradient: UnsafePointer<Element>
  let rate: A
  let decay: A
  let random: RandomNumbers
  let decays: Bool
  let roundsAtRandom: Bool
  /// What agreeing parts are multiplied by; nil without a mask.
  var mask: A?

  /// - Parameter roundingAtRandom: Acts on bfloat16 alone, as in the library.
  init(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>, _ rate: Double,
    decay: Double, _ random: RandomNumbers, roundingAtRandom: Bool
  ) {
    self.theta = theta
    self.gradient = gradient
    self.rate = A(rate)
    self.decay = A(-decay * rate)
    self.random = random
    decays = decay != 0
    roundsAtRandom = roundingAtRandom && Element.format == .bfloat16
  }

  /// 1 / max(mean of the mask, 0.001)
  @inline(__always)
  func mask(_ count: Int, _ agreeing: (Range<Int>) -> Double) -> A {
    1 / max(A(Sweep.sum(count, agreeing)) / A(count), 1e-3)
  }

  /// How many parts of the update have the sign of the gradient.
  @inline(__always)
  func agreeing(_ places: Range<Int>, _ u: (Int) -> A) -> Double {
    var sum: A = 0
    for i in places { sum = .summing(sum, u(i) * gradient[i].wide > 0 ? 1 : 0) }
    return Double(sum)
  }

  @inline(__always)
  func along(_ places: Range<Int>, _ u: (Int) -> A) {
    if let mask {
      round(places) { i in
        let u = u(i)
        return u * (u * gradient[i].wide > 0 ? mask : 0)
      }
    } else {
      round(places, u)
    }
  }

  @inline(__always)
  private func round(_ places: Range<Int>, _ u: (Int) -> A) {
    if roundsAtRandom {
      for i in places {
        let words = random.number(i)
        let first = UInt16(truncatingIfNeeded: words >> 48)
        let second = UInt16(truncatingIfNeeded: words >> 32)
        var x = theta[i].wide
        if decays { x = Element(rounding: x + decay * x, random: first).wide }
        theta[i] = Element(rounding: x - u(i) * rate, random: second)
      }
    } else if decays {
      for i in places {
        let x = Element.rounded(theta[i].wide + decay * theta[i].wide)
        theta[i] = Element(rounding: x - u(i) * rate)
      }
    } else {
      for i in places { theta[i] = Element(rounding: theta[i].wide - u(i) * rate) }
    }
  }
}
