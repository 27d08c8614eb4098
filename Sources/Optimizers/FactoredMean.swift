/// A tensor seen as matrices: its last two dimensions are rows and columns, those before them count.
struct Matrices: Sendable {
  let count: Int
  let rows: Int
  let columns: Int

  /// - Returns: Nil for fewer than two dimensions.
  init?(_ shape: [Int]) {
    guard shape.count >= 2 else { return nil }
    columns = shape[shape.count - 1]
    rows = shape[shape.count - 2]
    count = shape.dropLast(2).reduce(1, *)
  }

  var elements: Int { count * rows * columns }

  /// Calls the body with the parts of rows that lie in `places` of the flattened tensor.
  ///
  /// - Parameter body: Gets the row, counted through all matrices; its places; and what is added to a
  ///   place for the column, counted through all matrices.
  @inline(__always)
  func eachRow(in places: Range<Int>, _ body: (Int, Range<Int>, Int) -> Void) {
    if places.isEmpty { return }
    var row = places.lowerBound / columns
    var start = places.lowerBound
    while start < places.upperBound {
      let rowStart = row * columns
      let end = min(rowStart + columns, places.upperBound)
      body(row, start..<end, row / rows * columns - rowStart)
      start = end
      row += 1
    }
  }

  /// Rows that are added up on their own before sums are added: few, so that the sums are close,
  /// and not too few, so that they take little memory.
  fileprivate var block: Int { max(32, (rows + 63) / 64) }
}

/// What matrices of numbers consist of, computed as they are asked for.
///
/// Types and not closures, for the compiler to make one loop of each.
protocol MatrixTerms {
  associatedtype Number: TensorArithmetic
  associatedtype Row

  /// What the terms of a row have in common. Rows are counted through all matrices.
  func row(_ number: Int) -> Row
  /// - Parameters:
  ///   - place: In the flattened tensor.
  ///   - column: Counted through all matrices.
  func term(_ row: inout Row, _ place: Int, _ column: Int) -> Number
  /// Called after all terms of a row.
  func end(_ row: Row, _ number: Int)
}

extension MatrixTerms {
  func end(_ row: Row, _ number: Int) {}
}

/// The running means of the rows and of the columns of a matrix, in place of the matrix.
///
/// Shazeer and Stern, "Adafactor", 2018, section 3: R Cᵀ / mean(R) is close to a matrix V ≥ 0 of which
/// only the means R of its rows and C of its columns are kept. A tensor of more than two dimensions
/// is as many matrices.
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
    let blocks = (matrices.rows + matrices.block - 1) / matrices.block
    var sums = [Number](repeating: 0, count: matrices.count * blocks * matrices.columns)
    Self.sweep(terms, &rows, &sums, matrices, blocks, Number(decay), Number(1 - decay))
    Self.fold(&columns, &sums, matrices, blocks, Number(decay), Number(1 - decay))
  }

  /// Mixes the means of the rows, and adds up the columns of each block of rows.
  private static func sweep<Terms: MatrixTerms>(
    _ terms: Terms, _ means: UnsafeMutablePointer<Number>, _ sums: UnsafeMutablePointer<Number>,
    _ matrices: Matrices, _ blocks: Int, _ decay: Number, _ weight: Number
  ) where Terms.Number == Number {
    let (rows, columns, total) = (matrices.rows, matrices.columns, matrices.count * blocks)
    let elements = matrices.elements
    Sweep.each(elements) { range in
      // The blocks are the same whatever the range; a range takes its share of them.
      let first = (range.lowerBound * total + elements - 1) / max(elements, 1)
      let end = (range.upperBound * total + elements - 1) / max(elements, 1)
      for block in first..<end {
        let (matrix, part) = block.quotientAndRemainder(dividingBy: blocks)
        let start = part * matrices.block
        for row in matrix * rows + start..<matrix * rows + min(start + matrices.block, rows) {
          let sum = add(terms, row, matrix, columns, sums + block * columns)
          means[row] = means[row] * decay + weight * (sum / Number(columns))
        }
      }
    }
  }

  /// Adds a row to the sums of the columns. Never inlined, for two copies of a loop could add up in
  /// two orders.
  ///
  /// - Returns: The sum of the row.
  @inline(never)
  private static func add<Terms: MatrixTerms>(
    _ terms: Terms, _ row: Int, _ matrix: Int, _ columns: Int,
    _ sums: UnsafeMutablePointer<Number>
  ) -> Number where Terms.Number == Number {
    var part = terms.row(row)
    let start = row * columns
    var sum: Number = 0
    for column in 0..<columns {
      let term = terms.term(&part, start &+ column, matrix &* columns &+ column)
      sums[column] += term
      sum = .summing(sum, term)
    }
    terms.end(part, row)
    return sum
  }

  /// Adds up the blocks of each matrix, in order, and mixes the means of the columns.
  private static func fold(
    _ means: UnsafeMutablePointer<Number>, _ sums: UnsafeMutablePointer<Number>,
    _ matrices: Matrices, _ blocks: Int, _ decay: Number, _ weight: Number
  ) {
    let columns = matrices.columns
    let height = Number(matrices.rows)
    for matrix in 0..<matrices.count {
      let sum = sums + matrix * blocks * columns
      for block in 1..<max(blocks, 1) {
        for column in 0..<columns { sum[column] += sum[block * columns + column] }
      }
      let mean = means + matrix * columns
      for column in 0..<columns {
        mean[column] = mean[column] * decay + weight * (sum[column] / height)
      }
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
