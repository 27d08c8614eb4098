public import Inspection
internal import Knowledge
public import Plans
public import Reporting
public import SourceText
internal import Trials

/// Runs the optimizer of a config for real on a small problem, to see whether these settings can
/// converge at all.
public struct DryRun: Sendable {
  public var inspector: Inspector
  /// Optimizer steps; nil for those of the file.
  public var steps: Int?
  /// `lora` or `full`; nil for what fits the file.
  public var problem: String?
  public var seed: UInt64 = 0
  /// Rates of the basin; 0 for none.
  public var basinPoints = Basin.usualPoints

  /// Whether the setting that decides is looked for.
  public var explains = true

  public init(inspector: Inspector) { self.inspector = inspector }

  /// The problems that can be asked for.
  public static let problems = ["lora", "full"]
  /// Images where nothing tells how many there are.
  static let assumedImages = 25
  /// Steps that are simulated one by one.
  static let mostSteps = StepLimits(adapter: 4000, full: 2500, fine: 1500)
  /// The same in a trial of another setting.
  static let mostTrialSteps = StepLimits(adapter: 1500, full: 800, fine: 800)

  public typealias Progress = @Sendable (_ done: Int, _ of: Int, _ what: String) -> Void

  /// - Throws: A ``ReadFailure`` if the file cannot be read or is no training config.
  public func report(
    on source: SourceFile, neighbours: Neighbours = .none,
    progress: @escaping Progress = { _, _, _ in }
  ) throws(ReadFailure) -> DryRunReport {
    var reader = PlanReader(
      inspector: inspector, steps: steps, problem: problem, seed: seed, neighbours: neighbours)
    var report = DryRunReport(
      path: source.path, backend: "", verdict: .notSimulated, reason: "")
    let reading = try reader.open(source)
    report.backend = reading.backend.id
    report.assumptions = reader.assumptions
    report.findings = PlanReader.stops(reading)
    if let first = report.findings.first {
      report.verdict = .notRunnable
      report.reason = first.message
      return report
    }
    guard let plan = reading.plans.first else {
      throw ReadFailure(path: source.path, message: "there is no training in it that could be run")
    }
    if reading.plans.count > 1 {
      report.assumptions.append(
        "the file describes \(reading.plans.count) runs: this is the first")
    }
    report.memory = MemoryInspection(inspector).estimate(plan)
    do throws(NoTrial) {
      let trial = try TrialPlan(plan, steps: steps, problem: problem, seed: seed)
      report.assumptions += trial.assumptions
      report.notSimulated = trial.notSimulated
      var bench = Bench(trial, plan, reader, progress)
      try bench.run(into: &report, basinPoints: basinPoints, explains ? reading : nil)
    } catch {
      report.verdict = error.isRefused ? .notRunnable : .notSimulated
      report.reason = error.reason
    }
    return report
  }
}

/// Steps that fit into the time, by what a step costs.
struct StepLimits {
  let adapter: Int
  let full: Int
  /// With the fine folding.
  let fine: Int

  func most(for settings: TrialSettings) -> Int {
    if Laboratories.isFine(settings) { return fine }
    return settings.method == .full ? full : adapter
  }
}

/// Reads the file, and the file with a setting changed, in the same way.
struct PlanReader: Sendable {
  var inspector: Inspector
  let steps: Int?
  let problem: String?
  let seed: UInt64
  let neighbours: Neighbours
  private(set) var assumptions: [String] = []

  init(
    inspector: Inspector, steps: Int?, problem: String?, seed: UInt64, neighbours: Neighbours
  ) {
    self.inspector = inspector
    self.steps = steps
    self.problem = problem
    self.seed = seed
    self.neighbours = neighbours
  }

  /// Reads the file; where the length of the run cannot be told without the number of images, with
  /// one that is assumed.
  mutating func open(_ source: SourceFile) throws(ReadFailure) -> Reading {
    let reading = try inspector.read(source, neighbours: neighbours)
    guard steps == nil, inspector.options.images == nil, let plan = reading.plans.first,
      plan.schedule.mostSteps == nil
    else { return reading }
    var other = inspector
    var neighbours = neighbours
    let counted = neighbours.imageCount(plan.imageFolders(&neighbours))
    other.options.images = counted ?? DryRun.assumedImages
    let again = try other.read(source, neighbours: neighbours)
    guard again.plans.first?.schedule.mostSteps != nil else { return reading }
    inspector = other
    assumptions.append(
      counted.map { "\(Figures.count($0)) images an epoch, counted in the folders of the config" }
        ?? "the number of images is not known: \(DryRun.assumedImages) (say --images or --steps)")
    return again
  }

  /// The plan with settings changed as the trainer reads it; nil where the file cannot express it or
  /// the trainer would stop.
  func trial(after changes: [Change], of reading: Reading) -> TrialPlan? {
    guard let source = reading.source(after: changes),
      let changed = try? inspector.read(source, neighbours: neighbours),
      Self.stops(changed).isEmpty, let plan = changed.plans.first
    else { return nil }
    return try? TrialPlan(plan, steps: steps, problem: problem, seed: seed)
  }

  /// The findings for which the trainer stops.
  static func stops(_ reading: Reading) -> [Diagnostic] {
    reading.diagnostics.filter { $0.severity == .error && $0.consequence.isStop }
  }
}

extension Consequence {
  var isStop: Bool {
    switch self {
    case .crashesAtLoad, .crashesAtStart, .crashesAtFirstStep, .crashesDuringTraining,
      .crashesAtLastStep, .crashesWhenSaving:
      true
    default: false
    }
  }
}
