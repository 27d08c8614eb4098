import Backends
import Knowledge
import Memory
import Optimizers

/// The same run with another optimizer.
public struct OptimizerAlternative: Sendable {
  public let name: String
  /// Of all trained tensors, exact.
  public let stateBytes: Int
  public let gradientBytes: Int
  public let peakBytes: Int
  /// Whether each gradient is used and freed within the backward pass.
  public let isFused: Bool
  /// Whether it is the run as the file has it.
  public let isCurrent: Bool

  init(_ name: String, _ estimate: MemoryEstimate, isCurrent: Bool) {
    func bytes(_ part: MemoryEstimate.Component.Name) -> Int {
      estimate.components.first { $0.name == part }?.bytes ?? 0
    }
    isFused = estimate.run.freesGradients
    self.name = name + (isFused ? ", fused back pass" : "")
    stateBytes = bytes(.optimizerState)
    gradientBytes = estimate.gradientBytes
    peakBytes = estimate.peakBytes
    self.isCurrent = isCurrent
  }
}

extension LeverSearch {
  /// What the trainer's usual optimizers would need, each written into the file and read again; a
  /// fused back pass only where it takes effect with these settings.
  func optimizers() -> [OptimizerAlternative] {
    guard start.run.optimizer != nil else { return [] }
    var rows: [OptimizerAlternative] = []
    for lever in Catalogue.optimizerLevers(of: trainer) {
      guard let estimate = estimate(lever) else { continue }
      let isCurrent = estimate.run.isSteppedLike(start.run)
      let row = OptimizerAlternative(lever.title, estimate, isCurrent: isCurrent)
      if !rows.contains(where: { $0.name == row.name || $0.isCurrent && isCurrent }) {
        rows.append(row)
      }
    }
    if !rows.contains(where: \.isCurrent), let own = start.run.optimizer {
      let name = own.family.title
      rows.append(
        .init(
          rows.contains { $0.name == name } ? name + ", as it is" : name, start, isCurrent: true))
    }
    return rows.sorted { ($0.stateBytes, $0.peakBytes) > ($1.stateBytes, $1.peakBytes) }
  }

  /// Nil if the trainer would not run it so.
  private func estimate(_ lever: Lever) -> MemoryEstimate? {
    if isSet(lever) {
      return try? inspection.estimate(plan, options: lever.hyperparameters).get()
    }
    guard let found = attempt(lever, on: reading)?.estimate else { return nil }
    let asksForFusing = lever.settings.contains { $0.value == .boolean(true) }
    return asksForFusing && !found.run.freesGradients ? nil : found
  }

  private func isSet(_ lever: Lever) -> Bool {
    lever.settings.allSatisfy { key, value in
      reading.document.node(at: path(key)).map { SettingValue($0) } == value
    }
  }
}

extension MemoryRun {
  /// Whether the optimizers take the same memory for the same reason.
  fileprivate func isSteppedLike(_ other: MemoryRun) -> Bool {
    guard let own = optimizer, let others = other.optimizer else { return false }
    return own.family.id == others.family.id && own.isPaged == others.isPaged
      && freesGradients == other.freesGradients
      && (try? own.stateBytes(trained)) == (try? others.stateBytes(other.trained))
  }
}

extension Lever {
  /// Options that the optimizer's library gets beside what the file says.
  var hyperparameters: [String: HyperparameterValue] {
    Dictionary(
      options.map { option in
        switch option.value {
        case .number(let number): (option.name, .number(number))
        case .boolean(let flag): (option.name, .flag(flag))
        case .text(let text): (option.name, .text(text))
        case .null, .collection: (option.name, .none)
        }
      }, uniquingKeysWith: { _, last in last })
  }
}
