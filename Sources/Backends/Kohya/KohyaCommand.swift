import Knowledge
import Optimizers
import Plans
import SourceText

/// A command that starts a training script, as Python's argparse reads it: names may be shortened as
/// long as one option fits, each option takes as many words as it is made for, and what is stated last
/// counts.
///
/// kohya sd-scripts 48d368fa: the parsers of the scripts, and `library/train_util.py:4700-4764` for
/// `--config_file`, which is read first.
struct KohyaCommand: Sendable {
  /// The options behind the script.
  let arguments: DocumentNode
  /// The script, if it is one of sd-scripts.
  let script: KohyaScript?
  let options: [Option]
  /// Words that belong to no option.
  let words: [DocumentNode]
  /// The number of processes that accelerate is told to start.
  let processes: Setting?
  /// Whether a guide leaves some of it out: `...`.
  let isCutShort: Bool

  /// One option as it stands there.
  struct Option: Sendable {
    let node: DocumentNode
    let meaning: Meaning

    enum Meaning: Sendable {
      case setting(SettingFacts)
      /// The script has none that begins so.
      case unknown
      /// Several begin so.
      case ambiguous([String])
    }

    var setting: SettingFacts? {
      if case .setting(let facts) = meaning { facts } else { nil }
    }
  }

  /// - Parameter scripts: Those it can be, if it names none.
  init?(_ command: DocumentNode, scripts: KohyaScripts = .all) {
    guard command.kind == .mapping, let arguments = command["arguments"] else { return nil }
    self.arguments = arguments
    script = command["script"].flatMap { KohyaScript(file: $0.text) }
    words = command["words"]?.children.map(\.self) ?? []
    let own = script.map { KohyaScripts([$0]) } ?? scripts
    let facts = Catalogue.backend("kohya").root
    options = arguments.children.map { node in
      Option(node: node, meaning: Self.meaning(of: node.key ?? "", facts, own))
    }
    isCutShort = Self.isCutShort(command)
    processes = command["launcher"]?["num_processes"].flatMap { node in
      Number.parseInteger(node.text).map {
        Setting(.number($0), .written(node.span), keyPath: node.keyPath)
      }
    }
  }

  /// Three dots are no word of a command, but they tell that more words belong to it.
  private static func isCutShort(_ command: DocumentNode) -> Bool {
    let bytes = command.source.bytes
    var end = command.span.bytes.upperBound
    // Also on the next line.
    while end < bytes.count, bytes[end] <= 0x20 || "\\`^".utf8.contains(bytes[end]) { end += 1 }
    let text = command.source.text(of: command.span.bytes.lowerBound..<min(end + 4, bytes.count))
    return text.split(whereSeparator: \.isWhitespace).contains { $0 == "..." || $0 == "…" }
  }

  static func meaning(
    of name: String, _ facts: ObjectFacts, _ scripts: KohyaScripts
  ) -> Option.Meaning {
    if let setting = facts[name] { return .setting(setting) }
    guard !name.isEmpty else { return .unknown }
    let fitting = facts.settings.filter {
      $0.key.hasPrefix(name) && !$0.readers.isDisjoint(with: scripts)
    }
    return switch fitting.count {
    case 0: .unknown
    case 1: .setting(fitting[0])
    default: .ambiguous(fitting.map(\.key))
    }
  }

  /// The first word of a value that the option does not take.
  static func firstExtraWord(_ option: Option) -> DocumentNode? {
    guard let facts = option.setting else { return nil }
    let node = option.node
    switch facts.type {
    case .list: return nil
    case .boolean:
      // What stands behind `=` is another mistake.
      if node.kind == .sequence { return node.children.first { _ in true } }
      return node.standsAlone || node.isBehindEquals ? nil : node
    default: return node.kind == .sequence ? node.children.dropFirst().first { _ in true } : nil
    }
  }

  /// Whether words stand there of which only the shell knows how many options they are.
  var hasUnknownOptions: Bool {
    let extra = options.compactMap(Self.firstExtraWord)
    return (words + extra).contains(where: \.isUnknownWord)
  }

  /// Names of options that there are not.
  var unknownNames: [String] {
    options.compactMap { option in
      if case .unknown = option.meaning { option.node.key } else { nil }
    }
  }

  /// What is set, each in the way the command states it.
  var entries: [SettingsObject.Entry] {
    let reading = KohyaCommandReading(scripts: script.map { KohyaScripts([$0]) } ?? .all)
    return options.compactMap { option in
      option.setting.map {
        .init(facts: $0, node: option.node, reading: reading.read(option.node.optionWords, $0))
      }
    }
  }

  /// The last value of an option, whatever it is worth.
  func value(_ key: String) -> String? {
    let node = options.last { $0.setting?.key == key }?.node
    return node?.kind == .sequence ? node?.children.first { _ in true }?.text : node?.text
  }
}

extension KohyaCommand {
  /// The numbers behind an option, each in its place; nil if the command does not have it.
  func numbers(_ key: String) -> [Setting]? {
    guard let node = options.last(where: { $0.setting?.key == key })?.node else { return nil }
    let words = node.standsAlone ? [] : node.kind == .sequence ? Array(node.children) : [node]
    return words.enumerated().compactMap { place, word in
      PythonValue.real(from: word.text).map {
        Setting(
          .number($0), .written(word.span), keyPath: words.count > 1 ? "\(key)[\(place)]" : key)
      }
    }
  }
}

extension DocumentNode {
  /// Whether an option has its value behind an equals sign.
  fileprivate var isBehindEquals: Bool {
    guard let key = keySpan else { return false }
    return span.bytes.lowerBound == key.bytes.upperBound + 1
      && source.bytes[key.bytes.upperBound] == UInt8(ascii: "=")
  }

  /// Whether an option stands there without a value.
  var standsAlone: Bool { kind == .null || kind == .boolean }

  /// Whether only the shell knows what this is.
  var isUnknownWord: Bool { KohyaWord.isUnknown(text) }

  /// The words behind an option.
  fileprivate var optionWords: KohyaCommandReading.Words {
    .init(
      texts: standsAlone ? [] : kind == .sequence ? children.map(\.text) : [text],
      isBehindEquals: !standsAlone && kind != .sequence && isBehindEquals)
  }
}
