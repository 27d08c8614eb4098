import Optimizers
import Testing

@testable import Trials

/// A problem as another program computes it.
struct Reference: Sendable, CustomTestStringConvertible {
  let name: String
  let problem: any Problem
  /// Checksums of the tensors.
  let start: [UInt64]
  /// The first entries of the first tensor, as bits.
  let first: [UInt64]
  let loss: UInt64
  let gradients: [UInt64]

  init(
    _ name: String, _ problem: any Problem, start: [UInt64], first: [UInt64], loss: UInt64,
    gradients: [UInt64]
  ) {
    self.name = name
    self.problem = problem
    self.start = start
    self.first = first
    self.loss = loss
    self.gradients = gradients
  }

  var testDescription: String { name }
}

@Suite struct ProblemTests {
  @Test(arguments: Reference.all)
  func hasTheSameBits(_ reference: Reference) {
    let start = reference.problem.start
    #expect(
      start[0].values.prefix(3).map(\.bitPattern)
        == reference.first.prefix(start[0].count).map { $0 })
    #expect(start.map(checksum) == reference.start)
    var gradients = start
    let loss = reference.problem.evaluate(start, gradients: &gradients)
    #expect(loss.bitPattern == reference.loss)
    #expect(gradients.map(checksum) == reference.gradients)
    #expect(gradients.map(\.shape) == start.map(\.shape))
  }

  /// The gradient against differences of the loss.
  @Test(arguments: Reference.all)
  func gradientIsTheSlope(_ reference: Reference) {
    var parameters = reference.problem.start
    var gradients = parameters
    var unused = parameters
    // Away from the start, where B of the adapter is zero.
    for tensor in parameters.indices {
      for i in parameters[tensor].values.indices {
        parameters[tensor].values[i] += 0.1 * Uniform.number(i, tensor, stream: 9)
      }
    }
    _ = reference.problem.evaluate(parameters, gradients: &gradients)
    for tensor in parameters.indices {
      for i in stride(from: 0, to: parameters[tensor].count, by: 37) {
        let h = 1e-5
        var moved = parameters
        moved[tensor].values[i] += h
        let above = reference.problem.evaluate(moved, gradients: &unused)
        moved[tensor].values[i] -= 2 * h
        let below = reference.problem.evaluate(moved, gradients: &unused)
        let slope = (above - below) / (2 * h)
        let found = gradients[tensor].values[i]
        #expect(abs(slope - found) <= 1e-4 * max(1, abs(found)), "\(tensor), \(i)")
      }
    }
  }

  /// FNV-1a over the bytes of the bit patterns, the lowest byte first.
  private func checksum(_ tensor: Tensor<Double>) -> UInt64 {
    var result: UInt64 = 0xCBF2_9CE4_8422_2325
    for value in tensor.values {
      for shift in stride(from: 0, to: 64, by: 8) {
        result = (result ^ (value.bitPattern >> UInt64(shift) & 0xFF)) &* 0x100_0000_01B3
      }
    }
    return result
  }
}
