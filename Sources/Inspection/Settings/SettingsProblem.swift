import Plans
import SourceText

/// Something wrong in a file of settings.
struct SettingsProblem: Sendable {
  let rule: String
  let message: String
  let place: Place
  var fixes: [Fix] = []
  var related: [(Place, String)] = []

  struct Place: Located, Sendable {
    let keyPath: String
    let span: SourceSpan
    var isMistaken: Bool { false }

    init(keyPath: String, span: SourceSpan) {
      self.keyPath = keyPath
      self.span = span
    }

    static func key(of node: DocumentNode) -> Place {
      Place(keyPath: node.keyPath, span: node.keySpan ?? node.span)
    }

    static func value(_ node: DocumentNode) -> Place {
      Place(keyPath: node.keyPath, span: node.span)
    }
  }
}

/// A file of settings as the rules over such files see it.
struct SettingsDocument: Sendable {
  let problems: [SettingsProblem]
}
