import Knowledge
import SourceText

/// What loading does to files of earlier config versions, as far as it changes where values come
/// from: each step on what the steps before have left.
///
/// OneTrainer 23df3832, `modules/util/config/TrainConfig.py:612-866` (`__migration_0` to
/// `__migration_10`).
struct OneTrainerMigration: Sendable {
  /// Settings whose value stands under an older key.
  private(set) var renamed: [String: DocumentNode] = [:]
  /// Settings that get a value the file does not state in that form.
  private(set) var overrides: [String: ConfigObject.Override] = [:]
  private(set) var partOverrides: [String: [String: ConfigObject.Override]] = [:]
  /// All options of the optimizer, where they are keys of the file itself.
  private(set) var optimizerOverrides: [String: ConfigObject.Override] = [:]
  /// Settings that the file states and a migration drops.
  private(set) var dropped: Set<String> = []
  /// Old keys that were read.
  private(set) var consumed: Set<String> = []
  /// What a migration demands and the file lacks, a key or `unet as an object`: OneTrainer stops.
  private(set) var missing: [String] = []

  /// The file as it is on the way.
  private var entries: [String: Entry] = [:]
  /// Its keys as Python has them: each once, where it stands first.
  private var order: [String] = []

  private enum Entry {
    case file(DocumentNode)
    case made(ConfigObject.Override)
    /// An object of the file, or a new one, with some of its keys set.
    case part(DocumentNode?, [String: ConfigObject.Override])

    var node: DocumentNode? {
      switch self {
      case .file(let node): node
      case .made(let override): override.node
      case .part(let node, _): node
      }
    }

    var value: SettingValue {
      switch self {
      case .file(let node): SettingValue(node)
      case .made(let override): override.value
      case .part: .collection
      }
    }
  }

  static let parts = [
    "unet", "prior", "transformer", "text_encoder", "text_encoder_2", "text_encoder_3",
    "text_encoder_4", "vae", "effnet_encoder", "decoder", "decoder_text_encoder", "decoder_vqgan",
  ]

  /// - Parameter version: The version the file says; nil to take it as it is.
  init(_ root: DocumentNode, from version: Int?) {
    guard let version, (0...10).contains(version), root.kind == .mapping else { return }
    for child in root.children {
      let key = child.key ?? ""
      if entries.updateValue(.file(child), forKey: key) == nil { order.append(key) }
    }
    let own = entries
    if version == 0 { moveOptimizerKeys() }
    if version <= 1 { movePartKeys() }
    if version <= 2 { moveMinSNR() }
    if version <= 3 { moveNoising() }
    if version <= 4 { nameCheckpointing() }
    if version <= 5 { renameSaving() }
    if version <= 6 { repairPreset() }
    if version <= 7 { renameLayers() }
    if version <= 8 { sharePrior() }
    if version <= 9 { spreadWeightFormat() }
    spreadCheckpointing("from the global setting of config version \(version)")
    splitOutputFormat()
    settle(own)
    entries = [:]
    order = []
  }

  // MARK: Steps

  /// 0 to 1: `optimizer` was a name and its options had the prefix `optimizer_`.
  private mutating func moveOptimizerKeys() {
    for key in order where key.hasPrefix("optimizer") {
      guard let node = entries.removeValue(forKey: key)?.node else { continue }
      consumed.insert(key)
      let option = key.hasPrefix("optimizer_") ? String(key.dropFirst("optimizer_".count)) : key
      optimizerOverrides[option] = copied(node, "the key of config version 0")
    }
    // Without a name the options are lost.
    guard let name = optimizerOverrides["optimizer"] else {
      optimizerOverrides = [:]
      return
    }
    if name.value == .collection { missing.append("optimizer as a name") }
  }

  /// 1 to 2: parts had flat keys.
  private mutating func movePartKeys() {
    let own = entries
    for part in Self.flatParts { entries[part] = .part(nil, [:]) }
    var embeddings: DocumentNode?
    for key in order {
      guard let node = own[key]?.node else { continue }
      if let (part, option) = Self.flatKeys[key] {
        consumed.insert(key)
        set(part, option, copied(node, "the key of config version 1"))
        if option == "stop_training_after" {
          set(
            part, "stop_training_after_unit",
            .init(value: .text("EPOCH"), node: node, because: "counted in epochs"))
        }
      } else if Self.flatEmbeddingKeys.contains(key) {
        consumed.insert(key)
        checkEmbedding(key, node, embeddings)
      } else {
        if key == "embeddings" { embeddings = node }
        entries[key] = .file(node)
      }
    }
  }

  /// The old keys of an embedding go into a list that is no longer read; only getting there counts.
  private mutating func checkEmbedding(
    _ key: String, _ node: DocumentNode, _ embeddings: DocumentNode?
  ) {
    if key == "embedding_model_names" {
      guard node.kind == .sequence || node.kind == .string || node.isEmptyCollection else {
        missing.append("\(key) as a list")
        return
      }
      guard node.kind == .string ? !node.text.isEmpty : !node.isEmptyCollection else { return }
    }
    guard let embeddings else { return }
    let first = embeddings.kind == .sequence ? embeddings.children.first { _ in true } : nil
    if first?.kind != .mapping { missing.append("embeddings as a list of objects") }
  }

  /// 2 to 3: `min_snr_gamma` became a loss weight.
  private mutating func moveMinSNR() {
    let model = entries["model_type"]?.value
    if let model, !Catalogue.oneTrainer.isChoice(model, of: "model_type") {
      missing.append("model_type as a known name")
    }
    let gamma = take("min_snr_gamma")?.node
    if let gamma, gamma.isTruthy {
      make("loss_weight_fn", .text("MIN_SNR_GAMMA"), gamma, "from min_snr_gamma")
      entries["loss_weight_strength"] = .made(copied(gamma, "from min_snr_gamma"))
    } else if model == .text("WUERSTCHEN_2") || model == .text("STABLE_CASCADE_1") {
      make("loss_weight_fn", .text("P2"), nil, "config version 2")
      make("loss_weight_strength", .number(1), nil, "config version 2")
    }
  }

  /// 3 to 4: the noising bias was centred on 0.5.
  private mutating func moveNoising() {
    let weight = entries["noising_weight"]
    let bias = entries["noising_bias"]
    let isWeighted =
      switch weight?.value {
      case nil: false
      case .number(let number): number != 0
      case .boolean(let flag): flag
      default: true
      }
    let name = isWeighted ? "SIGMOID" : "UNIFORM"
    make("timestep_distribution", .text(name), weight?.node, "from noising_weight")
    guard isWeighted else {
      make("noising_weight", .number(0), nil, "config version 3")
      make("noising_bias", .number(0), nil, "config version 3")
      return
    }
    switch bias?.value {
    case nil: make("noising_bias", .number(0), nil, "config version 3")
    case .number(let number): make("noising_bias", .number(number - 0.5), nil, "moved by 0.5")
    case .boolean(let flag): make("noising_bias", .number(flag ? 0.5 : -0.5), nil, "moved by 0.5")
    default: missing.append("noising_bias as a number")
    }
  }

  /// 4 to 5: `gradient_checkpointing` was a boolean.
  private mutating func nameCheckpointing() {
    let node = entries["gradient_checkpointing"]?.node
    let name = node?.isTruthy ?? true ? "ON" : "OFF"
    make("gradient_checkpointing", .text(name), node, "config version 4")
  }

  /// 5 to 6
  private mutating func renameSaving() {
    rename("save_after", to: "save_every")
    rename("save_after_unit", to: "save_every_unit")
  }

  /// 6 to 7: null had been possible.
  private mutating func repairPreset() {
    guard entries["lora_layer_preset"]?.value == .null else { return }
    make("lora_layer_preset", .text("full"), nil, "null until config version 6")
  }

  /// 7 to 8
  private mutating func renameLayers() {
    rename("lora_layers", to: "layer_filter")
    rename("lora_layer_preset", to: "layer_filter_preset")
    rename("lora_layers_regex", to: "layer_filter_regex")
  }

  /// 8 to 9: transformers were configured under `prior`.
  private mutating func sharePrior() {
    guard let model = entries["model_type"]?.value else { return missing.append("model_type") }
    if model == .text("STABLE_CASCADE_1") || model == .text("WUERSTCHEN_2") { return }
    guard let prior = entries["prior"] else { return missing.append("prior") }
    entries["transformer"] = prior
  }

  /// 9 to 10: parts could leave their number format to a global one.
  private mutating func spreadWeightFormat() {
    let global = take("weight_dtype")?.node
    if global == nil { missing.append("weight_dtype") }
    for part in Self.parts {
      guard let own = entry("weight_dtype", in: part) else { continue }
      guard let value = own.value else {
        missing.append("\(part).weight_dtype")
        continue
      }
      if value == .text("NONE"), let global {
        set(part, "weight_dtype", copied(global, "from the global weight_dtype"))
      }
    }
  }

  /// 10 to 11: checkpointing and offloading were global.
  private mutating func spreadCheckpointing(_ because: String) {
    let checkpointing = take("gradient_checkpointing")
    let activations = take("enable_activation_offloading")?.node
    let fraction = take("layer_offload_fraction")?.node
    let setting = checkpointing?.value ?? .text("ON")
    let isOffloaded = setting == .text("CPU_OFFLOADED")
    for part in Self.parts where entry("", in: part) != nil {
      set(
        part, "gradient_checkpointing",
        .init(
          value: .boolean(setting != .text("OFF")), node: checkpointing?.node, because: because))
      set(
        part, "activation_offloading",
        isOffloaded && activations != nil
          ? copied(activations, because)
          : .init(value: .boolean(isOffloaded), node: activations, because: because))
      set(
        part, "offload_fraction",
        isOffloaded && fraction != nil
          ? copied(fraction, because) : .init(value: .number(0), node: fraction, because: because))
    }
    if let asynchronous = take("enable_async_offloading") {
      entries["async_offloading"] = asynchronous
    } else if entries["async_offloading"] != nil {
      make("async_offloading", .boolean(true), nil, "not read until config version 10")
    }
  }

  /// 10 to 11: one format name became several.
  private mutating func splitOutputFormat() {
    let method = entries["training_method"]?.value
    guard entries["output_model_format"]?.value == .text("SAFETENSORS"),
      method != .text("EMBEDDING")
    else { return }
    let name = method == .text("LORA") ? "LEGACY_LORA" : "LEGACY_SAFETENSORS"
    make("output_model_format", .text(name), nil, "the name until config version 10")
  }

  // MARK: Entries

  private mutating func take(_ key: String) -> Entry? {
    consumed.insert(key)
    return entries.removeValue(forKey: key)
  }

  private mutating func rename(_ old: String, to new: String) {
    if let entry = take(old) { entries[new] = entry }
  }

  /// Sets a value that is due to `node`, or to what stood there before.
  private mutating func make(
    _ key: String, _ value: SettingValue, _ node: DocumentNode?, _ because: String
  ) {
    entries[key] = .made(.init(value: value, node: node ?? entries[key]?.node, because: because))
  }

  private func copied(_ node: DocumentNode?, _ because: String) -> ConfigObject.Override {
    .init(value: node.map(SettingValue.init) ?? .null, node: node, because: because, isCopied: true)
  }

  private mutating func set(_ part: String, _ key: String, _ override: ConfigObject.Override) {
    switch entries[part] {
    case .part(let node, var overrides):
      overrides[key] = override
      entries[part] = .part(node, overrides)
    case .file(let node) where node.kind == .mapping: entries[part] = .part(node, [key: override])
    default: demandObject(part)
    }
  }

  /// What a part says under a key, possibly nothing; nil if there is no such part.
  private mutating func entry(_ key: String, in part: String) -> (value: SettingValue?, Void)? {
    switch entries[part] {
    case nil: return nil
    case .part(let node, let overrides):
      return (overrides[key]?.value ?? node?[key].map(SettingValue.init), ())
    case .file(let node) where node.kind == .mapping:
      return (node[key].map(SettingValue.init), ())
    default:
      demandObject(part)
      return nil
    }
  }

  private mutating func demandObject(_ part: String) {
    let demand = "\(part) as an object"
    if !missing.contains(demand) { missing.append(demand) }
  }

  /// States the outcome as differences from the file.
  private mutating func settle(_ own: [String: Entry]) {
    let facts = Catalogue.oneTrainer.root
    for (key, entry) in entries where facts[key] != nil {
      if case .made(let override) = entry {
        overrides[key] = override
        continue
      }
      if case .part(_, let changes) = entry { partOverrides[key] = changes }
      if let node = entry.node, node != own[key]?.node { renamed[key] = node }
    }
    dropped = Set(own.keys.filter { facts[$0] != nil && entries[$0]?.node == nil })
  }
}
