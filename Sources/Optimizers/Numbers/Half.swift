/// IEEE 754 binary16: 5 bits of exponent, 11 of precision, 65504 at most.
///
/// Written out, as Swift's own `Float16` is not to be had on every platform. A conversion is a call:
/// inlined, conversions would be most of the code of all loops, for a format that few train in.
public struct Half: StoredNumber {
  public var bits: UInt16

  public init(bits: UInt16) { self.bits = bits }

  public static var format: NumberFormat { .float16 }

  /// Three candidates and no branch: small numbers are as likely as others.
  @inline(never) public var wide: Float {
    let sign = UInt32(bits & 0x8000) << 16
    let magnitude = UInt32(bits & 0x7FFF)
    let normal = magnitude << 13 &+ Self.rebase
    // With the exponent of 2⁻¹⁴, whose implicit bit a subnormal number does not have.
    let subnormal = (Float(bitPattern: normal &+ 1 << 23) - Self.leastNormal).bitPattern
    let finite = magnitude < 0x400 ? subnormal : normal
    return Float(bitPattern: sign | (magnitude < 0x7C00 ? finite : normal | 0x7F80_0000))
  }

  @inline(never) public init(rounding value: Float) {
    let pattern = value.magnitude.bitPattern &- Self.rebase
    let normal = (pattern &+ 0xFFF &+ (pattern >> 13 & 1)) >> 13
    // The numbers from ½ to 1 are as far apart as subnormal ones are here.
    let subnormal = (value.magnitude + 0.5).bitPattern &- Float(0.5).bitPattern
    self.init(value, normal, subnormal)
  }

  @inline(never) public init(rounding value: Float, random: UInt16) {
    let pattern = value.magnitude.bitPattern &- Self.rebase
    let normal = (pattern &+ UInt32(random & 0x1FFF)) >> 13
    let steps = value.magnitude < Self.leastNormal ? value.magnitude * 0x1p24 : 0
    // The fraction by itself, so that the sum is not rounded.
    let whole = steps.rounded(.down)
    let subnormal = whole + (steps - whole + Float(random) * 0x1p-16).rounded(.down)
    self.init(value, normal, UInt32(subnormal))
  }

  /// From the patterns that the number has if it is normal and if it is subnormal.
  @inline(__always) private init(_ value: Float, _ normal: UInt32, _ subnormal: UInt32) {
    let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16 & 0x8000)
    // Infinity, and what is too large even before it is rebased, end at the same bound.
    let finite = value.magnitude < Self.leastNormal ? subnormal : min(normal, 0x7C00)
    bits = sign | UInt16(truncatingIfNeeded: value == value ? finite : 0x7E00)
  }

  /// The difference of the exponents' biases, in the pattern of a `Float`.
  @inline(__always) private static var rebase: UInt32 { 112 << 23 }
  @inline(__always) private static var leastNormal: Float { 0x1p-14 }

  public static func maker(in makers: OptimizerMakers) -> OptimizerMaker<Half> { makers.half }
}
