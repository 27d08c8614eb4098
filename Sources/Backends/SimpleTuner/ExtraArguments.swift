import Knowledge
import Plans
import SourceText

/// `TRAINER_EXTRA_ARGS` of a `config.env`: options as they stand on a command line, which come last
/// and therefore count.
///
/// SimpleTuner bc8e6ab7 `helpers/configuration/env_file.py:262-275`: the text is split at blanks, and
/// quotes within it mean nothing.
struct ExtraArguments: Sendable {
  let all: [Argument]

  struct Argument: Sendable {
    /// The option, dashes and all.
    let key: String
    /// The setting it means; nil for what is none.
    let facts: SettingFacts?
    let reading: ValueReading
    /// The option, and the text it stands in.
    let node: DocumentNode
    let keyRange: Range<Int>
    /// Its value; the option again where it has none.
    let valueNode: DocumentNode
    let valueRange: Range<Int>

    var keyPlace: Place {
      Place(
        keyPath: "\(node.key ?? "").\(SimpleTunerKeys.plain(key))",
        span: node.span(ofText: keyRange))
    }

    /// Nil for what is no option.
    var setting: Setting? {
      guard let facts else { return nil }
      let (value, origin) = reading.used(
        at: valueNode.span(ofText: valueRange), else: facts.defaultValue)
      return Setting(value, origin, of: node.key ?? "", key: facts.key)
    }
  }

  private struct Word {
    let text: String
    let node: DocumentNode
    let range: Range<Int>

    var isOption: Bool { text.hasPrefix("--") && text.count > 2 }
  }

  init(_ nodes: [DocumentNode], _ keys: SimpleTunerKeys, _ reading: SimpleTunerReading) {
    let words = nodes.flatMap(Self.words)
    var all: [Argument] = []
    var place = 0
    while place < words.count {
      let word = words[place]
      place += 1
      guard word.isOption else { continue }
      let sides = word.text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let key = String(sides[0])
      let keyRange = word.range.lowerBound..<(word.range.lowerBound + key.utf8.count)
      var value: Word?
      if sides.count > 1 {
        value = Word(
          text: String(sides[1]), node: word.node,
          range: (keyRange.upperBound + 1)..<word.range.upperBound)
      } else if place < words.count, !words[place].isOption {
        value = words[place]
        place += 1
      }
      all.append(
        Self.argument(Word(text: key, node: word.node, range: keyRange), value, keys, reading))
    }
    self.all = all
  }

  private static func argument(
    _ key: Word, _ value: Word?, _ keys: SimpleTunerKeys, _ reading: SimpleTunerReading
  ) -> Argument {
    var facts: SettingFacts?
    if case .option(let name) = keys.meaning(of: key.text) { facts = keys.backend.root[name] }
    let read = facts.map { facts -> ValueReading in
      guard let value else { return reading.bare(facts) }
      if value.text.contains("$") { return .unknown(because: "the shell fills it in") }
      let hasFullName = SimpleTunerKeys.plain(key.text) == facts.key
      return reading.convert(
        value.text, facts, as: .init(shown: "'\(value.text)'", hasFullName: hasFullName))
    }
    return Argument(
      key: key.text, facts: facts, reading: read ?? .unknown(because: "no option"),
      node: key.node, keyRange: key.range, valueNode: value?.node ?? key.node,
      valueRange: value?.range ?? key.range)
  }

  private static func words(_ node: DocumentNode) -> [Word] {
    var words: [Word] = []
    var start: Int?
    let bytes = Array(node.text.utf8)
    for (place, byte) in (bytes + [0x20]).enumerated() {
      if byte > 0x20 {
        start = start ?? place
      } else if let begin = start {
        words.append(
          Word(
            text: String(decoding: bytes[begin..<place], as: UTF8.self), node: node,
            range: begin..<place))
        start = nil
      }
    }
    return words
  }

  /// The last argument for a setting.
  func argument(for key: String) -> Argument? { all.last { $0.facts?.key == key } }
}
