import Knowledge
import SourceText
import Testing

/// What the trainer's guide to optimizers lists and recommends is in the data.
@Suite(.ifFactsArePresent) struct GuideTests {
  private static let guide = Facts.text("guides/onetrainer-optimizers.md")

  /// The sections by their headings.
  private static func sections(_ text: String, _ mark: String) -> [(title: String, text: String)] {
    var sections: [(title: String, text: String)] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("\(mark) ") {
        sections.append((String(line.dropFirst(mark.count + 1)), ""))
      } else if !sections.isEmpty {
        sections[sections.count - 1].text += line + "\n"
      }
    }
    return sections
  }

  @Test func everyOptionHasTheTitleOfTheGuide() throws {
    let sections = Self.sections(Self.guide, "###")
    let list = try #require(sections.first { $0.title == "All The Options" })
    let titles = list.text.split(separator: "\n").filter { $0.hasPrefix("* ") }
      .map { String($0.dropFirst(2).prefix { $0 != ":" }) }
    #expect(titles.count == 43)
    let known = Catalogue.options.settings.compactMap(\.guideTitle)
    // The guide has it in its tables only.
    #expect(known.sorted() == (titles + ["Fuse Back Pass"]).sorted())
  }

  /// A cell such as "Beta2: 0.999, Recommended 0.99 to 0.999".
  struct Advice: Sendable, CustomTestStringConvertible {
    let optimizer: String
    let title: String
    let value: String
    let isRequired: Bool

    var testDescription: String { "\(optimizer) \(title): \(value)" }

    static let all: [Advice] = sections(guide, "###").flatMap { section -> [Advice] in
      guard let optimizer = section.title.prefixMatch(of: /(\w+) Specific/)?.1 else { return [] }
      return Table.rows(of: section.text, columns: 2).flatMap(\.self).compactMap { cell in
        let plain = cell.filter { $0 != "*" && $0 != "_" }
        let pattern = /\s*([^:]+):.*?(Recommended|Required to be)\s+(.*?)\??\s*(\(.*)?/
        guard let match = plain.wholeMatch(of: pattern) else { return nil }
        return Advice(
          optimizer: optimizer.uppercased(), title: String(match.1), value: String(match.3),
          isRequired: match.2 == "Required to be")
      }
    }

    /// Whether this entry of the data says so.
    func isSaid(by entry: DocumentNode) -> Bool {
      let option = Catalogue.options[entry["option"]?.text ?? ""]
      guard option?.guideTitle?.lowercased() == title.lowercased() else { return false }
      func value(_ key: String) -> SettingValue? { entry[key].map(SettingValue.init) }
      if let range = self.value.wholeMatch(of: /([0-9.]+) to ([0-9.]+)/) {
        return value("from")?.number == Double(range.1) && value("to")?.number == Double(range.2)
      }
      switch self.value.lowercased() {
      case "true": return value("value") == .boolean(true)
      case "false": return value("value") == .boolean(false)
      default: return true
      }
    }
  }

  @Test func tablesAreRead() {
    #expect(
      Advice.all.map(\.testDescription) == [
        "PRODIGY Beta2: 0.99 to 0.999", "PRODIGY Weight Decay: 0.001 to 0.01",
        "PRODIGY Bias Correction: True", "PRODIGY Safeguard Warmup: True",
        "PRODIGY D coefficient: See Note", "ADAFACTOR Weight Decay: 0.0 to 0.01",
        "ADAFACTOR Scale Parameter: FALSE", "ADAFACTOR Relative Step: FALSE",
      ])
  }

  @Test(arguments: Advice.all)
  func everyAdviceOfTheTablesIsGiven(_ advice: Advice) throws {
    let name = advice.optimizer.lowercased()
    let data = try #require(EmbeddedFile("Schemas/optimizers/\(name).json")).document().root
    let entries = try #require(data["recommended"]).children.filter(advice.isSaid)
    #expect(!entries.isEmpty)
    #expect(entries.contains { ($0["required"]?.text == "true") == advice.isRequired })
  }

  /// The rates of the other guide: one line "Learning rate" for each optimizer it presents.
  @Test func ratesAreGiven() throws {
    var names: [String] = []
    for section in Self.sections(Facts.text("guides/choosing-your-optimizer.md"), "####") {
      let rows = Table.rows(of: section.text, columns: 2)
      guard let row = rows.first(where: { $0[0] == "Learning rate" }) else { continue }
      let name = String(section.title.prefix { $0 != " " })
      names.append(name)
      let numbers = row[1].matches(of: /[0-9]+(\.[0-9]+)?(e-[0-9]+)?/).compactMap { Double($0.0) }
      let data = try #require(EmbeddedFile("Schemas/optimizers/\(name.lowercased()).json"))
      let said = data.document().root["recommended"]?.children
        .filter { $0["option"]?.text == "learning_rate" }
        .map { entry in
          ["value", "from", "to"].compactMap { entry[$0].flatMap { Double($0.text) } }
        }
      #expect(said?.contains(numbers) == true, "\(name): \(numbers)")
    }
    #expect(names == ["Prodigy", "AdamW", "Lion"])
  }
}
