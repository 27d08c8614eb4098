public import Knowledge
public import Plans
public import SourceText

/// How OneTrainer is handed a file; the two readings differ.
public enum OneTrainerMode: String, Sendable, CaseIterable {
  /// `scripts/train.py --config-path`.
  case cli
  /// Opened in the interface.
  case ui

  var other: OneTrainerMode { self == .cli ? .ui : .cli }
}

/// A config as OneTrainer has it in memory after loading.
///
/// OneTrainer 23df3832: `scripts/train.py`, `modules/ui/TopBarController.py:83-104`,
/// `modules/util/optimizer_util.py:12-26`.
///
/// Immutable; a class because every rule is handed it.
public final class OneTrainerConfig: Sendable {
  public let document: Document
  public let mode: OneTrainerMode
  /// Training images, where known.
  public let images: Int?
  /// Whether older versions of the format are brought up to date while loading. The interface does
  /// not for its own presets, whose names begin with `#`.
  public let isMigrated: Bool
  /// `__version` as Python looks it up: 5 for 5.0, 1 for true; nil if it is missing or no whole
  /// number.
  public let version: Int?
  public let root: ConfigObject
  /// The optimizer as it is built: of the command line the `optimizer` object, of the interface its
  /// own table and what it remembered for this optimizer.
  public let optimizer: ConfigObject
  public let optimizerName: Setting
  public let optimizerFacts: OptimizerFacts?
  public let optimizerUse: OptimizerUse?
  public let model: ModelFacts?
  public let trainingMethod: String
  /// The parts this model has; without a known model none.
  public let parts: [String]
  /// The parts that are trained, before any of them is stopped; none where only embeddings are.
  public let trainedParts: [String]
  /// Every object of the file whose keys are known: the root, the parts, the optimizers, concepts.
  let objects: [ConfigObject]
  let migration: OneTrainerMigration
  private let members: [String: ConfigObject]
  /// The `optimizer` object as the file has it.
  private let writtenOptimizer: ConfigObject
  /// What bringing the file up to date needs and does not find, a key or `unet as an object`:
  /// loading stops.
  let missingForMigration: [String]

  public init(_ document: Document, mode: OneTrainerMode, images: Int? = nil) {
    self.document = document
    self.mode = mode
    self.images = images
    isMigrated = mode == .cli || !Self.isBuiltInPreset(document.source.path)
    let versionNode = document.root["__version"]
    version = versionNode.flatMap(Self.version)
    let migration = OneTrainerMigration(
      document.root, from: isMigrated ? (version ?? (versionNode == nil ? 0 : nil)) : nil)
    let canLookUpVersion = !isMigrated || !(versionNode?.isCollection ?? false)
    missingForMigration = canLookUpVersion ? migration.missing : ["__version as a number"]
    // A file that cannot be loaded is read as if it were of today, so that the rest can be judged.
    self.migration =
      migration.missing.isEmpty ? migration : OneTrainerMigration(document.root, from: nil)
    let facts = Catalogue.oneTrainer
    root = ConfigObject(
      facts.root, node: document.root, path: "", anchor: document.root.span,
      overrides: mode == .ui
        ? Self.withoutLists(document.root, self.migration.overrides) : self.migration.overrides,
      renamed: self.migration.renamed, dropped: self.migration.dropped, isReadBack: mode == .ui)
    model = root.setting("model_type").text.flatMap { Catalogue.oneTrainerModel($0) }
    writtenOptimizer = Self.writtenOptimizer(root, self.migration, mode)
    (optimizer, optimizerName) = Self.optimizer(writtenOptimizer, root, self.migration, mode)
    optimizerFacts = optimizerName.text.flatMap { Catalogue.optimizer($0) }
    optimizerUse = optimizerFacts?.use(in: facts.id)
    trainingMethod = root.setting("training_method").text ?? ""
    parts = model?.parts ?? []
    var members: [String: ConfigObject] = [:]
    for key in parts + ["quantization", "embedding"] {
      members[key] = Self.member(key, root, self.migration, mode)
    }
    self.members = members
    trainedParts = Self.trainedParts(model, trainingMethod, members)
    objects = Self.objects(below: root, made: Array(members.values) + [optimizer])
  }

  /// Presets of the program: read without bringing them up to date.
  public static func isBuiltInPreset(_ path: String) -> Bool {
    let name = fileName(path)
    return name.first == UInt8(ascii: "#") && !name.elementsEqual("#.json".utf8)
  }

  /// The reading that is usual for a file of this name.
  public static func usualMode(_ path: String) -> OneTrainerMode {
    let name = fileName(path)
    let folder = path.utf8.prefix(upTo: name.startIndex)
    let isPreset = name.first == UInt8(ascii: "#")
    return isPreset || Substring(folder).split(separator: "/").contains("training_presets")
      ? .ui : .cli
  }

  private static func fileName(_ path: String) -> Substring.UTF8View {
    let bytes = path[...].utf8
    return bytes.lastIndex(of: UInt8(ascii: "/")).map { bytes[bytes.index(after: $0)...] } ?? bytes
  }

  /// Python finds 5 under 5.0 and 1 under true.
  private static func version(_ node: DocumentNode) -> Int? {
    switch node.kind {
    case .integer: Int(node.text)
    case .float: Number.parse(node.text).flatMap { Int(exactly: $0) }
    case .boolean: node.text == "true" ? 1 : 0
    default: nil
    }
  }

  /// The interface takes concepts and samples from their own files alone
  /// (`modules/util/config/TrainConfig.py`, `to_unpacked_config`).
  private static func withoutLists(
    _ root: DocumentNode, _ overrides: [String: ConfigObject.Override]
  ) -> [String: ConfigObject.Override] {
    var overrides = overrides
    for key in ["concepts", "samples"] {
      guard let node = root[key], node.kind != .null else { continue }
      overrides[key] = .init(
        value: .null, node: node, because: "the interface reads them from their own file")
    }
    return overrides
  }

  /// The optimizer as the other reading builds it.
  var otherOptimizer: ConfigObject {
    // What is written differs between the readings only where reading twice does.
    let written = mode == .cli ? writtenOptimizer : Self.writtenOptimizer(root, migration, .cli)
    return Self.optimizer(written, root, migration, mode.other).0
  }

  // MARK: Settings

  /// A setting at the top of the file.
  public func setting(_ key: String) -> Setting { root.setting(key) }

  /// A nested object: `unet`, `quantization`, `embedding`.
  public func object(_ key: String) -> ConfigObject {
    members[key] ?? Self.member(key, root, migration, mode)
  }

  private static func member(
    _ key: String, _ root: ConfigObject, _ migration: OneTrainerMigration, _ mode: OneTrainerMode
  ) -> ConfigObject {
    let facts = Catalogue.oneTrainer
    let kind = facts.root[key]?.object.flatMap { facts.object($0) }
    let node = mapping(root.entry(key))
    let isRefused = node == nil && root.entry(key) != nil
    let own = facts.defaultOverrides[key] ?? [:]
    return ConfigObject(
      kind ?? ObjectFacts.none, node: node, path: migration.renamed[key]?.key ?? key,
      anchor: root.anchor,
      overrides: isRefused ? [:] : migration.partOverrides[key] ?? [:], isReadBack: mode == .ui,
      defaults: { setting in own[setting].map { ($0, .bare) } })
  }

  /// A setting of a part of the model: `part("unet", "weight_dtype")`.
  public func part(_ name: String, _ key: String) -> Setting { object(name).setting(key) }

  /// A setting by dotted path: `unet.weight_dtype`, `optimizer.beta1`.
  public func setting(path: String) -> Setting? {
    guard let dot = path.firstIndex(of: ".") else {
      return root.facts[path] == nil ? nil : setting(path)
    }
    let head = String(path[..<dot])
    let tail = String(path[path.index(after: dot)...])
    if head == "optimizer" { return option(tail) }
    let object = object(head)
    return object.facts[tail] == nil ? nil : object.setting(tail)
  }

  /// An optimizer option with the value the optimizer is built with: null becomes what the
  /// constructor falls back to.
  public func option(_ key: String) -> Setting { option(key, of: optimizer) }

  func option(_ key: String, of optimizer: ConfigObject) -> Setting {
    if key == "optimizer" { return optimizerName }
    let setting = optimizer.setting(key)
    guard setting.isNull, !setting.isMistaken, let fallback = optimizerUse?[key]?.whenNull,
      fallback != .null
    else { return setting }
    let value = fallback.number.map { SettingValue.number($0) } ?? fallback
    switch setting.origin {
    case .defaulted(let anchor, _):
      return setting.with(value, .defaulted(anchor: anchor, by: .constructor))
    case .written(let span), .replaced(let span, _, _):
      return setting.with(
        value, .replaced(span, because: "null means \(value.literal) here", isMistake: false))
    }
  }

  private static func trainedParts(
    _ model: ModelFacts?, _ method: String, _ members: [String: ConfigObject]
  ) -> [String] {
    guard let model else { return [] }
    switch method {
    case "EMBEDDING": return []
    // The decoder half of the autoencoder, whatever `train` says.
    case "FINE_TUNE_VAE": return ["vae"]
    default:
      return model.trainableParts(method).filter { members[$0]?.setting("train").isOn ?? false }
    }
  }

  // MARK: The optimizer's two sources

  private static func writtenOptimizer(
    _ root: ConfigObject, _ migration: OneTrainerMigration, _ mode: OneTrainerMode
  ) -> ConfigObject {
    ConfigObject(
      Catalogue.options, node: mapping(root.entry("optimizer")), path: "optimizer",
      anchor: root.anchor, overrides: migration.optimizerOverrides, isReadBack: mode == .ui)
  }

  private static func optimizer(
    _ written: ConfigObject, _ root: ConfigObject, _ migration: OneTrainerMigration,
    _ mode: OneTrainerMode
  ) -> (ConfigObject, Setting) {
    let name = unreadName(root, migration, written) ?? written.setting("optimizer")
    guard mode == .ui, let id = name.text else { return (written, name) }
    // Config version 0 becomes what is remembered as well.
    if migration.optimizerOverrides["optimizer"]?.value == name.value { return (written, name) }
    guard let node = remembered(id, root) else { return (table(id, written), name) }
    // What is missing there takes the bare default, not the table's: the remembered object is
    // completed before it is laid over the table. That goes for its name as well.
    let remembered = ConfigObject(
      Catalogue.options, node: node, path: "optimizer_defaults.\(id)", anchor: root.anchor,
      isReadBack: true)
    let rememberedName = remembered.setting("optimizer")
    return (remembered, rememberedName.value == name.value ? name : rememberedName)
  }

  /// The name's default, where `optimizer` is not the object it should be: nothing about the optimizer
  /// is to be concluded from that.
  private static func unreadName(
    _ root: ConfigObject, _ migration: OneTrainerMigration, _ written: ConfigObject
  ) -> Setting? {
    guard let node = root.entry("optimizer"), mapping(node) == nil,
      migration.optimizerOverrides["optimizer"] == nil
    else { return nil }
    return Setting(
      written.setting("optimizer").value,
      .replaced(node.span, because: "not an object", isMistake: true), keyPath: "optimizer")
  }

  /// The options that the interface fills in for an optimizer.
  private static func table(_ id: String, _ written: ConfigObject) -> ConfigObject {
    let use = Catalogue.optimizer(id)?.use(in: "onetrainer")
    return ConfigObject(
      Catalogue.options, node: nil, path: "optimizer", anchor: written.anchor,
      defaults: { key in
        use?[key].map { option in
          (option.tableDefault.number.map { .number($0) } ?? option.tableDefault, .table)
        }
      })
  }

  /// What `optimizer_defaults` says of an optimizer.
  private static func remembered(_ id: String, _ root: ConfigObject) -> DocumentNode? {
    guard let all = root.entry("optimizer_defaults"), let facts = root.facts["optimizer_defaults"],
      case .taken = PythonConversion(all, as: facts)
    else { return nil }
    return all[id]
  }

  private static func mapping(_ node: DocumentNode?) -> DocumentNode? {
    node.flatMap { PythonConversion.isObject($0) ? $0 : nil }
  }
}
