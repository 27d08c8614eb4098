import Knowledge
import Memory
import Optimizers
import Plans

/// What of a OneTrainer run takes memory (OneTrainer 23df3832).
enum OneTrainerMemory {
  static func run(
    _ config: OneTrainerConfig, _ given: ModelFamily?
  ) throws(MemoryUnknown) -> MemoryRun {
    let name = config.setting("model_type").text ?? ""
    let base = config.setting("base_model_name").text ?? ""
    guard let model = config.model,
      let family = given ?? Catalogue.family(named: name, base: base, in: "onetrainer")
    else { throw .model(UnknownModel.words(name, base: base, in: "onetrainer")) }
    var assumptions: [String] = []
    let method = try method(config, family)
    var parts: [MemoryRun.Part] = []
    var encoders = family.encoders[...]
    for key in model.parts {
      let role: MemoryRun.Part.Role =
        key == model.denoiser ? .denoiser : key.hasPrefix("text_encoder") ? .encoder : .autoencoder
      let id: String? =
        switch role {
        case .denoiser: family.denoiser
        case .encoder: encoders.popFirst()
        case .autoencoder: key == "vae" ? family.autoencoder : nil
        case .control: nil
        }
      var part = MemoryRun.Part(
        role, key, id.flatMap(Catalogue.component),
        format: try format(
          config.part(key, "weight_dtype"), file: file(of: key, role, config), &assumptions))
      part.isTrained = config.trainedParts.contains(key)
      part.isResident = isResident(key, role, part.isTrained, config)
      let checkpoints = config.part(key, "gradient_checkpointing")
      part.checkpointing = checkpoints.isOn ? .everyBlock : .off
      part.offloadsActivations = checkpoints.isOn && config.part(key, "activation_offloading").isOn
      // UNets and priors keep all layers on the card whatever is asked.
      if role == .denoiser, !model.isUNetLike, !family.isUNet {
        part.offloadedShare = config.part(key, "offload_fraction").number ?? 0
      }
      parts.append(part)
    }
    var run = MemoryRun(backend: "onetrainer", family: family, method: method, parts: parts)
    (run.width, run.height) = Resolution.largest(config.setting("resolution").text ?? "512")
    if family.framesPerLatent != nil {
      run.frames = config.setting("frames").text.flatMap { Int($0) } ?? 1
    }
    let compute = config.setting("train_dtype").text
    run.computesIn16Bits = compute == "FLOAT_16" || compute == "BFLOAT_16"
    run.isAutocast = isAutocast(config, model.denoiser, compute)
    if config.setting("ema").text == "GPU" { run.average = .float32 }
    run.isCompiled = config.setting("compile").isOn
    run.assumptions = assumptions
    run.addAssistant(base: base)
    return run
  }

  private static func method(
    _ config: OneTrainerConfig, _ family: ModelFamily
  ) throws(MemoryUnknown) -> MemoryRun.Method {
    switch config.trainingMethod {
    case "FINE_TUNE": return .full
    case "EMBEDDING": return .embedding
    case "LORA": break
    default: throw .model("training the autoencoder is not worked out")
    }
    let written = OneTrainerConfig.patterns(config.setting("layer_filter").text ?? "")
    let isRegular = config.setting("layer_filter_regex").isOn
    let targets: AdapterTargets =
      written.isEmpty || written.contains("")
      ? .everyLayer : isRegular ? .matching(written) : .containing(written)
    let type = config.setting("peft_type").text ?? "LORA"
    let kind: AdapterShape.Kind =
      switch type {
      case "LOHA": .loha
      case "LOKR": .lokr
      case "OFT_2": .oft
      default: config.setting("lora_decompose").isOn ? .dora : .lora
      }
    func number(_ key: String, _ standard: Int) -> Int {
      config.setting(key).number.flatMap { abs($0) < 1e6 ? Int($0) : nil } ?? standard
    }
    let key = kind == .lokr ? "lokr_dim" : kind == .oft ? "oft_block_size" : "lora_rank"
    var adapter = AdapterShape(kind, rank: number(key, 16), targets: targets)
    adapter.dropout = config.setting("dropout_probability").number ?? 0
    if kind == .lokr {
      adapter.factor = number("lokr_decompose_factor", -1)
      adapter.isFullMatrix = config.setting("lokr_full_matrix").isOn
      adapter.decomposesBoth = config.setting("lokr_decompose_both").isOn
    }
    return .adapter(adapter)
  }

  /// setup_train_device in modules/modelSetup/*.py: the denoiser always; encoders that are trained or
  /// whose results are not cached; the autoencoder without cached latents.
  private static func isResident(
    _ key: String, _ role: MemoryRun.Part.Role, _ isTrained: Bool, _ config: OneTrainerConfig
  ) -> Bool {
    switch role {
    case .denoiser, .control: true
    case .encoder:
      config.part(key, "include").isOn
        && (isTrained || config.trainingMethod == "EMBEDDING"
          || config.trainsAdditionalEmbeddings || !config.setting("latent_caching").isOn)
    case .autoencoder: key == "vae" && !config.setting("latent_caching").isOn
    }
  }

  /// The file that a part comes from.
  private static func file(
    of key: String, _ role: MemoryRun.Part.Role, _ config: OneTrainerConfig
  ) -> String {
    let own = config.part(key, "model_name").text ?? ""
    return own.isEmpty && role == .denoiser ? config.setting("base_model_name").text ?? "" : own
  }

  private static func format(
    _ setting: Setting, file: String, _ assumptions: inout [String]
  ) throws(MemoryUnknown) -> WeightFormat {
    switch setting.text {
    case "FLOAT_32", "TFLOAT_32": return .float32
    case "BFLOAT_16": return .bfloat16
    case "FLOAT_16": return .float16
    case "FLOAT_8", "FLOAT_W8A8": return .float8
    case "INT_8", "INT_W8A8": return .int8
    case "NFLOAT_4": return .nf4
    case "FLOAT_W8A8_COMPRESSED", "INT_W8A8_COMPRESSED":
      assumptions.append(
        "compressed weights as large as without compression, which depends on them")
      return .int8
    case "NONE", nil:
      assumptions.append("weights without a format of their own in 32 bits")
      return .float32
    case "GGUF", "GGUF_A8_FLOAT", "GGUF_A8_INT":
      guard let format = WeightFormat(ggufFile: file) else {
        throw .model("how '\(file)' packs its weights is not known: its name does not tell")
      }
      assumptions.append("all linear layers of '\(file)' packed as its name says")
      return format
    default: throw .model("how large \(setting.value.words) weights are depends on their file")
    }
  }

  /// modules/util/dtype_util.py: autocast is on where any format differs from the one that is
  /// computed in.
  private static func isAutocast(
    _ config: OneTrainerConfig, _ denoiser: String, _ compute: String?
  ) -> Bool {
    let formats =
      [config.part(denoiser, "weight_dtype").text]
      + (config.trainingMethod == "LORA" ? [config.setting("lora_weight_dtype").text] : [])
    return formats.contains { $0 != compute }
  }
}
