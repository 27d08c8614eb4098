#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a parameter adds to the estimate of d.
struct DistanceTerms {
  let numerator: Double
  let denominator: Double
}

/// Every 11th number of a parameter, for the estimate of d.
struct DistanceSlices<Stored: StoredNumber>: Codable, Sendable {
  let every: Int
  /// The initial weights; a single 0 where all are.
  private var p0: [Stored]
  /// The weighted sum of gradients; empty with SPEED.
  private var s: [Stored]
  // SPEED keeps these as numbers.
  private var lastDot: Double?
  private var largestL1 = 1e-8, largestL2 = 1e-8
  private let followsWay: Bool

  init<Element: StoredNumber>(of parameter: Tensor<Element>, every: Int, withSum: Bool) {
    self.every = every
    followsWay = !withSum
    let sliced = stride(from: 0, to: parameter.count, by: every)
    p0 =
      parameter.isZero
      ? [.zero]
      : sliced.map { Stored(rounding: Stored.Arithmetic(parameter.values[$0].wide)) }
    s = Stored.zeros(withSum ? sliced.underestimatedCount : 0)
  }

  /// Frees what is kept, when d is final.
  mutating func discard() {
    p0 = []
    s = []
  }

  /// Moves a parameter, looking at its numbers before they are moved.
  mutating func follow<Element: StoredNumber>(
    _ kernel: ProdigyPlusKernel<Element>
  ) -> DistanceTerms {
    let weight = kernel.step.estimateWeight
    let sums = withSums(
      gradient: kernel.gradient, weights: kernel.weights,
      beta3: Stored.Arithmetic(kernel.options.estimateDecay), weight: Stored.Arithmetic(weight)
    ) { kernel.run($0) }
    return terms(sums, weight: weight, k: kernel.step.k, like: Element.self)
  }

  /// Gives the body what goes through a stretch of a parameter, adds to s, and returns Σ g·(p₀ − w)
  /// and Σ |s|, or with SPEED Σ |p₀ − w| and Σ (p₀ − w)².
  private mutating func withSums<Element: StoredNumber>(
    gradient: UnsafePointer<Element>, weights: UnsafePointer<Element>, beta3: Stored.Arithmetic,
    weight: Stored.Arithmetic, _ body: ((Range<Int>) -> SIMD4<Double>) -> SIMD4<Double>
  ) -> SIMD4<Double> {
    let every = every
    let followsWay = followsWay
    let step = p0.count == 1 ? 0 : 1
    return p0.withUnsafeBufferPointer { p0 in
      s.withUnsafeMutableBufferPointer { s in
        let s = s
        return body { part in
          var sums = SIMD4<Double>.zero
          var dot: Element.Arithmetic = 0
          let places = (part.lowerBound + every - 1) / every..<(part.upperBound + every - 1) / every
          for place in places {
            let i = place * every
            let g = gradient[i].wide
            let way = Element.rounded(Element.Arithmetic(p0[place * step].wide) - weights[i].wide)
            dot += g * way
            if followsWay {
              sums[1] += Double(way.magnitude)
              sums[2] += Double(way) * Double(way)
            } else {
              let decayed = Stored.rounded(s[place].wide * beta3)
              s[place] = Stored(rounding: decayed.plus(weight, times: Stored.Arithmetic(g)))
              sums[1] += Double(s[place].wide.magnitude)
            }
          }
          sums[0] = Double(dot)
          return sums
        }
      }
    }
  }

  /// From the sums over a whole parameter, rounded as the library's tensors are.
  mutating func terms<Element: StoredNumber>(
    _ sums: SIMD4<Double>, weight: Double, k: Int, like: Element.Type
  ) -> DistanceTerms {
    typealias A = Element.Arithmetic
    let dot = Element.rounded(A(sums[0]))
    if followsWay { return termsOfWay(sums, dot: dot, weight: weight, k: k, like: like) }
    let denominator = Stored.rounded(Stored.Arithmetic(sums[1]))
    return DistanceTerms(
      numerator: Double(A(weight)) * Double(dot), denominator: Double(denominator))
  }

  /// SPEED: a mean of the dots by the longest way so far, and less the longer that is.
  private mutating func termsOfWay<Element: StoredNumber>(
    _ sums: SIMD4<Double>, dot: Element.Arithmetic, weight: Double, k: Int, like: Element.Type
  ) -> DistanceTerms {
    typealias A = Element.Arithmetic
    func rounded(_ value: A) -> A { Element.rounded(value) }
    let beta = 1 - pow(Double(k), -0.75)
    let new = rounded(dot * A(1 - beta))
    let mean = rounded((lastDot.map { A($0 * beta) } ?? rounded(dot * A(beta))) + new)
    lastDot = Double(mean)
    let l1 = max(rounded(A(sums[1])), rounded(A(largestL1)))
    let l2 = max(rounded(A(sums[2].squareRoot())), rounded(A(largestL2)))
    largestL1 = Double(l1)
    largestL2 = Double(l2)
    let longer = rounded(l2 + 1)
    let share = rounded(rounded(1 / rounded(longer * longer)) * A(weight))
    return DistanceTerms(
      numerator: Double(share) * Double(rounded(mean / l1)), denominator: Double(l2))
  }
}
