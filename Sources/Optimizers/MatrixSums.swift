/// A tensor seen as matrices: its last two dimensions are rows and columns, those before them
/// count.
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
  /// - Parameter body: Gets the row, counted through all matrices; its places; and what is added to
  ///   a place for the column, counted through all matrices.
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
  var block: Int { max(32, (rows + 63) / 64) }
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

/// The sums of the rows and of the columns of matrices, the same to the bit on any number of
/// threads.
struct MatrixSums<Number: TensorArithmetic> {
  private(set) var rows: [Number]
  private(set) var columns: [Number]

  init<Terms: MatrixTerms>(_ terms: Terms, of matrices: Matrices) where Terms.Number == Number {
    let blocks = (matrices.rows + matrices.block - 1) / matrices.block
    rows = [Number](repeating: 0, count: matrices.count * matrices.rows)
    columns = [Number](repeating: 0, count: matrices.count * blocks * matrices.columns)
    Self.sweep(terms, &rows, &columns, matrices, blocks)
    if blocks > 1 { columns = Self.folded(columns, matrices, blocks) }
  }

  /// Adds up the rows, and the columns of each block of rows.
  private static func sweep<Terms: MatrixTerms>(
    _ terms: Terms, _ sums: UnsafeMutablePointer<Number>, _ parts: UnsafeMutablePointer<Number>,
    _ matrices: Matrices, _ blocks: Int
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
          sums[row] = add(terms, row, matrix, columns, parts + block * columns)
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

  /// Adds up the blocks of each matrix, in order.
  private static func folded(_ parts: [Number], _ matrices: Matrices, _ blocks: Int) -> [Number] {
    let columns = matrices.columns
    var sums = [Number](repeating: 0, count: matrices.count * columns)
    for matrix in 0..<matrices.count {
      for block in matrix * blocks..<(matrix + 1) * blocks {
        for column in 0..<columns {
          sums[matrix * columns + column] += parts[block * columns + column]
        }
      }
    }
    return sums
  }
}
