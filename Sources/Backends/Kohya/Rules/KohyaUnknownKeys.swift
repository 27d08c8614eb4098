import Knowledge
import Plans
import SourceText

/// Keys that no setting has.
enum UnknownKeys {
  static func report(_ run: KohyaConfig, _ findings: inout Findings) {
    lazy var free = run.root.facts.settings.map(\.key).filter { run.root.entry($0) == nil }
    // A file with more strangers than that is not helped by guesses.
    var guesses = 100
    for node in run.root.unknown {
      // They are tables, or stand in one that is reported as a whole.
      if node.kind == .mapping || node.parent.map(isArgumentTable) ?? false { continue }
      if node.kind == .sequence, node.children.contains(where: { $0.kind == .mapping }) { continue }
      let key = node.key ?? ""
      guesses -= 1
      if let hint = hints[key] {
        findings.report(
          "'\(key)' is no setting of sd-scripts and is not read: \(hint.words)",
          at: Place(keyOf: node), severity: hint.isWrittenByInterface ? .info : .warning)
        continue
      }
      let nearest = guesses < 0 ? nil : Suggestion.nearest(to: key, in: free)
      findings.report(
        "'\(key)' is no setting of sd-scripts and is not read\(nearest.map { ": did you mean '\($0)'?" } ?? "")",
        at: Place(keyOf: node), fixes: [nearest.flatMap { rename(node, in: run.file, to: $0) }])
    }
  }

  static func report(_ data: KohyaData, _ findings: inout Findings) {
    data.reportMisplaced(into: &findings)
    let why = "a description of images goes through a schema, which stops at keys it does not know"
    for object in data.objects {
      for node in object.unknown {
        let key = node.key ?? ""
        let free = object.facts.settings.map(\.key).filter { object.entry($0) == nil }
        let nearest = renamed[key] ?? Suggestion.nearest(to: key, in: free)
        let hint =
          runOnly.contains(key)
          ? ": it belongs into the training config"
          : nearest.map { ": did you mean '\($0)'?" } ?? ""
        findings.report(
          "'\(key)' is no setting of images\(hint)", at: Place(keyOf: node), why: why,
          severity: .error, consequence: .crashesAtStart,
          fixes: [
            runOnly.contains(key)
              ? nil : nearest.flatMap { rename(node, in: data.document, to: $0) }
          ])
      }
    }
    guard let root = Optional(data.document.root), root.kind == .mapping else { return }
    for node in root.children where !node.hasKey("general") && !node.hasKey("datasets") {
      let facts = Catalogue.backend("kohya").object("data")
      let hint =
        facts?[node.key ?? ""] != nil
        ? ": put it under [general]"
        : Suggestion.nearest(to: node.key ?? "", in: ["general", "datasets"])
          .map { ": did you mean '\($0)'?" } ?? ""
      findings.report(
        "'\(node.key ?? "")' has no place beside general and datasets\(hint)",
        at: Place(keyOf: node), why: why, severity: .error, consequence: .crashesAtStart)
    }
  }

  /// Settings of images that a training config calls otherwise.
  private static let renamed = ["train_batch_size": "batch_size", "dataset_repeats": "num_repeats"]
  /// Settings that one might expect with the images.
  private static let runOnly: Set<String> = [
    "prior_loss_weight", "max_token_length", "debug_dataset", "cache_latents", "weighted_captions",
    "cache_latents_to_disk", "masked_loss",
  ]

  // MARK: Well-known strangers

  private struct Hint {
    let words: String
    /// Whether the interface writes it into its files, where nobody typed it.
    var isWrittenByInterface = false
  }

  private static let hints: [String: Hint] = {
    var hints: [String: Hint] = [:]
    for key in ["text_encoder_lr1", "text_encoder_lr2", "text_encoder_lr3"] {
      hints[key] = Hint(
        words: "rates of several text encoders are a list, text_encoder_lr = [1e-5, 1e-5]")
    }
    for key in [
      "noise_offset_type", "show_timesteps", "show_timesteps_resolution", "train_inpainting",
      "train_blocks", "qwen_image_vae_2d", "compile", "compile_backend", "compile_mode",
      "compile_dynamic", "compile_fullgraph", "compile_cache_size_limit",
    ] {
      hints[key] = Hint(
        words: "the interface writes it for newer versions", isWrittenByInterface: true)
    }
    hints["epoch"] = Hint(
      words: "max_train_epochs is what counts epochs", isWrittenByInterface: true)
    for key in [
      "weight_decay", "betas", "eps", "d_coef", "decouple", "use_bias_correction",
      "safeguard_warmup", "relative_step", "scale_parameter", "warmup_init",
    ] {
      hints[key] = Hint(words: "options of the optimizer stand in optimizer_args = [\"\(key)=…\"]")
    }
    for key in [
      "conv_dim", "conv_alpha", "algo", "preset", "factor", "loraplus_lr_ratio",
      "rank_dropout", "module_dropout",
    ] {
      hints[key] = Hint(words: "options of the adapter stand in network_args = [\"\(key)=…\"]")
    }
    hints["optimizer"] = Hint(words: "the key is optimizer_type")
    hints["batch_size"] = Hint(words: "the key is train_batch_size")
    return hints
  }()

  // MARK: Repairs

  /// Whether it is a table of arguments where a list belongs.
  static func isArgumentTable(_ node: DocumentNode) -> Bool {
    node.kind == .mapping
      && ["optimizer_args", "lr_scheduler_args", "network_args"].contains { node.hasKey($0) }
  }

  /// The table as a list of texts.
  static func listFix(_ node: DocumentNode) -> Fix? {
    let items = node.children.compactMap { entry -> String? in
      guard let key = entry.key, let value = literal(entry) else { return nil }
      return JSONText.quoted("\(key)=\(value)")
    }
    guard let key = node.key, items.count == node.children.count(where: { _ in true }) else {
      return nil
    }
    let list = "[\(items.joined(separator: ", "))]"
    let isHeader = node.sourceText.hasPrefix("[")
    return Fix(
      title: "write it as a list", safety: .unsafe,
      edits: [TextEdit(node.span, isHeader ? "\(key) = \(list)" : list)])
  }

  /// A TOML value as Python writes it.
  private static func literal(_ node: DocumentNode) -> String? {
    switch node.kind {
    case .boolean: return node.text == "true" ? "True" : "False"
    case .integer, .float: return node.text
    case .string: return SettingValue(node).pythonLiteral
    case .sequence:
      let items = node.children.map(literal)
      let known = items.compactMap(\.self)
      return known.count == items.count ? "(\(known.joined(separator: ", ")))" : nil
    default: return nil
    }
  }

  private static func rename(_ node: DocumentNode, in document: Document?, to key: String) -> Fix? {
    document?.editor.rename(node, to: key).map {
      Fix(title: "rename it to '\(key)'", safety: .unsafe, edits: $0)
    }
  }
}
