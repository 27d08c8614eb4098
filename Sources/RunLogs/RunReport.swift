public import Inspection
internal import Knowledge
public import Plans
public import Reporting
public import SourceText

/// What a finished run of Prodigy or D-Adaptation says of the rate that AdamW is to have.
public struct RunReport: Sendable {
  /// As it was asked for.
  public let path: String
  /// The folder of the run.
  public let folder: String
  public let target: RateTransfer.Target
  public private(set) var outcomes: [(series: RateSeries, settled: SettledRate)] = []
  public private(set) var transfer: RateTransfer?
  public private(set) var config: SourceFile?
  /// The optimizer of the config, where there is one.
  public private(set) var optimizer: String?
  public private(set) var notes: [String] = []
  /// Why nothing is recommended; nil if something is.
  public private(set) var refusal: String?

  /// - Parameter config: What the run was started with, where it is at hand.
  /// - Throws: A ``ReadFailure`` if there is no event file, if one is damaged, or if the config cannot
  ///   be read.
  public init(
    _ path: String, to target: RateTransfer.Target, config: SourceFile?,
    neighbours: Neighbours = .none, inspector: Inspector
  ) throws(ReadFailure) {
    self.path = path
    self.target = target
    let runs = try RunLog.runs(below: path)
    guard let run = runs.first else {
      folder = path
      refusal =
        "no learning rate was logged: the trainers' tags begin with lr/, or are lr, learning_rate "
        + "or prodigy_d"
      return
    }
    folder = run.folder
    if runs.count > 1 {
      notes.append(
        "there are \(runs.count) runs below this folder: this is the newest, "
          + "\(run.folder); name the folder of another one for that")
    }
    if run.isCutOff { notes.append("the log ends within a record: the run was stopped") }
    var plan: TrainingPlan?
    if let config {
      self.config = config
      let reading = try inspector.read(config, neighbours: neighbours)
      plan = reading.plans.first
      optimizer = plan?.optimizer.facts?.title
      if let plan, let obstacle = RateTransfer.obstacle(plan) {
        refusal = "\(config.path): \(obstacle)"
        return
      }
    }
    outcomes = run.rates.map { series in
      var series = series
      if let plan {
        series = series.scheduled(by: plan)
        // Its optimizer estimates, so the numbers hold the estimate.
        if plan.backend != "kohya", plan.backend != "kohya-gui" {
          series = RateSeries(
            part: series.part, tag: series.tag, applied: series.applied,
            scheduled: series.scheduled, isCertain: true)
        }
      }
      return (series, SettledRate(series))
    }
    conclude(neighbours, inspector)
    if let config, let refusal = try makeTransfer(config, neighbours, inspector) {
      notes.append("\(config.path) is left as it is: \(refusal)")
    }
  }

  private var usable: [(series: RateSeries, settled: SettledRate)] {
    outcomes.filter { $0.settled.isUsable }
  }

  private mutating func conclude(_ neighbours: Neighbours, _ inspector: Inspector) {
    guard usable.isEmpty else { return }
    refusal = outcomes.first.map { Self.reason($0.settled, $0.series) } ?? "no rate was logged"
  }

  private mutating func makeTransfer(
    _ config: SourceFile, _ neighbours: Neighbours, _ inspector: Inspector
  ) throws(ReadFailure) -> String? {
    guard refusal == nil else { return nil }
    let transfer = try RateTransfer(
      config, neighbours: neighbours, inspector: inspector, to: target, rates: rates)
    self.transfer = transfer
    return transfer.refusal
  }

  /// What each part came to; of several with one name the first.
  var rates: [TrainedPart: Double] {
    Dictionary(
      usable.map { (TrainedPart($0.series.part), $0.settled.rate) },
      uniquingKeysWith: { first, _ in first })
  }

  static func reason(_ settled: SettledRate, _ series: RateSeries) -> String {
    switch settled.state {
    case .neverGrew:
      "the estimate never grew: it stayed at \(number(settled.rate)), its first guess, for "
        + "\(settled.steps.upperBound) steps, so nothing was learned and no rate was found; a learning "
        + "rate below 1, a warm-up as long as the run or too small a d0 do that"
    case .scheduleOnly where settled.rate >= SettledRate.highest:
      "'\(series.tag)' holds the schedule (\(number(settled.rate)) at its highest) and not what was "
        + "applied: the trainer did not log the estimate"
    case .scheduleOnly:
      "'\(series.tag)' holds what looks like a fixed rate with its schedule "
        + "(\(number(settled.rate)) at its highest) and no estimate"
    case .tooFew:
      "only \(settled.points) points were logged, too few to see where the estimate came to rest"
    case .steady, .growing, .flat: ""
    }
  }

  /// "0.00034"
  static func number(_ value: Double) -> String {
    guard value > 0, value.isFinite else { return Number.literal(value) }
    var exponent = 0
    var digits = value
    while digits < 1 { (digits, exponent) = (digits * 10, exponent - 1) }
    while digits >= 10 { (digits, exponent) = (digits / 10, exponent + 1) }
    return Double("\((digits * 100).rounded() / 100)e\(exponent)").map(Number.literal) ?? "\(value)"
  }
}
