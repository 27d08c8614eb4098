internal import Plans
public import SourceText

/// A config with the files that belong to it, in memory.
public struct ConfigFiles: Sendable {
  public let config: SourceFile
  /// By the names under which the config names them.
  public let companions: [SourceFile]

  /// The companions, wherever the config will lie.
  var neighbours: Neighbours {
    let companions = companions
    return Neighbours { path in companions.first { $0.path == path } }
  }
}

/// Why a setting has its value.
public struct SettingReason: Sendable, Hashable {
  public let keyPath: String
  /// As it is written.
  public let value: String
  /// Lower case, no full stop.
  public let reason: String
  /// Where that is said; empty for what the recipe's authors say.
  public let source: String
}
