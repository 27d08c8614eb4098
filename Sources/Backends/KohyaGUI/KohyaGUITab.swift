import Knowledge
import Plans
import SourceText

/// The tab of the interface that a file belongs to. No file says it: the keys tell.
enum KohyaGUITab: String, Sendable {
  case lora, dreambooth, finetune
  /// Textual inversion.
  case embedding

  init(of root: DocumentNode) {
    func has(_ keys: String...) -> Bool { keys.contains { root[$0] != nil } }
    self =
      if has("LoRA_type", "unet_lr", "network_dim", "lora_network_weights") {
        .lora
      } else if has("token_string", "init_word", "num_vectors_per_token") {
        .embedding
      } else if has(
        "image_folder", "caption_metadata_filename", "sdxl_checkbox", "train_dir",
        "create_caption", "create_buckets", "use_latent_files", "dataset_repeats")
      {
        .finetune
      } else {
        .dreambooth
      }
  }

  var title: String {
    switch self {
    case .lora: "LoRA tab"
    case .dreambooth: "Dreambooth tab"
    case .finetune: "Finetune tab"
    case .embedding: "Textual Inversion tab"
    }
  }

  /// Whether 0 is left out of what is passed on, as Python takes it for equal to False.
  ///
  /// kohya_ss 45088f04, `kohya_gui/lora_gui.py:2560`, `textual_inversion_gui.py:898`; the other two
  /// compare with `is` (`dreambooth_gui.py:1156`, `finetune_gui.py:1440`).
  var dropsZeros: Bool { self == .lora || self == .embedding }

  /// The switches that choose the model, the first that is on counts; without any it is SD 1 or 2.
  ///
  /// `kohya_gui/lora_gui.py:1779-1792`, `dreambooth_gui.py:882-889`, `finetune_gui.py:1061-1072`.
  var switches: [(key: String, model: KohyaScript.Model)] {
    switch self {
    case .lora:
      [
        ("sdxl", .sdxl), ("flux1_checkbox", .flux), ("sd3_checkbox", .sd3),
        ("hunyuan_image_checkbox", .hunyuan), ("anima_checkbox", .anima),
        ("lumina_checkbox", .lumina),
      ]
    case .dreambooth: [("sdxl", .sdxl), ("sd3_checkbox", .sd3), ("flux1_checkbox", .flux)]
    case .finetune:
      [
        ("sdxl_checkbox", .sdxl), ("sd3_checkbox", .sd3), ("flux1_checkbox", .flux),
        ("anima_checkbox", .anima), ("lumina_checkbox", .lumina),
      ]
    case .embedding: [("sdxl", .sdxl)]
    }
  }

  /// The script it starts for a model.
  func script(for model: KohyaScript.Model) -> KohyaScript {
    let product: KohyaScript.Product =
      switch self {
      case .lora: .adapter
      case .dreambooth, .finetune: .model
      case .embedding: .embedding
      }
    if model == .sd, product == .model { return self == .finetune ? .fineTune : .trainDB }
    return KohyaScript.allCases.first { $0.model == model && $0.product == product }
      ?? .trainNetwork
  }

  // MARK: Recognition

  static func recognizes(_ document: Document) -> Recognition {
    let root = document.root
    guard root.kind == .mapping else { return .no(because: "its files are JSON objects") }
    if document.format == .toml { return settings(root) }
    guard document.format == .json else { return .no(because: "its files are JSON objects") }
    let keys = Array(root.children)
    if keys.contains(where: { $0.key?.hasPrefix("leco_") ?? false }) {
      return .other("settings of the LECO tab, which is for a newer sd-scripts")
    }
    let facts = Catalogue.backend("kohya-gui")
    let known = keys.count {
      facts.root.place(of: $0) != nil || facts.retiredKey($0.key ?? "") != nil
    }
    let telling = telling.count { root[$0] != nil }
    let isOwn = own.contains { root[$0] != nil }
    guard known * 2 >= keys.count, isOwn || telling > 1 else {
      return .no(because: "it has too few of the keys that only its files have, such as LoRA_type")
    }
    return .certain
  }

  /// Keys that no other trainer has.
  private static let own = [
    "LoRA_type", "LyCORIS_preset", "sdxl_checkbox", "flux1_checkbox", "sd3_checkbox",
    "lora_network_weights", "sdxl_no_half_vae", "noise_offset_type",
  ]
  /// Keys of which no other trainer has two.
  private static let telling = [
    "max_resolution", "lr_warmup", "additional_parameters", "num_cpu_threads_per_process",
    "caption_extension", "max_token_length", "mem_eff_attn", "model_list", "no_token_padding",
    "train_batch_size", "epoch", "xformers", "v2", "sdxl",
  ]

  /// The settings of the interface itself, with what its fields start with.
  static func settings(_ root: DocumentNode) -> Recognition {
    let tables = ["settings", "server", "configuration", "accelerate_launch", "folders"]
    let named = tables.count { root[$0]?.kind == .mapping }
    let isServer = root["server"]?["allowed_paths"] != nil
    let isShell = root["settings"]?["use_shell"] != nil
    let paths = [
      "models_dir", "config_dir", "state_dir", "vae_dir", "log_tracker_config_dir", "model_dir",
      "lora_model_dir", "dataset_dir",
    ]
    let prefixes = ["lc_", "db_", "ti_", "ft_", "lora_"]
    let folders = root.children.count { entry in
      let key = entry.key ?? ""
      return paths.contains(key)
        || key.hasSuffix("_dir") && prefixes.contains { key.hasPrefix($0) }
    }
    return isServer || isShell || named > 2 || folders > 1
      ? .other("the interface's own settings") : .no(because: "its files are JSON objects")
  }
}
