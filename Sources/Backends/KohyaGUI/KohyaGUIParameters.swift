import Knowledge
import Optimizers
import Plans
import SourceText

/// `additional_parameters`: options that the interface puts on the command line, so that they go
/// before all its settings. Double quotes are dropped, and the rest is split at blanks.
///
/// kohya_ss 45088f04, `kohya_gui/common_gui.py:1318-1340`.
struct KohyaGUIParameters: Sendable {
  /// One option with the words behind it.
  struct Option: Sendable {
    let name: String
    let meaning: KohyaCommand.Option.Meaning
    /// The option with its dashes.
    let place: Place
    let words: [KeyValueArgument]
    let isBehindEquals: Bool

    var setting: SettingFacts? {
      if case .setting(let facts) = meaning { facts } else { nil }
    }

    /// The words that it does not take.
    var extraWords: ArraySlice<KeyValueArgument> {
      switch setting?.type {
      case .boolean: isBehindEquals ? [] : words[...]
      case .list, nil: []
      default: words.dropFirst()
      }
    }
  }

  let options: [Option]
  /// Words that belong to no option.
  let strays: [KeyValueArgument]
  private let node: DocumentNode?
  private let script: KohyaScript

  static let key = "additional_parameters"

  init(_ node: DocumentNode?, for script: KohyaScript) {
    self.node = node
    self.script = script
    let facts = Catalogue.backend("kohya").root
    let own = KohyaScripts([script])
    var options: [Option] = []
    var strays: [KeyValueArgument] = []
    var name: String?
    var place = Place(keyPath: Self.key, span: node?.span ?? SourceSpan(0..<0, in: .main))
    var words: [KeyValueArgument] = []
    var isBehindEquals = false
    func close() {
      guard let name else { return }
      options.append(
        Option(
          name: name, meaning: KohyaCommand.meaning(of: name, facts, own), place: place,
          words: words, isBehindEquals: isBehindEquals))
    }
    for word in node?.words(at: Self.key) ?? [] {
      let text = word.text
      guard text.hasPrefix("-"), text.count > 1,
        text.dropFirst().first.map({ !"0123456789.".contains($0) }) ?? false
      else {
        if name == nil || isBehindEquals { strays.append(word) } else { words.append(word) }
        continue
      }
      close()
      // `--key=value` is one word of it.
      let option = word.key
      name = String(option.drop { $0 == "-" })
      place = word.keyPlace
      isBehindEquals = word.written != nil
      words = word.valuePart.map { [$0] } ?? []
    }
    close()
    self.options = options
    self.strays = strays
  }

  private static func words(_ option: Option) -> KohyaCommandReading.Words {
    .init(texts: option.words.map(\.text), isBehindEquals: option.isBehindEquals)
  }

  /// What is set.
  var entries: [SettingsObject.Entry] {
    guard let node else { return [] }
    let reading = KohyaCommandReading(scripts: KohyaScripts([script]))
    return options.compactMap { option in
      guard let facts = option.setting else { return nil }
      return .init(
        facts: facts, node: node, reading: reading.read(Self.words(option), facts),
        place: option.words.first?.place ?? option.place)
    }
  }

  /// The items of a list of arguments; nil where it is not given.
  func items(_ key: String) -> [KeyValueArgument]? {
    options.last { $0.setting?.key == key }?.words
  }
}

extension KeyValueArgument {
  /// What stands behind the equals sign, as an item of its own.
  fileprivate var valuePart: KeyValueArgument? {
    written.map { value in
      KeyValueArgument(
        value, in: node, keyPath: keyPath, offsets: offsetsOfValue)
    }
  }
}
