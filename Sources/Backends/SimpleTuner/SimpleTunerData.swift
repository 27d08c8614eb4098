import Knowledge
import Plans
import SourceText

/// The data sets of a run: the file that `data_backend_config` names, or such a file alone.
///
/// SimpleTuner bc8e6ab7 `helpers/data_backend/factory.py`.
struct SimpleTunerData: Sendable {
  let document: Document
  let sets: [DataSet]

  /// One entry of the list.
  struct DataSet: Sendable {
    let object: SettingsObject
    /// Its `video` object; one without settings where it has none.
    let video: SettingsObject?
    /// Its kind after normalisation: `image`.
    let kind: String
    let isDisabled: Bool

    var node: DocumentNode? { object.node }
    var id: String? { object.setting("id").text }
    /// Whether it is something to train on.
    var isTrained: Bool { ["image", "video", "audio", "conditioning"].contains(kind) }
    /// Whether it is only a store of what was encoded.
    var isStore: Bool {
      ["text_embeds", "image_embeds", "conditioning_image_embeds", "distillation_cache"].contains(
        kind)
    }

    func setting(_ key: String) -> Setting { object.setting(key) }
  }

  init(_ document: Document) {
    self.document = document
    let backend = Catalogue.backend("simpletuner")
    let root = document.root
    let nodes = root.kind == .sequence ? Array(root.children) : []
    sets = nodes.enumerated().compactMap { place, node in
      guard node.kind == .mapping else { return nil }
      return Self.dataSet(node, path: "[\(place)]", backend)
    }
  }

  private static func dataSet(
    _ node: DocumentNode, path: String, _ backend: BackendFacts
  ) -> DataSet {
    let object = SettingsObject(
      backend.object("dataset") ?? .none, node: node, path: path, anchor: node.span,
      entries: entries(node), read: PlainReading.read)
    let video = node["video"].flatMap { video -> SettingsObject? in
      guard video.kind == .mapping else { return nil }
      return SettingsObject(
        backend.object("video") ?? .none, node: video, path: "\(path).video", anchor: video.span,
        entries: entries(video), read: PlainReading.read)
    }
    let hasCondition = !object.setting("conditioning_type").isNull
    let kind = object.setting("dataset_type").text ?? "image"
    return DataSet(
      object: object, video: video, kind: hasCondition ? "conditioning" : kind.trimmed.lowercased(),
      isDisabled: object.setting("disabled").isOn || object.setting("disable").isOn)
  }

  /// What stands in an object; null is nothing.
  static func entries(_ node: DocumentNode) -> [DocumentNode] {
    Array(node.children).filter { $0.keySpan != nil && $0.kind != .null }
  }

  /// Those that are used.
  var active: [DataSet] { sets.filter { !$0.isDisabled } }

  var objects: [SettingsObject] { sets.flatMap { [$0.object, $0.video].compactMap(\.self) } }

  /// How often more than once each image is used, where all data sets agree.
  var commonRepeats: Double? {
    let all = active.filter(\.isTrained).map { $0.setting("repeats").number ?? 0 }
    guard let first = all.first, all.allSatisfy({ $0 == first }), first >= 0 else { return nil }
    return first
  }

  /// The file that a config names; nil if it is not to be found from here, or no list.
  static func named(by settings: SimpleTunerSettings, neighbours: inout Neighbours)
    -> SimpleTunerData?
  {
    guard let path = settings.setting("data_backend_config").text,
      case .document(let document) = neighbours.file(at: path), document.root.kind == .sequence
    else { return nil }
    return SimpleTunerData(document)
  }
}

/// Values that the trainer takes as JSON has them, without a parser of their own.
enum PlainReading {
  static func read(_ node: DocumentNode, _ facts: SettingFacts) -> ValueReading {
    let value = SettingValue(node)
    switch (facts.type, value) {
    case (.boolean, .boolean), (.integer, .number), (.number, .number), (.text, _):
      return .taken(value)
    case (.boolean, .text(let text)): return flag(text, value, facts)
    case (.boolean, .number): return .taken(.boolean(value.isTruthy))
    case (.integer, .text(let text)), (.number, .text(let text)): return number(text, facts)
    case (.choice, .text(let text)): return choice(text, facts)
    case (.object, .collection), (.list, .collection), (.map, .collection): return .taken(value)
    default: return wrong(node, facts)
    }
  }

  /// Every text but the empty one is true.
  private static func flag(
    _ text: String, _ value: SettingValue, _ facts: SettingFacts
  ) -> ValueReading {
    let said = SimpleTunerReading.flag(text)
    // The switches of caches are read with care.
    if facts.key.hasPrefix("vae_cache") || facts.key.hasPrefix("text_cache"), let said {
      return .taken(.boolean(said))
    }
    guard said == false else { return .taken(.boolean(value.isTruthy)) }
    return .changed(
      .boolean(true), because: "a text is true",
      ValueProblem(
        rule: .unreadableValue, message: "\(value.words) in quotes counts as true",
        why: "data sets are taken as JSON has them, and every text that is not empty is true",
        consequence: .changesTraining, proposal: .boolean(false), safety: .unsafe))
  }

  private static func number(_ text: String, _ facts: SettingFacts) -> ValueReading {
    // These are converted before they are used.
    let converted: Set<String> = [
      "repeats", "probability", "timestep_sampling_offset", "train_batch_size", "start_epoch",
      "start_step", "end_epoch", "end_step", "slider_strength",
    ]
    guard converted.contains(facts.key), let number = Number.parse(text) else {
      return .refused(
        ValueProblem(
          rule: .unreadableValue,
          message: "'\(facts.key)' takes a number without quotes, not '\(text)'",
          why: "data sets are taken as JSON has them, and nobody computes with a text",
          severity: .error, consequence: .crashesAtStart,
          proposal: Number.parse(text).map(SettingValue.number)))
    }
    return .taken(.number(number))
  }

  private static func choice(_ text: String, _ facts: SettingFacts) -> ValueReading {
    let name = facts.key == "dataset_type" ? text.trimmed.lowercased() : text
    if facts.choices.contains(name) { return .taken(.text(name)) }
    let meant =
      facts.choices.first { SimpleTunerReading.isSameName($0, name) }
      ?? Suggestion.nearest(to: name, in: facts.choices)
    return .refused(
      ValueProblem(
        rule: .unknownName,
        message: "'\(text)' is no '\(facts.key)': "
          + (meant.map { "did you mean '\($0)'" }
            ?? "it takes \(facts.choices.joined(separator: ", "))"),
        why: "the trainer stops at other names when it reads its data sets", severity: .error,
        consequence: .crashesAtStart, proposal: meant.map(SettingValue.text),
        safety: meant.map { SimpleTunerReading.isSameName($0, name) } ?? false ? .safe : .unsafe))
  }

  private static func wrong(_ node: DocumentNode, _ facts: SettingFacts) -> ValueReading {
    let expected =
      switch facts.type {
      case .boolean: "true or false"
      case .integer, .number: "a number"
      case .text, .choice: "a text"
      case .list: "a list"
      case .object, .map: "an object"
      }
    // One block may stand for a list of one.
    if facts.key == "conditioning", node.kind == .mapping { return .taken(.collection) }
    return .refused(
      ValueProblem(
        rule: .unreadableValue,
        message: "'\(facts.key)' takes \(expected), not \(SettingValue(node).words)",
        why: "it is taken as JSON has it", consequence: .changesTraining))
  }
}
