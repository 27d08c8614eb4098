/// The running means of the rows and of the columns of a matrix, in place of the matrix.
///
/// Shazeer and Stern, "Adafactor", 2018, section 3: R Cᵀ / mean(R) is close to a matrix V ≥ 0 of
/// which only the means R of its rows and C of its columns are kept. A tensor of more than two
/// dimensions is as many matrices.
struct FactoredMean<Number: TensorArithmetic>: Codable, Sendable {
  /// Means over the last dimension.
  private(set) var rows: [Number]
  /// Means over the dimension before the last.
  private(set) var columns: [Number]

  /// - Parameter matrices: Nil keeps nothing.
  init(zerosFor matrices: Matrices?) {
    rows = matrices.map { [Number](repeating: 0, count: $0.count * $0.rows) } ?? []
    columns = matrices.map { [Number](repeating: 0, count: $0.count * $0.columns) } ?? []
  }

  /// The shapes of `rows` and `columns` for a tensor of at least two dimensions.
  static func shapes(of shape: [Int]) -> (rows: [Int], columns: [Int]) {
    (Array(shape.dropLast()), Array(shape.dropLast(2) + shape.suffix(1)))
  }

  /// Mixes in matrices with a weight of 1 - decay.
  mutating func mix<Terms: MatrixTerms>(
    _ terms: Terms, of matrices: Matrices, decay: Double
  ) where Terms.Number == Number {
    let sums = MatrixSums(terms, of: matrices)
    Self.mix(&rows, sums.rows, count: Number(matrices.columns), decay)
    Self.mix(&columns, sums.columns, count: Number(matrices.rows), decay)
  }

  private static func mix(
    _ means: inout [Number], _ sums: [Number], count: Number, _ decay: Double
  ) {
    let weight = Number(1 - decay)
    let decay = Number(decay)
    for place in means.indices {
      means[place] = means[place] * decay + weight * (sums[place] / count)
    }
  }

  /// What the elements of V^(-1/2) are products of: (R / mean(R))^(-1/2) and C^(-1/2).
  func inverseRoots(_ matrices: Matrices) -> FactoredMean {
    var roots = self
    for matrix in 0..<matrices.count {
      let part = matrix * matrices.rows..<(matrix + 1) * matrices.rows
      let mean = Number(rows[part].reduce(0.0) { $0 + Double($1) }) / Number(matrices.rows)
      for row in part { roots.rows[row] = 1 / (rows[row] / mean).root }
    }
    for column in columns.indices { roots.columns[column] = 1 / columns[column].root }
    return roots
  }
}

extension Sweep {
  /// √(mean of x²) of what the body sums the squares of.
  @inline(__always)
  static func rootMeanSquare<Number: TensorArithmetic>(
    _ count: Int, _ squares: (Range<Int>) -> Double
  ) -> Number {
    Number(sum(count, squares).squareRoot()) / Number(Double(count).squareRoot())
  }
}
