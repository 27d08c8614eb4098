import Knowledge
import Plans
import SourceText

/// Which files are SimpleTuner's.
enum SimpleTunerRecognition {
  static func recognize(_ document: Document) -> Recognition {
    switch document.format {
    case .yaml: return yaml(document.root)
    case .environment: return environment(document.root)
    case .arguments: return .no(because: "SimpleTuner reads its settings from files")
    case .json, .toml: break
    }
    if isData(document.root) { return .part }
    guard document.root.kind == .mapping else {
      return .no(because: "the file is no object and no list of data sets")
    }
    let file = SimpleTunerFile(document)
    if isConfig(file) { return .certain }
    guard document.format == .json else { return .no(because: reason) }
    if isLycoris(document.root) { return .part }
    return other(document).map(Recognition.other) ?? .no(because: reason)
  }

  private static let reason =
    "it has none of the keys that only its configs have, such as data_backend_config or model_family"

  /// Names that only SimpleTuner has.
  private static let telling: Set<String> = [
    "data_backend_config", "model_family", "model_flavour", "lycoris_config",
    "base_model_precision",
    "text_encoder_1_precision", "quantize_via", "checkpoint_step_interval",
    "validation_prompt_library",
    "user_prompt_library", "vae_batch_size", "push_checkpoints_to_hub", "hub_model_id",
    "tracker_project_name", "tracker_run_name", "validation_num_inference_steps",
    "validation_step_interval", "validation_guidance", "validation_resolution",
    "aspect_bucket_rounding", "caption_dropout_probability", "disable_benchmark", "num_eval_images",
    "flow_schedule_shift", "optimizer_config", "checkpoints_total_limit", "lr_end", "lora_type",
    "gradient_checkpointing_interval", "i_know_what_i_am_doing", "metadata_update_interval",
  ]

  private static func isConfig(_ file: SimpleTunerFile) -> Bool {
    let keys = file.entries.compactMap(\.key)
    let plain = Set(keys.map(SimpleTunerKeys.plain))
    if plain.contains("data_backend_config") || plain.contains("model_family") {
      // Either of the two with anything that a training config says.
      if !plain.isDisjoint(with: ["model_type", "optimizer", "learning_rate", "output_dir"]) {
        return true
      }
    }
    let found = plain.intersection(telling).count
    if found >= 2 { return true }
    // Options as they stand on a command line.
    let common: Set<String> = [
      "learning_rate", "model_type", "output_dir", "optimizer", "max_train_steps",
      "train_batch_size", "mixed_precision", "lr_scheduler", "num_train_epochs", "seed",
      "resolution", "gradient_checkpointing",
    ]
    let dashed = Set(keys.filter { $0.hasPrefix("--") }.map(SimpleTunerKeys.plain))
    return file.isWrapped && dashed.count + found >= 1
      || dashed.intersection(common).count + found >= 2
  }

  /// A list of objects with an id and a kind of storage.
  private static func isData(_ root: DocumentNode) -> Bool {
    guard root.kind == .sequence else { return false }
    let entries = root.children.filter { $0.kind == .mapping }
    guard !entries.isEmpty, entries.count == Array(root.children).count else { return false }
    let telling = [
      "dataset_type", "instance_data_dir", "cache_dir_vae", "caption_strategy", "metadata_backend",
      "resolution_type", "crop_style", "dataset_name", "aws_bucket_name", "text_embeds",
    ]
    let stores: Set<String> = ["local", "aws", "huggingface", "webshart"]
    return entries.contains { entry in
      guard let type = entry["type"], type.kind == .string, entry["id"] != nil else { return false }
      return stores.contains(type.text) || telling.contains { entry[$0] != nil }
    }
  }

  private static func isLycoris(_ root: DocumentNode) -> Bool {
    guard root["algo"]?.kind == .string else { return false }
    return ["multiplier", "linear_dim", "linear_alpha", "factor", "apply_preset", "full_matrix"]
      .contains { root[$0] != nil }
  }

  /// What else lies beside its configs.
  private static func other(_ document: Document) -> String? {
    let root = document.root
    let deepSpeed = ["zero_optimization", "train_micro_batch_size_per_gpu", "gradient_clipping"]
    if root["zero_optimization"]?.kind == .mapping
      || deepSpeed.filter({ root[$0] != nil }).count >= 2
    {
      return "the settings of DeepSpeed"
    }
    let entries = Array(root.children)
    guard !entries.isEmpty else { return nil }
    let prompts = entries.filter { entry in
      entry.kind == .mapping
        && ["prompt", "caption"].contains { entry[$0]?.kind == .string }
    }
    if prompts.count == entries.count { return "a library of prompts" }
    let name = document.source.path.lowercased().split(separator: "/").last ?? ""
    if name.contains("prompt"), entries.allSatisfy({ $0.kind == .string }) {
      return "a library of prompts"
    }
    return nil
  }

  /// A `config.env` holds the options of a run, or only what the launching script asks for.
  private static func environment(_ root: DocumentNode) -> Recognition {
    let keys = SimpleTunerKeys(backend: Catalogue.backend("simpletuner"))
    let names = root.children.compactMap(\.key)
    let options = Set(names.compactMap { keys.option(ofVariable: $0)?.key })
    if options.contains("model_family") || options.contains("data_backend_config"),
      options.count >= 3
    {
      return .certain
    }
    let script: Set<String> = [
      "TRAINING_NUM_PROCESSES", "TRAINING_NUM_MACHINES", "TRAINING_DYNAMO_BACKEND",
      "CONFIG_BACKEND",
      "CONFIG_TYPE", "CONFIG_PATH", "ACCELERATE_EXTRA_ARGS", "TRAINER_EXTRA_ARGS",
      "SIMPLETUNER_LOG_LEVEL", "DISABLE_UPDATES", "ENV",
    ]
    guard !script.isDisjoint(with: names) else {
      return .no(because: "it has none of the variables of its config.env, such as MODEL_FAMILY")
    }
    return .other("variables for the script that starts SimpleTuner")
  }

  private static func yaml(_ root: DocumentNode) -> Recognition {
    let telling = ["compute_environment", "distributed_type", "downcast_bf16", "machine_rank"]
    guard root.kind == .mapping, telling.filter({ root[$0] != nil }).count >= 2 else {
      return .no(because: "its configs are JSON, TOML or env files")
    }
    return .other("the settings of accelerate")
  }
}
