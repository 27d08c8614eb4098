/// The 256 numbers that an 8-bit state of bitsandbytes can hold, times the scale of its block.
///
/// Dettmers et al., "8-bit Optimizers via Block-wise Quantization", section 2.1: dynamic tree
/// quantization. Seven decades down from 1; each of them has twice the cells of the one below, and a
/// cell is its midpoint. 0 and 1 are added. As `create_dynamic_map` in `bitsandbytes/functional.py`
/// has it.
public struct DynamicMap: Sendable {
  /// Ascending.
  public let values: [Float]
  /// What a number must exceed to get a code above `k`.
  private let thresholds: [Float]
  /// The code of the least number that starts with these 16 bits.
  private let leastCodes: [UInt8]

  /// Of the states that may be negative.
  public static let signed = DynamicMap(isSigned: true)
  /// Of mean squares.
  public static let unsigned = DynamicMap(isSigned: false)
  /// As ``signed``, but no number gets a code of the other sign: the kernels see to that. For a
  /// negative number that would be 0, that is the code below 0.
  public static let signKeeping = DynamicMap(isSigned: true, keepsSign: true)

  private init(isSigned: Bool, keepsSign: Bool = false) {
    let values = Self.values(isSigned: isSigned)
    var thresholds = values.indices.map { k in
      if k == 255 { return Float.infinity }
      let middle = (values[k] + values[k + 1]) * 0.5
      // A number just between two codes: the search of the kernel ends at an even code, which wins.
      return k % 2 == 0 ? middle : middle.nextDown
    }
    if keepsSign { thresholds[Self.zeroCode - 1] = 0 }
    self.values = values
    self.thresholds = thresholds
    var code = 0
    leastCodes = (0...UInt32(UInt16.max)).map { upper in
      let isNegative = upper >= 0x8000
      let least = Float(bitPattern: upper << 16 | (isNegative ? 0xFFFF : 0))
      // What is not a number exceeds nothing, and the search ends at 0.
      if least != least { return 0 }
      while least > thresholds[code] { code += 1 }
      while code > 0, least <= thresholds[code - 1] { code -= 1 }
      return UInt8(keepsSign && !isNegative ? max(code, Self.zeroCode) : code)
    }
  }

  /// The code of 0 in a map of signed numbers.
  private static let zeroCode = 127
  private static let decades: [Float] = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1]

  private static func values(isSigned: Bool) -> [Float] {
    var values: [Float] = [0, 1]
    for (place, decade) in decades.enumerated() {
      let borders = borders(cells: isSigned ? 1 << place : 2 << place)
      for (low, high) in zip(borders, borders.dropFirst()) {
        let value = decade * ((low + high) / 2)
        values.append(value)
        if isSigned { values.append(-value) }
      }
    }
    return values.sorted()
  }

  /// `torch.linspace(0.1, 1, cells + 1)`, which goes up from the first and down from the last number.
  private static func borders(cells: Int) -> [Float] {
    let first: Float = 0.1
    let last: Float = 1
    let step = (last - first) / Float(cells)
    return (0...cells).map { i in
      i < (cells + 1) / 2
        ? first.addingProduct(step, Float(i)) : last.addingProduct(-step, Float(cells - i))
    }
  }

  /// The code of a number in -1...1: that of the nearest value.
  public func code(of number: Float) -> UInt8 { withTables { $0.code(of: number) } }

  /// The number of a code.
  public func number(of code: UInt8) -> Float { values[Int(code)] }

  /// Where the tables lie, for loops.
  struct Tables {
    let values: UnsafePointer<Float>
    let thresholds: UnsafePointer<Float>
    let leastCodes: UnsafePointer<UInt8>

    /// The binary search of the kernel, in one comparison: no two thresholds lie between numbers
    /// that start with the same 16 bits.
    @inline(__always) func code(of number: Float) -> UInt8 {
      let least = leastCodes[Int(number.bitPattern >> 16)]
      return least &+ (number > thresholds[Int(least)] ? 1 : 0)
    }
  }

  @inline(__always) func withTables<Result>(_ body: (Tables) -> Result) -> Result {
    @inline(__always) func call(
      _ values: UnsafePointer<Float>, _ thresholds: UnsafePointer<Float>,
      _ leastCodes: UnsafePointer<UInt8>
    ) -> Result {
      body(Tables(values: values, thresholds: thresholds, leastCodes: leastCodes))
    }
    return call(values, thresholds, leastCodes)
  }
}

/// The table by which bitsandbytes quantizes on processors: 65536 numbers between -1 and 1, evenly.
struct QuantizationGrid: Sendable {
  let codes: [UInt8]

  static let signed = QuantizationGrid(.signed)
  static let unsigned = QuantizationGrid(.unsigned)

  /// `build_quantize_lut` in `csrc/cpu_ops.cpp`.
  private init(_ map: DynamicMap) {
    let middles = zip(map.values, map.values.dropFirst()).map { 0.5 * ($0 + $1) }
    var code = 0
    codes = (0...UInt16.max).map { place in
      let number = -1 + (2 * Float(place)) / 65535
      while code < 255, middles[code] < number { code += 1 }
      return UInt8(code)
    }
  }

  @inline(__always) static func place(of number: Float) -> Int {
    let clamped = max(-1, min(1, number))
    return Int(((clamped + 1) * 0.5 * 65535) + 0.5)
  }
}
