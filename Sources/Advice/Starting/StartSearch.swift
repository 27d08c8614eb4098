internal import DryRuns
internal import Inspection
internal import Memory
internal import Plans
internal import Reporting
internal import SourceText

/// Looks for the most comfortable settings that fit a card, lint without a finding and converge.
///
/// Optimizers are tried in the order of the guides, each with as few savings as do; savings that hurt
/// what is learned come last, and then only with lean optimizers. What was read once is kept, so that
/// one search serves many cards.
struct StartSearch {
  let recipe: Recipe
  let model: Recipe.Model
  private(set) var request: StartRequest
  private let optimizers: [(block: Recipe.Block, facts: OptimizerChoice)]
  private let savings: [Recipe.Block]
  private var judged: [Key: Judged] = [:]
  /// Verdicts by what was run, which many configs share; can be handed from one search to the next.
  var verdicts = Verdicts()

  private struct Key: Hashable {
    let optimizer: Int
    let savings: [Int]
    let longer: Double
  }

  /// What lint and the memory estimate say of a choice.
  struct Judged {
    let choice: StartChoice
    let files: ConfigFiles
    let findings: [Diagnostic]
    /// Nil where it cannot be worked out.
    let estimate: MemoryEstimate?

    func fits(_ bytes: Int) -> Bool {
      findings.isEmpty && estimate.map { $0.highBytes <= bytes } ?? false
    }
  }

  /// - Returns: Nil where the trainer has not the model, or not with this method.
  init?(_ request: StartRequest, _ recipe: Recipe) {
    guard let model = recipe.model(request.model.id),
      model.methods[request.method.rawValue] != nil
    else { return nil }
    self.recipe = recipe
    self.model = model
    self.request = request
    let known = OptimizerChoice.all()
    let fitting = recipe.optimizers.filter { $0.fits(model.id, request.method.rawValue) }
    optimizers = request.optimizers.flatMap { id in
      fitting.filter { $0.id == id }.compactMap { block in
        known.first { $0.id == id }.map { (block, $0) }
      }
    }
    savings = recipe.savings.filter { $0.fits(model.id, request.method.rawValue) }
  }

  private var maker: Maker { Maker(recipe: recipe, request: request, model: model) }

  /// How much longer than usual a run is made where it is still improving when it ends.
  private static let lengths = [1.0, 1.5, 2, 3]

  /// - Parameter withDryRun: Whether the run has to converge; without, lint and memory decide.
  mutating func find(into bytes: Int, withDryRun: Bool = true) -> StartingConfig? {
    request.vram = bytes
    let gentle = savings.indices.filter { !savings[$0].isHarsh }
    for (order, isHarsh) in [(gentle, false), (Array(savings.indices), true)] {
      for number in optimizers.indices {
        // Where all is short, what takes most is no choice.
        if isHarsh, optimizers[number].facts.id == "prodigy" { continue }
        // Where single pictures are too noisy to converge, something else has to give way.
        for order in [order, order.filter { savings[$0].numbers["batch"] == nil }] {
          guard let chosen = fitting(number, order, bytes) else { continue }
          if !withDryRun || request.method == .embedding {
            return judge(number, chosen, 1).flatMap { config($0, nil) }
          }
          if let found = converging(number, chosen, bytes) { return found }
        }
      }
    }
    return nil
  }

  /// As few savings as fit, taken in this order; nil if all of them do not.
  private mutating func fitting(_ optimizer: Int, _ order: [Int], _ bytes: Int) -> [Int]? {
    let first = request.goal == .saveMemory ? min(1, order.count) : 0
    for count in first...order.count {
      let chosen = Array(order.prefix(count))
      guard let result = judge(optimizer, chosen, 1), result.estimate != nil else { return nil }
      if result.fits(bytes) { return fewest(optimizer, chosen, bytes) }
    }
    return nil
  }

  /// The shortest run that converges.
  private mutating func converging(
    _ optimizer: Int, _ chosen: [Int], _ bytes: Int
  ) -> StartingConfig? {
    for longer in request.steps == nil ? Self.lengths : [1] {
      guard let result = judge(optimizer, chosen, longer), result.fits(bytes) else { return nil }
      let verdict = verdicts.verdict(of: result.files, inspector)
      if verdict.verdict == .converges { return config(result, verdict) }
      if verdict.verdict != .slow { return nil }
    }
    return nil
  }

  /// Without the savings that the last one made superfluous.
  private mutating func fewest(_ optimizer: Int, _ chosen: [Int], _ bytes: Int) -> [Int] {
    var chosen = chosen
    for saving in chosen.dropLast().reversed() {
      let fewer = chosen.filter { $0 != saving }
      if let result = judge(optimizer, fewer, 1), result.fits(bytes) { chosen = fewer }
    }
    return chosen
  }

  /// The smallest that any choice without a finding gets.
  mutating func smallest() -> StartingConfig? {
    var best: Judged?
    for number in optimizers.indices {
      for count in 0...savings.count {
        guard let result = judge(number, Array(savings.indices.prefix(count)), 1) else { break }
        guard let estimate = result.estimate, result.findings.isEmpty else { continue }
        if estimate.highBytes < best?.estimate?.highBytes ?? .max { best = result }
      }
    }
    return best.flatMap { config($0, nil) }
  }

  // MARK: One choice

  private mutating func judge(_ optimizer: Int, _ chosen: [Int], _ longer: Double) -> Judged? {
    let key = Key(optimizer: optimizer, savings: chosen, longer: longer)
    if let known = judged[key] { return known }
    let choice = StartChoice(
      optimizer: optimizers[optimizer].block, facts: optimizers[optimizer].facts,
      savings: chosen.map { savings[$0] }, longer: longer)
    guard let files = maker.files(choice) else { return nil }
    let result = judge(choice, files)
    judged[key] = result
    return result
  }

  private var inspector: Inspector {
    Inspector(
      backend: recipe.backend,
      options: ReadingOptions(script: maker.script, images: request.images))
  }

  private func judge(_ choice: StartChoice, _ files: ConfigFiles) -> Judged {
    let inspector = inspector
    do throws(ReadFailure) {
      let reading = try inspector.read(files.config, neighbours: files.neighbours)
      guard let plan = reading.plans.first else {
        return Judged(
          choice: choice, files: files, findings: reading.diagnostics, estimate: nil)
      }
      switch MemoryInspection(inspector).estimate(plan) {
      case .success(let estimate):
        return Judged(
          choice: choice, files: files, findings: reading.diagnostics, estimate: estimate)
      case .failure:
        return Judged(
          choice: choice, files: files, findings: reading.diagnostics, estimate: nil)
      }
    } catch {
      return Judged(
        choice: choice, files: files, findings: [], estimate: nil)
    }
  }

  private func config(_ result: Judged, _ verdict: Verdicts.Verdict?) -> StartingConfig? {
    guard let estimate = result.estimate else { return nil }
    return StartingConfig(
      request: request, files: result.files, reasons: maker.reasons(result.choice),
      optimizer: result.choice.facts.title, optimizerID: result.choice.facts.id,
      numbers: maker.numbers(result.choice), costs: result.choice.savings.map(\.cost),
      install: result.choice.optimizer.install,
      launch: recipe.launch.filled { $0 == "script" ? maker.script : nil }, script: maker.script,
      estimate: estimate, dryRun: verdict)
  }
}
