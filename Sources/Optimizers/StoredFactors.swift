/// ``FactoredMean`` in the format of the weights, each number rounded as it is stored.
struct StoredFactors<Element: StoredNumber>: Codable, Sendable {
  typealias A = Element.Arithmetic
  private var rows: [Element]
  private var columns: [Element]

  /// - Parameter matrices: Nil keeps nothing.
  init(zerosFor matrices: Matrices?) {
    rows = matrices.map { Element.zeros($0.count * $0.rows) } ?? []
    columns = matrices.map { Element.zeros($0.count * $0.columns) } ?? []
  }

  /// Mixes in matrices with a weight of 1 - decay.
  mutating func mix<Terms: MatrixTerms>(
    _ terms: Terms, of matrices: Matrices, decay: Double
  ) where Terms.Number == A {
    let sums = MatrixSums(terms, of: matrices)
    Self.mix(&rows, sums.rows, count: A(matrices.columns), decay)
    Self.mix(&columns, sums.columns, count: A(matrices.rows), decay)
  }

  private static func mix(_ means: inout [Element], _ sums: [A], count: A, _ decay: Double) {
    let weight = A(1 - decay)
    let decay = A(decay)
    for place in means.indices {
      let mean = Element.rounded(sums[place] / count)
      let kept = Element.rounded(means[place].wide * decay)
      means[place] = Element(rounding: kept + weight * mean)
    }
  }

  /// What the elements of V^(-1/2) are products of: (R / mean(R))^(-1/2) and C^(-1/2).
  func inverseRoots(_ matrices: Matrices) -> (rows: [A], columns: [A]) {
    var roots = [A](repeating: 0, count: rows.count)
    for matrix in 0..<matrices.count {
      let part = matrix * matrices.rows..<(matrix + 1) * matrices.rows
      let mean = Element(rows[part].reduce(0.0) { $0 + $1.double } / Double(matrices.rows)).wide
      for row in part {
        roots[row] = Element.rounded(1 / Element.rounded(rows[row].wide / mean).root)
      }
    }
    return (roots, columns.map { Element.rounded(1 / $0.wide.root) })
  }
}

/// g² + ε, each number rounded.
struct RoundedSquareTerms<Element: StoredNumber>: MatrixTerms {
  let gradient: UnsafePointer<Element>
  let epsilon: Element.Arithmetic

  @inline(__always) func row(_ number: Int) {}
  @inline(__always)
  func term(_ row: inout Void, _ i: Int, _ column: Int) -> Element.Arithmetic {
    Element.rounded(Element.rounded(gradient[i].wide * gradient[i].wide) + epsilon)
  }
}

/// V^(-1/2), element by element.
protocol InverseRoots {
  associatedtype Element: StoredNumber

  /// What the elements of a row have in common.
  func row(_ number: Int) -> Element.Arithmetic
  func root(_ row: Element.Arithmetic, _ i: Int, _ column: Int) -> Element.Arithmetic
}

/// Of what is factored.
struct FactoredRoots<Element: StoredNumber>: InverseRoots {
  let r: UnsafePointer<Element.Arithmetic>
  let c: UnsafePointer<Element.Arithmetic>

  @inline(__always) func row(_ number: Int) -> Element.Arithmetic { r[number] }
  @inline(__always)
  func root(_ r: Element.Arithmetic, _ i: Int, _ column: Int) -> Element.Arithmetic {
    Element.rounded(r * c[column])
  }
}

/// Of what is not.
struct VectorRoots<Element: StoredNumber>: InverseRoots {
  let v: UnsafePointer<Element>

  @inline(__always) func row(_ number: Int) -> Element.Arithmetic { 0 }
  @inline(__always)
  func root(_ row: Element.Arithmetic, _ i: Int, _ column: Int) -> Element.Arithmetic {
    Element.rounded(1 / v[i].wide.root)
  }
}

/// Of the largest so far.
struct BoundedRoots<Element: StoredNumber>: InverseRoots {
  let vMax: UnsafePointer<Element>
  let beta2: Element.Arithmetic

  @inline(__always) func row(_ number: Int) -> Element.Arithmetic { 0 }
  @inline(__always)
  func root(_ row: Element.Arithmetic, _ i: Int, _ column: Int) -> Element.Arithmetic {
    Element.rounded(1 / Element.rounded(vMax[i].wide / beta2).root)
  }
}

/// U = V^(-1/2) g, before it is clipped.
struct Updates<Roots: InverseRoots> {
  typealias Element = Roots.Element
  typealias A = Element.Arithmetic
  let roots: Roots
  let gradient: UnsafePointer<Element>
  let sign: A

  @inline(__always) func update(_ row: A, _ i: Int, _ column: Int) -> A {
    Element.rounded(roots.root(row, i, column) * (sign * gradient[i].wide))
  }

  @inline(__always) func squares(_ row: A, _ places: Range<Int>, _ shift: Int) -> Double {
    var sum: A = 0
    for i in places {
      let u = update(row, i, i &+ shift)
      sum = .summing(sum, u * u)
    }
    return Double(sum)
  }
}

/// (U - m)² + ε around the new momentum m, which is stored on the way; each number rounded.
struct RoundedInstabilityTerms<Roots: InverseRoots>: MatrixTerms {
  typealias Element = Roots.Element
  typealias A = Element.Arithmetic
  let m: UnsafeMutablePointer<Element>
  let updates: Updates<Roots>
  let clip: A
  let beta1: A
  let weight: A
  let epsilon2: A

  @inline(__always) func row(_ number: Int) -> A { updates.roots.row(number) }
  @inline(__always) func term(_ row: inout A, _ i: Int, _ column: Int) -> A {
    let u = Element.rounded(updates.update(row, i, column) / clip)
    m[i] = Element(rounding: Element.rounded(m[i].wide * beta1) + weight * u)
    let stray = Element.rounded(u - m[i].wide)
    return Element.rounded(Element.rounded(stray * stray) + epsilon2)
  }
}
