import Knowledge
import Plans
import SourceText

/// The adapter module of a LoRA tab and its arguments.
///
/// kohya_ss 45088f04, `kohya_gui/lora_gui.py:1820-2058`.
extension KohyaGUITranslation {
  mutating func adapter() {
    let type = gui.setting("LoRA_type")
    let name = type.text ?? ""
    let module = KohyaGUIAdapter.module(of: name, model: gui.model)
    set("network_module", type.map { _ in module.map { .text($0) } ?? .null }, at: "LoRA_type")
    for key in KohyaGUIAdapter.arguments(of: name, gui) {
      argue(key, as: KohyaGUIAdapter.renamed[key, default: key])
    }
    if name == "Flux1" {
      if gui.setting("split_mode").isOn { argue("split_mode", as: "train_blocks", "single") }
      for key in ["split_qkv", "train_t5xxl"] where gui.setting(key).isOn {
        argue(key, as: key, "True")
      }
    }
    for key in ["loraplus_lr_ratio", "loraplus_unet_lr_ratio", "loraplus_text_encoder_lr_ratio"]
    where gui.setting(key).isOn {
      argue(key, as: key)
    }
  }

  /// Passes an argument on, where the file states it.
  private mutating func argue(_ own: String, as key: String, _ value: String? = nil) {
    let setting = gui.setting(own)
    guard let node = gui.root.entry(own), !setting.isMistaken else { return }
    // Blanks would begin the next argument.
    let written = (value ?? setting.value.asPythonText).filter { !$0.isWhitespace && $0 != "\"" }
    append(KeyValueArgument("\(key)=\(written)", in: node, keyPath: own, offsets: nil))
  }
}

enum KohyaGUIAdapter {
  /// The module of a kind of adapter; nil for a kind that there is not.
  static func module(of type: String, model: KohyaScript.Model) -> String? {
    switch type {
    case "Standard", "Kohya LoCon": model == .sd3 ? "networks.lora_sd3" : "networks.lora"
    case "LoRA-FA": "networks.lora_fa"
    case "Kohya DyLoRA": "networks.dylora"
    case "Kohya LoHa": "networks.loha"
    case "Kohya LoKr": "networks.lokr"
    case "Flux1": "networks.lora_flux"
    case "Flux1 OFT": "networks.oft_flux"
    case "HunyuanImage-2.1": "networks.lora_hunyuan_image"
    case "Anima": "networks.lora_anima"
    case "Lumina": "networks.lora_lumina"
    default: type.hasPrefix("LyCORIS/") ? "lycoris.kohya" : nil
    }
  }

  /// The settings that become arguments of the module, as far as they are passed on.
  static func arguments(of type: String, _ gui: KohyaGUIConfig) -> [String] {
    let blocks = [
      "down_lr_weight", "mid_lr_weight", "up_lr_weight", "block_lr_zero_threshold", "block_dims",
      "block_alphas", "conv_block_dims", "conv_block_alphas", "rank_dropout", "module_dropout",
    ]
    let stated: [String] =
      switch type {
      case "Standard", "LoRA-FA", "Kohya LoCon": blocks
      case "Kohya DyLoRA": ["conv_dim", "conv_alpha", "unit"] + blocks
      case "Flux1":
        [
          "img_attn_dim", "img_mlp_dim", "img_mod_dim", "single_dim", "txt_attn_dim",
          "txt_mlp_dim", "txt_mod_dim", "single_mod_dim", "in_dims",
          "train_double_block_indices", "train_single_block_indices", "rank_dropout",
          "module_dropout",
        ] + (gui.setting("train_lora_ggpo").isOn ? ["ggpo_beta", "ggpo_sigma"] : [])
      case "Flux1 OFT": ["enable_all_linear"]
      case "HunyuanImage-2.1", "Anima", "Lumina": ["rank_dropout", "module_dropout"]
      case "Kohya LoHa", "Kohya LoKr":
        ["conv_dim", "conv_alpha", "use_tucker", "rank_dropout", "module_dropout"]
          + (type == "Kohya LoKr" ? ["factor"] : [])
      default: lycoris(type)
      }
    // What is 0, empty or off is not passed on, but for these kinds.
    let always = type.hasPrefix("LyCORIS/") ? stated : type == "Kohya LoCon" ? convolution : []
    return always
      + stated.filter { key in
        if key == "factor" { return gui.setting(key).number != -1 }
        if key == "conv_alpha", type != "Kohya DyLoRA", !gui.setting("conv_dim").isOn {
          return false
        }
        return !always.contains(key) && gui.setting(key).isOn
      }
  }

  private static let convolution = ["conv_dim", "conv_alpha"]

  private static func lycoris(_ type: String) -> [String] {
    guard type.hasPrefix("LyCORIS/") else { return [] }
    let common = ["LyCORIS_preset", "rank_dropout", "module_dropout"]
    return switch type.dropFirst("LyCORIS/".count) {
    case "iA3": ["LyCORIS_preset"] + convolution + ["train_on_input"]
    case "Native Fine-Tuning": common + ["rank_dropout_scale", "train_norm"]
    case "LoKr":
      common + convolution + ["factor", "use_cp", "use_scalar", "decompose_both", "dora_wd"]
    default: common + convolution + ["use_tucker", "train_norm"]
    }
  }

  /// Names that differ from those of the interface.
  static let renamed = ["LyCORIS_preset": "preset", "constrain": "constraint"]
}

extension SettingValue {
  /// As Python writes it into a text.
  var asPythonText: String {
    switch self {
    case .null, .collection: ""
    case .boolean(let flag): flag ? "True" : "False"
    case .number(let number): number.isFinite ? Number.literal(number) : "nan"
    case .text(let text): text
    }
  }
}
