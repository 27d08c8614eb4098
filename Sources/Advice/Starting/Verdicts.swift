public import DryRuns
internal import Inspection
internal import Knowledge
internal import Optimizers
internal import Plans
internal import SourceText
internal import Trials

/// What dry runs said, so that runs which are the same in numbers are made once.
public struct Verdicts: Sendable {
  public struct Verdict: Sendable {
    public let verdict: DryRunVerdict
    /// As a sentence: lower case, no full stop.
    public let reason: String
  }

  private var known: [String: Verdict] = [:]

  public init() {}

  /// How many were run.
  public var count: Int { known.count }

  mutating func verdict(of files: ConfigFiles, _ inspector: Inspector) -> Verdict {
    let neighbours = files.neighbours
    let plan = (try? inspector.read(files.config, neighbours: neighbours))?.plans.first
    let key = plan.flatMap(Self.key)
    if let key, let known = known[key] { return known }
    var dryRun = DryRun(inspector: inspector)
    dryRun.basinPoints = 0
    dryRun.explains = false
    guard let report = try? dryRun.report(on: files.config, neighbours: neighbours) else {
      return Verdict(verdict: .notRunnable, reason: "it cannot be read")
    }
    let verdict = Verdict(verdict: report.verdict, reason: report.reason)
    if let key { known[key] = verdict }
    return verdict
  }

  /// What a dry run depends on, as text; nil where nothing can be run.
  private static func key(_ plan: TrainingPlan) -> String? {
    guard let trial = try? TrialPlan(plan, steps: nil, problem: nil, seed: 0) else { return nil }
    let schedule = plan.schedule
    let parts = trial.parts.map { part in
      let settings = part.settings
      let options = settings.options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      return [
        settings.optimizer, options.joined(separator: ","), "\(settings.method)",
        settings.format.rawValue, "\(settings.rate)", "\(settings.steps)", "\(settings.clip)",
        "\(settings.samplesPerStep)", "\(settings.width)", "\(settings.trainedNumbers)",
        "\(settings.dropout)",
      ].joined(separator: " ")
    }
    return
      (["\(schedule.name.value.literal) \(schedule.warmup.value.literal) \(schedule.warmupUnit)"]
      + parts).joined(separator: "; ")
  }
}
