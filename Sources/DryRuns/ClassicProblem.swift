internal import Optimizers
public import SourceText
internal import Trials

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A function from the textbooks, to watch an optimizer at work; none of them says anything of
/// training.
public struct ClassicProblem: Sendable {
  public let id: String
  public let title: String
  let problem: any Problem

  public static let all = [
    ClassicProblem(
      id: "rosenbrock", title: "Rosenbrock's valley in 2 dimensions", problem: Rosenbrock(count: 2)),
    ClassicProblem(id: "beale", title: "Beale's function", problem: Beale()),
    ClassicProblem(
      id: "rastrigin", title: "Rastrigin's function in 8 dimensions", problem: Rastrigin()),
    ClassicProblem(
      id: "quadratic", title: "a quadratic in 64 dimensions of condition 1,000",
      problem: Quadratic()),
    ClassicProblem(
      id: "noisy-quadratic", title: "a noisy quadratic in 256 dimensions of spectrum 1/i",
      problem: NoisyQuadratic()),
  ]

  /// Each optimizer at the rate that does best for it, of half decades from 1e-6 to 10.
  ///
  /// - Parameters:
  ///   - names: Ids of algorithms.
  ///   - rate: One rate for all.
  public func comparison(
    of names: [String], steps: Int, rate: Double?, basinPoints: Int
  ) -> Comparison {
    let ids = names.isEmpty ? Comparer.usualOptimizers : names
    let entries = ids.map { name -> Comparison.Entry in
      guard let family = OptimizerFamily[id: name] ?? OptimizerFamily[id: name.uppercased()] else {
        return Comparison.Entry(
          label: name, optimizer: "", rate: rate ?? 0, outcome: nil,
          refusal: "there is no algorithm of this id", cost: nil)
      }
      let rates = rate.map { [$0] } ?? (-12...2).map { pow(10, Double($0) / 2) }
      let runs = rates.compactMap { rate in run(family, rate: rate, steps: steps) }
      let best = runs.filter { $0.loss.last?.isFinite ?? false }
        .min { ($0.loss.last ?? 0) < ($1.loss.last ?? 0) }
      guard let best else {
        return Comparison.Entry(
          label: family.id, optimizer: family.id, rate: rate ?? 0, outcome: nil,
          refusal: "no rate ends at a number", cost: nil)
      }
      return Comparison.Entry(
        label: family.id, optimizer: family.id, rate: best.rate,
        outcome: Comparison.Outcome(
          verdict: nil, end: best.loss.last ?? .nan,
          quarterAt: Comparison.Outcome.quarter(best.loss, 1), loss: best.loss,
          rate: best.loss.map { _ in best.rate }, adaptedRate: best.adapted, basin: nil, stride: 1),
        refusal: nil, cost: nil)
    }
    return Comparison(
      problem: title, steps: steps, entries: entries,
      assumptions: rate == nil ? ["each at the rate that does best for it, of half decades"] : [])
  }

  private struct Run {
    let rate: Double
    /// As shares of the loss at the start.
    var loss: [Double] = []
    var adapted: [Double] = []
  }

  private func run(_ family: OptimizerFamily, rate: Double, steps: Int) -> Run? {
    guard let optimizer = try? family.optimizer(storing: Double.self) else { return nil }
    var parameters = problem.start
    var gradients = parameters
    let run = optimizer.run(on: parameters)
    var result = Run(rate: rate)
    var first: Double?
    for _ in 0..<steps {
      let loss = problem.evaluate(parameters, gradients: &gradients)
      let scale = first ?? loss
      first = scale
      result.loss.append(loss / scale)
      guard loss.isFinite else { break }
      do {
        try run.step(&parameters, gradients: gradients, rate: rate)
      } catch {
        return nil
      }
      if let d = run.internals["d"] { result.adapted.append(d * rate) }
    }
    let saved = run.evaluationParameters(parameters) ?? parameters
    result.loss.append(problem.evaluate(saved, gradients: &gradients) / (first ?? 1))
    return result
  }
}
