import Knowledge
import Reporting
import SourceText

/// The options of an optimizer beside what each trainer gives them.
struct OptionTable {
  /// For each trainer the use that its column shows: the first that runs.
  private let columns: [OptimizerUse]
  /// What the other names of a trainer do otherwise.
  private let others: [(use: OptimizerUse, like: OptimizerUse)]

  init(_ facts: OptimizerFacts) {
    var columns: [OptimizerUse] = []
    var others: [(use: OptimizerUse, like: OptimizerUse)] = []
    for trainer in facts.trainers {
      let uses = facts.uses(in: trainer)
      guard let usual = uses.first(where: { $0.isBroken == nil }) ?? uses.first else { continue }
      columns.append(usual)
      others += uses.filter { $0 !== usual }.map { (use: $0, like: usual) }
    }
    self.columns = columns
    self.others = others
  }

  var blocks: [Page.Block] {
    let keys = columns.flatMap { $0.options.map(\.key) }.unique
    let table = Page.Block.table(
      ["option"] + columns.map { Explanation.title(of: $0.backend) },
      keys.map { key in
        [isDisputed(key) ? key + " *" : key]
          + columns.map { use in use[key].map(Self.cell) ?? "" }
      })
    return [.heading("Options, and what they are unless the file says otherwise"), table]
      + (keys.contains(where: isDisputed) ? [.paragraph("* not the same everywhere")] : [])
      + others.map { .item(Self.difference($0.use, from: $0.like)) }
  }

  /// The options of several names, each once.
  static func merged(_ uses: [OptimizerUse]) -> [OptionUse] {
    uses.flatMap { $0.options.map(\.key) }.unique.compactMap { key in
      uses.lazy.compactMap { $0[key] }.first
    }
  }

  /// Whether trainers that have it start with different values; null lets a library choose.
  private func isDisputed(_ key: String) -> Bool {
    let values = columns.compactMap { $0[key]?.tableDefault }.filter { $0 != .null }
    return values.contains { !Self.isSame($0, values[0]) }
  }

  private static func isSame(_ one: SettingValue, _ other: SettingValue) -> Bool {
    one == other || one.number != nil && one.number == other.number
  }

  private static func cell(_ option: OptionUse) -> String {
    let value =
      option.tableDefault == .null ? option.setting : nil
    let words = value ?? Explanation.shown(option.tableDefault, ofOption: option.key)
    if option.refused != nil { return words + ", fixed" }
    return option.ignored == nil ? words : words + ", unused"
  }

  /// In what a further name of a trainer is not like its usual one.
  private static func difference(_ use: OptimizerUse, from usual: OptimizerUse) -> String {
    let changed = use.options.filter { option in
      usual[option.key].map { !isSame($0.tableDefault, option.tableDefault) } ?? false
    }
    let added = use.options.filter { usual[$0.key] == nil }
    let missing = usual.options.filter { use[$0.key] == nil }
    var parts: [String] = []
    if !changed.isEmpty { parts.append("starts with \(list(changed))") }
    if !added.isEmpty { parts.append("also has \(list(added))") }
    if !missing.isEmpty { parts.append("lacks \(missing.map(\.key).joined(separator: ", "))") }
    let what = parts.isEmpty ? "has the same options" : parts.joined(separator: "; ")
    return "\(Explanation.title(of: use.backend)) \(use.name) beside \(usual.name): \(what)"
  }

  private static func list(_ options: [OptionUse]) -> String {
    options.map { "\($0.key) \(cell($0))" }.joined(separator: ", ")
  }
}
