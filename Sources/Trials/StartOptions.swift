public import Optimizers

extension OptimizerFamily {
  /// Options without which the library refuses to start: its own defaults do not please it.
  public var startOptions: [String: HyperparameterValue] {
    if (try? optimizer(storing: Float.self)) != nil { return [:] }
    let candidates: [[String: HyperparameterValue]] = [
      ["momentum": .number(0.9)], ["eps": .number(1e-8)],
    ]
    return candidates.first { (try? optimizer(storing: Float.self, $0)) != nil } ?? [:]
  }
}
