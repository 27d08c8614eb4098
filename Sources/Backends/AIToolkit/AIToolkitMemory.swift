import Knowledge
import Memory
import Optimizers
import Plans
import SourceText

/// What of an ai-toolkit run takes memory (ai-toolkit 27a03a9).
enum AIToolkitMemory {
  static func run(
    _ process: AIToolkitProcess, _ given: ModelFamily?
  ) throws(MemoryUnknown) -> MemoryRun {
    let name = process.context.architecture
    let base = process.model("name_or_path").text ?? ""
    guard let family = given ?? Catalogue.family(named: name, base: base, in: "ai-toolkit") else {
      throw .model(UnknownModel.words(name, base: base, in: "ai-toolkit"))
    }
    let computed = plain(process.train("dtype").text)
    let isOffloaded = process.model("layer_offloading").isOn
    func share(_ key: String) -> Double {
      isOffloaded ? process.model(key).number ?? 1 : 0
    }
    var denoiser = MemoryRun.Part(
      .denoiser, "transformer", family.denoiser.flatMap(Catalogue.component),
      format: process.model("quantize").isOn ? try packed(process.packing) : computed)
    denoiser.isTrained = process.train("train_unet").isOn
    denoiser.checkpointing = process.train("gradient_checkpointing").isOn ? .everyBlock : .off
    denoiser.offloadedShare = share("layer_offloading_transformer_percent")
    var parts = [denoiser]
    let trainsText = process.train("train_text_encoder").isOn
    for (place, id) in family.encoders.enumerated() {
      var part = MemoryRun.Part(
        .encoder, "text_encoder" + (place > 0 ? "_\(place + 1)" : ""), Catalogue.component(id),
        format: process.packsEncoder.isOn ? try packed(process.model("qtype_te")) : computed)
      part.isTrained = trainsText
      // SDTrainer.py: cached or unloaded encoders leave the card.
      part.isResident =
        trainsText || process.cachedText == nil && !process.train("unload_text_encoder").isOn
      part.checkpointing = denoiser.checkpointing
      part.offloadedShare = share("layer_offloading_text_encoder_percent")
      parts.append(part)
    }
    if let id = family.autoencoder {
      var part = MemoryRun.Part(.autoencoder, "vae", Catalogue.component(id), format: computed)
      part.isResident = !process.datasets.allSatisfy {
        $0.setting("cache_latents").isOn || $0.setting("cache_latents_to_disk").isOn
      }
      parts.append(part)
    }
    var run = MemoryRun(
      backend: "ai-toolkit", family: family, method: try method(process, family), parts: parts)
    let found = process.datasets.flatMap { sides($0) }
    run.width = found.max() ?? 512
    run.height = run.width
    if family.framesPerLatent != nil {
      run.frames =
        process.datasets.compactMap {
          $0.setting("num_frames").number.flatMap { $0 >= 1 && $0 < 1e5 ? Int($0) : nil }
        }.max() ?? 1
    }
    // The picture that is edited runs through the model beside the one that comes of it.
    if name.hasSuffix("_edit") || name.hasSuffix("_edit_plus") || name.hasSuffix("_kontext") {
      run.references = 1
      run.assumptions.append("one picture to edit beside each, of the same size")
    }
    run.computesIn16Bits = computed != .float32
    if process.setting("ema", "use_ema").isOn { run.average = .float32 }
    run.isCompiled = process.model("compile").isOn || process.model("block_compile").isOn
    run.addAssistant(base: process.model("assistant_lora_path").isNull ? "" : "turbo")
    return run
  }

  /// `resolution` is a number or a list of them.
  private static func sides(_ dataset: SettingsObject) -> [Int] {
    guard let node = dataset.entry("resolution") else { return [512] }
    let items = node.kind == .sequence ? Array(node.children) : [node]
    return items.compactMap { LoadedValue($0).setting.number }.compactMap {
      $0 >= 1 && $0 < 1e5 ? Int($0) : nil
    }
  }

  private static func method(
    _ process: AIToolkitProcess, _ family: ModelFamily
  ) throws(MemoryUnknown) -> MemoryRun.Method {
    if process.trainsModel { return .full }
    guard process.hasNetwork else { return .embedding }
    let kinds: [String: AdapterShape.Kind] = [
      "lora": .lora, "locon": .lora, "lierla": .lora, "dora": .dora, "lokr": .lokr,
    ]
    guard let kind = kinds[process.networkType] else {
      throw .model("the size of a network of type '\(process.networkType)' is not known")
    }
    let rank = process.rank.number.flatMap { $0 >= 1 && $0 < 1e6 ? Int($0) : nil } ?? 4
    // toolkit/lora_special.py: of transformers the linear layers of the blocks, of UNets those of the
    // attention modules.
    let isTransformer = process.context.facts?.isTransformer ?? !family.isUNet
    var adapter = AdapterShape(
      kind, rank: rank,
      targets: isTransformer && !family.blocks.isEmpty
        ? .blocks(family.blocks) : .within(["Transformer2DModel"]))
    let convolution = process.network("conv")
    adapter.convolutionRank = convolution.number.map { Int($0) } ?? 0
    adapter.dropout = process.network("dropout").number ?? 0
    if kind == .lokr {
      adapter.factor = process.network("lokr_factor").number.map { Int($0) } ?? -1
      adapter.isFullMatrix = process.network("lokr_full_rank").isOn
    }
    return .adapter(adapter)
  }

  private static func plain(_ name: String?) -> WeightFormat {
    switch name {
    case "bf16", "bfloat16": .bfloat16
    case "fp16", "half", "float16": .float16
    default: .float32
    }
  }

  /// toolkit/util/quantize.py, `get_qtype`.
  private static func packed(_ setting: Setting) throws(MemoryUnknown) -> WeightFormat {
    let name = setting.text ?? ""
    switch name {
    case _ where name.hasPrefix("qfloat8"), "float8", "convrot8": return .float8
    case "qint8", "int8", "uint8", "convrotint8", "uint7", "convrotint7": return .int8
    case "uint6", "convrotint6": return .int6
    case "uint5", "convrotint5": return .int5
    case "uint4", "qint4", "convrot4", "convrotint4", "orbit4", "orbitvq4": return .int4
    case "uint3", "convrotint3", "orbit3", "orbitvq3": return .int3
    case "uint2", "qint2", "convrotint2", "orbit2", "orbitvq2": return .int2
    default: throw .model("the size of weights packed as '\(name)' is not known")
    }
  }
}
