internal import Knowledge
public import Memory
private import Optimizers

extension TrainingPlan {
  /// What of the run takes memory, with all that is read alike for every trainer.
  /// - Throws: What is not known, in words.
  public func memoryRun() throws(MemoryUnknown) -> MemoryRun {
    guard let memory else {
      throw .model("the memory of runs of this kind is not worked out")
    }
    var run = try memory(givenFamily)
    if let givenComponent, let place = run.parts.firstIndex(where: { $0.role == .denoiser }) {
      run.parts[place].component = givenComponent
    }
    run.batch = Self.count(batchSize) ?? 1
    run.accumulation = Self.count(gradientAccumulationSteps) ?? 1
    run.hasFusedBackPass = fusedBackPass?.isOn ?? false
    if let weights = groups.first?.weights.value {
      switch weights {
      case .bfloat16: run.trainedFormat = .bfloat16
      case .float16: run.trainedFormat = .float16
      case .float32, .tensorFloat32: run.trainedFormat = .float32
      case .quantized, .unknown: break
      }
    }
    if run.average != nil { run.average = run.trainedFormat }
    do {
      run.optimizer = try optimizer.choice(backend)
    } catch {
      run.unknownOptimizer = error.description
    }
    return run
  }

  private static func count(_ setting: Setting) -> Int? {
    setting.number.flatMap { $0 >= 1 && $0 < 1e6 ? Int($0) : nil }
  }
}

extension OptimizerSettings {
  /// The optimizer with its options, as its library takes them.
  fileprivate func choice(_ backend: String) throws(MemoryUnknown) -> OptimizerChoice {
    // The interface of sd-scripts hands names on as they are.
    let trainer = backend == "kohya-gui" ? "kohya" : backend
    guard let use else {
      throw .optimizer("nothing is known of an optimizer called \(name.value.words)")
    }
    let simulation = Catalogue.simulations.first { $0.backend == trainer && $0.name == use.name }
    guard let simulation, let id = simulation.algorithm, let family = OptimizerFamily[id: id] else {
      throw .optimizer(
        "the state of \(use.name) is not known"
          + (simulation.map { ": \($0.remark)" } ?? ""))
    }
    var options: [String: HyperparameterValue] = [:]
    for hyperparameter in family.hyperparameters {
      guard use[hyperparameter.name]?.ignored == nil, use[hyperparameter.name] != nil,
        let value = anyOption(hyperparameter.name).flatMap({ HyperparameterValue($0.value) })
      else { continue }
      options[hyperparameter.name] = value
    }
    for (name, value) in simulation.options { options[name] = HyperparameterValue(value) }
    let isPaged = options["is_paged"] == .flag(true) || use.name.lowercased().contains("paged")
    // A value that the library refuses says nothing about the size of the state.
    if (try? family.optimizer(storing: Float.self, options)) == nil {
      for (name, value) in options
      where (try? family.optimizer(storing: Float.self, [name: value])) == nil {
        options[name] = nil
      }
    }
    var choice = OptimizerChoice(family, options, isPaged: isPaged)
    choice.usesForeach = anyOption("foreach").map { $0.isNull || $0.isOn } ?? true
    return choice
  }
}

extension HyperparameterValue {
  /// Nil for what no option can be.
  fileprivate init?(_ value: SettingValue) {
    switch value {
    case .null: self = .none
    case .boolean(let flag): self = .flag(flag)
    case .number(let number): self = .number(number)
    case .text(let text): self = .text(text)
    case .collection: return nil
    }
  }
}
