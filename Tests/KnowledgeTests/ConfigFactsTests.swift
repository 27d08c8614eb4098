import Knowledge
import SourceText
import Testing

/// The keys, models and schedules are what was read from the trainer's source.
@Suite(.ifFactsArePresent) struct ConfigFactsTests {
  private static let backend = Catalogue.oneTrainer

  private static func object(_ name: String) -> [Fact] {
    let list =
      name == "modelPart"
      ? Facts.trainConfig?["model_part_object"]?["keys"] : Facts.trainConfig?["\(name)_object"]
    return list?.children.map { Fact(name: $0["key"]?.text ?? "", node: $0) } ?? []
  }

  /// What is known of a key, on one line.
  private static func words(
    _ type: SettingType, _ isNullable: Bool, _ value: SettingValue, _ choices: [String]
  ) -> String {
    "\(type)\(isNullable ? " or null" : ""), default \(value.literal) \(choices)"
  }

  /// The facts say in words what is made or found at run time.
  private static let inWords: [String: SettingValue] = [
    "<object>": .collection, "<new uuid>": .null,
    "whatever accelerate picks: cuda, else cpu/mps": .text("cuda"),
  ]

  private static func check(_ fact: Fact, _ setting: SettingFacts) {
    let value = fact["default"].map(SettingValue.init) ?? .null
    let isListed = fact["enum"] != nil
    #expect(
      words(
        setting.type, setting.isNullable, setting.defaultValue, isListed ? setting.choices : [])
        == words(
          SettingType(fact: fact), fact.flag("nullable"),
          value.text.flatMap { inWords[$0] } ?? value, fact.texts("enum")))
  }

  @Test func areAllThere() {
    #expect(Facts.keys.count == 161)
    #expect(Self.backend.root.settings.map(\.key) == Facts.keys.map(\.name))
    #expect(Facts.models.count == 29)
    #expect(Catalogue.models(of: "onetrainer").map(\.id) == Facts.models.map(\.name))
    #expect("\(Self.backend.configVersion)" == Facts.trainConfig?["config_version"]?.text)
  }

  @Test(arguments: Facts.keys)
  func keysAreWhatTheyAre(_ fact: Fact) throws {
    Self.check(fact, try #require(Self.backend.root[fact.name]))
  }

  @Test(arguments: ["modelPart", "quantization", "embedding"])
  func objectsAreWhatTheyAre(name: String) throws {
    let object = try #require(Self.backend.objects[name])
    let facts = Self.object(name)
    #expect(object.settings.map(\.key) == facts.map(\.name))
    for (fact, setting) in zip(facts, object.settings) { Self.check(fact, setting) }
  }

  @Test func partsAreWhatTheyAre() throws {
    let part = try #require(Facts.trainConfig?["model_part_object"])
    let keys = Self.backend.root.settings.filter { $0.object == "modelPart" }.map(\.key).sorted()
    #expect(keys == part["used_for"]?.children.map(\.text).sorted())
    for entry in try #require(part["per_part_default_overrides"]).children {
      let name = entry.key ?? ""
      for setting in try #require(Self.backend.objects["modelPart"]).settings {
        #expect(
          Self.backend.defaultOverrides[name]?[setting.key]
            == entry[setting.key].map(SettingValue.init), "\(name).\(setting.key)")
      }
    }
  }

  @Test(arguments: Facts.models)
  func modelsAreWhatTheyAre(_ fact: Fact) throws {
    let model = try #require(Catalogue.oneTrainerModel(fact.name))
    #expect(model.parts == fact.texts("parts"))
    #expect(model.methods == fact.texts("training_methods"))
    #expect(model.isFlowMatching == fact.flag("flow_matching"))
    #expect(model.isVideo == fact.flag("video"))
    #expect(model.hasCompressedWeights == fact.flag("supports_compressed_weight_dtypes"))
    for method in model.methods {
      let formats = fact["output_formats"]?[method]?.children.map(\.text)
      #expect(model.outputFormats(method) == formats, "\(method)")
    }
  }

  @Test func layerFilterPresetsAreWhatTheyAre() throws {
    let facts = try #require(Facts.trainConfig?["layer_filter_presets_by_setup_file"])
    for path in EmbeddedFile.paths where path.hasPrefix("Schemas/models/") {
      let use = try #require(EmbeddedFile(path)).document().root["backends"]?["onetrainer"]
      let model = try #require(Catalogue.oneTrainerModel(use?["name"]?.text ?? ""))
      let source = use?["source"]?.text ?? ""
      let file = try #require(facts.children.first { source.contains($0.key ?? "?") }, "\(source)")
      #expect(Set(model.layerFilterPresets.map(\.name)) == Set(file.children.compactMap(\.key)))
      for preset in model.layerFilterPresets {
        let fact = try #require(file[preset.name])
        #expect(preset.patterns == (fact["patterns"] ?? fact).children.map(\.text), "\(model.id)")
        #expect(preset.isRegularExpression == (fact["regex"]?.text == "true"), "\(model.id)")
      }
    }
  }

  @Test func schedulersAreWhatTheyAre() throws {
    let own = Catalogue.schedulers.compactMap { $0.use(in: "onetrainer") }
    let rows = Table.rows(of: Facts.text("facts/onetrainer/schedulers.md"), columns: 6)
      .filter { row in own.contains { $0.name == row[0] } }
    #expect(rows.count == 8)
    #expect(own.map(\.name) == rows.map { $0[0] })
    for (use, row) in zip(own, rows) {
      #expect(use.settings.contains { $0.symbol == "n" } == (row[2] == "yes"), "\(use.name)")
      #expect(use.settings.contains { $0.symbol == "m" } == (row[3] == "yes"), "\(use.name)")
    }
  }

  /// The names in the tables of the other trainers.
  @Test(arguments: [("kohya", 11), ("simpletuner", 7), ("ai-toolkit", 6)])
  func schedulersOfOthersAreThere(backend: String, count: Int) {
    let names = Catalogue.schedulers.flatMap { $0.uses(in: backend) }.map(\.name)
    let columns = ["kohya": 4, "simpletuner": 4, "ai-toolkit": 4][backend] ?? 0
    let rows = Table.rows(of: Facts.text("facts/\(backend)/schedulers.md"), columns: columns)
      .map { $0[0] }.filter { Catalogue.scheduler(named: $0, in: backend) != nil }
    #expect(Set(rows).count == count)
    #expect(names.repeated == [])
    #expect(Set(rows).isSubset(of: names))
  }

  @Test func coverageListsEveryRow() throws {
    let ids = Table.rows(of: Facts.text("facts/onetrainer/rules.md"), columns: 5).map { $0[0] }
      .filter { $0.wholeMatch(of: /[A-F][0-9]+b?/) != nil }
    #expect(ids.count == 185)
    let coverage = try #require(EmbeddedFile("Schemas/coverage/onetrainer.json")).document().root
    #expect(coverage["rows"]?.children.map { $0["id"]?.text ?? "" } == ids)
  }
}

/// Tables of Markdown.
enum Table {
  /// The rows with this many columns, without the blanks around their cells.
  static func rows(of text: String, columns: Int) -> [[String]] {
    text.split(separator: "\n").filter { $0.hasPrefix("|") }
      .map { line in
        line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
          .map { $0.trimmingPrefix(/\s+/).replacing(/\s+$/, with: "") }.map(String.init)
      }
      .filter { $0.count == columns }
  }
}
