internal import Optimizers
internal import Trials

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A long run in fewer steps.
///
/// One step stands for c: rates times √c (c for SGD, whose steps add up), noise divided by √c, decays
/// to the power of c, and the schedule c times as fast. That holds for warm rates; cold ones come out
/// slower than they are, so c ends at 4. An estimate of the step size and the loss of small updates to
/// rounding do not scale at all: those runs are made with fewer steps, under the whole schedule.
struct Shortening {
  /// Steps of the real run for each simulated one.
  let stride: Double
  /// c
  let scale: Double

  static let mostScale = 4.0

  init(_ settings: TrialSettings, to most: Int) {
    stride = max(1, Double(settings.steps) / Double(most))
    scale = Self.isScalable(settings) ? min(stride, Self.mostScale) : 1
  }

  static func isScalable(_ settings: TrialSettings) -> Bool {
    let id = settings.optimizer
    if id.hasPrefix("PRODIGY") || id.hasPrefix("DADAPT") { return false }
    if id.contains("SCHEDULE_FREE") || id.contains("SCHEDULEFREE") { return false }
    if settings.options["relative_step"] == .flag(true) { return false }
    return settings.format == .float32
  }

  func apply(to settings: TrialSettings) -> TrialSettings {
    guard stride > 1 else { return settings }
    var short = settings
    short.steps = max(1, Int((Double(settings.steps) / stride).rounded()))
    short.stride = stride
    guard scale > 1 else { return short }
    let isLinear = settings.optimizer.hasPrefix("SGD")
    short.rate *= isLinear ? scale : scale.squareRoot()
    short.samplesPerStep *= scale
    for key in ["beta1", "beta2", "beta3", "momentum"] {
      if case .number(let decay) = value(key, settings), decay > 0, decay < 1 {
        short.options[key] = .number(pow(decay, scale))
      }
    }
    if case .number(let decay) = value("weight_decay", settings), decay != 0, !isLinear {
      short.options["weight_decay"] = .number(decay * scale.squareRoot())
    }
    if let average = settings.average {
      short.average?.decay = pow(average.decay, scale)
    }
    return short
  }

  private func value(_ key: String, _ settings: TrialSettings) -> HyperparameterValue? {
    settings.options[key]
      ?? OptimizerFamily[id: settings.optimizer]?.hyperparameters.first { $0.name == key }?.standard
  }
}
