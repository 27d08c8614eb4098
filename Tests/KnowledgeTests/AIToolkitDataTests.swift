import SourceText
import Testing

@testable import Knowledge

/// The settings and models of ai-toolkit agree with one another and with what its source was seen to
/// read.
@Suite struct AIToolkitDataTests {
  static let backend = Catalogue.backend("ai-toolkit")
  static let architectures = Catalogue.architectures(of: "ai-toolkit")

  @Test(arguments: ["config"] + backend.objects.keys.sorted())
  func settingsFit(object: String) throws {
    let facts = object == "config" ? Self.backend.root : try #require(Self.backend.objects[object])
    #expect(facts.settings.map(\.key).repeated == [])
    for setting in facts.settings {
      #expect(setting.takes(setting.defaultValue), "\(setting.key)")
      #expect(setting.bounds(setting.defaultValue), "\(setting.key)")
      #expect(setting.range?.words != "", "\(setting.key)")
      #expect(setting.choices.isEmpty == (setting.type != .choice), "\(setting.key)")
      #expect(setting.type != .object || setting.object != nil, "\(setting.key)")
      #expect(setting.object.map { Self.backend.objects[$0] != nil } ?? true, "\(setting.key)")
      #expect(setting.unknownName == nil || setting.type == .choice, "\(setting.key)")
      #expect(Set(setting.otherNames).isDisjoint(with: facts.settings.map(\.key)), "\(setting.key)")
    }
  }

  /// Every key that its config classes ask for.
  @Test(.ifFactsArePresent) func hasEveryKeyOfTheReference() throws {
    let places = [
      "network": "network", "network.lorm": "lorm", "network.lorm.module_settings[]": "lormModule",
      "save": "save", "datasets[]": "dataset", "train": "train", "train.ema_config": "ema",
      "train.validation_config": "validation",
      "train.validation_config.validation_items[]": "validationItem", "model": "model",
      "sample": "sample", "sample.samples[]": "sampleItem", "logging": "logging",
      "guidance": "guidance", "embedding": "embedding", "decorator": "decorator",
      "adapter": "adapter", "slider": "slider", "slider.targets[]": "sliderTarget",
      "slider.anchors[]": "sliderAnchor", "datasets[] (reference)": "referenceDataset",
    ]
    let all = try #require(Facts.json("facts/ai-toolkit/args.json")?["args"])
    var count = 0
    for entry in all.children {
      let path = entry["key"]?.text ?? ""
      let dot = try #require(path.lastIndex(of: "."), "\(path)")
      let object = try #require(places[String(path[..<dot])], "\(path)")
      #expect(
        Self.backend.objects[object]?[String(path[path.index(after: dot)...])] != nil, "\(path)")
      count += 1
    }
    #expect(count == 437)
    let process = Facts.json("facts/ai-toolkit/args.json")?["process_level_keys"]
    for key in process?.children ?? .none {
      #expect(Self.backend.objects["process"]?[key.text] != nil, "\(key.text)")
    }
  }

  @Test func architecturesAreTheChoicesOfTheTrainer() throws {
    #expect(Self.architectures.map(\.name) == Self.backend.objects["model"]?["arch"]?.choices)
    #expect(Catalogue.architecture("wan21", of: "ai-toolkit")?.makes == "video")
    #expect(Catalogue.architecture("nothing", of: "ai-toolkit") == nil)
    #expect(Catalogue.architectures(of: "onetrainer").isEmpty)
    for architecture in Self.architectures {
      #expect(architecture.model.map { Raw.model($0) != nil } ?? true, "\(architecture.name)")
      // Only the older class asks the config, and only a flow model can be wrong with it.
      #expect(architecture.takesSchedulerFromConfig || architecture.isFlowMatching)
      #expect(architecture.isTransformer || !architecture.quantizes, "\(architecture.name)")
    }
  }

  @Test(arguments: architectures.flatMap(\.variants).map(\.name))
  func variantsSetWhatExists(_ name: String) throws {
    let variant = try #require(
      Self.architectures.flatMap(\.variants).first { $0.name == name })
    #expect(Self.architectures.contains { $0.name == String(name.prefix { $0 != ":" }) })
    for (path, value) in variant.settings {
      let parts = path.split(separator: ".").map(String.init)
      let kind = parts[0] == "datasets[]" ? "dataset" : parts[0]
      let setting = try #require(Self.backend.objects[kind]?[parts[1]], "\(path)")
      let isNone = value == .null || value == .text("")
      #expect(isNone || setting.takes(value), "\(path): \(value.literal)")
    }
  }

  /// The web interface's list of models.
  @Test(.ifFactsArePresent) func hasEveryModelOfTheInterface() throws {
    let all = try #require(
      Facts.json("facts/ai-toolkit/ui_model_defaults.json")?["architectures"])
    #expect(
      Set(all.children.map { $0["arch"]?.text ?? "" })
        == Set(Self.architectures.flatMap(\.variants).map(\.name)))
  }
}
