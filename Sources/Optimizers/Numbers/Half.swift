/// IEEE 754 binary16: 5 bits of exponent, 11 of precision, 65504 at most.
///
/// Written out, as Swift's own `Float16` is not to be had on every platform.
public struct Half: StoredNumber {
  public var bits: UInt16

  public init(bits: UInt16) { self.bits = bits }

  public static var format: NumberFormat { .float16 }

  @inline(__always) public var wide: Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10 & 0x1F)
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:
      let magnitude = Float(fraction) * 0x1p-24
      return Float(bitPattern: magnitude.bitPattern | sign)
    case 31: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }

  @inline(__always) public init(rounding value: Float) {
    self.init(value) { pattern in
      (pattern &+ 0xFFF &+ (pattern >> 13 & 1)) >> 13
    } subnormal: { scaled in
      scaled.rounded(.toNearestOrEven)
    }
  }

  @inline(__always) public init(rounding value: Float, random: UInt16) {
    self.init(value) { pattern in
      (pattern &+ UInt32(random & 0x1FFF)) >> 13
    } subnormal: { scaled in
      // The fraction by itself, so that the sum is not rounded.
      let whole = scaled.rounded(.down)
      return whole + (scaled - whole + Float(random) * 0x1p-16).rounded(.down)
    }
  }

  /// - Parameters:
  ///   - normal: From the pattern of a `Float`, rebased, to the pattern of a `Half`.
  ///   - subnormal: To a whole number of the smallest steps, 2⁻²⁴.
  @inline(__always) private init(
    _ value: Float, normal: (UInt32) -> UInt32, subnormal: (Float) -> Float
  ) {
    let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16 & 0x8000)
    let magnitude = value.magnitude
    if value != value {
      bits = sign | 0x7E00
    } else if magnitude == .infinity {
      bits = sign | 0x7C00
    } else if magnitude < 0x1p-14 {
      bits = sign | UInt16(subnormal(magnitude * 0x1p24))
    } else {
      let pattern = magnitude.bitPattern
      // Beyond the range even before it is rebased.
      let rounded = pattern >= 0x4780_0000 ? 0x7C00 : normal(pattern &- 112 << 23)
      bits = sign | UInt16(min(rounded, 0x7C00))
    }
  }

  public static func maker(in makers: OptimizerMakers) -> OptimizerMaker<Half> { makers.half }
}
