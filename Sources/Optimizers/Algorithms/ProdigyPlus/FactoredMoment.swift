/// The two largest dimensions of a tensor, between which its second moment is factored.
struct FactoredAxes: Codable, Sendable {
  /// The lengths of the largest and of the second largest dimension.
  let largest, next: Int
  /// The shapes without the one and without the other.
  let rowShape, columnShape: [Int]
  /// Whether the largest dimension comes before the second largest.
  let largestIsFirst: Bool
  /// The dimension that rows are averaged over.
  let averaged: Int
  let lines: FactoredLines

  /// Nil where the library does not factor: below two dimensions, or none of 32 or more.
  init?(_ shape: [Int]) {
    guard shape.count >= 2, shape.contains(where: { $0 >= 32 }) else { return nil }
    let sorted = shape.indices.sorted { (shape[$0], $0) < (shape[$1], $1) }
    let r = sorted[sorted.count - 1]
    let c = sorted[sorted.count - 2]
    (largest, next) = (shape[r], shape[c])
    largestIsFirst = r < c
    var rows = shape
    var columns = shape
    rows[r] = 1
    columns[c] = 1
    (rowShape, columnShape) = (rows, columns)
    // The rows keep all dimensions, yet the library counts as if one had gone.
    averaged = c > r ? c - 1 : c
    lines = FactoredLines(shape, min(r, c), max(r, c))
  }
}

/// A tensor seen as [outer, first, middle, second, inner], where its second moment is factored
/// between `first` and `second`; in memory, lines of the last two dimensions.
struct FactoredLines: Codable, Sendable {
  let outer, first, middle, inner: Int
  /// The length of a line.
  let length: Int

  init(_ shape: [Int], _ a: Int, _ b: Int) {
    outer = shape[..<a].reduce(1, *)
    first = shape[a]
    middle = shape[(a + 1)..<b].reduce(1, *)
    inner = shape[(b + 1)...].reduce(1, *)
    length = shape[b] * inner
  }

  var count: Int { outer * first * middle }
  /// Numbers of a tensor without the first, and without the second dimension.
  var numbersWithoutFirst: Int { outer * middle * length }
  var numbersWithoutSecond: Int { count * inner }

  /// Where a line begins in a tensor without the first dimension.
  @inline(__always) func startWithoutFirst(_ line: Int) -> Int {
    (line / (first * middle) * middle + line % middle) * length
  }
}

/// A second moment kept as its sums over two dimensions.
///
/// Shazeer and Stern, "Adafactor", Algorithm 4, by way of timm: sums over the largest dimension are
/// `exp_avg_sq_row`, over the second largest `exp_avg_sq_col`.
struct FactoredMoment<Stored: StoredNumber>: Codable, Sendable {
  let axes: FactoredAxes
  private var rows: [Stored]
  private var columns: [Stored]

  init(_ axes: FactoredAxes) {
    self.axes = axes
    rows = Stored.zeros(axes.rowShape.reduce(1, *))
    columns = Stored.zeros(axes.columnShape.reduce(1, *))
  }

  /// Takes in the squares of a gradient.
  mutating func average<Element: StoredNumber>(
    _ gradient: UnsafePointer<Element>, beta2: Double, weight: Double
  ) {
    let sums = SquareSums(gradient, axes.lines)
    let (overLargest, overNext) =
      axes.largestIsFirst
      ? (sums.overFirst, sums.overSecond) : (sums.overSecond, sums.overFirst)
    Self.average(&rows, overLargest, length: axes.largest, beta2: beta2, weight: weight)
    Self.average(&columns, overNext, length: axes.next, beta2: beta2, weight: weight)
  }

  private static func average(
    _ means: inout [Stored], _ sums: [Float], length: Int, beta2: Double, weight: Double
  ) {
    typealias A = Stored.Arithmetic
    let beta2 = A(beta2)
    let weight = A(weight)
    let share = Float(1 / Double(length))
    for i in means.indices {
      let norm = sums[i].squareRoot()
      let decayed = Stored.rounded(means[i].wide * beta2)
      means[i] = Stored(rounding: decayed.plus(weight, times: A(norm * norm * share)))
    }
  }

  /// What the second moment is the product of.
  var factors: MomentFactors<Stored> {
    let rows = rowShares
    return MomentFactors(
      lines: axes.lines, withoutFirst: axes.largestIsFirst ? rows : columns,
      withoutSecond: axes.largestIsFirst ? columns : rows)
  }

  /// The rows by their mean.
  private var rowShares: [Stored] {
    typealias A = Stored.Arithmetic
    let length = axes.rowShape[axes.averaged]
    let inner = axes.rowShape[(axes.averaged + 1)...].reduce(1, *)
    var shares = rows
    for start in stride(from: 0, to: rows.count, by: length * inner) {
      for i in start..<start + inner {
        let members = stride(from: i, to: i + length * inner, by: inner)
        let sum = members.reduce(0) { $0 + Double(rows[$1].wide) }
        let mean = Stored.rounded(Stored.rounded(A(sum / Double(length))) + A(1e-30))
        for member in members { shares[member] = Stored(rounding: rows[member].wide / mean) }
      }
    }
    return shares
  }
}

/// The factors of a second moment: one without the first, one without the second dimension.
struct MomentFactors<Stored: StoredNumber> {
  let lines: FactoredLines
  let withoutFirst: [Stored]
  let withoutSecond: [Stored]

  static func withSquares<Result>(
    _ factors: MomentFactors?, _ body: (FactoredSquares<Stored>?) -> Result
  ) -> Result {
    guard let factors else { return body(nil) }
    return factors.withoutFirst.withUnsafeBufferPointer { first in
      factors.withoutSecond.withUnsafeBufferPointer { second in
        guard let first = first.baseAddress, let second = second.baseAddress else {
          return body(nil)
        }
        return body(
          FactoredSquares(lines: factors.lines, withoutFirst: first, withoutSecond: second))
      }
    }
  }
}

/// The squares of a gradient, summed over each of two dimensions in one pass.
private struct SquareSums {
  let overFirst: [Float]
  let overSecond: [Float]

  init<Element: StoredNumber>(_ gradient: UnsafePointer<Element>, _ lines: FactoredLines) {
    let count = lines.count * lines.length
    let width = lines.numbersWithoutFirst
    // How many blocks does not depend on the threads, so that neither do the sums.
    let blocks = max(1, min(16, lines.count, count >> 18))
    var first = [Float](repeating: 0, count: blocks * width)
    var second = [Float](repeating: 0, count: lines.numbersWithoutSecond)
    first.withUnsafeMutableBufferPointer { first in
      second.withUnsafeMutableBufferPointer { second in
        guard let first = first.baseAddress, let second = second.baseAddress else { return }
        Sweep.each(count) { range in
          for block in 0..<blocks where range.contains(block * count / blocks) {
            let part = block * lines.count / blocks..<(block + 1) * lines.count / blocks
            Self.add(gradient, lines, part, first + block * width, second)
          }
        }
      }
    }
    for block in 1..<max(1, blocks) {
      for i in 0..<width { first[i] += first[block * width + i] }
    }
    overFirst = first
    overSecond = second
  }

  private static func add<Element: StoredNumber>(
    _ gradient: UnsafePointer<Element>, _ lines: FactoredLines, _ part: Range<Int>,
    _ overFirst: UnsafeMutablePointer<Float>, _ overSecond: UnsafeMutablePointer<Float>
  ) {
    for line in part {
      let g = gradient + line * lines.length
      let over = overFirst + lines.startWithoutFirst(line)
      if lines.inner == 1 {
        var sum = 0.0
        for j in 0..<lines.length {
          let entry = Float(g[j].wide)
          let square = entry * entry
          over[j] += square
          sum = .summing(sum, Double(square))
        }
        overSecond[line] = Float(sum)
      } else {
        let sums = overSecond + line * lines.inner
        for start in stride(from: 0, to: lines.length, by: lines.inner) {
          for j in 0..<lines.inner {
            let entry = Float(g[start + j].wide)
            let square = entry * entry
            over[start + j] += square
            sums[j] += square
          }
        }
      }
    }
  }
}
