import Knowledge
import Plans
import SourceText

/// A description of the images: what `--dataset_config` names.
///
/// kohya sd-scripts 48d368fa, `library/config_util.py`. Three levels, of which the inner one goes
/// before the outer; the schema is strict.
final class KohyaData: Sendable {
  let document: Document
  let general: SettingsObject?
  let sets: [DataSet]
  let support: Support

  /// One of `[[datasets]]`.
  struct DataSet: Sendable {
    let node: DocumentNode
    let style: Style
    let settings: SettingsObject
    let subsets: [SettingsObject]
  }

  /// How the images of a set are described.
  enum Style: String, Sendable {
    /// Folders of images with captions beside them.
    case dreamBooth = "dreambooth"
    /// A metadata file lists images and captions.
    case fineTuning = "fine-tuning"
    /// Each image has a second one that controls or masks it.
    case controlNet = "control"
    /// Some subsets have a metadata file, some have not, which stops the trainer.
    case mixed
  }

  /// What a script takes.
  struct Support: Sendable {
    var dreamBooth = true
    var fineTuning = true
    /// Whether control images, or masks, are taken.
    var control = true
    /// Whether captions can be left out.
    var dropout = true

    /// What is certain to be taken or refused by no script at all.
    static let any = Support()

    /// - Parameter masks: Whether masked_loss is on.
    init(_ script: KohyaScript, masks: Bool) {
      switch script.product {
      case .controlNet: (dreamBooth, fineTuning, control) = (false, false, true)
      case .adapter, .model, .embedding:
        dreamBooth = script != .fineTune
        fineTuning = script != .trainDB
        control = masks && script != .fineTune
      }
      dropout = script.product != .embedding
    }

    /// What one of several takes.
    init(any supports: [Support]) {
      dreamBooth = supports.contains(where: \.dreamBooth)
      fineTuning = supports.contains(where: \.fineTuning)
      control = supports.contains(where: \.control)
      dropout = supports.contains(where: \.dropout)
    }

    private init() {}
  }

  init(_ document: Document, support: Support) {
    self.document = document
    self.support = support
    let facts = Catalogue.backend("kohya").object("data") ?? .none
    let root = document.root
    let reading = KohyaDataReading()
    func object(_ node: DocumentNode, without key: String? = nil) -> SettingsObject {
      SettingsObject(
        facts, node: node, path: node.keyPath, anchor: node.span,
        entries: node.children.filter { key == nil || !$0.hasKey(key ?? "") },
        read: { reading.read($0, $1) })
    }
    general = root["general"].flatMap { $0.kind == .mapping ? object($0) : nil }
    sets = (root["datasets"]?.children ?? .none).filter { $0.kind == .mapping }.map { node in
      let subsets = (node["subsets"]?.children ?? .none).filter { $0.kind == .mapping }
      return DataSet(
        node: node, style: Self.style(subsets, support),
        settings: object(node, without: "subsets"), subsets: subsets.map { object($0) })
    }
  }

  private static func style(_ subsets: [DocumentNode], _ support: Support) -> Style {
    let controlled = subsets.allSatisfy { $0["conditioning_data_dir"] != nil }
    guard support.dreamBooth || support.fineTuning else { return .controlNet }
    if subsets.isEmpty { return .dreamBooth }
    if support.control, controlled { return .controlNet }
    guard support.dreamBooth, support.fineTuning else {
      return support.fineTuning ? .fineTuning : .dreamBooth
    }
    let listed = subsets.filter { $0["metadata_file"] != nil }.count
    return listed == 0 ? .dreamBooth : listed == subsets.count ? .fineTuning : .mixed
  }

  /// Every object whose keys are known.
  var objects: [SettingsObject] {
    [general].compactMap(\.self) + sets.flatMap { [$0.settings] + $0.subsets }
  }

  /// A setting as a subset has it: its own, its set's, or what holds for all; nil where none of them
  /// says anything.
  func setting(_ key: String, of subset: SettingsObject?, in set: DataSet) -> Setting? {
    for object in [subset, set.settings, general] {
      if let object, object.entry(key) != nil { return object.setting(key) }
    }
    return nil
  }
}

/// What the schema of image descriptions makes of one value.
struct KohyaDataReading {
  func read(_ node: DocumentNode, _ facts: SettingFacts) -> ValueReading {
    isTaken(node, facts) ? .taken(SettingValue(node)) : .refused(problem(node, facts))
  }

  private func isTaken(_ node: DocumentNode, _ facts: SettingFacts) -> Bool {
    switch facts.type {
    case .boolean: node.kind == .boolean
    // Python counts true among the whole numbers.
    case .integer: node.kind == .integer || node.kind == .boolean
    case .number: node.kind == .float || node.kind == .integer && !facts.isStrict
    case .text, .choice: node.kind == .string
    case .list: isSize(node, facts)
    case .object, .map: node.kind == .mapping
    }
  }

  /// One number for both sides, or one for each.
  private func isSize(_ node: DocumentNode, _ facts: SettingFacts) -> Bool {
    let kind = facts.itemType == "integer" ? NodeKind.integer : .float
    if node.kind == kind { return facts.itemType == "integer" }
    guard node.kind == .sequence else { return false }
    let items = Array(node.children)
    return items.count == 2 && items.allSatisfy { $0.kind == kind }
  }

  private func problem(_ node: DocumentNode, _ facts: SettingFacts) -> ValueProblem {
    ValueProblem(
      rule: .unreadableValue,
      message: "\(node.shown) does not fit '\(facts.key)', which takes \(Self.words(facts))",
      why: "a description of images goes through a schema, which stops at any other type",
      severity: .error, consequence: .crashesAtStart, proposal: proposal(node, facts),
      literal: Self.size(node, facts))
  }

  /// "512,768" as [512, 768].
  private static func size(_ node: DocumentNode, _ facts: SettingFacts) -> String? {
    guard facts.type == .list, facts.itemType == "integer", node.kind == .string else { return nil }
    let sides = node.text.split(separator: ",").map { Number.parseInteger(String($0)) }
    let known = sides.compactMap(\.self).map(Number.literal)
    guard known.count == sides.count, (1...2).contains(known.count) else { return nil }
    return known.count == 1 ? known[0] : "[\(known.joined(separator: ", "))]"
  }

  private static func words(_ facts: SettingFacts) -> String {
    switch facts.type {
    case .number where facts.isStrict: "a number with a point, such as 0.0"
    case .list where facts.itemType == "integer": "a whole number, or two in brackets"
    case .list: "two numbers with a point, in brackets"
    default: facts.type.words
    }
  }

  private func proposal(_ node: DocumentNode, _ facts: SettingFacts) -> SettingValue? {
    switch (facts.type, node.kind) {
    case (.boolean, .integer), (.boolean, .string):
      switch node.text.lowercased() {
      case "1", "true": .boolean(true)
      case "0", "false": .boolean(false)
      default: nil
      }
    case (.integer, .float), (.integer, .string), (.number, .string), (.number, .integer):
      Number.parse(node.text).flatMap { number in
        facts.type == .number || number == number.rounded() ? .number(number) : nil
      }
    case (.text, .integer), (.text, .float): .text(node.text)
    default: nil
    }
  }
}
