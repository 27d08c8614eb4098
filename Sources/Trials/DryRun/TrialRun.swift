internal import Optimizers

/// One run of an optimizer on a folded problem.
struct TrialRun<Problem: FoldedProblem, Element: StoredNumber>
where Element.Arithmetic == Float {
  private let laboratory: Laboratory
  private let settings: TrialSettings
  private let problem: Problem
  private let optimizer: AnyOptimizer<Element>

  init(
    _ laboratory: Laboratory, _ settings: TrialSettings, _ problem: Problem,
    _ optimizer: AnyOptimizer<Element>
  ) {
    self.laboratory = laboratory
    self.settings = settings
    self.problem = problem
    self.optimizer = optimizer
  }

  func trajectory() -> Trajectory {
    var parameters = zip(problem.shapes, problem.start).map { shape, values in
      Tensor(shape: shape, values: values.map { Element(rounding: $0) })
    }
    let run = optimizer.run(on: parameters)
    var workspace = problem.workspace()
    var gradients = problem.start
    var stored = parameters
    var average = settings.average.map { RunningAverage($0, parameters) }
    var result = Trajectory()
    var lost = 0.0
    for t in 0..<settings.steps {
      let wide = parameters.map(Self.wide)
      let loss = laboratory.noise.atStep(t, scale: laboratory.noiseScale(settings)) { noise in
        problem.evaluate(wide, noise: noise, gradients: &gradients, workspace: &workspace)
      }
      result.note(loss, problem.layer)
      guard loss.error.isFinite,
        let rate = settings.schedule.rate(
          atStep: Int(Double(t) * settings.stride), base: settings.rate)
      else { break }
      for place in gradients.indices { Self.store(gradients[place], in: &stored[place]) }
      settings.clip.apply(to: &stored)
      let before = parameters
      do throws(OptimizerError) {
        try run.step(&parameters, gradients: stored, rates: rates(rate))
      } catch {
        result.stopped = error.description
        break
      }
      lost += Self.lostShare(before, parameters, stored)
      average?.update(parameters, step: t)
      result.rate.append(rate)
      if let d = run.internals["d"] { result.adaptedRate.append(d * rate) }
    }
    result.lostUpdates = result.steps > 0 ? lost / Double(result.steps) : 0
    note(end: parameters, run, average, &workspace, &result)
    return result
  }

  private func rates(_ rate: Double) -> [Double] {
    problem.shapes.indices.map { place in
      let ratio = place < settings.rateRatios.count ? settings.rateRatios[place] : 1
      return rate * ratio * settings.rateScale
    }
  }

  /// The loss after the last step, and that of the weights that are saved.
  private func note(
    end parameters: [Tensor<Element>], _ run: OptimizerRun<Element>,
    _ average: RunningAverage<Element>?, _ workspace: inout Problem.Workspace,
    _ result: inout Trajectory
  ) {
    guard result.steps == settings.steps else { return }
    var unused: [[Float]] = []
    func loss(_ parameters: [Tensor<Element>]) -> FoldedLoss {
      problem.evaluate(
        parameters.map(Self.wide), noise: nil, gradients: &unused, workspace: &workspace)
    }
    result.note(loss(parameters), problem.layer)
    if let saved = average?.parameters ?? run.evaluationParameters(parameters) {
      result.savedLoss = loss(saved).error / problem.layer.startError
    }
  }

  private static func wide(_ tensor: Tensor<Element>) -> [Float] {
    if let own = tensor.values as? [Float] { return own }
    return tensor.values.map(\.wide)
  }

  private static func store(_ values: [Float], in tensor: inout Tensor<Element>) {
    for i in values.indices { tensor.values[i] = Element(rounding: values[i]) }
  }

  /// The share of numbers with a gradient that are what they were.
  private static func lostShare(
    _ before: [Tensor<Element>], _ after: [Tensor<Element>], _ gradients: [Tensor<Element>]
  ) -> Double {
    var unchanged = 0
    var count = 0
    for place in before.indices {
      let (old, new, g) = (before[place].values, after[place].values, gradients[place].values)
      count += old.count
      for i in old.indices where old[i].wide == new[i].wide && g[i].wide != 0 { unchanged += 1 }
    }
    return Double(unchanged) / Double(count)
  }
}

extension Trajectory {
  fileprivate mutating func note(_ now: FoldedLoss, _ layer: FoldedLayer) {
    loss.append(now.error / layer.startError)
    drift.append(max(0, now.change / Double(layer.size)).squareRoot())
  }
}

/// The average of the weights over the steps, in their own format.
private struct RunningAverage<Element: StoredNumber> where Element.Arithmetic == Float {
  private let settings: TrialSettings.Average
  private(set) var parameters: [Tensor<Element>]
  private var updates = 0

  init(_ settings: TrialSettings.Average, _ parameters: [Tensor<Element>]) {
    self.settings = settings
    self.parameters = parameters
  }

  mutating func update(_ now: [Tensor<Element>], step: Int) {
    guard (step + 1) % max(1, settings.interval) == 0 else { return }
    let n = Double(updates)
    updates += 1
    let decay = Float(
      settings.hasWarmup ? min(settings.decay, (1 + n) / (10 + n)) : settings.decay)
    for place in parameters.indices {
      for i in parameters[place].values.indices {
        let own = parameters[place].values[i].wide
        let difference = Element.rounded(now[place].values[i].wide - own)
        parameters[place].values[i] = Element(rounding: own + (1 - decay) * difference)
      }
    }
  }
}
