/// A moment as a step of adv_optm 2.2.3 reads and writes it, a piece at a time.
protocol AdvancedMoment {
  /// What the step computes in: the weights' numbers, or float32 if the state is factored.
  associatedtype Number: StoredNumber

  /// Writes the moment of the last step into a buffer.
  func load(_ piece: AdvancedPiece, into buffer: UnsafeMutablePointer<Number.Arithmetic>)
  /// Takes the new moment; once for each piece, after it was loaded.
  func store(_ piece: AdvancedPiece, from buffer: UnsafeMutablePointer<Number.Arithmetic>)
}

/// A moment of one number for each weight.
struct PlainMoment<Number: StoredNumber>: AdvancedMoment {
  let values: UnsafeMutablePointer<Number>

  @inline(never) func load(
    _ piece: AdvancedPiece, into buffer: UnsafeMutablePointer<Number.Arithmetic>
  ) {
    let values = values + piece.start
    for i in 0..<piece.count { buffer[i] = values[i].wide }
  }

  @inline(never) func store(
    _ piece: AdvancedPiece, from buffer: UnsafeMutablePointer<Number.Arithmetic>
  ) {
    let values = values + piece.start
    for i in 0..<piece.count { values[i] = Number(rounding: buffer[i]) }
  }
}

/// A matrix kept as the sums of its rows and of its columns, and the signs of its elements as bits:
/// Park et al., "SMMF: Square-Matricized Momentum Factorization", Algorithms 3 and 4, as adv_optm
/// 2.2.3 has them (`util/factorization_util.py`).
struct RankOne: Codable, Sendable {
  /// r, of the length of a column.
  var rows: [Float]
  /// c, of the length of a row; these add up to 1.
  var columns: [Float]
  /// One bit for each element, set if it is above 0; each row starts a byte. Empty for a matrix
  /// without negative elements.
  var signs: [UInt8]

  /// The most nearly square matrix of `count` elements, the longer side first.
  static func shape(_ count: Int) -> (height: Int, width: Int) {
    var width = max(1, Int(Double(count).squareRoot()))
    while count % width != 0 { width -= 1 }
    return (count / width, width)
  }

  /// Bytes that hold the signs of a row.
  static func bytes(_ width: Int) -> Int { (width + 7) / 8 }
}

extension RankOne {
  /// Zeros.
  init(shape: (height: Int, width: Int), signed: Bool) {
    rows = [Float](repeating: 0, count: shape.height)
    columns = [Float](repeating: 0, count: shape.width)
    signs = [UInt8](repeating: 0, count: signed ? shape.height * Self.bytes(shape.width) : 0)
  }
}

/// A factored moment at work: each element is r·c with its sign.
final class RankOneMoment: AdvancedMoment {
  typealias Number = Float
  private let height: Int
  private let width: Int
  private let groups: Int
  private let rows: UnsafeMutablePointer<Float>
  private let columns: UnsafeMutablePointer<Float>
  private let signs: UnsafeMutablePointer<UInt8>
  private let isSigned: Bool
  private let newRows: UnsafeMutablePointer<Float>
  /// Of each group of rows.
  private let newColumns: UnsafeMutablePointer<Float>

  init(_ factors: RankOne, _ grid: AdvancedGrid) {
    height = factors.rows.count
    width = factors.columns.count
    groups = grid.groups
    rows = .allocate(capacity: height)
    rows.initialize(from: factors.rows, count: height)
    columns = .allocate(capacity: width)
    columns.initialize(from: factors.columns, count: width)
    isSigned = !factors.signs.isEmpty
    signs = .allocate(capacity: max(1, factors.signs.count))
    signs.initialize(from: factors.signs, count: factors.signs.count)
    newRows = .allocate(capacity: height)
    newRows.initialize(repeating: 0, count: height)
    newColumns = .allocate(capacity: groups * width)
    newColumns.initialize(repeating: 0, count: groups * width)
  }

  deinit {
    rows.deallocate()
    columns.deallocate()
    signs.deallocate()
    newRows.deallocate()
    newColumns.deallocate()
  }

  @inline(never) func load(_ piece: AdvancedPiece, into buffer: UnsafeMutablePointer<Float>) {
    let columns = columns + piece.column
    let row = rows[piece.row]
    for i in 0..<piece.count { buffer[i] = row * columns[i] }
    guard isSigned else { return }
    let signs = signs + piece.row * RankOne.bytes(width) + piece.column / 8
    withUnsafeTemporaryAllocation(byteCount: Sweep.piece, alignment: 8) { flags in
      // Byte k of a word gets bit k.
      for byte in 0..<RankOne.bytes(piece.count) {
        let word = UInt64(signs[byte]) &* Self.eachByte & Self.eachBit
        flags.storeBytes(of: word, toByteOffset: byte * 8, as: UInt64.self)
      }
      for i in 0..<piece.count { buffer[i] = flags[i] == 0 ? -buffer[i] : buffer[i] }
    }
  }

  @inline(never) func store(_ piece: AdvancedPiece, from buffer: UnsafeMutablePointer<Float>) {
    var sum: Float = 0
    for i in 0..<piece.count { sum = .summing(sum, buffer[i].magnitude) }
    newRows[piece.row] += sum
    let sums = newColumns + piece.group * width + piece.column
    for i in 0..<piece.count { sums[i] += buffer[i].magnitude }
    guard isSigned else { return }
    let signs = signs + piece.row * RankOne.bytes(width) + piece.column / 8
    withUnsafeTemporaryAllocation(byteCount: Sweep.piece, alignment: 8) { flags in
      for i in 0..<piece.count { flags[i] = buffer[i] > 0 ? 0xFF : 0 }
      let bytes = RankOne.bytes(piece.count)
      for i in piece.count..<bytes * 8 { flags[i] = 0 }
      for byte in 0..<bytes {
        let word = flags.load(fromByteOffset: byte * 8, as: UInt64.self) & Self.eachBit
        signs[byte] = UInt8(truncatingIfNeeded: (word &* Self.eachByte) >> 56)
      }
    }
  }

  private static var eachByte: UInt64 { 0x0101_0101_0101_0101 }
  /// Bit k of byte k, on a machine that stores the lowest byte first.
  private static var eachBit: UInt64 { 0x8040_2010_0804_0201 }

  /// The factors of what was stored.
  var result: RankOne {
    for group in 0..<groups where group > 0 {
      let sums = newColumns + group * width
      for i in 0..<width { newColumns[i] += sums[i] }
    }
    var sum: Float = 0
    for i in 0..<width { sum = .summing(sum, newColumns[i]) }
    let scale = max(sum, 1e-12)
    for i in 0..<width { newColumns[i] /= scale }
    let signBytes = isSigned ? height * RankOne.bytes(width) : 0
    return RankOne(
      rows: [Float](UnsafeBufferPointer(start: newRows, count: height)),
      columns: [Float](UnsafeBufferPointer(start: newColumns, count: width)),
      signs: [UInt8](UnsafeBufferPointer(start: signs, count: signBytes)))
  }
}
