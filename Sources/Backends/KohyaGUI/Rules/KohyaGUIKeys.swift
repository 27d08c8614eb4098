import Knowledge
import Plans
import SourceText

extension KohyaGUI {
  /// Keys that are not what they should be.
  static let keyRules: [Rule<KohyaGUIConfig>] = [.repeatedKey, .unknownKey, .retiredKey]
}

extension Rule<KohyaGUIConfig> {
  static let loading = Citation("kohya_ss 45088f04 kohya_gui/common_gui.py:379-509")

  static let repeatedKey = Rule(
    SharedRule.repeatedKey.description(
      of: "kohya-gui", because: "of keys that stand twice, the reader of JSON keeps the last",
      sources: [Citation("kohya_ss 45088f04 kohya_gui/lora_gui.py:788")],
      examples: [
        .flags("kohya-gui", #"{"LoRA_type": "Standard", ⟪"unet_lr"⟫: 1e-4, ⟦"unet_lr"⟧: 5e-5}"#),
        .allows("kohya-gui", #"{"LoRA_type": "Standard", "unet_lr": 1e-4}"#),
      ])
  ) { gui, findings in gui.reportRepeatedKeys(into: &findings) }

  static let unknownKey = Rule(
    SharedRule.unknownKey.description(
      of: "kohya-gui", because: "a tab takes the keys it has from a file and leaves the others",
      sources: [Citation("kohya_ss 45088f04 kohya_gui/lora_gui.py:799-804")],
      examples: [
        .flags(
          "kohya-gui", #"{"LoRA_type": "Standard", ⟪"text_encoder_lr1"⟫: 1e-4}"#,
          fixed: #"{"LoRA_type": "Standard", "text_encoder_lr": 1e-4}"#),
        .flags("kohya-gui", #"{"LoRA_type": "Standard", ⟪"learning_rate_te"⟫: 0.0002}"#),
        .allows("kohya-gui", #"{"LoRA_type": "Standard", "text_encoder_lr": 1e-4}"#),
        // Written by another tab, with the value that all tabs begin with.
        .allows("kohya-gui", #"{"LoRA_type": "Standard", "learning_rate_te": 1e-5}"#),
      ])
  ) { gui, findings in
    lazy var free = gui.root.facts.settings.filter {
      ($0.tabs.isEmpty || $0.tabs.contains(gui.tab.rawValue)) && gui.root.entry($0.key) == nil
    }.map(\.key)
    for node in gui.root.unknown {
      guard let key = node.key, gui.backend.retiredKey(key) == nil else { continue }
      let nearest = Suggestion.nearest(to: key, in: free)
      let fix = nearest.flatMap { nearest in
        gui.document.editor.rename(node, to: nearest).map {
          Fix(title: "rename it to '\(nearest)'", safety: .unsafe, edits: $0)
        }
      }
      findings.report(
        "'\(key)' is no setting of the \(gui.tab.title) and is not read"
          + (nearest.map { ": did you mean '\($0)'?" } ?? ""),
        at: Place(keyOf: node), fixes: [fix])
    }
    for entry in gui.root.known where !entry.facts.tabs.isEmpty {
      let tabs = entry.facts.tabs
      guard !tabs.contains(gui.tab.rawValue), entry.node.hasKey(entry.facts.key) else { continue }
      let setting = gui.root.setting(entry.facts.key)
      let starts = tabs.map { entry.facts.defaultValue(onTab: $0) }
      if setting.isMistaken || !setting.isOn || starts.contains(setting.value) { continue }
      let owners = tabs.compactMap { KohyaGUITab(rawValue: $0)?.title }
      findings.report(
        "'\(entry.facts.key)' is not read by the \(gui.tab.title), but by the \(owners.joined(separator: ", "))",
        at: Place(keyOf: entry.node), severity: .info)
    }
  }

  static let retiredKey = Rule(
    SharedRule.retiredKey.description(
      of: "kohya-gui", because: "a tab takes the keys it has from a file and leaves the others",
      sources: [loading, Citation("kohya_ss 45088f04 kohya_gui/lora_gui.py:799-804")],
      examples: [
        .flags("kohya-gui", #"{"LoRA_type": "Standard", ⟪"conv_dims"⟫: "4,4,4"}"#),
        .flags("kohya-gui", #"{"LoRA_type": "Standard", ⟪"use_wandb"⟫: true}"#),
        .allows("kohya-gui", #"{"LoRA_type": "Standard", "conv_block_dims": "4,4,4"}"#),
        .allows(
          "kohya-gui", #"{"LoRA_type": "Standard", "lora_network_weights": "a.safetensors"}"#),
        .allows("kohya-gui", #"{"LoRA_type": "Standard", "conv_dims": "", "save_as_bool": true}"#),
      ])
  ) { gui, findings in
    for node in gui.root.unknown {
      guard let key = node.key, let retired = gui.backend.retiredKey(key),
        key != "save_as_bool", SettingValue(node).isTruthy, node.text != "False"
      else { continue }
      // Beside an optimizer, the old switch for one says nothing.
      if key == "use_8bit_adam" { continue }
      let now = retired.now.map { ": it is '\($0)' now" } ?? ""
      findings.report(
        "'\(key)' is not read\(now)", at: Place(keyOf: node), why: retired.text.trimmingFullStop)
    }
  }
}
