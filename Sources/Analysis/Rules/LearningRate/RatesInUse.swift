import Knowledge
import Plans
import SourceText

extension TrainingPlan {
  /// The settings that decide at which rate something is trained, each once, with what it decides.
  var ratesInUse: [(rate: Setting, groups: [ParameterGroup])] {
    var found: [(rate: Setting, groups: [ParameterGroup])] = []
    for group in groups {
      if let place = found.firstIndex(where: { $0.rate.keyPath == group.learningRate.keyPath }) {
        found[place].groups.append(group)
      } else {
        found.append((group.learningRate, [group]))
      }
    }
    return found.isEmpty ? [(optimizer.learningRate, [])] : found
  }

  /// Whether the schedule has a say in the rate: Adafactor's relative step does without, and so do
  /// schedule-free optimizers where the trainer does not run it for them all the same.
  var scheduleActs: Bool {
    let isReplaced = optimizer.facts?.isScheduleFree ?? false
    return (!isReplaced || optimizer.use?.keepsSchedule ?? false) && optimizer.relativeStep == nil
  }
}

extension OptimizerSettings {
  /// The switch by which Adafactor makes a rate of its own; nil if it does not.
  var relativeStep: Setting? {
    guard id == "ADAFACTOR", let setting = option("relative_step"), setting.isOn else { return nil }
    return setting
  }

  /// Whether every step has about the size of the learning rate, however small the gradient.
  var stepsHaveTheSizeOfTheRate: Bool {
    guard let facts, !facts.isAdaptive, relativeStep == nil else { return false }
    if id == "ADAFACTOR", option("scale_parameter")?.isOn ?? false { return false }
    return facts.isSignBased || facts.learningRate != nil
      || isOne(
        of: "ADABELIEF", "ADOPT", "ADOPT_ADV", "AIDA", "RMSPROP", "RMSPROP_8BIT",
        "SCHEDULE_FREE_ADAMW")
  }

  /// "0.01", or "0.01 (0.005 scaled by 2)".
  func words(for rate: Double) -> String {
    guard let scale = rateScale?.value, scale != 1 else { return Number.literal(rate) }
    return "\(Self.short(rate * scale)) (\(Number.literal(rate)) scaled by \(Self.short(scale)))"
  }

  /// Three digits are enough for a product.
  private static func short(_ number: Double) -> String {
    var unit = 1.0
    while number * unit < 100, unit < 1e15 { unit *= 10 }
    return Number.literal((number * unit).rounded() / unit)
  }
}
