internal import COpenBLAS

extension LinearAlgebra {
  /// `op(a) · op(b)`, where `op` transposes if asked to.
  ///
  /// - Parameters:
  ///   - a: A matrix; after `op`, of shape `[m, k]`.
  ///   - b: A matrix; after `op`, of shape `[k, n]`.
  /// - Returns: A matrix of shape `[m, n]`.
  public func product<Number: TensorArithmetic>(
    _ a: Tensor<Number>, _ b: Tensor<Number>, transposingFirst: Bool = false,
    transposingSecond: Bool = false
  ) -> Tensor<Number> {
    let (m, k) = Self.dimensions(of: a, transposed: transposingFirst)
    let (k2, n) = Self.dimensions(of: b, transposed: transposingSecond)
    precondition(k == k2, "cannot multiply \(a.shape) by \(b.shape)")
    var c = Tensor<Number>(zerosOf: [m, n])
    // BLAS refuses matrices without numbers.
    if m > 0 && n > 0 && k > 0 {
      Number.multiply(
        a.values, b.values, &c.values,
        MatrixProduct(
          m: m, n: n, k: k, transposesFirst: transposingFirst, transposesSecond: transposingSecond),
        by: self)
    }
    return c
  }

  private static func dimensions<Number: TensorArithmetic>(
    of matrix: Tensor<Number>, transposed: Bool
  ) -> (Int, Int) {
    precondition(matrix.shape.count == 2, "\(matrix.shape) is no matrix")
    return transposed ? (matrix.shape[1], matrix.shape[0]) : (matrix.shape[0], matrix.shape[1])
  }
}

/// The shapes of a product of matrices in row-major order: `[m, k]` by `[k, n]`, after what is
/// transposed.
public struct MatrixProduct: Sendable {
  let m: Int
  let n: Int
  let k: Int
  let transposesFirst: Bool
  let transposesSecond: Bool

  fileprivate var first: CBLAS_TRANSPOSE { transposesFirst ? CblasTrans : CblasNoTrans }
  fileprivate var second: CBLAS_TRANSPOSE { transposesSecond ? CblasTrans : CblasNoTrans }
  /// Numbers from one row to the next.
  fileprivate var firstStride: blasint { blasint(transposesFirst ? m : k) }
  fileprivate var secondStride: blasint { blasint(transposesSecond ? k : n) }
}

extension Float {
  public static func multiply(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>,
    _ shape: MatrixProduct, by algebra: LinearAlgebra
  ) {
    algebra.sgemm(
      CblasRowMajor, shape.first, shape.second, blasint(shape.m), blasint(shape.n),
      blasint(shape.k), 1, a, shape.firstStride, b, shape.secondStride, 0, c, blasint(shape.n))
  }
}

extension Double {
  public static func multiply(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ c: UnsafeMutablePointer<Double>,
    _ shape: MatrixProduct, by algebra: LinearAlgebra
  ) {
    algebra.dgemm(
      CblasRowMajor, shape.first, shape.second, blasint(shape.m), blasint(shape.n),
      blasint(shape.k), 1, a, shape.firstStride, b, shape.secondStride, 0, c, blasint(shape.n))
  }
}
