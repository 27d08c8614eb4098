public import Inspection
internal import Knowledge
internal import Optimizers
public import Plans
public import Reporting
public import SourceText
internal import Trials

/// Makes comparisons.
public struct Comparer: Sendable {
  public var inspector: Inspector
  /// Optimizers by a trainer's names, or by their ids.
  public var optimizers: [String] = []
  /// A setting by its path, with the values it gets.
  public var variation: (keyPath: String, values: [String])?
  public var steps: Int?
  public var seed: UInt64 = 0
  /// Rates of each basin; 0 for none.
  public var basinPoints = 13
  /// The rate for all; nil for what is usual for each.
  public var rate: Double?

  public init(inspector: Inspector) { self.inspector = inspector }

  /// What is compared where nothing is named.
  public static let usualOptimizers = ["PRODIGY", "ADAMW", "LION", "ADAFACTOR"]

  /// A config to be run, or why not.
  private struct Contestant {
    let label: String
    var settings: TrialSettings?
    /// The rate as the file would say it.
    var rate = 0.0
    var practice: ClosedRange<Double>?
    var refusal: String?
  }

  /// The same with so many sets of random numbers, as one.
  public func comparison(
    on source: SourceFile?, neighbours: Neighbours = .none, seeds: Int,
    progress: @escaping DryRun.Progress = { _, _, _ in }
  ) throws(ReadFailure) -> Comparison {
    try Comparison.merged(seeds) { place throws(ReadFailure) in
      var comparer = self
      comparer.seed = seed &+ UInt64(place)
      // The basins of one are as good as those of all.
      if place > 0 { comparer.basinPoints = 0 }
      return try comparer.comparison(on: source, neighbours: neighbours) { done, count, what in
        progress(place * count + done, seeds * count, what)
      }
    }
  }

  /// Whole configs side by side, each in its own run.
  public func comparison(
    of configs: [(label: String, source: SourceFile)], seeds: Int,
    progress: @escaping DryRun.Progress = { _, _, _ in }
  ) throws(ReadFailure) -> Comparison {
    try Comparison.merged(seeds) { place throws(ReadFailure) in
      var contestants: [Contestant] = []
      for (label, source) in configs {
        var reader = PlanReader(
          inspector: inspector, steps: steps, problem: nil, seed: seed &+ UInt64(place),
          neighbours: .none)
        let reading = try reader.open(source)
        contestants.append(
          contestant(label, reading.plans.first, PlanReader.stops(reading).first, place))
      }
      let settings = contestants.lazy.compactMap(\.settings).first
      var comparison = Comparison(
        problem: settings.map(Self.words) ?? "", steps: settings?.steps ?? 0, entries: [])
      comparison.entries = run(contestants) { done, count, what in
        progress(place * count + done, seeds * count, what)
      }
      return comparison
    }
  }

  private func contestant(
    _ label: String, _ plan: TrainingPlan?, _ stop: Diagnostic?, _ place: Int
  ) -> Contestant {
    var contestant = Contestant(label: label)
    if let stop {
      contestant.refusal = stop.message
    } else if let plan {
      do throws(NoTrial) {
        let trial = try TrialPlan(plan, steps: steps, problem: nil, seed: seed &+ UInt64(place))
        contestant.settings = trial.parts[0].settings
        contestant.rate = trial.parts[0].learningRate?.number ?? trial.parts[0].settings.rate
        contestant.practice = Practice.band(plan.optimizer.facts)
      } catch {
        contestant.refusal = error.reason
      }
    }
    return contestant
  }

  /// - Parameter source: The config whose run the comparison takes place in; nil for a LoRA of SDXL.
  public func comparison(
    on source: SourceFile?, neighbours: Neighbours = .none,
    progress: @escaping DryRun.Progress = { _, _, _ in }
  ) throws(ReadFailure) -> Comparison {
    var assumptions: [String] = []
    let base: TrialPlan
    let contestants: [Contestant]
    if let source {
      var reader = PlanReader(
        inspector: inspector, steps: steps, problem: nil, seed: seed, neighbours: neighbours)
      let reading = try reader.open(source)
      guard let plan = reading.plans.first else {
        throw ReadFailure(
          path: source.path, message: "there is no training in it that could be run")
      }
      do throws(NoTrial) {
        base = try TrialPlan(plan, steps: steps, problem: nil, seed: seed)
      } catch {
        throw ReadFailure(path: source.path, message: error.reason)
      }
      assumptions = reader.assumptions + base.assumptions
      if let variation {
        contestants = try varied(variation.keyPath, variation.values, reading, plan, reader)
      } else {
        contestants = try named(plan.backend, base, plan)
      }
    } else {
      base = Self.usual(steps ?? 1000, seed)
      contestants = try named("onetrainer", base, nil)
    }
    let settings = base.parts[0].settings
    var comparison = Comparison(
      problem: Self.words(settings), steps: settings.steps, entries: [], assumptions: assumptions)
    comparison.entries = run(contestants, progress)
    return comparison
  }

  /// A LoRA of SDXL as it is usually trained.
  private static func usual(_ steps: Int, _ seed: UInt64) -> TrialPlan {
    let layer = Catalogue.layer(ofModel: "sdxl")
    let width = layer?.width ?? 1280
    var cosine = OneTrainerSchedule(
      "COSINE", warmup: 0, length: OneTrainerLength(batchesPerEpoch: steps, epochs: 1))
    cosine.cycles = 1
    let schedule = (try? cosine.reading().schedule).flatMap(\.self) ?? Schedule(.constant)
    let settings = TrialSettings(
      optimizer: "ADAMW", method: .adapter(rank: 16, scale: 1), rate: 1e-4, schedule: schedule,
      steps: steps, samplesPerStep: 2, width: width,
      trainedNumbers: 2 * 16 * (layer?.parameters ?? 2.6e9) / Double(width), seed: seed)
    return TrialPlan(usual: settings)
  }

  static func words(_ settings: TrialSettings) -> String {
    switch settings.method {
    case .full: "a layer of \(settings.width), trained in \(settings.format.rawValue)"
    case .adapter(let rank, let scale):
      "LoRA of rank \(rank) on a layer of \(settings.width), its output times \(Figures.text(scale)), in \(settings.format.rawValue)"
    }
  }

  /// The file with one setting at each value.
  private func varied(
    _ keyPath: String, _ values: [String], _ reading: Reading, _ plan: TrainingPlan,
    _ reader: PlanReader
  ) throws(ReadFailure) -> [Contestant] {
    let prefix = plan.file.keyPath
    let path = prefix.isEmpty || keyPath.hasPrefix(prefix) ? keyPath : "\(prefix).\(keyPath)"
    let place = Place(keyPath: path, span: plan.file.span)
    try checkIsRead(place, values, reading, reader)
    return values.map { value in
      var contestant = Contestant(
        label: "\(keyPath.split(separator: ".").last ?? "") \(value)")
      guard let changed = reading.source(after: [.set(place, SettingValue(word: value))]) else {
        contestant.refusal = "the file cannot express \(keyPath) \(value)"
        return contestant
      }
      do {
        let again = try reader.inspector.read(changed, neighbours: reader.neighbours)
        if let stop = PlanReader.stops(again).first {
          contestant.refusal = stop.message
        } else if let plan = again.plans.first {
          let trial = try TrialPlan(plan, steps: steps, problem: nil, seed: seed)
          contestant.settings = trial.parts[0].settings
          contestant.rate = trial.parts[0].learningRate?.number ?? trial.parts[0].settings.rate
          contestant.practice = Practice.band(plan.optimizer.facts)
        }
      } catch let error as NoTrial {
        contestant.refusal = error.reason
      } catch let error as ReadFailure {
        contestant.refusal = error.message
      } catch {
        contestant.refusal = "\(error)"
      }
      return contestant
    }
  }

  /// A setting that the trainer does not read would compare the run with itself.
  private func checkIsRead(
    _ place: Place, _ values: [String], _ reading: Reading, _ reader: PlanReader
  ) throws(ReadFailure) {
    guard let value = values.first,
      let changed = reading.source(after: [.set(place, SettingValue(word: value))]),
      let again = try? reader.inspector.read(changed, neighbours: reader.neighbours),
      let finding = again.diagnostics.first(where: {
        $0.rule == "unknown-key" && $0.keyPath == place.keyPath
      })
    else { return }
    throw ReadFailure(path: reading.source.path, message: finding.message)
  }

  /// A name that no trainer has is a slip.
  private static func checkIsKnown(_ name: String, in backend: String) throws(ReadFailure) {
    if Catalogue.optimizer(name) != nil { return }
    if Catalogue.trainers.contains(where: { Catalogue.optimizer(named: name, in: $0) != nil }) {
      return
    }
    let known = Catalogue.simulations.filter { $0.backend == backend }.map(\.name)
    let hint = Suggestion.nearest(to: name, in: known).map { ": did you mean '\($0)'?" } ?? ""
    throw ReadFailure(path: "--optimizers", message: "there is no optimizer '\(name)'\(hint)")
  }

  /// The optimizers in the run of the plan, each with the options that the trainer gives it.
  private func named(
    _ backend: String, _ base: TrialPlan, _ plan: TrainingPlan?
  ) throws(ReadFailure) -> [Contestant] {
    let own = plan?.optimizer.name.text
    var names = optimizers
    if names.isEmpty {
      names = Self.usualOptimizers.map { id in
        Catalogue.optimizer(id)?.use(in: backend)?.name ?? id
      }
      if let own, !names.contains(own) { names.insert(own, at: 0) }
    }
    let trainer = backend == "kohya-gui" ? "kohya" : backend
    for name in names { try Self.checkIsKnown(name, in: trainer) }
    return names.map { name in
      var contestant = Contestant(label: name)
      var settings = base.parts[0].settings
      guard
        let found = Catalogue.optimizer(named: name, in: backend)
          ?? Catalogue.optimizer(name).flatMap({ facts in
            facts.use(in: backend).map { (facts, $0) }
          }),
        let simulation = Catalogue.simulations.first(where: {
          $0.backend == trainer && $0.name == found.use.name
        })
      else {
        contestant.refusal = "the trainer has no optimizer of this name"
        return contestant
      }
      guard let id = simulation.algorithm, let family = OptimizerFamily[id: id] else {
        contestant.refusal = "not simulated: \(simulation.remark)"
        return contestant
      }
      contestant.practice = Practice.band(found.facts)
      if name != own || optimizers.isEmpty && plan == nil {
        settings.optimizer = id
        settings.options = OptimizerOptions.standard(
          found.use, TrialPlan.Algorithm(family: family, fixed: simulation.options))
        settings.options = OptimizerOptions.folded(settings, family)
        settings.rate = rate ?? Practice.rate(found.facts)
      } else if let rate {
        settings.rate = rate
      }
      contestant.rate = settings.rate
      contestant.settings = settings
      return contestant
    }
  }

  private func run(
    _ contestants: [Contestant], _ progress: @escaping DryRun.Progress
  ) -> [Comparison.Entry] {
    var all: [TrialSettings] = []
    var ranges: [(main: Int, multiples: [Double])?] = []
    for contestant in contestants {
      guard let settings = contestant.settings else {
        ranges.append(nil)
        continue
      }
      let most = DryRun.mostSteps.most(for: settings)
      let multiples =
        basinPoints > 0 && settings.rate != 0
        ? Basin.multiples(basinPoints, rate: contestant.rate, practice: contestant.practice) : []
      ranges.append((all.count, multiples))
      all += Bench.pair(settings, most) + Basin.settings(settings, multiples: multiples)
    }
    let settings = all
    let outcomes = Runs(Laboratories()).all(settings) { progress($0, settings.count, "runs") }
    return zip(contestants, ranges).map { contestant, range in
      guard let own = contestant.settings, let range else {
        return Comparison.Entry(
          label: contestant.label, optimizer: "", rate: contestant.rate, outcome: nil,
          refusal: contestant.refusal, cost: nil)
      }
      let outcome: Comparison.Outcome?
      var refusal: String?
      do throws(NoTrial) {
        let run = try Bench.trajectory(outcomes[range.main])
        let cooler = try Bench.trajectory(outcomes[range.main + 1])
        let first = range.main + 2
        let basin =
          range.multiples.isEmpty
          ? nil
          : Basin(
            Array(outcomes[first..<first + range.multiples.count]), multiples: range.multiples,
            configured: contestant.rate, steps: settings[first].steps)
        outcome = Comparison.Outcome(
          run, Assessment(run, cooler: cooler), basin, stride: settings[range.main].stride)
      } catch {
        outcome = nil
        refusal = error.reason
      }
      return Comparison.Entry(
        label: contestant.label, optimizer: own.optimizer, rate: contestant.rate, outcome: outcome,
        refusal: refusal, cost: Comparison.StepCost(own))
    }
  }
}

extension SettingValue {
  /// A value as someone types it.
  init(word: String) {
    switch word {
    case "true": self = .boolean(true)
    case "false": self = .boolean(false)
    case "null": self = .null
    default: self = Number.parse(word).map { .number($0) } ?? .text(word)
    }
  }
}

/// Rates that work in practice, by the data.
enum Practice {
  static func band(_ facts: OptimizerFacts?) -> ClosedRange<Double>? {
    guard let band = facts?.learningRate, band.low > 0, band.high >= band.low else { return nil }
    return band.low...band.high
  }

  /// The usual one; where no one says, that of Adam.
  static func rate(_ facts: OptimizerFacts) -> Double {
    if facts.isAdaptive { return 1 }
    if let usual = facts.learningRate?.usual { return usual }
    return band(facts).map { ($0.lowerBound * $0.upperBound).squareRoot() } ?? 1e-4
  }
}

extension Comparison.StepCost {
  /// On the real layer's matrices.
  init?(_ settings: TrialSettings) {
    guard let family = OptimizerFamily[id: settings.optimizer] else { return nil }
    let width = settings.width
    let shapes: [ParameterShape]
    switch settings.method {
    case .full: shapes = [ParameterShape([width, width], format: settings.format)]
    case .adapter(let rank, _):
      shapes = [
        ParameterShape([rank, width], format: settings.format),
        ParameterShape([width, rank], format: settings.format, startsAtZero: true),
      ]
    }
    var options = settings.options
    if options["min_8bit_size"] != nil { options["min_8bit_size"] = nil }
    let layout: [StateTensor]
    do {
      switch settings.format {
      case .bfloat16:
        let optimizer = try family.optimizer(storing: BFloat16.self, options)
        layout = shapes.flatMap(optimizer.layout)
      case .float16:
        let optimizer = try family.optimizer(storing: Half.self, options)
        layout = shapes.flatMap(optimizer.layout)
      default:
        let optimizer = try family.optimizer(storing: Float.self, options)
        layout = shapes.flatMap(optimizer.layout)
      }
    } catch {
      return nil
    }
    let numbers = Double(shapes.reduce(0) { $0 + $1.shape.reduce(1, *) })
    stateBytes = Double(layout.reduce(0) { $0 + $1.bytes }) / numbers
    traffic = 2 * stateBytes + 3 * Double(settings.format.width)
  }
}
