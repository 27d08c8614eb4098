public import Inspection
internal import Knowledge
public import Plans
public import Reporting
public import SourceText

/// The config of a finished run with an optimizer of fixed rate in the place of the one that found
/// its rate itself.
public struct RateTransfer: Sendable {
  /// What the rate is for.
  public enum Target: String, CaseIterable, Sendable {
    case adamw
    case adamw8bit

    public var id: String { self == .adamw ? "ADAMW" : "ADAMW_8BIT" }
    public var title: String { self == .adamw ? "AdamW" : "AdamW 8-bit" }
  }

  public struct Edit: Hashable, Sendable {
    public let keyPath: String
    public let current: String
    /// Nil for what goes.
    public let recommended: String?
    public let reason: String
  }

  public private(set) var edits: [Edit] = []
  /// What the change brings with it.
  public private(set) var notes: [String] = []
  public private(set) var source: SourceFile
  /// Why the config cannot be changed; nil if it was.
  public private(set) var refusal: String?

  private let inspector: Inspector
  private let neighbours: Neighbours

  /// - Parameters:
  ///   - config: What the run was started with.
  ///   - rates: What each part came to.
  public init(
    _ config: SourceFile, neighbours: Neighbours, inspector: Inspector, to target: Target,
    rates: [TrainedPart: Double]
  ) throws(ReadFailure) {
    source = config
    self.inspector = inspector
    self.neighbours = neighbours
    let reading = try inspector.read(config, neighbours: neighbours)
    guard let plan = reading.plans.first else {
      refusal = "there is no training in it"
      return
    }
    guard reading.plans.count == 1 else {
      refusal = "it describes \(reading.plans.count) runs"
      return
    }
    if let reason = Self.obstacle(plan) {
      refusal = reason
      return
    }
    guard let old = plan.optimizer.use, let new = Self.use(for: plan, target) else {
      refusal = "the trainer has no \(target.title)"
      return
    }
    guard try replaceOptimizer(old, new, target), try setRates(rates) else {
      refusal = "the file cannot express the change of \(edits.last?.keyPath ?? "it")"
      edits = []
      source = config
      return
    }
    try compare(reading, old, new)
  }

  /// Why no rate can be carried over from this optimizer; nil if it can.
  public static func obstacle(_ plan: TrainingPlan) -> String? {
    guard let facts = plan.optimizer.facts else { return "its optimizer is not known" }
    guard facts.isAdaptive else {
      return "it trains with \(facts.title), which is given its rate and finds none"
    }
    switch facts.id {
    case "DADAPT_LION":
      return "\(facts.title) finds the rate of Lion, whose steps are three to ten times as large "
        + "as those of AdamW at the same rate"
    case "DADAPT_SGD", "DADAPT_ADA_GRAD":
      return "\(facts.title) finds a rate for steps that are not divided by the size of the "
        + "gradients as AdamW's are: it means nothing there"
    default: return nil
    }
  }

  /// SimpleTuner trains weights that are bfloat16 with an AdamW of its own.
  private static func use(for plan: TrainingPlan, _ target: Target) -> OptimizerUse? {
    let trainer = plan.backend == "kohya-gui" ? "kohya" : plan.backend
    let isNarrow = plan.groups.contains { $0.weights.value == .bfloat16 }
    let id = trainer == "simpletuner" && isNarrow && target == .adamw ? "ADAMW_BF16" : target.id
    return Catalogue.optimizer(id)?.uses(in: trainer).first { $0.isBroken == nil }
  }

  // MARK: Changes, each read again as the trainer reads it

  private mutating func apply(_ change: Change, _ edit: Edit) throws(ReadFailure) -> Bool {
    edits.append(edit)
    guard let changed = try inspector.read(source, neighbours: neighbours).source(after: [change])
    else { return false }
    source = changed
    return true
  }

  private func plan() throws(ReadFailure) -> TrainingPlan? {
    try inspector.read(source, neighbours: neighbours).plans.first
  }

  /// Options first, as a file no longer has those of an optimizer that it no longer names.
  private mutating func replaceOptimizer(
    _ old: OptimizerUse, _ new: OptimizerUse, _ target: Target
  ) throws(ReadFailure) -> Bool {
    guard let first = try plan() else { return false }
    // A program writes every key there is, whichever optimizer reads it.
    if !first.isWrittenByProgram {
      for use in old.options where new[use.key] == nil || new[use.key]?.refused != nil {
        guard let option = try plan()?.optimizer.option(use.key), option.isWritten else { continue }
        let edit = Edit(
          keyPath: option.keyPath, current: option.value.literal, recommended: nil,
          reason: "\(target.title) has no \(use.key)")
        guard try apply(.remove(option), edit) else { return false }
      }
    }
    guard let name = try plan()?.optimizer.name else { return false }
    let edit = Edit(
      keyPath: name.keyPath, current: name.value.literal, recommended: "\"\(new.name)\"",
      reason: "the rate is known now, and \(target.title) takes less memory")
    return try apply(.set(name, .text(new.name)), edit)
  }

  private mutating func setRates(_ rates: [TrainedPart: Double]) throws(ReadFailure) -> Bool {
    guard let usual = rates[.denoiser] ?? rates.values.max() else { return false }
    var done: Set<String> = []
    for _ in 0..<16 {
      guard let plan = try plan() else { return false }
      let scale = plan.optimizer.rateScale?.value ?? 1
      let base = plan.optimizer.learningRate
      let places =
        [(base, usual)]
        + plan.groups.map { group in
          (
            group.learningRate,
            rates[group.areEmbeddings ? .embedding : TrainedPart(group.name)] ?? usual
          )
        }
      guard
        let (setting, rate) = places.first(where: { setting, _ in
          !done.contains(setting.keyPath) && setting.number != 0
        })
      else { return true }
      done.insert(setting.keyPath)
      let written = SettledRate.rounded(rate / scale)
      if setting.number == written { continue }
      // What is silent takes the base rate, unless its own differs.
      let isBase = setting.keyPath == base.keyPath
      if !isBase, !setting.isWritten, setting.number == base.number { continue }
      let edit = Edit(
        keyPath: setting.keyPath, current: setting.value.literal,
        recommended: Number.literal(written),
        reason: scale == 1
          ? "what the run settled at" : "what the run settled at, before the scaling by \(scale)")
      guard try apply(.set(setting, .number(written)), edit) else { return false }
    }
    return true
  }

  // MARK: What else changes

  /// Options that both have and that the file leaves to the defaults, and findings that are new.
  private mutating func compare(
    _ before: Reading, _ old: OptimizerUse, _ new: OptimizerUse
  ) throws(ReadFailure) {
    let after = try inspector.read(source, neighbours: neighbours)
    guard let first = before.plans.first, let second = after.plans.first else { return }
    for key in ["weight_decay", "beta1", "beta2"] {
      guard let was = first.optimizer.option(key)?.number,
        let now = second.optimizer.option(key), let number = now.number, was != number
      else { continue }
      notes.append(
        "\(key) was \(Number.literal(was)) and is \(Number.literal(number))\(now.defaultNote) now")
    }
    let known = Set(before.diagnostics.map { $0.rule + $0.keyPath })
    for finding in after.diagnostics
    where finding.severity >= .warning && !known.contains(finding.rule + finding.keyPath) {
      notes.append("\(finding.shownPlace): \(finding.message) [\(finding.rule)]")
    }
  }
}

extension Diagnostic {
  fileprivate var shownPlace: String { keyPath.isEmpty ? "the file" : keyPath }
}
