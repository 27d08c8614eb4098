internal import Knowledge
internal import Optimizers
internal import Plans
internal import Trials

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Settings that may be what decides, each with the value to try instead.
struct Candidates {
  struct Candidate {
    let keyPath: String
    let value: String
    let instead: String
    let changes: [Change]
    /// Whether the run becomes longer.
    var isLonger = false
  }

  /// In the order in which they are suspected.
  private(set) var all: [Candidate] = []
  private let plan: TrainingPlan
  private let main: TrialPlan.Part

  /// - Parameter canBeLonger: Whether the file decides the length of the run.
  init(
    _ plan: TrainingPlan, _ main: TrialPlan.Part, _ report: DryRunReport, canBeLonger: Bool
  ) {
    self.plan = plan
    self.main = main
    addWarmup()
    addRounding(report.parts[0].trajectory)
    addOptions()
    addClip()
    addRate(report)
    addAlpha()
    addAverage()
    if canBeLonger { addLength() }
  }

  static func isRounding(_ keyPath: String) -> Bool {
    keyPath.hasSuffix("stochastic_rounding") || keyPath.hasSuffix("dtype")
  }

  private mutating func add(
    _ setting: Setting, _ value: SettingValue, also: [Setting] = [], isLonger: Bool = false
  ) {
    guard !setting.isMistaken, setting.value != value,
      !all.contains(where: { $0.keyPath == setting.keyPath && $0.instead == value.literal })
    else { return }
    all.append(
      Candidate(
        keyPath: setting.keyPath, value: setting.value.literal, instead: value.literal,
        changes: ([setting] + also).map { .set($0, value) }, isLonger: isLonger))
  }

  /// A warm-up that takes more than a tenth of the run.
  private mutating func addWarmup() {
    let steps = main.settings.steps
    let accumulation = plan.gradientAccumulationSteps.number ?? 1
    guard
      let warmup = plan.schedule.warmupSteps(
        totalSteps: steps, accumulation: max(1, accumulation)), warmup * 10 > steps
    else { return }
    add(plan.schedule.warmup, .number(0))
  }

  private mutating func addRounding(_ run: Trajectory) {
    guard main.settings.format != .float32, run.lostUpdates > 0.1 else { return }
    if let option = plan.optimizer.option("stochastic_rounding"), !option.isOn {
      add(option, .boolean(true))
    }
    if let name = plan.precision.float32Name,
      let group = plan.groups.first(where: { main.names.contains($0.name) })
    {
      let place = group.weights.map { _ in SettingValue.text("") }
      guard !place.isMistaken else { return }
      all.append(
        Candidate(
          keyPath: place.keyPath, value: Self.words(group.weights.value), instead: "\"\(name)\"",
          changes: [.set(place, .text(name))]))
    }
  }

  private static func words(_ format: Plans.NumberFormat) -> String {
    switch format {
    case .bfloat16: "bfloat16"
    case .float16: "float16"
    default: "\(format)"
    }
  }

  /// Options that are not at the default that the trainer gives them.
  private mutating func addOptions() {
    for use in plan.optimizer.use?.options ?? [] {
      guard let option = plan.optimizer.option(use.key), option.isWritten,
        main.settings.options[use.key] != nil, use.key != "stochastic_rounding"
      else { continue }
      let standard = use.tableDefault == .null ? use.whenNull ?? .null : use.tableDefault
      let own = option.isNull ? use.whenNull ?? .null : option.value
      if own == standard || (own.number != nil && own.number == standard.number) { continue }
      if own.isTruthy == standard.isTruthy, own.number == nil { continue }
      add(option, use.tableDefault)
    }
  }

  /// A clip far below the norm that others use.
  private mutating func addClip() {
    guard let limit = plan.gradientClip.number, limit < 0.1 else { return }
    add(plan.gradientClip, .number(1))
  }

  private mutating func addRate(_ report: DryRunReport) {
    let wanted: [Double]
    if plan.optimizer.facts?.isAdaptive ?? false {
      wanted = [1]
    } else if let best = report.basin?.best?.rate {
      // The basin's runs are short, and what is best in a long one is lower.
      wanted = [best, best / 10.0.squareRoot(), best / 10].map(Self.oneDigit)
    } else if let usual = plan.optimizer.facts?.learningRate?.usual {
      wanted = [usual]
    } else {
      return
    }
    let groups = plan.groups.filter { !$0.areEmbeddings }.map(\.learningRate)
    guard let own = main.learningRate else { return }
    // What needs one rate for all gets one.
    let others =
      plan.optimizer.use?.needsEqualGroupRates ?? false
      ? groups.filter { $0.keyPath != own.keyPath } : []
    for rate in wanted { add(own, .number(rate), also: Self.unique(others)) }
  }

  private static func unique(_ settings: [Setting]) -> [Setting] {
    settings.enumerated().filter { place, setting in
      settings.firstIndex { $0.keyPath == setting.keyPath } == place
    }.map(\.element)
  }

  /// An adapter whose output is held down or blown up.
  private mutating func addAlpha() {
    guard let adapter = plan.adapter, adapter.isScaledByAlpha, let rank = adapter.rank.number,
      let alpha = adapter.alpha.number, alpha > 0, rank > 0, !(0.25...4 ~= alpha / rank)
    else { return }
    add(adapter.alpha, .number(rank))
  }

  /// An average that is slower than the run.
  private mutating func addAverage() {
    guard let average = plan.average, let decay = average.decay.number, decay > 0.99 else { return }
    add(average.decay, .number(0.99))
  }

  private mutating func addLength() {
    if let steps = plan.steps, let number = steps.number {
      add(steps, .number(4 * number), isLonger: true)
    } else if let epochs = plan.epochs, let number = epochs.number {
      add(epochs, .number(4 * number), isLonger: true)
    }
  }

  /// To one significant digit.
  static func oneDigit(_ number: Double) -> Double {
    guard number > 0, number.isFinite else { return number }
    let place = Int(log10(number).rounded(.down))
    let digit = Int((number / pow(10, Double(place))).rounded())
    return Double("\(digit)e\(place)") ?? number
  }
}
