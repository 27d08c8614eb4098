import Knowledge
import Plans
import SourceText

/// The options of a run, from the entries of a file and from arguments within one of them.
struct SimpleTunerSettings: Sendable {
  let root: SettingsObject
  /// Those of a `config.env`; empty elsewhere.
  let extra: ExtraArguments

  func setting(_ key: String) -> Setting {
    extra.argument(for: key)?.setting ?? root.setting(key)
  }

  /// Where the text of a setting stands: a node, and where the text begins in it.
  func place(_ key: String) -> (node: DocumentNode, offset: Int)? {
    if let argument = extra.argument(for: key) {
      return (argument.valueNode, argument.valueRange.lowerBound)
    }
    guard let node = root.entry(key) else { return nil }
    // The trainer takes the blanks off both ends.
    return (node, node.text.utf8.prefix { $0 <= 0x20 }.count)
  }

  /// Settings that stand in arguments, each once.
  var extraSettings: [(facts: SettingFacts, setting: Setting)] {
    var seen: Set<String> = []
    return extra.all.reversed().compactMap { argument in
      guard let facts = argument.facts, let setting = argument.setting,
        seen.insert(facts.key).inserted
      else { return nil }
      return (facts, setting)
    }.reversed()
  }
}
