import SourceText
import Testing

@testable import Knowledge

/// The settings of a trainer, its models and its schedules agree with one another.
@Suite struct BackendDataTests {
  static let backend = Catalogue.oneTrainer
  static let models = Catalogue.models(of: "onetrainer")

  static func choices(_ name: String) -> [String] {
    Raw.oneTrainer?["enums"]?[name]?.children.map(\.text) ?? []
  }

  @Test(arguments: ["config"] + backend.objects.keys.sorted())
  func settingsFit(object: String) throws {
    let facts = object == "config" ? Self.backend.root : try #require(Self.backend.objects[object])
    #expect(facts.settings.map(\.key).repeated == [])
    for setting in facts.settings {
      #expect(setting.takes(setting.defaultValue), "\(setting.key)")
      #expect(setting.bounds(setting.defaultValue), "\(setting.key)")
      #expect(setting.range?.words != "", "\(setting.key)")
      #expect(setting.choices.isEmpty == (setting.type != .choice), "\(setting.key)")
      // What a map holds may be nobody's business.
      let isKnown = setting.object != nil || setting.key == "muon_adam_config"
      #expect(setting.type != .object || isKnown, "\(setting.key)")
      #expect(setting.object.map { Self.backend.objects[$0] != nil } ?? true, "\(setting.key)")
    }
  }

  @Test func groupsAreUsed() {
    let groups = Self.backend.groups.map(\.id)
    #expect(groups.repeated == [])
    #expect(Set(Self.backend.root.settings.map { $0.group ?? "" }) == Set(groups))
  }

  @Test func choicesAreThereOnce() {
    for list in Raw.oneTrainer?["enums"]?.children ?? .none {
      #expect(list.children.map(\.text).repeated == [], "\(list.key ?? "")")
    }
  }

  @Test func objectDefaultsFit() throws {
    for object in try #require(Raw.oneTrainer?["objectDefaults"]).children {
      for entry in object.children {
        let path = SettingPath.nested(object.key ?? "", entry.key ?? "")
        let setting = try #require(Self.backend.setting(at: path), "\(path.text)")
        #expect(setting.takes(SettingValue(entry)), "\(path.text)")
        #expect(setting.bounds(SettingValue(entry)), "\(path.text)")
        #expect(
          Self.backend.defaultOverrides[object.key ?? ""]?[entry.key ?? ""]
            == SettingValue(entry))
      }
    }
    #expect(Self.backend.defaultOverrides["vae"]?["train"] == nil)
    #expect(Self.backend.defaultOverrides["nothing"]?["train"] == nil)
  }

  @Test func retiredKeysArePast() throws {
    for key in Self.backend.retired {
      #expect(key.until < Self.backend.configVersion, "\(key.key)")
      guard let now = key.now else { continue }
      // `<part>.train` went to every part of the model, `optimizer.*` to several options.
      let path = SettingPath(now.hasPrefix("<part>") ? "*" + now.dropFirst(6) : now)
      let isGroup = path == .nested("optimizer", "*")
      #expect(isGroup || Self.backend.setting(at: path) != nil, "\(key.key) -> \(now)")
    }
  }

  @Test func modelsAreTheChoicesOfTheTrainer() {
    #expect(Self.models.map(\.id) == Self.choices("ModelType"))
    #expect(EmbeddedFile.paths.count { $0.hasPrefix("Schemas/models/") } == Self.models.count)
    #expect(Catalogue.models(of: "nothing").isEmpty)
    #expect(Catalogue.oneTrainerModel("nothing") == nil)
  }

  @Test(arguments: models.map(\.id))
  func modelsFitTheConfig(id: String) throws {
    let model = try #require(Catalogue.oneTrainerModel(id))
    #expect(model.id == id)
    #expect(model.parts.allSatisfy { Self.backend.root[$0]?.object == "modelPart" })
    #expect(model.parts.contains(model.denoiser))
    #expect(Set(model.clipEncoders).isSubset(of: model.parts))
    #expect(Set(model.methods).isSubset(of: Self.choices("TrainingMethod")))
    #expect(Set(model.lossWeights).isSubset(of: Self.choices("LossWeight")))
    for method in model.methods {
      #expect(!model.trainableParts(method).isEmpty || method == "EMBEDDING", "\(method)")
      #expect(Set(model.trainableParts(method)).isSubset(of: model.parts), "\(method)")
      #expect(!model.outputFormats(method).isEmpty, "\(method)")
      #expect(Set(model.outputFormats(method)).isSubset(of: Self.choices("ModelFormat")))
    }
    let file = try #require(Raw.model(id))
    #expect(file["id"]?.text == id)
    let formats = file["backends"]?["onetrainer"]?["outputFormats"]
    #expect(formats?.children.map { $0.key ?? "" } == model.methods)
    #expect(model.layerFilterPreset("full")?.patterns == [])
    #expect(model.layerFilterPresets.filter { $0.patterns.isEmpty }.map(\.name) == ["full"])
    #expect(model.layerFilterPresets.map(\.name).repeated == [])
  }

  @Test func schedulersAreTheChoicesOfTheTrainer() {
    #expect(
      Catalogue.schedulers.compactMap { $0.use(in: "onetrainer")?.name }
        == Self.choices("LearningRateScheduler"))
    #expect(Catalogue.schedulers.map(\.id).repeated == [])
    for scheduler in Catalogue.schedulers {
      #expect(Set(scheduler.backends).isSubset(of: Catalogue.trainers))
    }
  }

  @Test func rowsAreThereOnce() { #expect(Raw.rows.repeated == []) }
}
