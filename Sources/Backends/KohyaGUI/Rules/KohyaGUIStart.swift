import Knowledge
import Plans
import SourceText

extension KohyaGUI {
  /// What the interface does between the button and the script.
  static let startRules: [Rule<KohyaGUIConfig>] = [
    .zeroLeftOut, .bothRatesZero, .argumentTextRefused, .adapterOfAnotherModel, .severalModels,
    .additionalParameters,
  ]
}

extension Rule<KohyaGUIConfig> {
  static let zeroLeftOut = Rule(
    RuleDescription(
      "zero-left-out", .warning, .changesTraining, .file,
      "A 0 that the interface does not pass on, where sd-scripts has another default.",
      because: "the LoRA tab leaves out what equals False, and to Python 0 does",
      sources: [Citation("kohya_ss 45088f04 kohya_gui/lora_gui.py:2560-2567")],
      covers: ["kohya/K-GUI-01"],
      examples: [
        .flags("kohya-gui", #"{"LoRA_type": "Standard", "max_grad_norm": ⟪0⟫}"#),
        .flags(
          "kohya-gui",
          #"{"LoRA_type": "Standard", "noise_offset_type": "Multires", "multires_noise_discount": ⟪0⟫}"#
        ),
        // Not passed on, and 0 all the same.
        .allows("kohya-gui", #"{"LoRA_type": "Standard", "network_dropout": 0}"#),
        .allows(
          "kohya-gui", #"{"no_token_padding": false, "train_batch_size": 1, "max_grad_norm": 0}"#),
      ], backend: "kohya-gui")
  ) { gui, findings in
    guard gui.tab.dropsZeros else { return }
    let trainer = Catalogue.backend("kohya").root
    for entry in gui.root.known {
      let facts = entry.facts
      let setting = gui.root.setting(facts.key)
      guard setting.value == .number(0), !setting.isMistaken, !facts.isUnsetByZero,
        facts.tabs.isEmpty || facts.tabs.contains(gui.tab.rawValue),
        let target = facts.targets.first(where: { gui.passes($0) }),
        gui.parameters.items(target.key) == nil,
        let usual = trainer[target.key]?.defaultValue(in: KohyaScripts([gui.script])),
        usual != .number(0), usual != .null, usual != .boolean(false)
      else { continue }
      findings.report(
        "0 is left out: sd-scripts takes \(target.key) \(usual.literal)", at: setting,
        why: "to switch it off, give --\(target.key) 0 in additional_parameters")
    }
  }

  static let bothRatesZero = Rule(
    RuleDescription(
      "both-rates-zero", .warning, .changesTraining, .learningRate,
      "Rates of 0 for both parts of an adapter, which then train at the common rate.",
      because: """
        one rate of 0 leaves its part out; with both, neither part is left out, and sd-scripts takes \
        learning_rate for both
        """,
      sources: [Citation("kohya_ss 45088f04 kohya_gui/lora_gui.py:909-924, 2347")],
      covers: ["kohya/K-GUI-07"],
      examples: [
        .flags(
          "kohya-gui",
          #"{"LoRA_type": "Standard", "learning_rate": ⟦1e-4⟧, "text_encoder_lr": ⟦0⟧, "unet_lr": ⟪0⟫}"#
        ),
        .allows(
          "kohya-gui",
          #"{"LoRA_type": "Standard", "learning_rate": 1e-4, "text_encoder_lr": 0, "unet_lr": 1e-4}"#
        ),
      ], backend: "kohya-gui")
  ) { gui, findings in
    let unet = gui.setting("unet_lr")
    let text = gui.setting("text_encoder_lr")
    let rate = gui.setting("learning_rate")
    guard gui.tab == .lora, unet.number == 0, text.number == 0, (rate.number ?? 0) != 0 else {
      return
    }
    findings.report(
      "both rates are 0: U-Net and text encoder train at \(rate.value.literal)", at: unet,
      related: [text.noted("0 as well"), rate.noted("taken for both")].compactMap(\.self))
  }

  static let argumentTextRefused = Rule(
    RuleDescription(
      "argument-text-refused", .error, .crashesAtStart, .optimizer,
      "Arguments of the optimizer or the schedule in another form than the interface demands.",
      because:
        "it wants key=value with one blank between two of them and none inside, and else does not start",
      sources: [Citation("kohya_ss 45088f04 kohya_gui/common_gui.py:1779-1795")],
      covers: ["kohya/K-GUI-04"],
      examples: [
        .flags(
          "kohya-gui",
          #"{"LoRA_type": "Standard", "optimizer_args": ⟪"betas=(0.9, 0.99) weight_decay=0.1"⟫}"#,
          fixed:
            #"{"LoRA_type": "Standard", "optimizer_args": "betas=(0.9,0.99) weight_decay=0.1"}"#),
        .flags(
          "kohya-gui",
          #"{"LoRA_type": "Standard", "optimizer_args": ⟪"weight_decay = 0.1  eps=1e-8"⟫}"#,
          fixed: #"{"LoRA_type": "Standard", "optimizer_args": "weight_decay=0.1 eps=1e-8"}"#),
        .flags("kohya-gui", #"{"LoRA_type": "Standard", "lr_scheduler_args": ⟪"gamma"⟫}"#),
        .allows(
          "kohya-gui",
          #"{"LoRA_type": "Standard", "optimizer_args": "betas=0.9,0.99 weight_decay=0.1"}"#),
      ], backend: "kohya-gui")
  ) { gui, findings in
    for key in ["lr_scheduler_args", "optimizer_args"] {
      let setting = gui.setting(key)
      guard let text = setting.text, !KohyaGUIArguments.isTaken(text) else { continue }
      let mended = KohyaGUIArguments.mended(text)
      findings.report(
        "'\(key)' is not in the form a=1 b=2", at: setting,
        fixes: [
          KohyaGUIArguments.isTaken(mended)
            ? findings.fix("write \(JSONText.quoted(mended))", .safe, .set(setting, .text(mended)))
            : nil
        ])
    }
  }

  static let adapterOfAnotherModel = Rule(
    RuleDescription(
      "adapter-of-another-model", .error, .crashesAtStart, .adapter,
      "A kind of adapter that the interface does not start for the chosen model.",
      because:
        "FLUX, Anima and Lumina have kinds of their own, and native LoHa and LoKr know two models",
      sources: [Citation("kohya_ss 45088f04 kohya_gui/lora_gui.py:1461-1525")],
      covers: ["kohya/K-GUI-13"],
      examples: [
        .flags("kohya-gui", #"{"LoRA_type": ⟪"Standard"⟫, "flux1_checkbox": ⟦true⟧}"#),
        .flags("kohya-gui", #"{"LoRA_type": ⟪"Anima"⟫}"#),
        .flags("kohya-gui", #"{"LoRA_type": ⟪"Kohya LoHa"⟫, "sdxl": false}"#),
        .allows("kohya-gui", #"{"LoRA_type": "Flux1", "flux1_checkbox": true}"#),
        .allows("kohya-gui", #"{"LoRA_type": "LyCORIS/LoKr", "flux1_checkbox": true}"#),
      ], backend: "kohya-gui")
  ) { gui, findings in
    guard gui.tab == .lora else { return }
    let type = gui.setting("LoRA_type")
    guard let name = type.text, let (words, key) = gui.refusal(ofAdapter: name) else { return }
    findings.report(
      words, at: type,
      related: [key.flatMap { gui.setting($0).noted("the model") }].compactMap(\.self))
  }

  static let severalModels = Rule(
    RuleDescription(
      "several-models", .warning, .changesTraining, .file,
      "More than one kind of model is chosen.",
      because: "the first one decides which script is started, in a fixed order",
      sources: [Citation("kohya_ss 45088f04 kohya_gui/lora_gui.py:1779-1792")],
      covers: ["kohya/K-GUI-15"],
      examples: [
        .flags(
          "kohya-gui", #"{"LoRA_type": "Standard", "sdxl": ⟦true⟧, "sd3_checkbox": ⟪true⟫}"#,
          fixed: #"{"LoRA_type": "Standard", "sdxl": true, "sd3_checkbox": false}"#),
        .allows("kohya-gui", #"{"LoRA_type": "Standard", "sdxl": true, "sd3_checkbox": false}"#),
      ], backend: "kohya-gui")
  ) { gui, findings in
    let on = gui.tab.switches.map { gui.setting($0.key) }.filter(\.isOn)
    guard let first = on.first else { return }
    for other in on.dropFirst() {
      findings.report(
        "'\(other.keyPath)' does not count: '\(first.keyPath)' goes before it", at: other,
        related: [(first, "this one counts")],
        fixes: [
          findings.fix("set \(other.keyPath) to false", .unsafe, .set(other, .boolean(false)))
        ])
    }
  }
}

extension KohyaGUIConfig {
  /// Whether a setting of sd-scripts is set by this tab for this model.
  func passes(_ target: SettingFacts.Target) -> Bool {
    guard target.tabs.isEmpty || target.tabs.contains(tab.rawValue),
      target.models.isEmpty || target.models.contains(model.rawValue)
    else { return false }
    switch target.how {
    // These two are put back.
    case nil, "whole":
      return target.key != "max_data_loader_n_workers"
        && (target.key != "guidance_scale" || !isChroma)
    case "original": return tab != .lora || setting("noise_offset_type").text == "Original"
    case "multires": return tab != .lora || setting("noise_offset_type").text == "Multires"
    default: return false
    }
  }

  /// For Chroma the scale is passed on whatever it is.
  var isChroma: Bool {
    tab == .lora && model == .flux && setting("model_type").text == "chroma"
  }

  /// Why the LoRA tab does not start, and the switch of the model that it has to do with.
  fileprivate func refusal(ofAdapter name: String) -> (String, String?)? {
    func isOn(_ key: String) -> Bool { setting(key).isOn }
    let isNative = name == "Kohya LoHa" || name == "Kohya LoKr"
    if isOn("flux1_checkbox"), name != "Flux1", name != "Flux1 OFT", !name.contains("LyCORIS") {
      return (
        "'\(name)' is no kind of adapter for FLUX: use Flux1, Flux1 OFT or LyCORIS",
        "flux1_checkbox"
      )
    }
    if isOn("anima_checkbox"), name != "Anima", !isNative {
      return (
        "'\(name)' is no kind of adapter for Anima: use Anima, Kohya LoHa or Kohya LoKr",
        "anima_checkbox"
      )
    }
    if name == "Anima", !isOn("anima_checkbox") {
      return ("'Anima' needs the model of that name: anima_checkbox is off", "anima_checkbox")
    }
    if isOn("lumina_checkbox"), name != "Lumina" {
      return ("'\(name)' is no kind of adapter for Lumina: use Lumina", "lumina_checkbox")
    }
    if name == "Lumina", !isOn("lumina_checkbox") {
      return ("'Lumina' needs the model of that name: lumina_checkbox is off", "lumina_checkbox")
    }
    guard isNative else { return nil }
    if !isOn("sdxl"), !isOn("anima_checkbox") {
      return ("'\(name)' is for SDXL and Anima only", nil)
    }
    let other = ["flux1_checkbox", "sd3_checkbox", "hunyuan_image_checkbox", "lumina_checkbox"]
      .first(where: isOn)
    return other.map { ("'\(name)' is for SDXL and Anima only", $0) }
  }
}
