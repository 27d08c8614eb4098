import Knowledge
import Plans
import SourceText

/// The choice of layers: `layer_filter`, and the preset the interface fills it from.
extension Rule<OneTrainerConfig> {
  static let layerFilterNotOfPreset = Rule(
    RuleDescription(
      "layer-filter-not-of-preset", .warning, .changesTraining, .adapter,
      "A layer_filter that is not what layer_filter_preset stands for.",
      because: """
        training reads layer_filter only; the interface overwrites it with the patterns of the preset, \
        unless that is 'custom', and the command line never looks at the preset
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/util/ui/ctk_components.py:289-320"),
        Citation("OneTrainer 23df3832 modules/util/ModuleFilter.py:38-43"),
      ],
      covers: ["onetrainer/A13", "onetrainer/A14"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "QWEN", "layer_filter_preset": ⟪"attn-only"⟫}
          """,
          fixed: """
            {"__version": 11, "training_method": "LORA", "model_type": "QWEN", "layer_filter_preset": "attn-only", "layer_filter": "attn"}
            """),
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "QWEN", "layer_filter": ⟪"img_mlp"⟫, \
          "layer_filter_preset": ⟦"attn-only"⟧}
          """,
          fixed: """
            {"__version": 11, "training_method": "LORA", "model_type": "QWEN", "layer_filter": "img_mlp", \
            "layer_filter_preset": "custom"}
            """),
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": "QWEN", "layer_filter": ⟪"img_mlp"⟫}"#,
          fixed:
            #"{"__version": 11, "training_method": "LORA", "model_type": "QWEN", "layer_filter": "img_mlp", "layer_filter_preset": "custom"}"#,
          mode: "ui"),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "QWEN", \
          "layer_filter": "attn, img_mlp,txt_mlp", "layer_filter_preset": "attn-mlp"}
          """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "QWEN", "layer_filter": "img_mlp", \
          "layer_filter_preset": "custom"}
          """),
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": "QWEN", "layer_filter_preset": "attn-only"}"#,
          mode: "ui"),
      ])
  ) { config, findings in
    guard config.hasLayerFilter, let preset = config.layerFilterOfInterface else { return }
    let filter = config.setting("layer_filter")
    let name = config.setting("layer_filter_preset")
    let written = OneTrainerConfig.patterns(filter.text ?? "")
    let isRegular = config.setting("layer_filter_regex").isOn
    if OneTrainerConfig.match(written, preset.patterns),
      written.isEmpty || isRegular == preset.isRegularExpression
    {
      return
    }
    let listed = preset.patterns.joined(separator: ",")
    guard written.isEmpty else {
      config.reportOverwrittenFilter(filter, name, listed, &findings)
      return
    }
    // The interface fills the filter in; only the command line trains everything.
    guard config.mode == .cli, name.isWritten else { return }
    findings.report(
      "all layers are trained, not \(name.value.words): the command line reads only layer_filter, which is empty",
      at: name, related: filter.isWritten ? [(filter, "empty: every layer")] : [],
      fixes: [
        preset.isRegularExpression != isRegular
          ? findings.fix(
            "write out the preset", .unsafe, .set(filter, .text(listed)),
            .set(config.setting("layer_filter_regex"), .boolean(preset.isRegularExpression)))
          : findings.fix("write out the preset", .unsafe, .set(filter, .text(listed)))
      ])
  }

  static let emptyLayerPattern = Rule(
    RuleDescription(
      "empty-layer-pattern", .warning, .changesTraining, .adapter,
      "A list of layer patterns with an empty item in it.",
      because: "an empty pattern matches every layer, so the other patterns choose nothing",
      sources: [Citation("OneTrainer 23df3832 modules/util/ModuleFilter.py:24,57-58")],
      covers: ["onetrainer/A15"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "layer_filter": ⟪"attn, "⟫, "layer_filter_preset": "custom"}
          """,
          fixed: """
            {"__version": 11, "training_method": "LORA", "layer_filter": "attn", "layer_filter_preset": "custom"}
            """),
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "layer_filter": "attn, ff", "layer_filter_preset": "custom"}"#
        ),
      ])
  ) { config, findings in
    for filter in config.usedLayerFilters {
      let text = filter.text ?? ""
      let items = OneTrainerConfig.items(text)
      let filled = items.filter { !$0.isEmpty }
      guard !filled.isEmpty, filled.count < items.count else { continue }
      findings.report(
        "all layers match: '\(text)' has an empty item, and an empty pattern matches everything",
        at: filter,
        fixes: [
          findings.fix(
            "remove the empty item", .unsafe, .set(filter, .text(filled.joined(separator: ","))))
        ])
    }
  }

  static let commaInLayerPattern = Rule(
    RuleDescription(
      "comma-in-layer-pattern", .error, .crashesAtStart, .adapter,
      "A regular expression for layers with a comma inside brackets.",
      because:
        "the filter is split at every comma before the parts are taken for regular expressions",
      sources: [
        Citation("OneTrainer 23df3832 modules/util/ModuleFilter.py:30-43"),
        Citation("OneTrainer 23df3832 modules/module/LoRAModule.py:995-997"),
      ],
      covers: ["onetrainer/A16"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "layer_filter": ⟪"blocks[.][0-9]{1,2}[.]attn"⟫, \
          "layer_filter_regex": ⟦true⟧, "layer_filter_preset": "custom"}
          """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "layer_filter": "blocks[.][0-9]+[.]attn,ff", \
          "layer_filter_regex": true, "layer_filter_preset": "custom"}
          """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "layer_filter": "a{1,2}", \
          "layer_filter_regex": false, "layer_filter_preset": "custom"}
          """),
      ])
  ) { config, findings in
    for filter in config.usedLayerFilters {
      let isQuantization = filter.keyPath.hasPrefix("quantization.")
      let regular =
        isQuantization
        ? config.object("quantization").setting("layer_filter_regex")
        : config.setting("layer_filter_regex")
      guard regular.isOn, let bracket = OneTrainerConfig.bracketAroundComma(filter.text ?? "")
      else { continue }
      // Half a set or group is no expression; half a repeat is one, and matches nothing.
      let isFatal = bracket != "{" || config.trainingMethod == "LORA" && !isQuantization
      findings.report(
        bracket == "{"
          ? "the comma within braces splits the pattern in two, and neither half matches a layer"
          : "the comma within brackets splits the pattern in two, and the halves are no regular expressions",
        at: filter, severity: isFatal ? .error : .warning,
        consequence: isFatal ? .crashesAtStart : .changesTraining,
        related: regular.isWritten ? [(regular, "patterns are regular expressions")] : [])
    }
  }
}

extension OneTrainerConfig {
  /// Whether layers are chosen at all: not for embeddings and autoencoders.
  fileprivate var hasLayerFilter: Bool { trainingMethod == "LORA" || trainingMethod == "FINE_TUNE" }

  /// What the interface puts in place of `layer_filter`; nil if it leaves it alone.
  fileprivate var layerFilterOfInterface: (patterns: [String], isRegularExpression: Bool)? {
    guard let model, let name = setting("layer_filter_preset").text, name != "custom",
      let preset = model.layerFilterPreset(name) ?? model.layerFilterPresets.first
    else { return nil }
    return (preset.patterns, preset.isRegularExpression)
  }

  /// The filters that training reads as they stand in the file.
  fileprivate var usedLayerFilters: [Setting] {
    var filters: [Setting] = []
    let isCustom = setting("layer_filter_preset").text == "custom"
    if hasLayerFilter, mode == .cli || isCustom { filters.append(setting("layer_filter")) }
    let quantization = object("quantization")
    if mode == .cli || quantization.setting("layer_filter_preset").text == "custom" {
      filters.append(quantization.setting("layer_filter"))
    }
    return filters.filter { $0.isWritten }
  }

  fileprivate func reportOverwrittenFilter(
    _ filter: Setting, _ name: Setting, _ listed: String, _ findings: inout Findings
  ) {
    guard filter.isWritten else { return }
    let patterns = listed.isEmpty ? "every layer" : "'\(listed)'"
    let isOverwritten = mode == .ui
    let message =
      isOverwritten
      ? "this filter is overwritten: layer_filter_preset \(name.value.words)\(name.defaultNote) stands for \(patterns)"
      : "the command line trains this filter, the interface \(patterns): layer_filter_preset is \(name.value.words)\(name.defaultNote)"
    findings.report(
      message, at: filter, severity: isOverwritten || name.isWritten ? .warning : .info,
      related: name.isWritten ? [(name, "stands for \(patterns)")] : [],
      fixes: [
        findings.fix(
          "set layer_filter_preset to custom", isOverwritten ? .unsafe : .safe,
          .set(name, .text("custom")))
      ])
  }

  static func items(_ filter: String) -> [String] {
    filter.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingBlanks }
  }

  /// The patterns; none where one of them matches every layer.
  static func patterns(_ filter: String) -> [String] {
    let items = items(filter)
    return items.contains("") ? [] : items
  }

  /// Whether two lists choose the same layers, as far as the words tell: a plural does not count.
  static func match(_ patterns: [String], _ others: [String]) -> Bool {
    func stems(_ patterns: [String]) -> Set<String> {
      Set(patterns.map { $0.hasSuffix("s") || $0.hasSuffix(".") ? String($0.dropLast()) : $0 })
    }
    return stems(patterns) == stems(others)
  }

  /// The innermost bracket that is open at a comma.
  static func bracketAroundComma(_ pattern: String) -> Character? {
    var open: [Character] = []
    var isEscaped = false
    for character in pattern {
      if isEscaped {
        isEscaped = false
        continue
      }
      let isInSet = open.last == "["
      switch character {
      case "\\": isEscaped = true
      case "[" where !isInSet, "(" where !isInSet, "{" where !isInSet: open.append(character)
      case "]" where isInSet: open.removeLast()
      case ")" where open.last == "(", "}" where open.last == "{": open.removeLast()
      case ",": if let bracket = open.last { return bracket }
      default: break
      }
    }
    return nil
  }
}

extension Substring {
  fileprivate var trimmingBlanks: String {
    var rest = self
    while rest.first?.isWhitespace ?? false { rest.removeFirst() }
    while rest.last?.isWhitespace ?? false { rest.removeLast() }
    return String(rest)
  }
}
