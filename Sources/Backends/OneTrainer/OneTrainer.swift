import Knowledge
public import Plans
public import SourceText

/// OneTrainer, as of commit 23df3832 (2026-08-19), config version 11.
public struct OneTrainer: Backend {
  public let id = "onetrainer"
  public let title = "OneTrainer"

  public init() {}

  public var ruleDescriptions: [RuleDescription] { Self.rules.map(\.description) }

  public func plans(
    _ document: Document, options: ReadingOptions, into findings: inout Findings
  ) -> [TrainingPlan] {
    let mode =
      options.mode.flatMap(OneTrainerMode.init) ?? OneTrainerConfig.usualMode(document.source.path)
    let config = OneTrainerConfig(document, mode: mode, images: options.imagesPerEpoch)
    for rule in Self.rules { rule.run(on: config, into: &findings) }
    return [OneTrainerPlan.plan(config)]
  }

  public func edits(_ change: Change, in document: Document) -> [TextEdit]? {
    switch change {
    case .set(let place, let value):
      // The interface would drop it, and what stands in optimizer_defaults is all or nothing.
      if let setting = place as? Setting, case .defaulted(_, by: .table) = setting.origin {
        return nil
      }
      guard let value = Self.written(value) else { return nil }
      if let node = document.node(at: place.keyPath) {
        return document.editor.replace(node, with: value)
      }
      return document.editor.set(
        place.keyPath.split(separator: ".").map(String.init), below: document.root, to: value)
    case .remove(let place):
      return document.node(at: place.keyPath).flatMap(document.editor.remove)
    }
  }

  /// OneTrainer writes infinity as text, which its loader reads back.
  private static func written(_ value: SettingValue) -> EditValue? {
    if let number = value.number, number.isInfinite { return .text(number > 0 ? "inf" : "-inf") }
    return EditValue(value)
  }

  public func recognizes(_ document: Document) -> Recognition {
    guard document.format == .json else { return .no(because: "its configs are JSON") }
    guard document.root.kind == .mapping else { return .no(because: "the file is no JSON object") }
    // Each weighs as much as it tells: names that only OneTrainer has.
    let telling = [
      "training_method", "base_model_name", "output_model_destination",
      "learning_rate_scheduler", "optimizer_defaults", "layer_filter", "concept_file_name",
      "output_model_format", "train_dtype", "text_encoder", "unet", "sample_definition_file_name",
      "learning_rate_warmup_steps", "ema_update_step_interval",
      "peft_type", "lora_weight_dtype", "timestep_distribution", "loss_weight_fn", "concepts",
    ]
    if document.root["__version"]?.kind == .integer { return .certain }
    if document.root["optimizer"]?["optimizer"] != nil { return .certain }
    // Others call their models by names in small letters.
    let name = document.root["model_type"]?.text ?? ""
    let isNamed = !name.isEmpty && name == name.uppercased()
    let found = telling.lazy.filter { document.root[$0] != nil }.prefix(2).count
    if found + (isNamed ? 1 : 0) >= 2 { return .certain }
    return .no(
      because:
        "it has none of the keys that only its configs have, such as __version or training_method")
  }
}

extension EditValue {
  /// Nil for a list or an object, whose content is not known here.
  init?(_ value: SettingValue) {
    switch value {
    case .null: self = .null
    case .boolean(let flag): self = .boolean(flag)
    case .number(let number): self = .number(number)
    case .text(let text): self = .text(text)
    case .collection: return nil
    }
  }
}

extension Document {
  /// The value at a key path such as `optimizer.beta1`; of repeated keys the last.
  public func node(at keyPath: String) -> DocumentNode? {
    var node = root
    for part in keyPath.split(separator: ".") {
      var key = String(part)
      var places: [Int] = []
      while key.hasSuffix("]"), let open = key.lastIndex(of: "[") {
        guard let place = Int(key[key.index(after: open)...].dropLast()) else { break }
        places.insert(place, at: 0)
        key = String(key[..<open])
      }
      if !key.isEmpty {
        guard let next = node[key] else { return nil }
        node = next
      }
      for place in places {
        guard let next = Array(node.children).dropFirst(place).first else { return nil }
        node = next
      }
    }
    return node
  }
}
