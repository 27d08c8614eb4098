import Knowledge
import Memory
import Optimizers
import Plans
import SourceText

/// What of a SimpleTuner run takes memory (SimpleTuner bc8e6ab7).
enum SimpleTunerMemory {
  static func run(
    _ config: SimpleTunerConfig, _ given: ModelFamily?
  ) throws(MemoryUnknown) -> MemoryRun {
    let name = config.family
    let flavour = config.setting("model_flavour").text ?? ""
    let path = config.setting("pretrained_model_name_or_path").text ?? ""
    let base = "\(flavour) \(path)"
    guard let family = given ?? Catalogue.family(named: name, base: base, in: "simpletuner") else {
      throw .model(UnknownModel.words(name, base: base, in: "simpletuner"))
    }
    var assumptions: [String] = []
    func count(_ key: String) -> Int? {
      config.setting(key).number.flatMap { $0 >= 1 && $0 < 1e6 ? Int($0) : nil }
    }
    var denoiser = MemoryRun.Part(
      .denoiser, "transformer", family.denoiser.flatMap(Catalogue.component),
      format: try format(config, "base_model_precision"))
    denoiser.isTrained = true
    if config.setting("gradient_checkpointing").isOn {
      let interval = count("gradient_checkpointing_interval") ?? 1
      denoiser.checkpointing =
        count("gradient_checkpointing_segment_stride").map {
          .strided(interval: interval, stride: $0)
        } ?? (interval > 1 ? .interval(interval) : .everyBlock)
      denoiser.offloadsActivations =
        config.setting("gradient_checkpointing_backend").text == "unsloth"
    }
    denoiser.swappedBlocks = count("musubi_blocks_to_swap") ?? 0
    if config.setting("ramtorch").isOn {
      denoiser.offloadedShare =
        (config.setting("ramtorch_transformer_percent").number ?? 100) / 100
    }
    var parts = [denoiser]
    // Encoders and autoencoder leave once what they make is cached.
    for (place, id) in family.encoders.enumerated() {
      var part = MemoryRun.Part(
        .encoder, "text_encoder_\(place + 1)", Catalogue.component(id),
        format: try format(config, "text_encoder_\(min(place, 3) + 1)_precision"))
      part.isTrained = config.setting("train_text_encoder").isOn
      part.isResident = part.isTrained || config.setting("text_cache_disable").isOn
      parts.append(part)
    }
    if let id = family.autoencoder {
      var part = MemoryRun.Part(
        .autoencoder, "vae", Catalogue.component(id), format: .bfloat16)
      part.isResident = config.setting("vae_cache_disable").isOn
      parts.append(part)
    }
    var run = MemoryRun(
      backend: "simpletuner", family: family, method: try method(config), parts: parts)
    setSize(&run, config, &assumptions)
    run.computesIn16Bits =
      config.weightFormat != "float32" || config.setting("mixed_precision").text != "no"
    run.trainedFormat = config.weightFormat == "float32" ? .float32 : .bfloat16
    if config.setting("use_ema").isOn, config.setting("ema_device").text == "accelerator" {
      run.average = run.trainedFormat
    }
    run.offloadsAttention = config.setting("gradient_checkpointing_offload_attention").isOn
    let dynamo = config.setting("dynamo_backend").text ?? "no"
    run.isCompiled = dynamo != "no"
    run.recordsGraphs =
      run.isCompiled
      && ["reduce-overhead", "max-autotune"].contains(config.setting("dynamo_mode").text ?? "")
    run.joinsProjections = config.setting("fuse_qkv_projections").isOn
    if config.setting("controlnet").isOn {
      try run.addControlNet(format: config.weightFormat == "float32" ? .float32 : .bfloat16)
    }
    run.assumptions = assumptions
    if !config.setting("disable_assistant_lora").isOn { run.addAssistant(base: base) }
    return run
  }

  private static func format(
    _ config: SimpleTunerConfig, _ key: String
  ) throws(MemoryUnknown) -> WeightFormat {
    if key == "base_model_precision", config.isGGUF,
      let path = config.setting("pretrained_model_name_or_path").text
    {
      guard let format = WeightFormat(ggufFile: path) else {
        throw .model("how '\(path)' packs its weights is not known: its name does not tell")
      }
      return format
    }
    let name = config.trainsAdapter ? config.setting(key).text ?? "no_change" : "no_change"
    switch name {
    case "no_change", "fp16-sdnq", "int16-sdnq", "uint16-sdnq":
      return config.weightFormat == "float32" ? .float32 : .bfloat16
    case "int8-sdnq", "uint8-sdnq": return .int8SDNQ
    case "fp8-torchao": return .float8Dynamic
    case "fp8wo-torchao": return .float8WeightOnly
    case "fp8-quanto", "fp8uz-quanto", "fp8-native", "fp8-sdnq", "fp8-transformerengine":
      return .float8
    case "int8-quanto", "int8-torchao", "int8dq-torchao": return .int8
    case "nf4-bnb": return .nf4
    case "int6-sdnq": return .int6
    case "int5-sdnq", "uint5-sdnq": return .int5
    case "int4-quanto", "int4-torchao", "uint4-sdnq", "int8dq-int4-torchao", "fp8-int4-torchao":
      return .int4
    case "uint3-sdnq": return .int3
    case "int2-quanto", "uint2-sdnq": return .int2
    default: throw .model("the size of weights packed as '\(name)' is not known")
    }
  }

  private static func method(
    _ config: SimpleTunerConfig
  ) throws(MemoryUnknown) -> MemoryRun.Method {
    guard config.trainsAdapter else { return .full }
    if config.usesLycoris {
      guard let file = config.lycoris else {
        throw .model("the file that describes the LyCORIS adapter is not to be found from here")
      }
      return .adapter(try AdapterShape(lycoris: file.document.root))
    }
    let rank = config.setting("lora_rank").number.flatMap { $0 >= 1 && $0 < 1e6 ? Int($0) : nil }
    let (targets, areJoined) = try targets(config)
    var adapter = AdapterShape(.lora, rank: rank ?? 16, targets: targets)
    adapter.fusesProjections = areJoined
    adapter.dropout = config.setting("lora_dropout").number ?? 0
    return .adapter(adapter)
  }

  /// The layers that a LoRA goes to: those that the config lists, or the model's own.
  private static func targets(
    _ config: SimpleTunerConfig
  ) throws(MemoryUnknown) -> (AdapterTargets, areJoined: Bool) {
    let written = config.setting("peft_lora_target_modules")
    if !written.isNull, written.text != "None" {
      guard let names = listed(config), !names.isEmpty else {
        throw .model("which layers peft_lora_target_modules names is not to be read from here")
      }
      return (.named(names), false)
    }
    if config.setting("slider_lora_target").isOn {
      return (.named(AdapterTargetFacts.slider(of: config.family)), false)
    }
    if config.setting("controlnet").isOn { return (.named(AdapterTargetFacts.controlNet), false) }
    let facts = AdapterTargetFacts(
      of: config.family, option: config.setting("flux_lora_target").text)
    return (.named(facts.names), facts.areJoined)
  }

  /// A list, or the text of one; nil for the path of another file.
  private static func listed(_ config: SimpleTunerConfig) -> [String]? {
    guard let node = config.settings.place("peft_lora_target_modules")?.node else { return nil }
    if node.kind == .sequence { return node.children.map(\.text) }
    let text = node.text.trimmed
    guard text.hasPrefix("["),
      let list = try? JSONReader.read(SourceFile(path: "targets.json", text: String(text)))
    else { return nil }
    return list.root.children.map(\.text)
  }

  /// The data sets decide the size, each by its own `resolution` and `resolution_type`; where their
  /// file is not there, the config does.
  private static func setSize(
    _ run: inout MemoryRun, _ config: SimpleTunerConfig, _ assumptions: inout [String]
  ) {
    let sets = config.data?.active.filter { $0.kind == "image" || $0.kind == "video" } ?? []
    let sides = sets.compactMap {
      side($0.setting("resolution").number, $0.setting("resolution_type").text)
    }
    let usual = side(
      config.setting("resolution").number, config.setting("resolution_type").text)
    if sets.isEmpty {
      assumptions.append(
        "pictures of the config's own resolution: its data sets are not to be found")
    }
    run.width = sides.max() ?? usual ?? 1024
    run.height = run.width
    if run.family.framesPerLatent != nil {
      run.frames =
        sets.compactMap { $0.video?.setting("num_frames").number }
        .compactMap { $0 >= 1 && $0 < 1e5 ? Int($0) : nil }.max() ?? 1
    }
  }

  /// `area` is in megapixels, the others in pixels.
  private static func side(_ resolution: Double?, _ type: String?) -> Int? {
    guard let resolution, resolution > 0, resolution < 1e5 else { return nil }
    return type == "area" || resolution < 16
      ? Int((resolution * 1e6).squareRoot()) : Int(resolution)
  }
}
