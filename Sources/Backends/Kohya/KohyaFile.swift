import Knowledge
import Plans
import SourceText

/// Which kind of file of kohya's world a document is.
enum KohyaFile {
  static func recognizes(_ document: Document) -> Recognition {
    switch document.format {
    case .toml: toml(document.root)
    case .json: json(document.root)
    case .yaml: yaml(document.root)
    case .arguments: KohyaCommand.recognizes(document)
    case .environment: .no(because: "its configs are TOML files and command lines")
    }
  }

  /// Whether it is what `--dataset_config` names.
  static func describesImages(_ document: Document) -> Bool {
    guard document.root.kind == .mapping, document.format != .yaml else { return false }
    if let sets = document.root["datasets"] { return sets.isCollection }
    // One without sets is a mistake, but no training config.
    return document.root["general"]?.kind == .mapping
      && document.root.children.allSatisfy { $0.hasKey("general") }
  }

  // MARK: TOML

  private static func toml(_ root: DocumentNode) -> Recognition {
    if let sets = root["datasets"], sets.kind == .sequence {
      let ofMusubi = [
        "image_directory", "video_directory", "image_jsonl_file", "video_jsonl_file",
      ]
      if sets.children.contains(where: { set in ofMusubi.contains { set[$0] != nil } }) {
        return .other("a description of images for musubi-tuner")
      }
      return sets.children.allSatisfy { $0.kind == .mapping }
        ? .part : .no(because: "its datasets are no tables")
    }
    // Subsets whose sets were forgotten.
    if root["datasets"]?["subsets"]?.kind == .sequence { return .part }
    if let kind = otherTOML(root) { return .other(kind) }
    if case .other(let kind) = KohyaGUITab.settings(root) { return .no(because: "it has \(kind)") }
    if root["general"]?.kind == .mapping, root.children.allSatisfy({ $0.hasKey("general") }) {
      return .part
    }
    let keys = KohyaRun.flattened(root)
    if root.children.contains(where: { key in foreign.contains { key.hasKey($0) } })
      || keys.contains(where: { key in foreign.contains { key.hasKey($0) } })
    {
      return .no(because: "it has keys of another trainer")
    }
    let facts = Catalogue.backend("kohya").root
    let known = keys.count { facts.place(of: $0) != nil }
    let isTelling = keys.contains { key in telling.contains { key.hasKey($0) } }
    guard isTelling, known * 2 >= keys.count else {
      return .no(
        because: "it has none of the keys that only its configs have, such as optimizer_type")
    }
    return .certain
  }

  /// Keys that tell a training config of sd-scripts from others that share the common ones.
  static let telling: Set<String> = [
    "optimizer_type", "network_module", "network_dim", "network_args", "network_alpha",
    "lr_scheduler_args", "lr_scheduler_num_cycles", "unet_lr", "text_encoder_lr", "dataset_config",
    "train_data_dir", "max_train_epochs", "save_every_n_epochs", "save_model_as", "cache_latents",
    "caption_extension", "clip_skip", "learning_rate_te1", "fused_backward_pass", "in_json",
    "max_data_loader_n_workers", "optimizer_args", "min_snr_gamma", "full_bf16",
  ]

  /// Keys of SimpleTuner and others, which share many names.
  private static let foreign = [
    "model_family", "data_backend_config", "lora_rank", "lora_type", "optimizer",
    "tracker_project_name", "base_model_precision", "aspect_bucket_rounding",
    "instance_data_dir", "transformer_path", "diffusion_pipe",
  ]

  /// Files of the same world that are no training configs.
  private static func otherTOML(_ root: DocumentNode) -> String? {
    if root["dit"] != nil, root["network_module"] != nil { return "a config of musubi-tuner" }
    if root["prompt"]?.kind == .mapping { return "prompts for test images" }
    if let prompts = root["prompts"], prompts.kind == .sequence,
      prompts.children.contains(where: { $0["target"] != nil || $0["positive"] != nil })
    {
      return "prompts for LECO"
    }
    return nil
  }

  // MARK: JSON and YAML

  private static func json(_ root: DocumentNode) -> Recognition {
    if root["datasets"]?.kind == .sequence,
      root["datasets"]?.children.contains(where: { $0["subsets"] != nil }) ?? false
    {
      return .part
    }
    if root.kind == .mapping {
      // Metadata: images with what is known of each.
      let entries = Array(root.children.prefix(3))
      if !entries.isEmpty,
        entries.allSatisfy({ entry in
          entry.kind == .mapping
            && ["caption", "tags", "train_resolution"].contains { entry[$0] != nil }
        })
      {
        return .other("captions of images (metadata)")
      }
    }
    if root.kind == .sequence, !root.children.isEmpty,
      root.children.prefix(3).allSatisfy({ $0["prompt"] != nil && $0["sample_steps"] != nil })
    {
      return .other("prompts for test images")
    }
    return .no(because: "its configs are TOML files and command lines")
  }

  private static func yaml(_ root: DocumentNode) -> Recognition {
    root["compute_environment"] != nil && root["distributed_type"] != nil
      ? .other("the settings of accelerate")
      : .no(because: "its configs are TOML files and command lines")
  }
}

extension DocumentNode.Children {
  var isEmpty: Bool {
    var copy = self
    return copy.next() == nil
  }
}
