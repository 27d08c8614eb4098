import Knowledge
import Memory
import Optimizers
import Plans
import SourceText

/// What of a run of sd-scripts takes memory (sd-scripts 48d368fa).
enum KohyaMemory {
  static func run(
    _ config: KohyaConfig, _ given: ModelFamily?
  ) throws(MemoryUnknown) -> MemoryRun {
    let script = config.script
    let base = config.setting("pretrained_model_name_or_path").text ?? ""
    let models = Set(config.scripts.scripts.map(\.model))
    guard models.count == 1 else {
      throw .model("unknown model: the file does not show which script it is for (--script)")
    }
    let name = name(of: script, config)
    guard let family = given ?? Catalogue.family(named: name, base: base, in: "kohya") else {
      throw .model(UnknownModel.words(name, base: base, in: "kohya"))
    }
    let isAdapter = script.product == .adapter
    let compute = config.setting("mixed_precision").text ?? "no"
    let is16 = compute == "bf16" || compute == "fp16"
    let isFull16 = config.setting("full_bf16").isOn || config.setting("full_fp16").isOn
    // Frozen weights are cast to the format that is computed in; a UNet that is trained stays in
    // float32 unless told otherwise, FLUX and Lumina are loaded in 16 bits.
    let loadsIn16 = [.fluxTrain, .luminaTrain].contains(script)
    let plain: WeightFormat =
      is16 && (isAdapter || isFull16 || loadsIn16) ? .bfloat16 : .float32
    let isEight = isAdapter && config.setting("fp8_base").isOn
    let isEightUNet = isAdapter && config.setting("fp8_base_unet").isOn
    func count(_ key: String) -> Int {
      config.setting(key).number.flatMap { $0 >= 1 && $0 < 1e6 ? Int($0) : nil } ?? 0
    }
    var denoiser = MemoryRun.Part(
      .denoiser, "unet", family.denoiser.flatMap(Catalogue.component),
      format: isEight || isEightUNet ? .float8Cast : plain)
    denoiser.isTrained = !config.setting("network_train_text_encoder_only").isOn
    denoiser.checkpointing = config.setting("gradient_checkpointing").isOn ? .everyBlock : .off
    denoiser.offloadsActivations =
      config.setting("cpu_offload_checkpointing").isOn
      || config.setting("unsloth_offload_checkpointing").isOn
    denoiser.swappedBlocks = count("blocks_to_swap")
    var parts = [denoiser]
    let caches =
      config.setting("cache_text_encoder_outputs").isOn
      || config.setting("cache_text_encoder_outputs_to_disk").isOn
    let trainsText = trainsText(config, script, caches: caches)
    for (place, id) in family.encoders.enumerated() {
      var part = MemoryRun.Part(
        .encoder, "text_encoder_\(place + 1)", Catalogue.component(id),
        format: isEight ? .float8Cast : plain)
      // T5 is trained only where an argument of the network asks for it.
      part.isTrained = trainsText && !id.contains("t5")
      part.isResident = !caches || part.isTrained
      part.checkpointing = denoiser.checkpointing
      parts.append(part)
    }
    if let id = family.autoencoder {
      var part = MemoryRun.Part(
        .autoencoder, "vae", Catalogue.component(id),
        format: config.setting("no_half_vae").isOn || !is16 ? .float32 : .bfloat16)
      part.isResident =
        !config.setting("cache_latents").isOn && !config.setting("cache_latents_to_disk").isOn
      parts.append(part)
    }
    var run = MemoryRun(
      backend: "kohya", family: family, method: try method(config, script, family), parts: parts)
    setSize(&run, config)
    run.computesIn16Bits = is16
    run.trainedFormat = isFull16 || loadsIn16 && !isAdapter ? .bfloat16 : .float32
    run.isAutocast = true
    if script.product == .controlNet {
      guard !script.isLLLite else {
        throw .model("the size of a ControlNet-LLLite is not worked out")
      }
      // train_control_net.py, sdxl_train_control_net.py: the branch is trained in float32 unless the
      // gradients are 16 bits wide too; what is frozen has the format that is computed in.
      for place in run.parts.indices where run.parts[place].role == .denoiser && is16 {
        run.parts[place].format = .bfloat16
      }
      try run.addControlNet(format: isFull16 ? .bfloat16 : .float32)
    }
    return run
  }

  private static func name(of script: KohyaScript, _ config: KohyaConfig) -> String {
    switch script.model {
    case .sd: config.setting("v2").isOn ? "sd2" : "sd1"
    case .flux: config.setting("model_type").text == "chroma" ? "chroma" : "flux"
    default: script.model.rawValue
    }
  }

  /// Text encoders are trained with the rest unless that is switched off or their results are cached.
  private static func trainsText(
    _ config: KohyaConfig, _ script: KohyaScript, caches: Bool
  ) -> Bool {
    switch script.product {
    case .adapter:
      !caches && !config.setting("network_train_unet_only").isOn && script.model != .hunyuan
    case .model:
      script == .trainDB && (config.setting("stop_text_encoder_training").number ?? 0) >= 0
        || config.setting("train_text_encoder").isOn
    case .embedding, .controlNet: false
    }
  }

  private static func method(
    _ config: KohyaConfig, _ script: KohyaScript, _ family: ModelFamily
  ) throws(MemoryUnknown) -> MemoryRun.Method {
    switch script.product {
    case .model: return .full
    case .embedding: return .embedding
    case .controlNet: return .full
    case .adapter: break
    }
    let module = config.setting("network_module").text ?? "networks.lora"
    // Arguments of the network are texts.
    let arguments = Dictionary(
      config.networkArguments.map { ($0.key, $0.written ?? "") },
      uniquingKeysWith: { _, last in last })
    func count(_ key: String) -> Int? {
      arguments[key].flatMap { Int($0) }.flatMap { $0 >= 1 && $0 < 1_000_000 ? $0 : nil }
    }
    func isOn(_ key: String) -> Bool { arguments[key].map { $0.lowercased() == "true" } ?? false }
    let algorithms: [String: AdapterShape.Kind] = [
      "lora": .lora, "locon": .lora, "loha": .loha, "lokr": .lokr, "diag-oft": .oft,
      "dora": .dora,
    ]
    let kinds: [String: AdapterShape.Kind] = [
      "networks.loha": .loha, "networks.lokr": .lokr, "networks.oft": .oft,
      "networks.oft_flux": .oft,
    ]
    let isLycoris = module.hasPrefix("lycoris")
    let type = config.source == .interface ? config.document.root["LoRA_type"]?.text : nil
    let chosen = type.flatMap { $0.split(separator: "/").dropFirst().first.map(String.init) }
    let algorithm = (arguments["algo"] ?? chosen ?? "lora").lowercased()
    guard let kind = isLycoris ? algorithms[algorithm] : kinds[module] ?? .lora else {
      throw .model("the size of an adapter '\(algorithm)' is not known")
    }
    let rank = config.setting("network_dim").number.flatMap { $0 >= 1 && $0 < 1e6 ? Int($0) : nil }
    let classes =
      script.model == .sdxl ? ["Transformer2DModel", "ResnetBlock2D"] : ["Transformer2DModel"]
    var adapter = AdapterShape(
      kind, rank: rank ?? 4,
      targets: family.isUNet
        ? (isLycoris ? .everyLayer : .within(classes)) : .blocks(family.blocks))
    adapter.fusesProjections = !family.isUNet
    adapter.convolutionRank = count("conv_dim")
    if family.isUNet, adapter.convolutionRank != nil { adapter.targets = .everyLayer }
    adapter.dropout = config.setting("network_dropout").number ?? 0
    adapter.factor = count("factor") ?? -1
    adapter.isFullMatrix = isOn("full_matrix")
    adapter.decomposesBoth = isOn("decompose_both")
    if isOn("dora_wd"), kind == .lora { adapter.kind = .dora }
    return .adapter(adapter)
  }

  /// The data sets' sizes where their file is there, else the config's.
  private static func setSize(_ run: inout MemoryRun, _ config: KohyaConfig) {
    let sets = config.data?.sets ?? []
    let sizes = sets.compactMap { set -> (Int, Int)? in
      let node = [set.settings, config.data?.general].compactMap(\.self)
        .lazy.compactMap { $0.entry("resolution") }.first
      guard let node else { return nil }
      let items = node.kind == .sequence ? node.children.map(\.text) : [node.text]
      let sides = items.compactMap { Int($0) }
      return sides.first.map { ($0, sides.count > 1 ? sides[1] : $0) }
    }
    if let largest = sizes.max(by: { $0.0 * $0.1 < $1.0 * $1.1 }) {
      (run.width, run.height) = largest
      return
    }
    let resolution = config.setting("resolution")
    let text = resolution.text ?? resolution.number.map { "\(Int($0))" } ?? ""
    let sides = text.split { !$0.isNumber }.compactMap { Int($0) }
    if let width = sides.first {
      (run.width, run.height) = (width, sides.count > 1 ? sides[1] : width)
    } else {
      run.assumptions.append("pictures of 512x512: the config does not say")
    }
  }
}
