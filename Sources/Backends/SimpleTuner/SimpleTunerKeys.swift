import Knowledge
import SourceText

/// Which option a key of the file names.
///
/// SimpleTuner bc8e6ab7 `helpers/configuration/cli_utils.py:13-22` takes the dashes off and puts two
/// on; argparse then takes any beginning that only one option has.
struct SimpleTunerKeys: Sendable {
  let backend: BackendFacts

  enum Meaning: Equatable {
    case option(String)
    /// Several options begin like that.
    case ambiguous([String])
    /// It is skipped, or translated, before the options are read.
    case translated
    /// A line of `config.env` that is no option.
    case variable
    case unknown
  }

  /// The key without the dashes before it.
  static func plain(_ key: String) -> String { String(key.trimmed.drop { $0 == "-" }) }

  /// Whether the key is passed on with exactly two dashes.
  static func isPassedOn(_ key: String) -> Bool {
    let dashes = key.trimmed.prefix { $0 == "-" }.count
    return dashes <= 2
  }

  func meaning(of key: String) -> Meaning {
    let plain = Self.plain(key)
    guard Self.isPassedOn(key) else { return .unknown }
    if backend.root[plain] != nil { return .option(plain) }
    if let name = backend.names(in: "otherNames", of: plain)?.first { return .option(name) }
    if isSkipped(plain) || plain == "vae_cache_preprocess" || plain == "ignore_final_epochs" {
      return .translated
    }
    let begun = plain.isEmpty ? [] : backend.root.settings.map(\.key).filter { $0.hasPrefix(plain) }
    return switch begun.count {
    case 0: .unknown
    case 1: .option(begun[0])
    default: .ambiguous(begun)
    }
  }

  /// Whether a key is only the beginning of the option that it means.
  func isAbbreviated(_ key: String) -> Bool {
    let plain = Self.plain(key)
    guard case .option(let name) = meaning(of: key), name != plain else { return false }
    return backend.names(in: "otherNames", of: plain) == nil
  }

  /// What a variable of `config.env` is passed on as: the option, and the value where the name brings
  /// one along.
  func option(ofVariable name: String) -> (key: String, value: String?)? {
    guard let text = backend.names(in: "environment", of: name)?.first else { return nil }
    let sides = text.split(separator: "=", maxSplits: 1)
    return (String(sides[0]), sides.count > 1 ? String(sides[1]) : nil)
  }

  /// The option that an entry is passed on as; nil for none.
  func option(named node: DocumentNode, isVariable: Bool) -> String? {
    if isVariable {
      let name = option(ofVariable: node.key ?? "")?.key
      return name.flatMap { backend.root[$0] == nil ? nil : $0 }
    }
    guard case .option(let key) = meaning(of: node.key ?? "") else { return nil }
    return key
  }

  /// Whether it belongs to the interface or to data sets, and is left out.
  func isSkipped(_ plain: String) -> Bool {
    backend.names(in: "lists", of: "ofInterface")?.contains(plain) ?? false
  }
}
