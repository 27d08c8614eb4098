import Knowledge
public import Plans
public import SourceText

/// OneTrainer, as of commit 23df3832 (2026-08-19), config version 11.
public struct OneTrainer: Backend {
  public let id = "onetrainer"
  public let title = "OneTrainer"

  public init() {}

  public var ruleDescriptions: [RuleDescription] { Self.rules.map(\.description) }

  public func plan(
    _ document: Document, options: ReadingOptions, into findings: inout Findings
  ) -> TrainingPlan? {
    let mode =
      options.mode.flatMap(OneTrainerMode.init) ?? OneTrainerConfig.usualMode(document.source.path)
    let config = OneTrainerConfig(document, mode: mode, images: options.images)
    for rule in Self.rules { rule.run(on: config, into: &findings) }
    return OneTrainerPlan.plan(config)
  }

  public func edits(_ change: Change, in document: Document) -> [TextEdit]? {
    let editor = JSONEditor(document)
    switch change {
    case .set(let place, let value):
      guard value != .collection else { return nil }
      // The interface would drop it, and what stands in optimizer_defaults is all or nothing.
      if let setting = place as? Setting, case .defaulted(_, by: .table) = setting.origin {
        return nil
      }
      let literal = Self.literal(value)
      if let node = document.node(at: place.keyPath) { return editor.replace(node, with: literal) }
      return Self.insert(place.keyPath, literal, editor, document)
    case .remove(let place):
      return document.node(at: place.keyPath).flatMap(editor.remove)
    }
  }

  /// OneTrainer writes infinity as text, which its loader reads back.
  private static func literal(_ value: SettingValue) -> String {
    if let number = value.number, number.isInfinite { return number > 0 ? "\"inf\"" : "\"-inf\"" }
    return value.literal
  }

  /// Adds a key, and the objects on the way to it that the file does not have.
  private static func insert(
    _ keyPath: String, _ literal: String, _ editor: JSONEditor, _ document: Document
  ) -> [TextEdit]? {
    var keys = keyPath.split(separator: ".").map(String.init)
    var mapping = document.root
    while keys.count > 1, let next = mapping[keys[0]] {
      guard next.kind == .mapping else { return nil }
      mapping = next
      keys.removeFirst()
    }
    guard let first = keys.first else { return nil }
    let nested = keys.dropFirst().reversed().reduce(literal) { "{\(JSONText.quoted($1)): \($0)}" }
    return editor.insert(key: first, literal: nested, into: mapping)
  }

  public func recognizes(_ document: Document) -> Recognition {
    guard document.format == .json else { return .no(because: "its configs are JSON") }
    guard document.root.kind == .mapping else { return .no(because: "the file is no JSON object") }
    // Each weighs as much as it tells: names that only OneTrainer has.
    let telling = [
      "training_method", "model_type", "base_model_name", "output_model_destination",
      "learning_rate_scheduler", "optimizer_defaults", "layer_filter", "concept_file_name",
      "output_model_format", "train_dtype", "text_encoder", "unet", "sample_definition_file_name",
      "gradient_accumulation_steps", "learning_rate_warmup_steps", "ema_update_step_interval",
      "peft_type", "lora_weight_dtype", "timestep_distribution", "loss_weight_fn", "concepts",
    ]
    if document.root["__version"]?.kind == .integer { return .certain }
    if document.root["optimizer"]?["optimizer"] != nil { return .certain }
    if telling.lazy.filter({ document.root[$0] != nil }).prefix(2).count == 2 { return .certain }
    return .no(
      because:
        "it has none of the keys that only its configs have, such as __version or training_method")
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
