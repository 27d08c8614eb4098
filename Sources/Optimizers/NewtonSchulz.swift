/// Makes the singular values of a matrix close to 1, by products alone.
///
/// Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024:
/// X ← a X + b A X + c A² X with A = X Xᵀ. The coefficients make the slope at 0 steep, so that the
/// singular values end between about 0.7 and 1.2, not at 1.
public enum NewtonSchulz {
  private static let (a, b, c) = (3.4445, -4.7750, 2.0315)

  /// The matrix with singular values close to 1, its singular vectors unchanged.
  ///
  /// What each operation writes is rounded to `Element`, in the order of KellerJordan/Muon f90a42b.
  /// With ``BFloat16`` that is what the library computes whatever the parameter; with `Double` it
  /// is the iteration itself.
  ///
  /// - Parameter matrix: Of two dimensions.
  public static func orthogonalized<Element: StoredNumber>(
    _ matrix: Tensor<Element>, steps: Int = 5
  ) throws(LibraryMissing) -> Tensor<Element> {
    precondition(matrix.shape.count == 2, "\(matrix.shape) is no matrix")
    let wide = Tensor(shape: matrix.shape, values: matrix.values.map(\.wide))
    let x = try orthogonalized(wide, steps: steps, rounding: Element.self)
    return Tensor(shape: x.shape, values: x.values.map { Element(rounding: $0) })
  }

  /// - Parameter matrix: Numbers that `Element` can hold.
  static func orthogonalized<Element: StoredNumber>(
    _ matrix: Tensor<Element.Arithmetic>, steps: Int, rounding: Element.Type
  ) throws(LibraryMissing) -> Tensor<Element.Arithmetic> {
    let algebra = try LinearAlgebra.openBLAS()
    // The library transposes a tall matrix, so that A is small; here the products do.
    let isTall = matrix.shape[0] > matrix.shape[1]
    var x = normalized(matrix, rounding: Element.self)
    for _ in 0..<steps {
      var gram = algebra.product(x, x, transposingFirst: isTall, transposingSecond: !isTall)
      round(&gram, to: Element.self) { $1 }
      var scaled = gram
      round(&scaled, to: Element.self) { Element.Arithmetic(c) * $1 }
      var polynomial = algebra.product(scaled, gram)
      add(b, gram, to: &polynomial, rounding: Element.self)
      var next =
        isTall
        ? algebra.product(x, polynomial, transposingSecond: true) : algebra.product(polynomial, x)
      add(a, x, to: &next, rounding: Element.self)
      x = next
    }
    return x
  }

  /// X / (‖X‖ + 10⁻⁷), so that no singular value is above 1.
  private static func normalized<Element: StoredNumber>(
    _ matrix: Tensor<Element.Arithmetic>, rounding: Element.Type
  ) -> Tensor<Element.Arithmetic> {
    var x = matrix
    let squares = squares(x.values, count: x.count)
    let norm = Element.rounded(Element.Arithmetic(squares.squareRoot()))
    let divisor = Element.rounded(norm + 1e-7)
    round(&x, to: Element.self) { $1 / divisor }
    return x
  }

  private static func squares<A: TensorArithmetic>(_ x: UnsafePointer<A>, count: Int) -> Double {
    Sweep.sum(count) { range in
      var sum: A = 0
      for i in range { sum = .summing(sum, x[i] * x[i]) }
      return Double(sum)
    }
  }

  /// y = weight · x + y, each part rounded before the sum is.
  private static func add<Element: StoredNumber>(
    _ weight: Double, _ x: Tensor<Element.Arithmetic>, to y: inout Tensor<Element.Arithmetic>,
    rounding: Element.Type
  ) {
    let weight = Element.Arithmetic(weight)
    x.values.withUnsafeBufferPointer { x in
      round(&y, to: Element.self) { Element.rounded(weight * x[$0]) + Element.rounded($1) }
    }
  }

  /// x[i] = round(f(i, x[i]))
  @inline(__always)
  private static func round<Element: StoredNumber>(
    _ x: inout Tensor<Element.Arithmetic>, to: Element.Type,
    _ f: (Int, Element.Arithmetic) -> Element.Arithmetic
  ) {
    let count = x.count
    func sweep(_ x: UnsafeMutablePointer<Element.Arithmetic>) {
      Sweep.each(count) { range in for i in range { x[i] = Element.rounded(f(i, x[i])) } }
    }
    sweep(&x.values)
  }
}
