/// A matrix of `Float` in row-major order, small enough to stay in the cache.
///
/// Products are summed in a fixed order and not through BLAS, so that a dry run prints the same digits
/// on every machine.
struct SmallMatrix: Sendable {
  let rows: Int
  let columns: Int
  var values: [Float]

  init(_ rows: Int, _ columns: Int) {
    self.rows = rows
    self.columns = columns
    values = [Float](repeating: 0, count: rows * columns)
  }

  init(_ rows: Int, _ columns: Int, _ values: [Float]) {
    precondition(
      values.count == rows * columns, "\(values.count) numbers are no \(rows) × \(columns)")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  var transposed: SmallMatrix {
    var result = SmallMatrix(columns, rows)
    result.setTransposed(self)
    return result
  }

  /// Becomes the other, rows for columns.
  mutating func setTransposed(_ other: SmallMatrix) {
    precondition(rows == other.columns && columns == other.rows, "of another shape")
    for i in 0..<rows {
      for j in 0..<columns { values[i * columns + j] = other.values[j * rows + i] }
    }
  }

  /// self · other, of shape [rows, other.columns].
  func product(_ other: SmallMatrix) -> SmallMatrix {
    var result = SmallMatrix(rows, other.columns)
    result.setProduct(self, other)
    return result
  }

  /// Becomes a · b, of shape [a.rows, b.columns].
  mutating func setProduct(_ a: SmallMatrix, _ b: SmallMatrix) {
    precondition(
      a.columns == b.rows && rows == a.rows && columns == b.columns,
      "cannot multiply \(a.rows) × \(a.columns) by \(b.rows) × \(b.columns)")
    SmallProduct.multiply(
      a.values, b.values, &values, rows: a.rows, inner: a.columns, columns: b.columns)
  }

  /// Becomes a · b for an `a` of as many rows as this and `inner` columns.
  mutating func setProduct(_ a: UnsafePointer<Float>, _ inner: Int, _ b: SmallMatrix) {
    precondition(inner == b.rows && columns == b.columns, "of another shape")
    SmallProduct.multiply(a, b.values, &values, rows: rows, inner: inner, columns: columns)
  }

  /// Becomes a · b for a `b` of as many columns as this.
  mutating func setProduct(_ a: SmallMatrix, _ b: UnsafePointer<Float>, _ columns: Int) {
    precondition(rows == a.rows && columns == self.columns, "of another shape")
    SmallProduct.multiply(a.values, b, &values, rows: rows, inner: a.columns, columns: columns)
  }

  /// Σ selfᵢⱼ otherᵢⱼ.
  func dot(_ other: SmallMatrix) -> Double {
    precondition(values.count == other.values.count, "two matrices of unequal size")
    return SmallProduct.dot(values, other.values, values.count)
  }
}

/// The loops behind ``SmallMatrix``.
enum SmallProduct {
  /// c = a · b: [rows, inner] by [inner, columns].
  static func multiply(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>,
    rows: Int, inner: Int, columns: Int
  ) {
    var j = 0
    while j + 16 <= columns {
      var i = 0
      while i + 2 <= rows {
        twoRows(a + i * inner, b + j, c + i * columns + j, inner, columns)
        i += 2
      }
      if i < rows { oneRow(a + i * inner, b + j, c + i * columns + j, inner, columns) }
      j += 16
    }
    guard j < columns else { return }
    for i in 0..<rows {
      for j in j..<columns {
        var sum: Float = 0
        for l in 0..<inner { sum += a[i * inner + l] * b[l * columns + j] }
        c[i * columns + j] = sum
      }
    }
  }

  /// Sixteen columns of two rows, whose sums stay in registers.
  @inline(__always) private static func twoRows(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>,
    _ inner: Int, _ columns: Int
  ) {
    var first = SIMD16<Float>(repeating: 0)
    var second = SIMD16<Float>(repeating: 0)
    for l in 0..<inner {
      let row = UnsafeRawPointer(b + l * columns).loadUnaligned(as: SIMD16<Float>.self)
      first += row * a[l]
      second += row * a[inner + l]
    }
    UnsafeMutableRawPointer(c).storeBytes(of: first, as: SIMD16<Float>.self)
    UnsafeMutableRawPointer(c + columns).storeBytes(of: second, as: SIMD16<Float>.self)
  }

  @inline(__always) private static func oneRow(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>,
    _ inner: Int, _ columns: Int
  ) {
    var sum = SIMD16<Float>(repeating: 0)
    for l in 0..<inner {
      sum += UnsafeRawPointer(b + l * columns).loadUnaligned(as: SIMD16<Float>.self) * a[l]
    }
    UnsafeMutableRawPointer(c).storeBytes(of: sum, as: SIMD16<Float>.self)
  }

  /// Σ aᵢ bᵢ in double precision, eight sums at a time.
  static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Double {
    var sums = SIMD8<Double>(repeating: 0)
    var i = 0
    while i + 8 <= count {
      let x = UnsafeRawPointer(a + i).loadUnaligned(as: SIMD8<Float>.self)
      let y = UnsafeRawPointer(b + i).loadUnaligned(as: SIMD8<Float>.self)
      sums += SIMD8<Double>(x) * SIMD8<Double>(y)
      i += 8
    }
    var sum = sums.sum()
    while i < count {
      sum += Double(a[i]) * Double(b[i])
      i += 1
    }
    return sum
  }
}
