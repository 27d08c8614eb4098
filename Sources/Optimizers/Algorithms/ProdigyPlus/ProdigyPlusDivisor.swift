/// The second moment of one step, and the division by it.
struct ProdigyPlusDivisor<Element: StoredNumber> {
  typealias A = Element.Arithmetic

  let usesFocus: Bool
  let beta2: Double
  let d: Double
  /// Nil for Adam-atan2.
  let epsilon: Double?
  /// exp_avg_sq, where it is whole.
  let v: UnsafeMutablePointer<Element>
  /// The factors, where they are kept in float32, and where as the parameter is.
  let factors: FactoredSquares<Float>?
  let narrowFactors: FactoredSquares<Element>?

  /// Takes a gradient into the whole second moment; with FOCUS, the weights into their mean.
  func average(
    _ gradient: UnsafePointer<Element>, _ weights: UnsafePointer<Element>, _ part: Range<Int>
  ) {
    if factors != nil || narrowFactors != nil { return }
    let beta2 = A(beta2)
    let weight = A((1 - self.beta2) * (d * d))
    if usesFocus {
      for i in part {
        let decayed = Element.rounded(v[i].wide * beta2)
        v[i] = Element(rounding: decayed.plus(weight, times: A(Float(weights[i].wide))))
      }
    } else {
      for i in part {
        let g = A(Float(gradient[i].wide))
        let decayed = Element.rounded(v[i].wide * beta2)
        v[i] = Element(rounding: decayed.plus(weight * g, times: g))
      }
    }
  }

  /// Puts into a tile what is divided.
  @inline(__always)
  func divide(
    _ tile: ProdigyPlusTile, _ w: UnsafePointer<Element>, _ part: Range<Int>,
    _ dividend: (Int) -> Float
  ) {
    let u = tile.u
    let n = part.count
    let v = v + part.lowerBound
    if usesFocus {
      for j in 0..<n {
        let apart = Element.rounded(v[j].wide - A(Float(w[j].wide))).signum
        u[j] = Float(A(dividend(j).signum) + Element.rounded(apart * A(-0.1)))
      }
    } else if let factors {
      let squares = tile.squares(Float.self)
      factors.multiply(into: squares, part)
      divide(u, n, storing: Float.self, dividend) { squares[$0] }
    } else if let narrowFactors {
      let squares = tile.squares(A.self)
      narrowFactors.multiply(into: squares, part)
      divide(u, n, storing: Element.self, dividend) { squares[$0] }
    } else {
      divide(u, n, storing: Element.self, dividend) { v[$0].wide }
    }
  }

  @inline(__always)
  private func divide<Stored: StoredNumber>(
    _ u: UnsafeMutablePointer<Float>, _ n: Int, storing: Stored.Type, _ dividend: (Int) -> Float,
    by square: (Int) -> Stored.Arithmetic
  ) {
    typealias B = Stored.Arithmetic
    if let epsilon {
      let epsilon = B(d * epsilon)
      for j in 0..<n {
        let root = Stored.rounded(square(j).root)
        u[j] = Float(B(dividend(j)) / Stored.rounded(root + epsilon))
      }
    } else {
      for j in 0..<n {
        u[j] = Float(angle(B(dividend(j)), Stored.rounded(square(j).root))) * 1.2732395
      }
    }
  }
}

/// A second moment, as its factors.
struct FactoredSquares<Stored: StoredNumber> {
  typealias B = Stored.Arithmetic

  let lines: FactoredLines
  let withoutFirst: UnsafePointer<Stored>
  let withoutSecond: UnsafePointer<Stored>

  func multiply(into squares: UnsafeMutablePointer<B>, _ part: Range<Int>) {
    var i = part.lowerBound
    while i < part.upperBound {
      let line = i / lines.length
      let begin = line * lines.length
      let end = min(begin + lines.length, part.upperBound)
      let along = withoutFirst + (lines.startWithoutFirst(line) + i - begin)
      let across = withoutSecond + line * lines.inner
      multiply(
        into: squares + (i - part.lowerBound), end - i, along, across,
        from: (i - begin) % lines.inner)
      i = end
    }
  }

  /// The products along a line.
  private func multiply(
    into squares: UnsafeMutablePointer<B>, _ n: Int, _ along: UnsafePointer<Stored>,
    _ across: UnsafePointer<Stored>, from phase: Int
  ) {
    if lines.inner == 1 {
      let factor = across[0].wide
      for j in 0..<n { squares[j] = Stored.rounded(along[j].wide * factor) }
    } else {
      var place = phase
      for j in 0..<n {
        squares[j] = Stored.rounded(along[j].wide * across[place].wide)
        place = place + 1 == lines.inner ? 0 : place + 1
      }
    }
  }
}

extension TensorArithmetic {
  /// −1, 0 or 1.
  @inline(__always) var signum: Self { self > 0 ? 1 : self < 0 ? -1 : 0 }
}

/// atan2(y, x) for x ≥ 0, good to two roundings of a `Float`.
///
/// The polynomial interpolates arctan(√s)/√s at eleven Chebyshev points of 0...1.
@inline(__always) private func angle<A: TensorArithmetic>(_ y: A, _ x: A) -> A {
  let height = y.magnitude
  let larger = max(height, x)
  let t = larger == 0 ? 0 : min(height, x) / larger
  let s = t * t
  var p: A = 0.001057607174681669
  p = p * s - 0.007030668149871582
  p = p * s + 0.02191294303867669
  p = p * s - 0.043928407362148966
  p = p * s + 0.06685281272740956
  p = p * s - 0.08785043170557441
  p = p * s + 0.11050771244156139
  p = p * s - 0.14278576019471825
  p = p * s + 0.19999558099881345
  p = p * s - 0.33333322488892886
  p = p * s + 0.999999999553536
  let low = t * p
  let angle = height > x ? A.pi / 2 - low : low
  return y < 0 ? -angle : angle
}
