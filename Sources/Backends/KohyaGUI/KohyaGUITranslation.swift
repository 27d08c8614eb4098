import Knowledge
import Optimizers
import Plans
import SourceText

/// The config that the interface writes for sd-scripts, with every setting where its own file states
/// it.
///
/// kohya_ss 45088f04: `kohya_gui/lora_gui.py:1590-2600`, `dreambooth_gui.py:715-1165`,
/// `finetune_gui.py:900-1450`, `textual_inversion_gui.py:600-905`.
struct KohyaGUITranslation {
  let gui: KohyaGUIConfig
  private let facts = Catalogue.backend("kohya").root
  private var made: [SettingsObject.Entry] = []
  private var unstated: [String: SettingsObject.Unstated] = [:]
  private var arguments = KohyaConfig.Arguments()

  init(_ gui: KohyaGUIConfig) { self.gui = gui }

  /// - Parameter options: Of them the size of the data set, where known.
  mutating func config(_ options: ReadingOptions, into findings: inout Findings) -> KohyaConfig {
    for setting in gui.root.facts.settings where isOnTab(setting.tabs) {
      for target in setting.targets {
        let models = target.models
        guard isOnTab(target.tabs), models.isEmpty || models.contains(gui.model.rawValue) else {
          continue
        }
        pass(setting, to: target)
      }
    }
    derive()
    arguments.strangers = gui.root.unknown.prefix(32).map { $0.key ?? "" }
    if gui.tab == .lora {
      rates()
      adapter()
    }
    override()
    let root = SettingsObject(
      facts, node: gui.document.root, path: "", anchor: gui.root.anchor, made: made,
      unstated: unstated)
    let choice = KohyaScriptChoice(KohyaScripts([gui.script]), .named)
    return KohyaConfig(
      gui.document, source: .interface, root: root, choice: choice, arguments: arguments,
      data: KohyaRun.data(root, choice, &findings), processes: gui.setting("num_processes"),
      images: options.images, repeats: options.repeats)
  }

  /// Options of the command line go before what the interface writes.
  private mutating func override() {
    let parameters = gui.parameters
    made += parameters.entries
    if let items = parameters.items("optimizer_args") { arguments.optimizer = items }
    if let items = parameters.items("lr_scheduler_args") { arguments.scheduler = items }
    if let items = parameters.items("network_args") { arguments.network = items }
    if let items = parameters.items("text_encoder_lr") {
      arguments.textRates = items.compactMap { item in
        PythonValue.real(from: item.text).map {
          Setting(.number($0), .written(item.place.span), keyPath: item.keyPath)
        }
      }
    }
    for key in ["lr_warmup_steps", "lr_decay_steps"] {
      guard let word = parameters.items(key)?.first else { continue }
      arguments.numbers[key] = try? KohyaSchedule.commandLine(word.text, setting: key)
    }
    if parameters.items("max_train_steps") != nil || parameters.items("max_train_epochs") != nil {
      arguments.epochs = nil
    }
  }

  private func isOnTab(_ tabs: [String]) -> Bool { tabs.isEmpty || tabs.contains(gui.tab.rawValue) }

  // MARK: One to one

  private mutating func pass(_ setting: SettingFacts, to target: SettingFacts.Target) {
    let value = gui.setting(setting.key)
    switch target.how {
    case nil, "whole":
      // Chroma has no CLIP, and what Anima does without a choice need not be said.
      let isLeftOut =
        target.key == "clip_l" && gui.isChroma
        || target.key == "attn_mode" && gui.model == .anima && value.text == "torch"
      if !isLeftOut { set(target.key, value, of: setting) }
    case "original", "multires":
      // Only the LoRA tab passes on the one kind that is chosen.
      let kind = target.how == "original" ? "Original" : "Multires"
      if gui.tab != .lora || gui.setting("noise_offset_type").text == kind {
        set(target.key, value, of: setting)
      }
    case "words": words(target.key, setting.key)
    case "attention":
      set("sdpa", value.map { .boolean($0.text == "sdpa") }, at: setting.key)
      set("xformers", value.map { .boolean($0.text == "xformers") }, at: setting.key)
    case "prompts": if value.isOn { set(target.key, value, at: setting.key) }
    default: break
    }
  }

  /// Passes a value on, unless the tab leaves such values out.
  private mutating func set(_ key: String, _ value: Setting, of setting: SettingFacts) {
    let isLeftOut: Bool =
      switch value.value {
      case .null, .text(""): true
      case .number(0):
        setting.isUnsetByZero || gui.tab.dropsZeros && key != "max_data_loader_n_workers"
      default: false
      }
    if isLeftOut {
      let usual = facts[key]?.defaultValue(in: KohyaScripts([gui.script])) ?? .null
      unstated[key] = .init(path: setting.key, value: usual)
    } else {
      set(key, value, at: setting.key)
    }
  }

  /// States a setting of sd-scripts at a setting of the interface.
  mutating func set(_ key: String, _ value: Setting, at own: String) {
    guard let setting = facts[key] else { return }
    guard let node = gui.root.entry(own) else {
      unstated[key] = .init(path: own, value: value.value)
      return
    }
    let reading: ValueReading =
      value.isMistaken
      ? .refused(ValueProblem(rule: .unreadableValue, message: "")) : .taken(value.value)
    made.append(.init(facts: setting, node: node, reading: reading))
  }

  /// The items of a text that is split at blanks, its double quotes dropped.
  private mutating func words(_ key: String, _ own: String) {
    guard let node = gui.root.entry(own), KohyaGUIArguments.isTaken(node.text) else { return }
    set(key, gui.setting(own).map { _ in .collection }, at: own)
    let items = node.words(at: own)
    switch key {
    case "optimizer_args": arguments.optimizer = items
    case "lr_scheduler_args": arguments.scheduler = items
    default: break
    }
  }

  mutating func append(_ argument: KeyValueArgument) { arguments.network.append(argument) }

  // MARK: What is worked out

  private mutating func derive() {
    warmup()
    steps()
    if gui.tab == .dreambooth, gui.model == .sdxl {
      let rates = ["learning_rate_te1", "learning_rate_te2"]
      let on = rates.first { (gui.setting($0).number ?? 0) > 0 }
      set(
        "train_text_encoder", gui.setting(on ?? rates[0]).map { _ in .boolean(on != nil) },
        at: on ?? rates[0])
    }
    if gui.isChroma {
      let chroma = gui.setting("model_type")
      set("model_type", chroma, at: "model_type")
      set("apply_t5_attn_mask", chroma.map { _ in .boolean(true) }, at: "model_type")
      set("guidance_scale", gui.setting("guidance_scale"), at: "guidance_scale")
    }
    if gui.tab == .finetune {
      unstated["enable_bucket"] = .init(path: "max_resolution", value: .boolean(true))
      let isEncoded = gui.setting("use_latent_files").text == "Yes"
      let name = isEncoded ? "latent_metadata_filename" : "caption_metadata_filename"
      let folder = gui.setting("train_dir").text ?? ""
      set(
        "in_json", gui.setting(name).map { .text("\(folder)/\($0.text ?? "")") },
        at: gui.root.entry("train_dir") == nil ? name : "train_dir")
    }
    if gui.tab == .embedding {
      let template = gui.setting("template")
      for (key, name) in [
        ("use_object_template", "object template"), ("use_style_template", "style template"),
      ] where template.text == name {
        set(key, template.map { _ in .boolean(true) }, at: "template")
      }
    }
    if gui.setting("train_inpainting").isOn, gui.model == .sd || gui.model == .sdxl {
      for key in ["cache_latents", "cache_latents_to_disk"] {
        set(
          key, gui.setting("train_inpainting").map { _ in .boolean(false) }, at: "train_inpainting")
      }
    }
  }

  /// `kohya_gui/common_gui.py:1185-1220`, `lora_gui.py:1614-1650`.
  private mutating func warmup() {
    let steps = gui.setting("lr_warmup_steps")
    let percent = gui.setting("lr_warmup")
    let length = gui.setting("max_train_steps").number ?? 0
    let isIgnored = gui.hasDataConfig && length == 0 && gui.tab.dropsZeros
    if let count = steps.number, count > 0, !isIgnored {
      state(.whole(Int(min(count, 1e9))), steps, at: "lr_warmup_steps")
    } else if let share = percent.number, share != 0 {
      if gui.tab == .lora, gui.hasDataConfig, length > 0 {
        let count = (share * length / 100).rounded(.toNearestOrEven)
        state(.whole(Int(max(-1e9, min(count, 1e9)))), percent, at: "lr_warmup")
      } else {
        state(.real(share / 100), percent, at: "lr_warmup")
      }
    } else {
      state(.whole(0), percent, at: "lr_warmup")
    }
  }

  private mutating func state(_ number: PythonValue, _ setting: Setting, at own: String) {
    arguments.numbers["lr_warmup_steps"] = number
    set("lr_warmup_steps", setting.map { _ in number.setting }, at: own)
  }

  private mutating func steps() {
    let steps = gui.setting("max_train_steps")
    let count = steps.number ?? 0
    if count == 0 {
      // sd-scripts runs 1600 then; without a description the interface counts the images.
      if gui.hasDataConfig { return }
      arguments.epochs = gui.setting("epoch")
      arguments.hasTwiceTheSteps = !(gui.setting("reg_data_dir").text ?? "").isEmpty
      return
    }
    let isHalved = gui.tab == .finetune && !gui.hasDataConfig && gui.setting("flip_aug").isOn
    set(
      "max_train_steps",
      steps.map { _ in .number(isHalved ? (count / 2).rounded(.up) : count) },
      at: "max_train_steps")
  }

  /// `kohya_gui/lora_gui.py:902-927, 2060-2088, 2347`.
  private mutating func rates() {
    let text = gui.setting("text_encoder_lr")
    let t5 = gui.setting("t5xxl_lr")
    let main = gui.setting("unet_lr")
    if let rate = text.number, rate > 0 {
      set("text_encoder_lr", text, at: "text_encoder_lr")
      // Without one for T5, the same rate stands twice.
      arguments.textRates = [text] + ((t5.number ?? 0) > 0 ? [t5] : [])
    } else {
      unstated["text_encoder_lr"] = .init(path: "text_encoder_lr", value: .null)
      arguments.textRates = []
    }
    if main.number == 0 {
      unstated["unet_lr"] = .init(path: "unet_lr", value: .null)
    } else {
      set("unet_lr", main, at: "unet_lr")
    }
    let isUNetOnly = gui.model == .hunyuan || text.number == 0 && main.number != 0
    let isTextOnly = gui.model != .hunyuan && text.number != 0 && main.number == 0
    let (own, place) =
      gui.root.entry("text_encoder_lr") == nil ? (main, "unet_lr") : (text, "text_encoder_lr")
    set("network_train_unet_only", own.map { _ in .boolean(isUNetOnly) }, at: place)
    set(
      "network_train_text_encoder_only", main.map { _ in .boolean(isTextOnly) }, at: "unet_lr")
  }
}

extension DocumentNode {
  /// The words of a text with their places; double quotes are dropped before it is split.
  func words(at keyPath: String) -> [KeyValueArgument] {
    guard kind == .string else { return [] }
    var items: [KeyValueArgument] = []
    var bytes: [UInt8] = []
    var offsets: [Int] = []
    let all = Array(text.utf8)
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    for (offset, byte) in all.enumerated() where byte != UInt8(ascii: "\"") && !isBlank(byte) {
      bytes.append(byte)
      offsets.append(offset)
      let rest = all[(offset + 1)...].drop { $0 == UInt8(ascii: "\"") }
      guard rest.first.map(isBlank) ?? true else { continue }
      let word = String(decoding: bytes, as: UTF8.self)
      items.append(
        KeyValueArgument(word, in: self, keyPath: keyPath, offsets: offsets + [offset + 1]))
      bytes = []
      offsets = []
    }
    return items
  }
}
