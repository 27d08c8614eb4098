import Knowledge
import Plans
import SourceText

/// What is checked together: a run, and the description of the images that it names; or such a
/// description alone.
struct KohyaFiles: Sendable {
  let run: KohyaConfig?
  let data: KohyaData?

  init(_ run: KohyaConfig) {
    self.run = run
    data = run.data
  }

  init(alone data: KohyaData) {
    run = nil
    self.data = data
  }

  /// The run where its own words are what sd-scripts reads, which those of the interface are not.
  var stated: KohyaConfig? { run?.source == .interface ? nil : run }
  /// The TOML and JSON files.
  var documents: [Document] { [stated?.file, data?.document].compactMap(\.self) }
  var objects: [SettingsObject] { [stated?.root].compactMap(\.self) + (data?.objects ?? []) }

  /// A setting as a subset has it; nil where neither the description nor a known run says it, so that
  /// a run which is not known still may.
  func setting(
    _ key: String, of subset: SettingsObject? = nil, in set: KohyaData.DataSet
  ) -> Setting? {
    data?.setting(key, of: subset, in: set) ?? run?.root.setting(Self.runKeys[key] ?? key)
  }

  /// The names of some settings differ.
  private static let runKeys = ["batch_size": "train_batch_size", "num_repeats": "dataset_repeats"]
}
