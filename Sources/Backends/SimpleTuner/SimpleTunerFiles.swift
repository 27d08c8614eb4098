import Knowledge
import Plans
import SourceText

/// What is checked together: a config with the files that it names, or one of those files alone.
struct SimpleTunerFiles: TrainerConfig, Sendable {
  let config: SimpleTunerConfig?
  let data: SimpleTunerData?
  let lycoris: SimpleTunerLycoris?
  let backend = Catalogue.backend("simpletuner")

  init(_ config: SimpleTunerConfig) {
    self.config = config
    data = config.data
    lycoris = config.lycoris
  }

  /// Nil if the document is a config itself.
  init?(alone document: Document) {
    guard document.format == .json else { return nil }
    config = nil
    if document.root.kind == .sequence {
      data = SimpleTunerData(document)
      lycoris = nil
      return
    }
    switch SimpleTunerRecognition.recognize(document) {
    case .part:
      data = nil
      lycoris = SimpleTunerLycoris(document)
    case .certain, .other, .no: return nil
    }
  }

  var documents: [Document] {
    [config?.document, data?.document, lycoris?.document].compactMap(\.self)
  }

  var objects: [SettingsObject] {
    [config?.root].compactMap(\.self) + (data?.objects ?? [])
      + [lycoris?.object].compactMap(\.self)
  }

  func setting(at path: SettingPath) -> Setting? { config?.setting(at: path) }

  /// A setting of a data set as it counts: its own, or the run's where it has none. Nil where neither
  /// says anything and the run is not known.
  func setting(_ key: String, of set: SimpleTunerData.DataSet) -> Setting? {
    let own = set.setting(key)
    if own.isWritten { return own }
    return config?.setting(key)
  }
}
