import Knowledge
import Optimizers
import Plans
import SourceText

/// A file of the interface as it is after loading: the settings of one tab.
///
/// Immutable; a class because every rule is handed it.
final class KohyaGUIConfig: TrainerConfig {
  let document: Document
  let tab: KohyaGUITab
  let root: SettingsObject
  let backend: BackendFacts
  let model: KohyaScript.Model
  /// What goes before all settings.
  let parameters: KohyaGUIParameters

  init(_ document: Document) {
    self.document = document
    let tab = KohyaGUITab(of: document.root)
    self.tab = tab
    backend = Catalogue.backend("kohya-gui")
    let reading = KohyaGUIReading(tab: tab)
    let old = Self.takenOver(document.root)
    let root = SettingsObject(
      backend.root, node: document.root, path: "", anchor: document.root.span,
      entries: document.root.children, spelling: { old[$0.key ?? ""] },
      read: { node, facts in
        node.hasKey("use_8bit_adam")
          ? .taken(.text(SettingValue(node).isTruthy ? "AdamW8bit" : "AdamW"))
          : node.hasKey("use_wandb") ? .taken(.text("wandb")) : reading.read(node, facts)
      })
    self.root = root
    let model = tab.switches.first { root.setting($0.key).isOn }?.model ?? .sd
    self.model = model
    parameters = KohyaGUIParameters(
      root.entry(KohyaGUIParameters.key), for: tab.script(for: model))
  }

  /// Keys of earlier versions that loading still takes over, by the setting that they become.
  ///
  /// kohya_ss 45088f04, `kohya_gui/common_gui.py:380-382, 489-507`.
  private static func takenOver(_ root: DocumentNode) -> [String: String] {
    var old = ["lora_network_weights": "network_weights"]
    if root["optimizer"] == nil { old["use_8bit_adam"] = "optimizer" }
    if root["use_wandb"]?.text == "True" { old["use_wandb"] = "log_with" }
    return old
  }

  var documents: [Document] { [document] }
  var objects: [SettingsObject] { [root] }
  var script: KohyaScript { tab.script(for: model) }

  /// A setting as the tab has it.
  func setting(_ key: String) -> Setting {
    let setting = root.setting(key)
    guard !setting.isWritten else { return setting }
    // Before optimizers could be chosen there was but one switch, and AdamW without it.
    if key == "optimizer" { return setting.map { _ in .text("AdamW") } }
    return setting.map { _ in root.facts[key]?.defaultValue(onTab: tab.rawValue) ?? .null }
  }

  func setting(at path: SettingPath) -> Setting? {
    guard case .plain(let key) = path else { return nil }
    switch key {
    case "@tab": return whole(.text(tab.rawValue))
    case "@model": return whole(.text(model.rawValue))
    default: return root.facts[key] == nil ? nil : setting(key)
    }
  }

  private func whole(_ value: SettingValue) -> Setting {
    Setting(value, .defaulted(anchor: root.anchor, by: .bare), keyPath: "")
  }

  /// Whether the images are described by a file of their own.
  var hasDataConfig: Bool { !(setting("dataset_config").text ?? "").isEmpty }
}
