internal import Inspection
internal import Knowledge
internal import Optimizers
internal import Plans
internal import SourceText
internal import Trials

/// The runs of one dry run: the config's own, its basin, and those with one setting changed.
struct Bench {
  private let trial: TrialPlan
  private let plan: TrainingPlan
  private let reader: PlanReader
  private let progress: DryRun.Progress
  private let runs = Runs(Laboratories())

  init(
    _ trial: TrialPlan, _ plan: TrainingPlan, _ reader: PlanReader,
    _ progress: @escaping DryRun.Progress
  ) {
    self.trial = trial
    self.plan = plan
    self.reader = reader
    self.progress = progress
  }

  mutating func run(
    into report: inout DryRunReport, basinPoints: Int, _ reading: Reading?
  ) throws(NoTrial) {
    let all = trial.parts.filter { $0.settings.rate != 0 }
    let parts = all.isEmpty ? trial.parts : all
    let main = parts[0]
    let most = DryRun.mostSteps.most(for: main.settings)
    let own = parts.flatMap { Self.pair($0.settings, most) }
    let practice = Practice.band(plan.optimizer.facts)
    let base = main.settings.rate == 0 ? nil : main.settings
    let multiples =
      basinPoints > 0
      ? Basin.multiples(basinPoints, rate: main.learningRate?.number ?? 0, practice: practice) : []
    let basinRuns = base.map { Basin.settings($0, multiples: multiples) } ?? []
    let count = own.count + basinRuns.count
    let outcomes = runs.all(own + basinRuns) { [progress] in progress($0, count, "runs") }
    for (place, part) in parts.enumerated() {
      let run = try Self.trajectory(outcomes[2 * place])
      let cooler = try Self.trajectory(outcomes[2 * place + 1])
      report.parts.append(
        PartOutcome(
          names: part.names, settings: own[2 * place], assessment: Assessment(run, cooler: cooler),
          trajectory: run, cooler: Assessment(cooler, cooler: cooler),
          stride: own[2 * place].stride))
    }
    if !basinRuns.isEmpty {
      report.basin = Basin(
        Array(outcomes[own.count...]), multiples: multiples,
        configured: main.learningRate?.number ?? main.settings.rate, steps: basinRuns[0].steps)
    }
    noteLength(main.settings, own[0], &report)
    try settle(&report)
    guard report.verdict != .converges, let reading else { return }
    explain(&report, reading, main, practice)
  }

  /// The run, and the one at a cooler rate.
  static func pair(_ settings: TrialSettings, _ most: Int) -> [TrialSettings] {
    let short = Shortening(settings, to: most).apply(to: settings)
    var cooler = short
    cooler.rate /= 10.0.squareRoot()
    return [short, cooler]
  }

  static func trajectory(_ outcome: Runs.Outcome) throws(NoTrial) -> Trajectory {
    switch outcome {
    case .success(let trajectory):
      if let words = trajectory.stopped {
        throw NoTrial(
          "the optimizer stops in step \(trajectory.steps + 1): \(words)", isRefused: true)
      }
      return trajectory
    case .failure(.notSimulated(let option, let value)):
      throw NoTrial("the optimizer's option '\(option)' of \(value) is not simulated")
    case .failure(let error): throw NoTrial("the optimizer refuses: \(error)", isRefused: true)
    }
  }

  private func noteLength(
    _ real: TrialSettings, _ simulated: TrialSettings, _ report: inout DryRunReport
  ) {
    guard simulated.stride > 1 else { return }
    let scale = Shortening(real, to: DryRun.mostSteps.most(for: real)).scale
    report.assumptions.append(
      "\(real.steps) steps are simulated in \(simulated.steps)"
        + (scale > 1 ? ", with larger and steadier ones" : ", under the whole schedule"))
  }

  /// The first part decides; another one does where it burns.
  private func settle(_ report: inout DryRunReport) throws(NoTrial) {
    let burning = report.parts.dropFirst().first {
      [.unstable, .diverges].contains($0.assessment.verdict)
    }
    let isFine = ![.unstable, .diverges].contains(report.parts[0].assessment.verdict)
    let decisive = isFine ? burning ?? report.parts[0] : report.parts[0]
    report.verdict = DryRunVerdict(decisive.assessment.verdict)
    report.reason =
      (burning != nil && isFine ? "'\(decisive.names.joined(separator: "', '"))': " : "")
      + decisive.assessment.reason
  }

  /// Finds the setting that decides, by changing one after the other.
  private func explain(
    _ report: inout DryRunReport, _ reading: Reading, _ main: TrialPlan.Part,
    _ practice: ClosedRange<Double>?
  ) {
    let candidates = Candidates(
      plan, main, report, canBeLonger: reader.steps == nil
    ).all
    let trials = candidates.compactMap { candidate in
      reader.trial(after: candidate.changes, of: reading).map { (candidate, $0) }
    }
    let settings = trials.flatMap { candidate, trial in
      let changed = trial.parts.first { $0.names.contains(main.names[0]) } ?? trial.parts[0]
      let limits = candidate.isLonger ? DryRun.mostSteps : DryRun.mostTrialSteps
      return Self.pair(changed.settings, limits.most(for: changed.settings))
    }
    let count = settings.count
    let outcomes = runs.all(settings) { [progress] in progress($0, count, "trials of settings") }
    var tried: [Counterfactual] = []
    for (place, (candidate, _)) in trials.enumerated() {
      guard let run = try? Self.trajectory(outcomes[2 * place]),
        let cooler = try? Self.trajectory(outcomes[2 * place + 1])
      else { continue }
      tried.append(
        Counterfactual(
          keyPath: candidate.keyPath, value: candidate.value, instead: candidate.instead,
          assessment: Assessment(run, cooler: cooler)))
    }
    report.counterfactuals = tried
    report.responsible = Self.responsible(tried, report)
  }

  /// Where updates are lost, the change that keeps them; else the first change that makes the run converge; else the first that makes it merely slow; else
  /// the one that brings the loss down most, if by a third at least.
  private static func responsible(
    _ tried: [Counterfactual], _ report: DryRunReport
  ) -> Counterfactual? {
    if report.verdict == .stalls, report.parts[0].trajectory.lostUpdates > 0.5,
      let rounding = tried.first(where: {
        Candidates.isRounding($0.keyPath) && [.converges, .slow].contains($0.assessment.verdict)
      })
    {
      return rounding
    }
    if let right = tried.first(where: { $0.assessment.verdict == .converges }) {
      // Of several values of one setting, the best.
      return tried.filter { $0.keyPath == right.keyPath && $0.assessment.verdict == .converges }
        .min { $0.assessment.end < $1.assessment.end }
    }
    if report.verdict != .slow,
      let slow = tried.filter({ $0.assessment.verdict == .slow })
        .min(by: { $0.assessment.end < $1.assessment.end })
    {
      return slow
    }
    let end = report.parts[0].assessment.end
    let best = tried.filter { $0.assessment.end.isFinite }
      .min { $0.assessment.end < $1.assessment.end }
    return best.flatMap { $0.assessment.end < 0.67 * end || !end.isFinite ? $0 : nil }
  }
}
