import Knowledge
import Plans
import SourceText

/// The description of a LyCORIS adapter (SimpleTuner bc8e6ab7 `helpers/configuration/cmd_args.py:
/// 1112-1186`).
struct SimpleTunerLycoris: Sendable {
  let document: Document
  let object: SettingsObject

  /// Nil if the document is no object.
  init?(_ document: Document) {
    let root = document.root
    guard root.kind == .mapping else { return nil }
    self.document = document
    object = SettingsObject(
      Catalogue.backend("simpletuner").object("lycoris") ?? .none, node: root, path: "",
      anchor: root.span, entries: SimpleTunerData.entries(root)
    ) { node, _ in
      // The trainer asks for a few keys and hands the rest on to the library.
      .taken(SettingValue(node))
    }
  }

  /// The file that a config names, where the adapter is LyCORIS; nil if it is not to be found from
  /// here, or no object.
  static func named(by settings: SimpleTunerSettings, neighbours: inout Neighbours)
    -> SimpleTunerLycoris?
  {
    guard settings.setting("lora_type").text == "lycoris",
      settings.setting("model_type").text == "lora",
      let path = settings.setting("lycoris_config").text,
      case .document(let document) = neighbours.file(at: path)
    else { return nil }
    return SimpleTunerLycoris(document)
  }

  /// `full_matrix` is true itself, not only something that counts as true.
  var hasFullMatrix: Bool { object.setting("full_matrix").value == .boolean(true) }
}
