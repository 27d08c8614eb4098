import Optimizers
import Testing

/// What torch 2.15.0 has in `.grad` after back passes of a loss that is divided by their number, on
/// the CPU.
@Suite struct GradientAccumulationTests {
  static let four = [[1, 0.001], [0.3, 256], [0.0037, 1], [0.7, 1]]

  @Test(arguments: [(4, [0.5009250044822693, 64.50025177001953])])
  func float32(batches: Int, expected: [Double]) {
    let sum = Self.sum(.mean, Self.four, Float.self)
    for (found, expected) in zip(sum, expected) {
      #expect(abs(found - expected) <= 0x1p-22 * expected)
    }
  }

  @Test(arguments: [
    (four, GradientAccumulationRule.mean, [0.5, 64.0]),
    (Array(four.prefix(3)), .sum, [1.296875, 256]),
    (Array(four.prefix(3)), .mean, [0.435546875, 86]), (four, .last, [0.69921875, 1]),
  ])
  func bfloat16RoundsEachAddition(
    batches: [[Double]], rule: GradientAccumulationRule, expected: [Double]
  ) {
    #expect(Self.sum(rule, batches, BFloat16.self) == expected)
  }

  @Test(arguments: [
    (four, GradientAccumulationRule.mean, [0.5009765625, 64.5]),
    (Array(four.prefix(3)), .sum, [1.3037109375, 257]),
  ])
  func float16RoundsEachAddition(
    batches: [[Double]], rule: GradientAccumulationRule, expected: [Double]
  ) {
    #expect(Self.sum(rule, batches, Half.self) == expected)
  }

  /// A thousand gradients of 1: the mean is 1, and bfloat16 stops at one half.
  @Test func bfloat16LosesHalfOfALongMean() {
    let ones = Array(repeating: [1.0], count: 1000)
    #expect(Self.sum(.mean, ones, BFloat16.self) == [0.5])
    #expect(abs(Self.sum(.mean, ones, Float.self)[0] - 1) < 1e-4)
  }

  static func sum<Element: StoredNumber>(
    _ rule: GradientAccumulationRule, _ batches: [[Double]], _: Element.Type
  ) -> [Double] {
    var accumulation = GradientAccumulation<Element>(rule, batches: batches.count)
    for batch in batches {
      #expect(!accumulation.isComplete)
      accumulation.add([Tensor(shape: [batch.count], doubles: batch)])
    }
    #expect(accumulation.isComplete)
    let sum = accumulation.take()
    #expect(accumulation.count == 0 && accumulation.sum.isEmpty)
    return sum[0].doubles
  }

  /// The last batches of an epoch of kohya's: fewer, but divided by as many.
  @Test func aShortStepIsDividedByAll() {
    var accumulation = GradientAccumulation<Float>(.mean, batches: 4)
    accumulation.add([Tensor(shape: [1], values: [8])])
    accumulation.add([Tensor(shape: [1], values: [4])])
    #expect(accumulation.take().map(\.values) == [[3]])
    accumulation.add([Tensor(shape: [1], values: [8])])
    #expect(accumulation.take().map(\.values) == [[2]])
  }
}
