/// Products of the small matrices of the problems.
///
/// Not through BLAS: a library that sums in another order would make the dry run print other digits
/// on another machine.
enum Matrix {
  /// `op(a) · op(b)`, where `op` transposes if asked to: [m, k] by [k, n] after it.
  static func product(
    _ a: [Double], _ b: [Double], _ m: Int, _ k: Int, _ n: Int, transposingFirst: Bool = false,
    transposingSecond: Bool = false
  ) -> [Double] {
    precondition(
      a.count == m * k && b.count == k * n, "\(a.count), \(b.count): not \(m), \(k), \(n)")
    let a = transposingFirst ? transposed(a, k, m) : a
    let b = transposingSecond ? transposed(b, n, k) : b
    var c = [Double](repeating: 0, count: m * n)
    add(a, b, m, k, n, to: &c)
    return c
  }

  private static func add(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ m: Int, _ k: Int, _ n: Int,
    to c: UnsafeMutablePointer<Double>
  ) {
    for i in 0..<m {
      let row = c + i * n
      for l in 0..<k {
        let factor = a[i * k + l]
        let other = b + l * n
        for j in 0..<n { row[j] += factor * other[j] }
      }
    }
  }

  private static func transposed(_ a: [Double], _ rows: Int, _ columns: Int) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(a.count)
    for j in 0..<columns {
      for i in 0..<rows { result.append(a[i * columns + j]) }
    }
    return result
  }

  static func subtract(_ b: [Double], from a: inout [Double]) {
    for i in a.indices { a[i] -= b[i] }
  }

  static func squareSum(_ a: [Double]) -> Double { a.reduce(0) { $0 + $1 * $1 } }
}
