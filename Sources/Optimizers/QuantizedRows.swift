/// A matrix in 8 bits: each block of rows evenly between its smallest and its largest number.
struct QuantizedRows: Codable, Sendable {
  var codes: [UInt8]
  /// One for each block.
  var grids: [Grid]
  let blockRows: Int

  init(zerosFor matrices: Matrices, blockRows: Int) {
    codes = HugePages.array(repeating: 0, count: matrices.elements)
    grids = stride(from: 0, to: matrices.rows, by: blockRows).map { _ in Grid(from: 0, to: 0) }
    self.blockRows = blockRows
  }

  /// The 256 numbers that the codes of a block stand for.
  struct Grid: Codable, Sendable {
    let scale: Float
    let lowest: Float

    init(from lowest: Float, to highest: Float) {
      scale = (highest - lowest) / 255
      self.lowest = lowest
    }

    @inline(__always) func value(_ code: UInt8) -> Float { Float(code) * scale + lowest }

    /// The nearest, ties to even; 0 where all numbers of the block are one.
    @inline(__always) func code(_ value: Float) -> UInt8 {
      // From 2²³ on a Float has no fraction, and its lowest bits are the whole number above 2²³.
      UInt8(truncatingIfNeeded: ((value - lowest) / scale + 0x1p23).bitPattern)
    }
  }

  /// The grids of new numbers.
  ///
  /// - Parameter extremes: Of each row.
  func grids(around extremes: [Extremes]) -> [Grid] {
    stride(from: 0, to: extremes.count, by: blockRows).map { start in
      var all = extremes[start]
      for row in extremes[start..<min(start + blockRows, extremes.count)] {
        all.lowest = min(all.lowest, row.lowest)
        all.highest = max(all.highest, row.highest)
      }
      return Grid(from: Extremes.number(all.lowest), to: Extremes.number(all.highest))
    }
  }

  /// The smallest and the largest of some numbers, as whole numbers in the same order, of which a
  /// loop is vectorised.
  struct Extremes {
    var lowest = Int32.max
    var highest = Int32.min

    @inline(__always) mutating func add(_ number: Float) {
      let key = Self.key(number)
      lowest = min(lowest, key)
      highest = max(highest, key)
    }

    @inline(__always) private static func key(_ number: Float) -> Int32 {
      let pattern = Int32(bitPattern: number.bitPattern)
      return pattern ^ (pattern >> 31 & 0x7FFF_FFFF)
    }

    /// The number of a key: the same change, back.
    static func number(_ key: Int32) -> Float {
      Float(bitPattern: UInt32(bitPattern: key ^ (key >> 31 & 0x7FFF_FFFF)))
    }
  }
}
