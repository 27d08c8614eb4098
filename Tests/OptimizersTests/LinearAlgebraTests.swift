import Optimizers
import Testing

private let isInstalled = (try? LinearAlgebra.openBLAS()) != nil

@Suite(.enabled(if: isInstalled, "OpenBLAS is not installed"))
struct LinearAlgebraTests {
  @Test(arguments: [0, 1, 2, 7, 8, 63, 1000, 4097])
  func agreesWithPlainLoops(count: Int) throws {
    let algebra = try LinearAlgebra.openBLAS()
    let a = (0..<count).map { Double($0 % 13) / 7 - 0.8 }
    let b = (0..<count).map { Double($0 % 11) / 5 - 1.1 }
    let dot = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    let norm = a.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(abs(algebra.dot(a, b) - dot) <= 1e-12 * Double(count))
    #expect(abs(algebra.norm(a) - norm) <= 1e-12 * (1 + norm))
    let c = a.map(Float.init)
    let d = b.map(Float.init)
    #expect(abs(Double(algebra.dot(c, d)) - dot) <= 1e-6 * Double(count))
    #expect(abs(Double(algebra.norm(c)) - norm) <= 1e-5 * (1 + norm))
  }

  @Test func repeatsToTheBit() throws {
    let algebra = try LinearAlgebra.openBLAS()
    let a = (0..<200_000).map { Float(($0 * 7919) % 1009) / 1009 }
    let first = algebra.dot(a, a)
    for _ in 0..<20 { #expect(algebra.dot(a, a) == first) }
  }

  @Test func normsDoNotOverflow() throws {
    let algebra = try LinearAlgebra.openBLAS()
    #expect(abs(algebra.norm([3e200, 4e200]) - 5e200) < 1e186)
  }
}
