import Knowledge
import Plans
import SourceText

/// A job of ai-toolkit: a name and what is run under it, one process after the other.
///
/// ai-toolkit 27a03a9, toolkit/config.py, toolkit/job.py, jobs/BaseJob.py.
///
/// Immutable; a class because every rule is handed it.
final class AIToolkitJob: TrainerConfig, Sendable {
  let backend = Catalogue.backend("ai-toolkit")
  let document: Document
  var documents: [Document] { [document] }
  /// The top of the file and its `config`.
  let objects: [SettingsObject]
  /// The processes that train.
  let processes: [AIToolkitProcess]
  /// All processes, whatever they do.
  let all: [DocumentNode]

  var root: SettingsObject { objects[0] }
  /// `config`, without settings if the file has none.
  let config: SettingsObject

  init(_ document: Document) {
    self.document = document
    let reading = AIToolkitReading(context: AIToolkitContext(nil))
    let root = SettingsObject(
      backend.root, node: document.root, path: "", anchor: document.root.span,
      entries: document.root.entries, read: { reading($0, $1) })
    let node = root.entry("config")
    let mapping = node?.kind == .mapping ? node : nil
    config = SettingsObject(
      backend.object("jobConfig") ?? .none, node: mapping, path: "config",
      anchor: document.root.span, entries: mapping?.entries ?? [], read: { reading($0, $1) })
    objects = mapping == nil ? [root] : [root, config]
    let list = config.entry("process")
    all = list?.kind == .sequence ? list.map { Array($0.children) } ?? [] : []
    let hasFolder = root.setting("job").text == "train" && config.entry("training_folder") != nil
    processes = all.enumerated().compactMap { place, node in
      guard let type = Self.type(of: node), AIToolkitProcess.trainers[type] != nil else {
        return nil
      }
      return AIToolkitProcess(
        node, type: type, path: "config.process[\(place)]", hasFolderOfJob: hasFolder)
    }
  }

  /// The type that a process states; of one that has none, or one that nobody knows, the usual
  /// trainer where it looks like a training.
  static func type(of node: DocumentNode) -> String? {
    guard node.kind == .mapping else { return nil }
    let stated = node["type"].flatMap { LoadedValue($0).setting.text }
    let known = Catalogue.backend("ai-toolkit").object("process")?["type"]?.choices ?? []
    if let stated, known.contains(stated) { return stated }
    return node["train"] != nil ? "sd_trainer" : stated
  }

  func setting(at path: SettingPath) -> Setting? {
    switch path {
    case .plain(let key): root.facts[key] == nil ? nil : root.setting(key)
    case .nested("jobConfig", let key) where config.node != nil: config.setting(key)
    case .nested, .ofParts: nil
    }
  }
}
