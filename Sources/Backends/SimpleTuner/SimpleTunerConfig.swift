import Knowledge
import Plans
import SourceText

/// A SimpleTuner config as the trainer has it after parsing, with the files that it names.
///
/// SimpleTuner bc8e6ab7 `helpers/configuration/json_file.py`, `toml_file.py`, `env_file.py`,
/// `cmd_args.py`.
///
/// Immutable; a class because every rule is handed it.
final class SimpleTunerConfig: TrainerConfig, Sendable {
  let backend = Catalogue.backend("simpletuner")
  let document: Document
  let documents: [Document]
  let objects: [SettingsObject]
  let settings: SimpleTunerSettings
  let keys: SimpleTunerKeys
  /// The entries whose key names no option, as far as they are passed on; of a `config.env`, its other
  /// variables.
  let strangers: [DocumentNode]
  /// Whether the web interface stored it, which fills in what is missing.
  let isFromInterface: Bool
  let optimizer: SimpleTunerOptimizer
  /// Nil where the file cannot be found or read, or where nothing names one.
  let data: SimpleTunerData?
  /// The description of the LyCORIS adapter, where it is used and can be read.
  let lycoris: SimpleTunerLycoris?
  /// Training images, where the user states them.
  let images: Int?
  /// How often more than once an epoch shows each image, where no data is described and the user says.
  let knownRepeats: Double

  /// - Parameter neighbours: Opens the files that the config names.
  init(_ document: Document, images: Int?, repeats: Int? = nil, neighbours: inout Neighbours) {
    self.document = document
    self.images = images
    knownRepeats = Double((repeats ?? 1) - 1)
    let facts = backend
    let keys = SimpleTunerKeys(backend: facts)
    self.keys = keys
    let file = SimpleTunerFile(document)
    isFromInterface = file.isWrapped
    let reading = SimpleTunerReading(facts, isEnvironment: file.isEnvironment)
    let root = SettingsObject(
      facts.root, node: file.mapping, path: file.path, anchor: document.root.span,
      entries: file.entries.filter { Self.isStated($0, facts, keys, reading) },
      spelling: { keys.option(named: $0, isVariable: file.isEnvironment) }, read: reading.read)
    let arguments = file.isEnvironment ? file.entries.filter { $0.key == "TRAINER_EXTRA_ARGS" } : []
    settings = SimpleTunerSettings(root: root, extra: ExtraArguments(arguments, keys, reading))
    strangers = root.unknown
    optimizer = SimpleTunerOptimizer(settings)
    data = SimpleTunerData.named(by: settings, neighbours: &neighbours)
    lycoris = SimpleTunerLycoris.named(by: settings, neighbours: &neighbours)
    documents = [document] + [data?.document, lycoris?.document].compactMap(\.self)
    objects = [root] + (data?.objects ?? []) + [lycoris?.object].compactMap(\.self)
  }

  /// Whether anything of the entry is passed on, or should have been.
  private static func isStated(
    _ node: DocumentNode, _ facts: BackendFacts, _ keys: SimpleTunerKeys,
    _ reading: SimpleTunerReading
  ) -> Bool {
    if node.kind == .null { return false }
    let isEmpty =
      node.kind == .sequence
      ? node.children.first { _ in true } == nil
      : node.kind != .mapping && node.text.trimmed.isEmpty
    guard isEmpty else { return true }
    guard let key = keys.option(named: node, isVariable: reading.isEnvironment),
      let setting = facts.root[key]
    else { return false }
    return reading.argument(node, setting) != .absent
  }

  /// The options that entries of the file state.
  var root: SettingsObject { settings.root }

  func setting(_ key: String) -> Setting { settings.setting(key) }

  func setting(at path: SettingPath) -> Setting? {
    switch path {
    case .plain(let key): key.hasPrefix("@") ? derived(key) : setting(key)
    case .nested, .ofParts: nil
    }
  }

  /// What the trainer makes of the file as a whole; at the place of the setting that decides it.
  private func derived(_ key: String) -> Setting? {
    switch key {
    case "@interface": setting("model_type").map { _ in .boolean(isFromInterface) }.unwritten
    case "@deepspeed": setting("deepspeed_config").map { _ in .boolean(usesDeepSpeed) }
    case "@quantized": setting("base_model_precision").map { _ in .boolean(isQuantized) }
    case "@ownRate":
      setting("optimizer_config").map { _ in .boolean(optimizer.config.item("lr") != nil) }
    case "@gguf": setting("pretrained_model_name_or_path").map { _ in .boolean(isGGUF) }
    case "@weightFormat": setting("mixed_precision").map { _ in .text(weightFormat) }.unwritten
    default: nil
    }
  }
}

extension SimpleTunerConfig {
  /// Reports sentences of the data that do not hold, of entries and of arguments alike.
  func checkConstraints(_ rule: String, into findings: inout Findings) {
    reportConstraints(rule, into: &findings)
    for (facts, _) in settings.extraSettings {
      for constraint in backend.constraintsByKey[facts.key] ?? [] where constraint.rule == rule {
        findings.check(constraint) { setting(at: $0) }
      }
    }
  }
}

extension Traced {
  /// The same without a place of its own, so that findings do not point at it.
  var unwritten: Traced {
    with(value, .defaulted(anchor: span, by: .bare))
  }
}
