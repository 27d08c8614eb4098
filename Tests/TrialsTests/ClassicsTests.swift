import Optimizers
import Testing

@testable import Trials

/// The textbook functions: where they are least, and that gradients are slopes.
@Suite struct ClassicsTests {
  static let all: [(name: String, problem: any Problem, least: [Double])] = [
    ("Beale", Beale(), [3, 0.5]),
    ("Rastrigin", Rastrigin(count: 3), [0, 0, 0]),
    ("quadratic", NoisyQuadratic(count: 3, noise: 0), [0, 0, 0]),
  ]

  @Test(arguments: all.indices)
  func isLeastAtItsMinimum(_ place: Int) {
    let (_, problem, least) = Self.all[place]
    var gradients = problem.start
    let loss = problem.evaluate(
      [Tensor(shape: [least.count], values: least)], gradients: &gradients)
    #expect(abs(loss) < 1e-12)
    #expect(gradients[0].values.allSatisfy { abs($0) < 1e-12 })
  }

  @Test(arguments: all.indices)
  func gradientIsTheSlope(_ place: Int) {
    let problem = Self.all[place].problem
    var gradients = problem.start
    var unused = problem.start
    let start = problem.start
    _ = problem.evaluate(start, gradients: &gradients)
    for i in start[0].values.indices {
      var moved = start
      let h = 1e-6
      moved[0].values[i] += h
      let above = problem.evaluate(moved, gradients: &unused)
      moved[0].values[i] -= 2 * h
      let below = problem.evaluate(moved, gradients: &unused)
      #expect(abs((above - below) / (2 * h) - gradients[0].values[i]) < 1e-4)
    }
  }

  /// The same parameters have the same noise, others have others.
  @Test func noiseBelongsToThePlace() {
    let noisy = NoisyQuadratic(count: 4)
    var first = noisy.start
    var second = noisy.start
    _ = noisy.evaluate(noisy.start, gradients: &first)
    _ = noisy.evaluate(noisy.start, gradients: &second)
    #expect(first[0].values == second[0].values)
    var moved = noisy.start
    moved[0].values[0] += 1e-3
    _ = noisy.evaluate(moved, gradients: &second)
    #expect(first[0].values[1] != second[0].values[1])
  }
}
