import Knowledge
import SourceText

/// What loading does to files of earlier config versions, as far as it changes where values come
/// from.
///
/// OneTrainer 23df3832, `modules/util/config/TrainConfig.py:612-866` (`__migration_0` to
/// `__migration_10`).
struct OneTrainerMigration: Sendable {
  /// Settings whose value stands under an older key.
  private(set) var renamed: [String: DocumentNode] = [:]
  /// Settings that get a value the file does not state in that form.
  private(set) var overrides: [String: ConfigObject.Override] = [:]
  private(set) var partOverrides: [String: [String: ConfigObject.Override]] = [:]
  private(set) var optimizerOverrides: [String: ConfigObject.Override] = [:]
  /// The optimizer object, where it is not under its own key.
  private(set) var optimizerNode: DocumentNode?
  /// Old keys that were read.
  private(set) var consumed: Set<String> = []
  /// Keys that the migration demands and the file lacks: OneTrainer stops with a KeyError.
  private(set) var missing: [String] = []

  private let root: DocumentNode

  static let parts = [
    "unet", "prior", "transformer", "text_encoder", "text_encoder_2", "text_encoder_3",
    "text_encoder_4", "vae", "effnet_encoder", "decoder", "decoder_text_encoder", "decoder_vqgan",
  ]

  /// The parts that config version 1 already had.
  private static let flatParts: Set = [
    "unet", "prior", "text_encoder", "text_encoder_2", "vae", "effnet_encoder", "decoder",
    "decoder_text_encoder", "decoder_vqgan",
  ]

  /// - Parameter version: The version the file says; nil to take it as it is.
  init(_ root: DocumentNode, from version: Int?) {
    self.root = root
    guard let version, version <= 10, root.kind == .mapping else { return }
    if version <= 0 { moveOptimizerKeys() }
    if version <= 1 { movePartKeys() }
    if version <= 2 { moveMinSNR() }
    if version <= 3 { moveNoising() }
    if version <= 5 {
      rename("save_after", to: "save_every")
      rename("save_after_unit", to: "save_every_unit")
    }
    if version <= 7 {
      rename("lora_layers", to: "layer_filter")
      rename("lora_layer_preset", to: "layer_filter_preset")
      rename("lora_layers_regex", to: "layer_filter_regex")
    }
    if version <= 6, let preset = root["lora_layer_preset"], preset.kind == .null {
      renamed["layer_filter_preset"] = nil
    }
    if version <= 8 { sharePrior() }
    if version <= 9 { spreadWeightFormat(version) }
    spreadCheckpointing(version)
    splitOutputFormat()
  }

  private mutating func rename(_ old: String, to new: String) {
    guard let node = root[old] else { return }
    renamed[new] = node
    consumed.insert(old)
  }

  private mutating func override(
    _ part: String, _ key: String, _ value: SettingValue, _ node: DocumentNode?, _ because: String
  ) {
    partOverrides[part, default: [:]][key] = ConfigObject.Override(
      value: value, node: node, because: because)
  }

  /// 0 to 1: `optimizer` was a name and its options had the prefix `optimizer_`.
  private mutating func moveOptimizerKeys() {
    for child in root.children {
      guard let key = child.key, key.hasPrefix("optimizer") else { continue }
      let option = key == "optimizer" ? key : String(key.dropFirst("optimizer_".count))
      consumed.insert(key)
      if child.kind == .mapping { missing.append("optimizer as a name") }
      optimizerOverrides[option] = ConfigObject.Override(
        value: SettingValue(child), node: child, because: "the key of config version 0")
    }
  }

  /// 1 to 2: parts had flat keys.
  private mutating func movePartKeys() {
    let flat: [(old: String, part: String, key: String)] =
      ["unet", "prior", "text_encoder", "text_encoder_2"].flatMap { part in
        [
          ("train_\(part)", part, "train"),
          ("train_\(part)_epochs", part, "stop_training_after"),
          ("\(part)_learning_rate", part, "learning_rate"),
          ("\(part)_weight_dtype", part, "weight_dtype"),
        ]
      } + [
        ("prior_model_name", "prior", "model_name"),
        ("vae_model_name", "vae", "model_name"), ("vae_weight_dtype", "vae", "weight_dtype"),
        ("effnet_encoder_model_name", "effnet_encoder", "model_name"),
        ("effnet_encoder_weight_dtype", "effnet_encoder", "weight_dtype"),
        ("decoder_model_name", "decoder", "model_name"),
        ("decoder_weight_dtype", "decoder", "weight_dtype"),
        ("decoder_text_encoder_weight_dtype", "decoder_text_encoder", "weight_dtype"),
        ("decoder_vqgan_weight_dtype", "decoder_vqgan", "weight_dtype"),
      ]
    for (old, part, key) in flat {
      guard let node = root[old] else { continue }
      consumed.insert(old)
      override(part, key, SettingValue(node), node, "the key of config version 1")
      if key == "stop_training_after" {
        override(part, "stop_training_after_unit", .text("EPOCH"), node, "counted in epochs")
      }
    }
    consumed.formUnion(["embedding_model_names", "token_count", "initial_embedding_text"])
  }

  /// 2 to 3: `min_snr_gamma` became a loss weight.
  private mutating func moveMinSNR() {
    let gamma = root["min_snr_gamma"]
    if gamma != nil { consumed.insert("min_snr_gamma") }
    let model = root["model_type"]?.text ?? ""
    if let gamma, SettingValue(gamma).isTruthy {
      overrides["loss_weight_fn"] = .init(
        value: .text("MIN_SNR_GAMMA"), node: gamma, because: "from min_snr_gamma")
      overrides["loss_weight_strength"] = .init(
        value: SettingValue(gamma), node: gamma, because: "from min_snr_gamma")
    } else if model == "WUERSTCHEN_2" || model == "STABLE_CASCADE_1" {
      overrides["loss_weight_fn"] = .init(value: .text("P2"), node: nil, because: "config version 2")
      overrides["loss_weight_strength"] = .init(value: .number(1), node: nil, because: "config version 2")
    }
  }

  /// 3 to 4: the noising bias was centred on 0.5.
  private mutating func moveNoising() {
    let weight = root["noising_weight"]
    let bias = root["noising_bias"]
    let isWeighted = weight.map { SettingValue($0).isTruthy } ?? false
    overrides["timestep_distribution"] = .init(
      value: .text(isWeighted ? "SIGMOID" : "UNIFORM"), node: weight, because: "from noising_weight")
    let biasValue = bias.flatMap { SettingValue($0).number } ?? 0.5
    overrides["noising_bias"] = .init(
      value: .number(isWeighted ? biasValue - 0.5 : 0), node: bias, because: "moved by 0.5")
    if !isWeighted {
      overrides["noising_weight"] = .init(value: .number(0), node: weight, because: "config version 3")
    }
  }

  /// 8 to 9: transformers were configured under `prior`.
  private mutating func sharePrior() {
    guard let model = root["model_type"] else {
      missing.append("model_type")
      return
    }
    if model.text == "STABLE_CASCADE_1" || model.text == "WUERSTCHEN_2" { return }
    guard let prior = root["prior"] else {
      if partOverrides["prior"] == nil { missing.append("prior") }
      return
    }
    renamed["transformer"] = prior
  }

  /// 9 to 10: parts could leave their number format to a global one.
  private mutating func spreadWeightFormat(_ version: Int) {
    let global = root["weight_dtype"]
    if global == nil { missing.append("weight_dtype") }
    consumed.insert("weight_dtype")
    for part in Self.parts {
      let node = renamed[part] ?? root[part]
      let flat = partOverrides[part]?["weight_dtype"]?.node
      guard let written = node?["weight_dtype"] ?? flat else {
        // Up to version 1 every part is made, empty, before this looks into it.
        if node != nil || version <= 1 && Self.flatParts.contains(part) {
          missing.append("\(part).weight_dtype")
        }
        continue
      }
      if written.text == "NONE", let global {
        override(part, "weight_dtype", .text(global.text), global, "from the global weight_dtype")
      }
    }
  }

  /// 10 to 11: checkpointing and offloading were global. Before version 5 `gradient_checkpointing`
  /// was a boolean.
  private mutating func spreadCheckpointing(_ version: Int) {
    let checkpointing = root["gradient_checkpointing"]
    let offloading = root["enable_activation_offloading"]
    let fraction = root["layer_offload_fraction"]
    consumed.formUnion([
      "gradient_checkpointing", "enable_activation_offloading", "layer_offload_fraction",
      "enable_async_offloading",
    ])
    var setting = checkpointing?.text ?? "ON"
    if version <= 4 {
      setting = checkpointing.map { SettingValue($0).isTruthy } ?? true ? "ON" : "OFF"
    }
    let isOffloaded = setting == "CPU_OFFLOADED"
    let activations = isOffloaded && (offloading.map { SettingValue($0).isTruthy } ?? true)
    let share = isOffloaded ? fraction.map(SettingValue.init) ?? .number(0) : .number(0)
    for part in Self.parts where (renamed[part] ?? root[part])?.kind == .mapping {
      let because = "from the global setting of config version \(version)"
      override(part, "gradient_checkpointing", .boolean(setting != "OFF"), checkpointing, because)
      override(part, "activation_offloading", .boolean(activations), offloading, because)
      override(part, "offload_fraction", share, fraction, because)
    }
    if let asynchronous = root["enable_async_offloading"] {
      renamed["async_offloading"] = asynchronous
    }
  }

  /// 10 to 11: one format name became several.
  private mutating func splitOutputFormat() {
    guard let format = root["output_model_format"], format.text == "SAFETENSORS" else { return }
    switch root["training_method"]?.text {
    case "EMBEDDING": break
    case "LORA":
      overrides["output_model_format"] = .init(
        value: .text("LEGACY_LORA"), node: format, because: "the name until config version 10")
    default:
      overrides["output_model_format"] = .init(
        value: .text("LEGACY_SAFETENSORS"), node: format, because: "the name until config version 10")
    }
  }
}
