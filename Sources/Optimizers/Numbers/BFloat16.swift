/// The upper half of a `Float`: 8 bits of exponent, 8 of precision.
///
/// Rounding to the nearest as hardware does it. Stochastic rounding as OneTrainer 23df3832 does it
/// in `modules/util/bf16_stochastic_rounding.py`: 16 random bits are added below, and the lower
/// half is cut off.
public struct BFloat16: StoredNumber {
  public var bits: UInt16

  public init(bits: UInt16) { self.bits = bits }

  public static var format: NumberFormat { .bfloat16 }
  @inline(__always) public var wide: Float { Float(bitPattern: UInt32(bits) << 16) }

  @inline(__always) public init(rounding value: Float) {
    let pattern = value.bitPattern
    // Not a number stays one: adding could carry it into infinity.
    let nearest = pattern &+ 0x7FFF &+ (pattern >> 16 & 1)
    bits = UInt16(truncatingIfNeeded: (value == value ? nearest : pattern | 0x40_0000) >> 16)
  }

  @inline(__always) public init(rounding value: Float, random: UInt16) {
    bits = UInt16(truncatingIfNeeded: (value.bitPattern &+ UInt32(random)) >> 16)
  }

  public static func maker(in makers: OptimizerMakers) -> OptimizerMaker<BFloat16> {
    makers.bfloat16
  }
}
