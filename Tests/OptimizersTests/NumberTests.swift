import Testing

@testable import Optimizers

/// Every pattern of 16 bits, and the values between.
@Suite struct NumberTests {
  @Test func bfloat16HoldsItsValues() {
    for bits in UInt16.min...UInt16.max {
      let number = BFloat16(bits: bits)
      guard number.wide == number.wide else { continue }
      #expect(BFloat16(rounding: number.wide) == number)
      #expect(BFloat16(rounding: number.wide, random: .max) == number)
    }
  }

  /// A tie goes to the even one, anything else to the nearer one.
  @Test func bfloat16RoundsToTheNearest() {
    for bits in stride(from: UInt16(0), to: 0x7F00, by: 7) {
      let below = BFloat16(bits: bits)
      let above = BFloat16(bits: bits + 1)
      let tie = Float(bitPattern: below.wide.bitPattern + 0x8000)
      #expect(BFloat16(rounding: tie).bits & 1 == 0)
      #expect(BFloat16(rounding: tie.nextDown) == below)
      #expect(BFloat16(rounding: tie.nextUp) == above)
      #expect(BFloat16(rounding: -tie.nextUp).wide == -above.wide)
    }
  }

  @Test func bfloat16KeepsNotANumber() {
    #expect(BFloat16(rounding: .nan).wide.isNaN)
    #expect(BFloat16(rounding: Float(bitPattern: 0x7F80_0001)).wide.isNaN)
    #expect(BFloat16(rounding: .infinity).wide == .infinity)
    #expect(BFloat16(rounding: .greatestFiniteMagnitude).wide == .infinity)
  }

  @Test func halfHoldsItsValues() {
    for bits in UInt16.min...UInt16.max {
      let number = Half(bits: bits)
      guard number.wide == number.wide else { continue }
      #expect(Half(rounding: number.wide) == number)
      #expect(Half(rounding: number.wide, random: .max) == number)
    }
  }

  #if !(os(macOS) && arch(x86_64))
    /// Swift's own binary16 is the oracle.
    @Test func halfIsBinary16() {
      for bits in UInt16.min...UInt16.max {
        let value = Float(Float16(bitPattern: bits))
        guard value == value else { continue }
        #expect(Half(bits: bits).wide == value)
      }
      let numbers = RandomNumbers(seed: 1)
      for place in 0..<200_000 {
        let value = Float(bitPattern: UInt32(truncatingIfNeeded: numbers.number(place)))
        guard value == value else { continue }
        #expect(Half(rounding: value).bits == Float16(value).bitPattern, "\(value)")
      }
    }
  #endif

  /// The mean of many stochastic roundings is the value.
  @Test(arguments: [1.001, -0.3337, 6.1e-8, 3.3e-5, 1234.56] as [Float])
  func stochasticRoundingIsUnbiased(_ value: Float) {
    let numbers = RandomNumbers(seed: 7)
    let count = 40_000
    func mean<Element: StoredNumber>(_: Element.Type) -> Double where Element.Arithmetic == Float {
      (0..<count).reduce(0) { sum, place in
        sum + Element(rounding: value, random: numbers.word(place)).double
      } / Double(count)
    }
    let step = Double(value.magnitude) * 0x1p-7
    #expect(abs(mean(BFloat16.self) - Double(value)) < 0.02 * step)
    #expect(abs(mean(Half.self) - Double(value)) < 0.02 * max(step / 8, 0x1p-24))
  }

  @Test func randomNumbersDependOnSeedStreamAndStep() {
    let first = RandomNumbers(seed: 1, stream: 0)
    var next = first
    next.advance()
    let all = [first, next, RandomNumbers(seed: 2), RandomNumbers(seed: 1, stream: 1)]
    #expect(Set(all.map { $0.number(5) }).count == all.count)
    #expect(RandomNumbers(seed: 1).number(3) == first.number(3))
  }
}
