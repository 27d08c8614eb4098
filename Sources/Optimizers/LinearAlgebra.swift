internal import COpenBLAS

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Products and norms of vectors and matrices, through OpenBLAS.
///
/// The library is opened when it is first asked for, so that checking files never loads it. It runs
/// in one thread, so that sums come out the same every time.
public struct LinearAlgebra: Sendable {
  private typealias SingleDot =
    @convention(c) @Sendable (
      blasint, UnsafePointer<Float>?, blasint, UnsafePointer<Float>?, blasint
    ) -> Float
  private typealias DoubleDot =
    @convention(c) @Sendable (
      blasint, UnsafePointer<Double>?, blasint, UnsafePointer<Double>?, blasint
    ) -> Double
  private typealias SingleNorm =
    @convention(c) @Sendable (blasint, UnsafePointer<Float>?, blasint) -> Float
  private typealias DoubleNorm =
    @convention(c) @Sendable (blasint, UnsafePointer<Double>?, blasint) -> Double

  typealias SingleProduct =
    @convention(c) @Sendable (
      CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, blasint, blasint, blasint, Float,
      UnsafePointer<Float>?, blasint, UnsafePointer<Float>?, blasint, Float,
      UnsafeMutablePointer<Float>?, blasint
    ) -> Void
  typealias DoubleProduct =
    @convention(c) @Sendable (
      CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, blasint, blasint, blasint, Double,
      UnsafePointer<Double>?, blasint, UnsafePointer<Double>?, blasint, Double,
      UnsafeMutablePointer<Double>?, blasint
    ) -> Void

  private let sdot: SingleDot
  private let ddot: DoubleDot
  private let snrm2: SingleNorm
  private let dnrm2: DoubleNorm
  let sgemm: SingleProduct
  let dgemm: DoubleProduct

  /// The library, opened once per process.
  public static func openBLAS() throws(LibraryMissing) -> LinearAlgebra { try opened.get() }

  private static let opened: Result<LinearAlgebra, LibraryMissing> = {
    var reason = ""
    for name in names {
      if let library = dlopen(name, RTLD_NOW | RTLD_LOCAL) {
        return LinearAlgebra(library).map(Result.success)
          ?? .failure(LibraryMissing("\(name) lacks a function of BLAS"))
      }
      reason = dlerror().map { String(cString: $0) } ?? name
    }
    return .failure(LibraryMissing(reason))
  }()

  #if canImport(Darwin)
    private static let names = [
      "libopenblas.dylib", "/opt/homebrew/opt/openblas/lib/libopenblas.dylib",
      "/usr/local/opt/openblas/lib/libopenblas.dylib",
    ]
  #else
    private static let names = ["libopenblas.so.0"]
  #endif

  private init?(_ library: UnsafeMutableRawPointer) {
    guard let sdot = dlsym(library, "cblas_sdot"), let ddot = dlsym(library, "cblas_ddot"),
      let snrm2 = dlsym(library, "cblas_snrm2"), let dnrm2 = dlsym(library, "cblas_dnrm2"),
      let sgemm = dlsym(library, "cblas_sgemm"), let dgemm = dlsym(library, "cblas_dgemm"),
      let setThreads = dlsym(library, "openblas_set_num_threads")
    else { return nil }
    self.sdot = unsafeBitCast(sdot, to: SingleDot.self)
    self.ddot = unsafeBitCast(ddot, to: DoubleDot.self)
    self.snrm2 = unsafeBitCast(snrm2, to: SingleNorm.self)
    self.dnrm2 = unsafeBitCast(dnrm2, to: DoubleNorm.self)
    self.sgemm = unsafeBitCast(sgemm, to: SingleProduct.self)
    self.dgemm = unsafeBitCast(dgemm, to: DoubleProduct.self)
    unsafeBitCast(setThreads, to: (@convention(c) (CInt) -> Void).self)(1)
  }

  /// Σ aᵢ bᵢ of two vectors of one length.
  public func dot(_ a: [Float], _ b: [Float]) -> Float {
    precondition(a.count == b.count, "vectors of \(a.count) and \(b.count) numbers")
    return dot(a, b, count: a.count)
  }

  /// Σ aᵢ bᵢ of two vectors of one length.
  public func dot(_ a: [Double], _ b: [Double]) -> Double {
    precondition(a.count == b.count, "vectors of \(a.count) and \(b.count) numbers")
    return dot(a, b, count: a.count)
  }

  /// Σ aᵢ bᵢ of `count` numbers each.
  func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int) -> Float {
    sdot(blasint(count), a, 1, b, 1)
  }

  /// Σ aᵢ bᵢ of `count` numbers each.
  func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, count: Int) -> Double {
    ddot(blasint(count), a, 1, b, 1)
  }

  /// √(Σ aᵢ²), without overflow on the way.
  public func norm(_ a: [Float]) -> Float { snrm2(blasint(a.count), a, 1) }

  /// √(Σ aᵢ²), without overflow on the way.
  public func norm(_ a: [Double]) -> Double { dnrm2(blasint(a.count), a, 1) }
}

/// OpenBLAS is not installed, or not whole.
public struct LibraryMissing: Error, CustomStringConvertible {
  /// What the system said.
  public let reason: String

  init(_ reason: String) { self.reason = reason }

  public var description: String {
    "OpenBLAS cannot be opened (\(reason)): install it, on Debian and Ubuntu with 'apt install libopenblas0'"
  }
}

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

  var first: CBLAS_TRANSPOSE { transposesFirst ? CblasTrans : CblasNoTrans }
  var second: CBLAS_TRANSPOSE { transposesSecond ? CblasTrans : CblasNoTrans }
  /// Numbers from one row to the next.
  var firstStride: blasint { blasint(transposesFirst ? m : k) }
  var secondStride: blasint { blasint(transposesSecond ? k : n) }
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
