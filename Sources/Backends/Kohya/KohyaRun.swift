import Knowledge
import Optimizers
import Plans
import SourceText

/// The runs that a file describes: one of a TOML file, one for each command of a script.
enum KohyaRun {
  static func configs(
    _ document: Document, options: ReadingOptions, into findings: inout Findings
  ) -> [KohyaConfig] {
    guard document.format == .arguments else { return [file(document, options, &findings)] }
    return document.root.children.compactMap { command in
      KohyaCommand.isTraining(command)
        ? self.command(command, of: document, options, &findings) : nil
    }
  }

  // MARK: TOML

  private static func file(
    _ document: Document, _ options: ReadingOptions, _ findings: inout Findings
  ) -> KohyaConfig {
    let facts = Catalogue.backend("kohya")
    let entries = flattened(document.root)
    // Which names a setting accepts depends on the script, and the script on the settings.
    let draft = SettingsObject(
      facts.root, node: nil, path: "", anchor: content(of: document), entries: entries,
      read: { node, _ in .taken(SettingValue(node)) })
    let choice = choice(options, draft)
    let reading = KohyaReading(scripts: choice.scripts)
    let root = SettingsObject(
      facts.root, node: nil, path: "", anchor: content(of: document), entries: entries,
      read: { reading.read($0, $1) })
    return KohyaConfig(
      document, source: .file, root: root, choice: choice, arguments: .init(root),
      data: data(root, choice, &findings), images: options.images, repeats: options.repeats)
  }

  static func choice(_ options: ReadingOptions, _ draft: SettingsObject) -> KohyaScriptChoice {
    options.script.flatMap { KohyaScript(file: $0) }
      .map { KohyaScriptChoice(KohyaScripts([$0]), .asked) } ?? KohyaScriptChoice(fitting: draft)
  }

  /// The entries of a TOML file as the trainer has them: tables at the top are dissolved, and what is
  /// read last counts (`library/train_util.py:4747-4759`).
  static func flattened(_ root: DocumentNode) -> [DocumentNode] {
    root.children.flatMap { $0.kind == .mapping ? Array($0.children) : [$0] }
  }

  /// From the first entry to the last one.
  static func content(of document: Document) -> SourceSpan {
    let spans = document.root.children.flatMap { [$0.keySpan, $0.span].compactMap(\.self) }
    let start = spans.map(\.bytes.lowerBound).min() ?? 0
    return SourceSpan(start..<(spans.map(\.bytes.upperBound).max() ?? 0), in: document.source.id)
  }

  // MARK: Commands

  private static func command(
    _ node: DocumentNode, of document: Document, _ options: ReadingOptions,
    _ findings: inout Findings
  ) -> KohyaConfig? {
    guard let draft = KohyaCommand(node) else { return nil }
    let file = configFile(of: draft, &findings)
    let choice = choice(of: draft, file.document, options)
    guard let command = KohyaCommand(node, scripts: choice.scripts) else { return nil }
    let root = root(of: command, file.document, choice)
    var arguments = KohyaConfig.Arguments(root)
    for key in ["lr_warmup_steps", "lr_decay_steps"] {
      if let word = command.value(key),
        let number = try? KohyaSchedule.commandLine(word, setting: key)
      {
        arguments.numbers[key] = number
      }
    }
    arguments.textRates = command.numbers("text_encoder_lr")
    arguments.isIncomplete =
      file.isMissing || command.hasUnknownOptions || command.isCutShort || command.script == nil
    return KohyaConfig(
      document, source: .command, root: root, choice: choice, arguments: arguments,
      data: data(root, choice, &findings), file: file.document, command: command,
      processes: command.processes, images: options.images, repeats: options.repeats)
  }

  private static func choice(
    of command: KohyaCommand, _ file: Document?, _ options: ReadingOptions
  ) -> KohyaScriptChoice {
    if let script = command.script { return KohyaScriptChoice(KohyaScripts([script]), .named) }
    let facts = Catalogue.backend("kohya").root
    let stated = file.map { flattened($0.root) } ?? []
    let draft = SettingsObject(
      facts, node: nil, path: "", anchor: command.arguments.span,
      made: stated.compactMap { node in
        facts.place(of: node).map {
          .init(facts: facts.settings[$0], node: node, reading: .taken(SettingValue(node)))
        }
      } + command.entries)
    return choice(options, draft)
  }

  /// The settings of the file first, so that those of the command go before them.
  private static func root(
    of command: KohyaCommand, _ file: Document?, _ choice: KohyaScriptChoice
  ) -> SettingsObject {
    let facts = Catalogue.backend("kohya").root
    let reading = KohyaReading(scripts: choice.scripts)
    var made: [SettingsObject.Entry] = []
    var unknown: [DocumentNode] = []
    for node in file.map({ flattened($0.root) }) ?? [] {
      guard let place = facts.place(of: node) else {
        unknown.append(node)
        continue
      }
      let setting = facts.settings[place]
      made.append(.init(facts: setting, node: node, reading: reading.read(node, setting)))
    }
    return SettingsObject(
      facts, node: command.arguments, path: "", anchor: command.arguments.span,
      made: made + command.entries, unknown: unknown)
  }

  /// The file that `--config_file` names; its ending may be left out.
  private static func configFile(
    of command: KohyaCommand, _ findings: inout Findings
  ) -> (document: Document?, isMissing: Bool) {
    guard let path = command.value("config_file"), !path.isEmpty else { return (nil, false) }
    let name = path.hasSuffix(".toml") ? path : path + ".toml"
    guard case .document(let document) = findings.neighbours.file(at: name),
      document.root.kind == .mapping, document.format == .toml
    else { return (nil, true) }
    return (document, false)
  }

  // MARK: Images

  /// The description of the images that the settings name, where it can be read.
  static func data(
    _ root: SettingsObject, _ choice: KohyaScriptChoice, _ findings: inout Findings
  ) -> KohyaData? {
    guard let path = root.setting("dataset_config").text, !path.isEmpty,
      case .document(let document) = findings.neighbours.file(at: path),
      document.root.kind == .mapping
    else { return nil }
    let masks = root.setting("masked_loss").isOn
    let supports = choice.scripts.scripts.map { KohyaData.Support($0, masks: masks) }
    return KohyaData(document, support: KohyaData.Support(any: supports))
  }
}
