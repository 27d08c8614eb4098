internal import Knowledge
internal import Optimizers
internal import Plans
internal import Trials

extension TrialPlan {
  /// What is trained, as one of the two problems stands for it.
  static func method(
    _ plan: TrainingPlan, _ problem: String?, _ notSimulated: inout [String]
  ) throws(NoTrial) -> TrialSettings.Method {
    switch (problem, plan.method.value) {
    case ("full", _), (nil, .full): return .full
    case (nil, .embedding):
      throw NoTrial("the vectors of new tokens are trained, which no problem here stands for")
    case (nil, .autoencoder):
      throw NoTrial("the autoencoder is trained, which no problem here stands for")
    default: break
    }
    guard let adapter = plan.adapter else { return .adapter(rank: 16, scale: 1) }
    try checkKind(adapter, &notSimulated)
    let written = adapter.rank.number ?? 16
    let rank = written >= 1 ? Int(min(written, 1e6)) : 1
    var alpha = adapter.alpha.number ?? Double(rank)
    // sd-scripts' own modules take 0 for the rank (networks/lora.py).
    if alpha == 0, plan.backend.hasPrefix("kohya") { alpha = Double(rank) }
    return .adapter(rank: rank, scale: adapter.isScaledByAlpha ? alpha / Double(rank) : 1)
  }

  /// Kinds of adapters whose product of two matrices is that of the problem.
  private static let products: Set<String> = [
    "lora", "locon", "dora", "lierla", "c3lier", "fixed", "standard", "lora_flux",
    "lora_sd3", "lora_lumina", "lora_hunyuan_image", "lora_anima",
  ]

  private static func checkKind(
    _ adapter: AdapterSettings, _ notSimulated: inout [String]
  ) throws(NoTrial) {
    // sd-scripts names a module: `networks.lora`.
    guard let name = adapter.kind.text?.lowercased() else { return }
    let kind = name.hasPrefix("networks.") ? String(name.dropFirst("networks.".count)) : name
    guard products.contains(kind) else {
      throw NoTrial(
        "adapters of the kind '\(adapter.kind.text ?? kind)' are not simulated: no problem here stands for their product"
      )
    }
    if kind == "dora" || adapter.isDecomposed {
      notSimulated.append("the magnitudes of DoRA: its directions move as LoRA")
    }
  }

  static func format(
    _ group: ParameterGroup, _ assumptions: inout [String], _ notSimulated: inout [String]
  ) throws(NoTrial) -> Optimizers.NumberFormat {
    switch group.weights.value {
    case .float32, .tensorFloat32: return .float32
    case .bfloat16: return .bfloat16
    case .float16: return .float16
    case .quantized(let name):
      throw NoTrial("'\(group.name)' is trained in \(name), which is not simulated")
    case .unknown:
      let words = "the number format of '\(group.name)' is not known: float32"
      if !assumptions.contains(words) { assumptions.append(words) }
      return .float32
    }
  }
}

extension GradientClip {
  /// As the plan's trainer clips.
  init(of plan: TrainingPlan) {
    let limit = plan.gradientClip.number
    let isFused = plan.fusedBackPass?.isOn ?? false
    switch plan.backend {
    case "kohya", "kohya-gui": self = limit.map { .kohya($0, isFused: isFused) } ?? .kohya(0)
    case "simpletuner": self = GradientClip(limit.map { .norm($0) } ?? .none)
    case "ai-toolkit":
      self = limit.map { GradientClip(.norm($0), .eachGroup) } ?? GradientClip(.none)
    default: self = .oneTrainer(limit, fusedBackPass: isFused)
    }
  }
}
