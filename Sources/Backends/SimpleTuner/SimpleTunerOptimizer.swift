import Knowledge
import Plans
import SourceText

/// The optimizer that is built, with the options it is given.
struct SimpleTunerOptimizer: Sendable {
  let name: Setting
  let facts: OptimizerFacts?
  let use: OptimizerUse?
  let config: OptimizerConfigText
  private let settings: SimpleTunerSettings

  init(_ settings: SimpleTunerSettings) {
    self.settings = settings
    name = settings.setting("optimizer")
    let known = name.text.flatMap { Catalogue.optimizer(named: $0, in: "simpletuner") }
    facts = known?.facts
    use = known?.use
    config = OptimizerConfigText(
      settings.setting("optimizer_config"), at: settings.place("optimizer_config"))
  }

  /// An option with the value that the class is built with; nil if it has none of that name.
  ///
  /// `optimizer_param.py:913-950`: the trainer's table, then `optimizer_config`, then the pair of
  /// betas, then `prodigy_steps`; `lr` and the warm-up come from options of their own.
  func option(_ key: String) -> Setting? {
    guard let option = use?[key] else { return nil }
    if let setting = ownSetting(option) { return setting }
    if option.spelling == option.argument, let item = config.item(option.spelling) {
      return item.setting
    }
    let path = config.setting.keyPath
    return Setting(
      option.tableDefault, .defaulted(anchor: config.setting.span, by: .constructor), of: path,
      key: option.spelling)
  }

  /// The option of the command line that takes precedence.
  private func ownSetting(_ option: OptionUse) -> Setting? {
    guard let key = option.setting else { return nil }
    let setting = settings.setting(key)
    switch key {
    case "optimizer_beta1", "optimizer_beta2":
      let isPair = ["optimizer_beta1", "optimizer_beta2"].allSatisfy {
        !settings.setting($0).isNull
      }
      return isPair ? setting : nil
    case "prodigy_steps": return setting.number.map { $0 > 0 } ?? false ? setting : nil
    case "learning_rate": return config.item("lr")?.setting ?? setting
    default: return setting
    }
  }
}
