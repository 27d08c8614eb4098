import Backends
public import Knowledge
public import Memory
public import Optimizers
public import Plans
public import Reporting
public import SourceText

/// Works out what the runs of a config need on the card.
public struct MemoryInspection: Sendable {
  public let inspector: Inspector
  public var gpu = GPU.unknown
  /// A model by our own id, instead of the one that the config names.
  public var model: String?
  /// The denoiser as a weights file or a manifest lists it.
  public var component: ComponentShapes?
  /// What a person's own measurements say of our estimates.
  public var calibration: Calibration?

  public init(_ inspector: Inspector) { self.inspector = inspector }

  func read(_ source: SourceFile, _ neighbours: Neighbours) throws(ReadFailure) -> Reading {
    try inspector.read(source, neighbours: neighbours, isJudged: false)
  }

  /// The estimate of each run of a file, with what would make it smaller.
  /// - Parameter withSavings: Whether to look for that, which reads the file once per setting.
  public func estimates(
    _ source: SourceFile, neighbours: Neighbours = .none, withSavings: Bool = true
  ) throws(ReadFailure) -> [MemoryReport] {
    let reading = try read(source, neighbours)
    guard !reading.plans.isEmpty else {
      throw ReadFailure(path: source.path, message: "the file describes no run that trains")
    }
    return reading.plans.indices.map { place in
      let outcome = estimate(reading.plans[place])
      var report = MemoryReport(
        path: source.path, backend: reading.backend.id, plan: reading.plans[place],
        outcome: outcome)
      if withSavings, case .success(let estimate) = outcome {
        let search = LeverSearch(
          inspection: self, reading: reading, place: place, neighbours: neighbours,
          start: estimate)
        report.optimizers = search.optimizers()
        report.savings = search.savings()
      }
      return report
    }
  }

  /// The estimate of one run.
  /// - Parameter options: Options of the optimizer to take instead of what the plan has.
  public func estimate(
    _ plan: TrainingPlan, options: [String: HyperparameterValue] = [:]
  ) -> Result<MemoryEstimate, MemoryUnknown> {
    Result { () throws(MemoryUnknown) in
      var run = try run(of: plan)
      run.gpu = gpu
      run.optimizer = run.optimizer.map { $0.taking(options) }
      let estimate = try MemoryEstimate(run)
      return calibration.map { $0.applied(to: estimate) } ?? estimate
    }
  }

  private func run(of plan: TrainingPlan) throws(MemoryUnknown) -> MemoryRun {
    var plan = plan
    if let model {
      guard let family = Catalogue.family(model) else { throw .model("unknown model '\(model)'") }
      plan.givenFamily = family
    }
    plan.givenComponent = component
    return try plan.memoryRun()
  }

  /// The cheapest change of settings with which a run fits; nil if none does.
  public func fit(
    _ source: SourceFile, into bytes: Int, neighbours: Neighbours = .none, run place: Int = 0
  ) throws(ReadFailure) -> FitOutcome {
    let reading = try read(source, neighbours)
    guard reading.plans.indices.contains(place) else {
      throw ReadFailure(path: source.path, message: "the file describes no run that trains")
    }
    switch estimate(reading.plans[place]) {
    case .failure(let unknown): return .unknown(unknown)
    case .success(let start):
      if start.peakBytes <= bytes { return .fits(start) }
      let search = LeverSearch(
        inspection: self, reading: reading, place: place, neighbours: neighbours, start: start)
      return search.fit(into: bytes)
    }
  }
}

/// What one run of a file needs.
public struct MemoryReport: Sendable {
  public let path: String
  public let backend: String
  public let plan: TrainingPlan
  public let outcome: Result<MemoryEstimate, MemoryUnknown>
  public var savings: [Saving] = []
  /// The same run with other optimizers, the most state first.
  public var optimizers: [OptimizerAlternative] = []
}

/// A change of settings with what it saves.
public struct Saving: Sendable {
  /// As an order: `set batch_size to 1`.
  public let change: String
  public let keyPath: String
  public let bytes: Int
  public let cost: String
  /// What the file becomes.
  public let changed: SourceFile
  public let estimate: MemoryEstimate
}

/// How the search for a change that fits ended.
public enum FitOutcome: Sendable {
  /// It does so already.
  case fits(MemoryEstimate)
  case found([Saving], MemoryEstimate, SourceFile)
  /// The smallest that was found, and what it took.
  case tooLarge([Saving], MemoryEstimate)
  case unknown(MemoryUnknown)
}
