import Knowledge
import Plans
import SourceText

extension Rule<KohyaFiles> {
  static let strayWord = Rule(
    RuleDescription(
      "stray-word", .error, .crashesAtLoad, .file,
      "A word of a command that belongs to no option.",
      because: "argparse stops at a word that no option takes, such as a value behind a switch",
      sources: [Citation("kohya sd-scripts 48d368fa: the parsers of the 21 training scripts")],
      examples: [
        .flags(
          "kohya",
          "accelerate launch train_network.py --network_module networks.lora --cache_latents ⟪true⟫",
          fixed:
            "accelerate launch train_network.py --network_module networks.lora --cache_latents",
          path: "train.sh"),
        .flags(
          "kohya",
          "accelerate launch train_network.py --output_name my ⟪lora⟫ --learning_rate 1e-4",
          path: "train.sh"),
        .allows(
          "kohya",
          #"accelerate launch train_network.py --optimizer_args "betas=0.9,0.99" weight_decay=0.1 $more"#,
          path: "train.sh"),
      ], backend: "kohya")
  ) { files, findings in
    guard let command = files.run?.command else { return }
    for word in command.words where !word.isUnknownWord {
      findings.report("'\(word.text)' belongs to no option", at: Place(word))
    }
    for option in command.options {
      guard let extra = KohyaCommand.firstExtraWord(option), !extra.isUnknownWord,
        let facts = option.setting
      else { continue }
      let isFlag = facts.type == .boolean
      let takes = isFlag ? "takes no value" : "takes one value: quotes keep several words together"
      findings.report(
        "'\(extra.text)' belongs to no option: '--\(facts.key)' \(takes)", at: Place(extra),
        fixes: [
          isFlag && option.node.kind != .sequence
            ? files.run?.removing(extra, after: option.node) : nil
        ])
    }
  }

  static let exposedByWandB = Rule(
    RuleDescription(
      "exposed-by-wandb", .warning, .worthKnowing, .output,
      "A secret, or a path of this machine, on a command line whose run is logged with wandb.",
      because:
        "wandb publishes the command line; sd-scripts asks to move such options into the TOML file",
      sources: [Citation("kohya sd-scripts 48d368fa library/train_util.py:4354-4400")],
      covers: ["kohya/K-FILE-13"],
      examples: [
        .flags(
          "kohya",
          "accelerate launch train_network.py --log_with ⟦wandb⟧ --wandb_api_key ⟪0123456789⟫",
          path: "train.sh"),
        .flags(
          "kohya",
          "accelerate launch train_network.py --log_with ⟦all⟧ --output_dir ⟪/data/models⟫",
          path: "train.sh"),
        .allows(
          "kohya",
          "accelerate launch train_network.py --log_with tensorboard --output_dir /data/models",
          path: "train.sh"),
      ], backend: "kohya")
  ) { files, findings in
    guard let run = files.run, run.command != nil else { return }
    let log = run.root.setting("log_with")
    guard let kind = log.text, kind != "tensorboard" else { return }
    let secrets = ["wandb_api_key", "huggingface_token"]
    let paths = [
      "pretrained_model_name_or_path", "vae", "tokenizer_cache_dir", "train_data_dir",
      "conditioning_data_dir", "reg_data_dir", "output_dir", "logging_dir",
    ]
    for key in secrets + paths {
      guard let node = run.root.entry(key), run.isOption(node) else { continue }
      let setting = run.root.setting(key)
      let text = setting.text ?? ""
      if text.isEmpty || node.isUnknownWord { continue }
      if paths.contains(key), !Self.isAbsolute(text) { continue }
      findings.report(
        "'\(key)' is public: wandb shows the command line", at: setting,
        severity: secrets.contains(key) ? .warning : .info,
        related: [log.noted("logs with wandb")].compactMap(\.self))
    }
  }

  private static func isAbsolute(_ path: String) -> Bool {
    path.hasPrefix("/") || path.dropFirst().hasPrefix(":\\") || path.dropFirst().hasPrefix(":/")
  }
}

extension KohyaConfig {
  /// Whether it stands in the command, not in a file.
  func isOption(_ node: DocumentNode) -> Bool {
    source == .command && node.source.id == document.source.id
  }

  /// Takes a word out of a command with the blanks before it.
  fileprivate func removing(_ word: DocumentNode, after option: DocumentNode) -> Fix? {
    guard let key = option.keySpan else { return nil }
    let bytes = key.bytes.upperBound..<word.span.bytes.upperBound
    return Fix(
      title: "remove '\(word.text)'", safety: .safe,
      edits: [TextEdit(SourceSpan(bytes, in: document.source.id), "")])
  }
}

extension UnknownKeys {
  /// Options that the script does not have, or of which several are meant.
  static func report(_ command: KohyaCommand, _ findings: inout Findings) {
    let facts = Catalogue.backend("kohya").root
    let own = command.script.map { KohyaScripts([$0]) } ?? .all
    for option in command.options {
      let name = option.node.key ?? ""
      let why = "argparse stops at an option that the script does not have"
      switch option.meaning {
      case .setting: continue
      case .ambiguous(let keys):
        findings.report(
          "'--\(name)' could be \(keys.prefix(3).map { "'--\($0)'" }.joined(separator: " or "))",
          at: Place(keyOf: option.node), why: "argparse stops where a shortened name fits several",
          severity: .error, consequence: .crashesAtLoad)
      case .unknown:
        if name.contains(where: { "$%{<".contains($0) }) { continue }
        let free = facts.settings.filter { !$0.readers.isDisjoint(with: own) }.map(\.key)
        let nearest = Suggestion.nearest(to: name, in: free)
        findings.report(
          "'--\(name)' is no option of sd-scripts\(nearest.map { ": did you mean '--\($0)'?" } ?? "")",
          at: Place(keyOf: option.node), why: why, severity: .error, consequence: .crashesAtLoad)
      }
    }
  }
}
