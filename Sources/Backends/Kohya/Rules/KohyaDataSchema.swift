import Knowledge
import Plans
import SourceText

/// What the schema of image descriptions demands beyond keys and types
/// (kohya sd-scripts 48d368fa, `library/config_util.py:145-260`).
extension KohyaData {
  private static let why =
    "a description of images goes through a schema, which stops at what it does not know"

  /// Reports settings that stand where the schema has none of their name.
  func reportMisplaced(into findings: inout Findings) {
    if let general { report(general, "general", nil, &findings) }
    for set in sets {
      report(set.settings, "dataset", set.style, &findings)
      for subset in set.subsets { report(subset, "subset", set.style, &findings) }
    }
  }

  private func report(
    _ object: SettingsObject, _ level: String, _ style: Style?, _ findings: inout Findings
  ) {
    for entry in object.known {
      let facts = entry.facts
      let key = facts.key
      let message: String
      if !facts.levels.contains(level) {
        let places = facts.levels.map { Self.places[$0] ?? $0 }
        message =
          "'\(key)' has no place \(Self.within[level] ?? level): it belongs \(places.joined(separator: " or "))"
      } else if facts.isDropout, !support.dropout {
        message = "'\(key)' is not known where a new word is learned"
      } else if let style, style != .mixed, !facts.styles.isEmpty,
        !facts.styles.contains(style.rawValue)
      {
        message = Self.words(key, style)
      } else {
        continue
      }
      findings.report(
        message, at: Place(keyOf: entry.node), why: Self.why, severity: .error,
        consequence: .crashesAtStart)
    }
  }

  private static let places = [
    "general": "under [general]", "dataset": "under [[datasets]]",
    "subset": "under [[datasets.subsets]]",
  ]
  private static let within = [
    "general": "under [general]", "dataset": "under [[datasets]]", "subset": "in a subset",
  ]

  private static func words(_ key: String, _ style: Style) -> String {
    switch (key, style) {
    case ("conditioning_data_dir", _):
      "'conditioning_data_dir' is read only where every subset has it, and with masked_loss or by a ControlNet script"
    case (_, .fineTuning): "'\(key)' is not known for images that a metadata_file lists"
    case (_, .controlNet): "'\(key)' is not known for images with control images"
    case (_, .dreamBooth): "'\(key)' is not known for folders of images without a metadata_file"
    case (_, .mixed): "'\(key)' is not known here"
    }
  }

  /// Reports what has to be there and is not.
  func reportMissing(into findings: inout Findings) {
    let root = document.root
    guard let list = root["datasets"] else {
      findings.report(
        "there are no [[datasets]]: nothing is described",
        at: Place(keyPath: "datasets", span: KohyaRun.content(of: document)),
        why: "the list of datasets is looked into without asking whether there is one")
      return
    }
    if list.kind == .mapping {
      findings.report(
        "'datasets' is a table: write [[datasets]] above its subsets", at: Place(keyOf: list),
        why: "datasets are a list, whose elements hold lists of subsets")
    }
    for set in sets where set.style != .mixed {
      let needed: [String] =
        switch set.style {
        case .dreamBooth: ["image_dir"]
        case .fineTuning: ["metadata_file"]
        case .controlNet: ["image_dir", "conditioning_data_dir"]
        case .mixed: []
        }
      for subset in set.subsets {
        for key in needed where subset.entry(key) == nil {
          findings.report(
            "a subset without \(key): \(set.style == .fineTuning ? "each must name its list of images" : "each must name its folder")",
            at: Place(keyPath: subset.childPath(key), span: subset.anchor), why: Self.why)
        }
      }
    }
  }

  /// Reports subsets that cannot stand together.
  func reportMixedStyles(into findings: inout Findings) {
    for set in sets where set.style == .mixed {
      let listed = set.subsets.compactMap { $0.entry("metadata_file") }
      guard let first = listed.first,
        let other = set.subsets.first(where: { $0.entry("metadata_file") == nil })
      else { continue }
      findings.report(
        "subsets with and without metadata_file cannot stand in one dataset: give each kind its own [[datasets]]",
        at: Place(keyOf: first), why: "the schema has no form that fits both",
        related: [
          (Place(keyPath: other.path, span: other.anchor), "has no metadata_file")
        ])
    }
    for set in sets where set.style == .controlNet {
      for subset in set.subsets {
        guard let crop = setting("random_crop", of: subset, in: set), crop.isOn else { continue }
        findings.report(
          "random_crop does not work with control images", at: crop,
          why: "an assertion forbids it: both images would be cut differently")
        return
      }
    }
  }
}
