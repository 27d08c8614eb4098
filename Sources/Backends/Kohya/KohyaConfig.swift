import Knowledge
import Optimizers
import Plans
import SourceText

/// A run as sd-scripts has it in memory after reading its settings.
///
/// Immutable; a class because every rule is handed it.
final class KohyaConfig: TrainerConfig {
  /// What is being checked.
  let document: Document
  /// Whose words the settings are.
  let source: Source
  let backend: BackendFacts
  let documents: [Document]
  /// The settings of the run, whichever file states them; what is stated last counts.
  let root: SettingsObject
  /// The script that is started, as far as that can be told.
  let choice: KohyaScriptChoice
  let optimizer: KohyaOptimizer
  let arguments: Arguments
  /// The TOML file that states settings.
  let file: Document?
  /// The command that states settings.
  let command: KohyaCommand?
  /// The description of the images, where `dataset_config` names one that can be read.
  let data: KohyaData?
  /// How many processes train, where the command says so.
  let processes: Setting?
  /// Training images, where known.
  let images: Int?
  /// How often an epoch shows each image, where the user states it.
  let knownRepeats: Int?

  /// Where the settings stand.
  enum Source: Sendable {
    /// A TOML file that is checked by itself.
    case file
    /// A command line, and the files that it names.
    case command
    /// The JSON file of the interface.
    case interface
  }

  /// - Parameters:
  ///   - file: What `--config_file` of a command names, where it can be read.
  ///   - command: The command that states the settings, if it is one.
  init(
    _ document: Document, source: Source, root: SettingsObject, choice: KohyaScriptChoice,
    arguments: Arguments, data: KohyaData?, file: Document? = nil, command: KohyaCommand? = nil,
    processes: Setting? = nil, images: Int? = nil, repeats: Int? = nil
  ) {
    self.document = document
    self.file = source == .file ? document : file
    self.command = command
    self.source = source
    self.root = root
    self.choice = choice
    self.data = data
    self.processes = processes
    self.images = images
    knownRepeats = repeats
    backend = Catalogue.backend("kohya")
    documents = [document] + [file, data?.document].compactMap(\.self)
    optimizer = KohyaOptimizer(root, arguments: arguments.optimizer)
    self.arguments = arguments
  }

  var schedulerArguments: [KeyValueArgument] { arguments.scheduler }
  var networkArguments: [KeyValueArgument] { arguments.network }

  /// What single settings do not hold: the three lists of `key=value`, and what an interface makes
  /// of its own settings.
  struct Arguments: Sendable {
    var optimizer: [KeyValueArgument] = []
    var scheduler: [KeyValueArgument] = []
    var network: [KeyValueArgument] = []
    /// The items of `text_encoder_lr`, where they do not stand in a list.
    var textRates: [Setting]?
    /// Numbers as Python has them, where the file does not show whether they are whole.
    var numbers: [String: PythonValue] = [:]
    /// The setting that the number of steps is worked out from before the run starts.
    var epochs: Setting?
    /// Keys of an interface that it does not know.
    var strangers: [String] = []
    /// Whether more settings may be stated where they cannot be seen.
    var isIncomplete = false
    /// Whether twice as many steps come of it, for regularisation images.
    var hasTwiceTheSteps = false

    init() {}

    /// As they stand in lists.
    init(_ root: SettingsObject) {
      optimizer = root.entry("optimizer_args")?.keyValueArguments() ?? []
      scheduler = root.entry("lr_scheduler_args")?.keyValueArguments() ?? []
      network = root.entry("network_args")?.keyValueArguments() ?? []
    }
  }

  var scripts: KohyaScripts { choice.scripts }
  /// The script where there is but one it can be, else one of them.
  var script: KohyaScript { scripts.scripts.first ?? .trainNetwork }
  /// Whether a statement holds for every script it can be.
  func all(_ condition: (KohyaScript) -> Bool) -> Bool { scripts.scripts.allSatisfy(condition) }

  /// The scripts it can be, for messages.
  var scriptWords: String {
    let names = scripts.scripts.map(\.rawValue)
    return switch names.count {
    case 1: names[0]
    case 2, 3: names.dropLast().joined(separator: ", ") + " or " + names[names.count - 1]
    default: "every script this can be for"
    }
  }

  var objects: [SettingsObject] { [root] + (data?.objects ?? []) }

  // MARK: Settings

  /// A setting as the trainer uses it.
  func setting(_ key: String) -> Setting {
    let setting = root.setting(key)
    guard setting.isUsual, let facts = root.facts[key] else { return setting }
    let value = facts.defaultValue(in: scripts)
    return value == setting.value ? setting : setting.map { _ in value }
  }

  /// A setting as one script uses it.
  func setting(_ key: String, in script: KohyaScript) -> Setting {
    if let own = dataSetting(key) { return own }
    let setting = root.setting(key)
    guard setting.isUsual, let facts = root.facts[key] else { return setting }
    let value = facts.defaultValue(in: KohyaScripts([script]))
    return value == setting.value ? setting : setting.map { _ in value }
  }

  /// Settings that stand with the images go before those of the run. Of several subsets the first
  /// counts that switches one on.
  private func dataSetting(_ key: String) -> Setting? {
    guard Self.dataKeys.contains(key), let data, !data.sets.isEmpty else { return nil }
    var off: Setting?
    for set in data.sets {
      for subset in set.subsets.isEmpty ? [nil] : set.subsets.map(Optional.some) {
        let setting = data.setting(key, of: subset, in: set) ?? root.setting(key)
        if setting.isOn { return setting }
        off = off ?? setting
      }
    }
    return off
  }

  private static let dataKeys: Set<String> = [
    "shuffle_caption", "color_aug", "random_crop", "caption_dropout_rate",
    "caption_tag_dropout_rate", "token_warmup_step",
  ]

  /// The value as Python has it, where a whole number and a fraction mean different things.
  func pythonValue(_ key: String) -> PythonValue? {
    let setting = root.setting(key)
    if setting.isMistaken { return nil }
    if let number = arguments.numbers[key] { return number }
    guard let number = setting.number else { return nil }
    guard let entry = root.entry(key), entry.kind == .integer || entry.kind == .float else {
      return number == number.rounded() && abs(number) < 1e15 ? .whole(Int(number)) : .real(number)
    }
    let isWhole = entry.kind == .integer && abs(number) < 1e15
    return isWhole ? .whole(Int(number)) : .real(number)
  }

  /// An item of `network_args`; the last of that name.
  func networkArgument(_ key: String) -> KeyValueArgument? {
    networkArguments.last { $0.key == key && $0.written != nil }
  }

  func setting(at path: SettingPath) -> Setting? { setting(at: path, in: script) }

  /// A setting by the path that the data gives it.
  func setting(at path: SettingPath, in script: KohyaScript) -> Setting? {
    switch path {
    case .plain(let key) where key.hasPrefix("@"): derived(key, in: script)
    case .plain(let key): root.facts[key] == nil ? nil : setting(key, in: script)
    case .nested("optimizer_args", let key): optimizerArgument(key)
    case .nested("network_args", let key):
      networkArgument(key).map { $0.setting(.text($0.written ?? "")) }
        ?? absent("network_args.\(key)", at: root.entry("network_args"))
    case .nested, .ofParts: nil
    }
  }

  private func optimizerArgument(_ key: String) -> Setting {
    if let argument = optimizer.argument(key), let literal = argument.literal {
      return argument.setting(literal.setting)
    }
    return absent("optimizer_args.\(key)", at: root.entry("optimizer_args"))
  }

  /// A fix of one side of an argument.
  func fix(
    _ title: String, _ safety: Fix.Safety, _ part: KeyValueArgument.Part,
    of argument: KeyValueArgument, to text: String
  ) -> Fix? {
    argument.edits(of: part, to: text, documents).map {
      Fix(title: title, safety: safety, edits: $0)
    }
  }

  private func absent(_ path: String, at list: DocumentNode?) -> Setting {
    Setting(.null, .defaulted(anchor: list?.span ?? root.anchor, by: .constructor), keyPath: path)
  }
}

extension Traced {
  /// Whether it is the default of the script.
  fileprivate var isUsual: Bool {
    if case .defaulted(_, .bare) = origin { true } else { false }
  }
}
