import Knowledge
import Plans
import SourceText

/// What was meant by a key that its block does not have.
struct MeantKey {
  /// The key in this block; nil if it belongs elsewhere.
  var here: SettingFacts?
  /// Where it belongs, in words: `'lr' belongs to train`.
  var elsewhere: String?
}

extension AIToolkitProcess {
  /// What was meant by the key of an entry, if that can be told.
  func meaning(of entry: DocumentNode, in object: SettingsObject) -> MeantKey? {
    let key = entry.key ?? ""
    let free = object.facts.settings.filter { object.entry($0.key) == nil }
    if let here = free.first(where: { $0.otherNames.contains(key) }) { return MeantKey(here: here) }
    if let place = home(of: key, besides: object) {
      return MeantKey(elsewhere: "it belongs to \(place)")
    }
    guard let near = Suggestion.nearest(to: key, in: free.map(\.key)) else { return nil }
    return MeantKey(here: object.facts[near])
  }

  /// The block whose key it is.
  private func home(of key: String, besides object: SettingsObject) -> String? {
    let kind = object.facts.name
    if kind == "train" {
      if Self.scheduleArguments.contains(key) { return "lr_scheduler_params" }
      if Self.optimizerArguments.contains(key) { return "optimizer_params" }
    }
    if let found = Self.blocks.first(where: { $0.kind != kind && hasKey($0.kind, key) }) {
      return found.words
    }
    for block in Self.blocks where block.kind != kind {
      let settings = backend.object(block.kind)?.settings ?? []
      if let setting = settings.first(where: { $0.otherNames.contains(key) }) {
        return "\(block.words), where it is '\(setting.key)'"
      }
    }
    return nil
  }

  private func hasKey(_ kind: String, _ key: String) -> Bool {
    backend.object(kind)?[key] != nil
  }

  /// Blocks that a key can have strayed from, those with the most telling keys first.
  private static let blocks: [(kind: String, words: String)] = [
    ("train", "train"), ("model", "model"), ("network", "network"), ("dataset", "datasets"),
    ("save", "save"), ("sample", "sample"), ("ema", "train.ema_config"),
    ("process", "the process itself"), ("logging", "logging"), ("embedding", "embedding"),
    ("networkArguments", "network.network_kwargs"), ("jobConfig", "config"),
  ]

  /// Arguments of the schedules that work, and what other programs call them.
  private static let scheduleArguments: Set<String> = [
    "num_warmup_steps", "eta_min", "start_factor", "end_factor", "factor", "T_mult",
    "lr_warmup_steps", "warmup_steps", "warmup", "learning_rate_warmup_steps",
  ]

  private static let optimizerArguments: Set<String> = [
    "weight_decay", "betas", "beta1", "beta2", "eps", "d0", "d_coef", "decouple", "clip_threshold",
    "use_bias_correction", "safeguard_warmup", "min_lr", "max_lr", "momentum",
  ]

  /// Keys of a block that a misspelt one was meant to be: those are not missing but misspelt.
  func isMeant(_ key: String, in object: SettingsObject) -> Bool {
    object.unknown.contains { meaning(of: $0, in: object)?.here?.key == key }
  }

  /// What comes of the setting being missing, where that is more than its default.
  func outcomeOfMissing(_ key: String, in object: SettingsObject) -> Constraint? {
    let path = SettingPath.nested(object.facts.name, key)
    return backend.constraints.first { constraint in
      constraint.rule == "missing-setting" && constraint.key == path
        && constraint.isBroken(by: object.setting(key).stated) {
          self.setting(at: $0)?.stated
        }
    }
  }
}
