import Knowledge
import Plans
public import Reporting
public import SourceText

/// What is known of a topic: a rule, an option, a setting, an optimizer, a schedule, a model, or a
/// trainer.
public struct Explanation: Sendable {
  public let kind: String
  public let id: String
  public let page: Page
  public let json: JSONValue

  /// A trainer's name.
  static func title(of backend: String) -> String {
    let title = Catalogue.optimizerNames(of: backend).title
    if !title.isEmpty { return title }
    return Catalogue.backendIDs.contains(backend) ? Catalogue.backend(backend).title : backend
  }

  /// A value as the file would say it.
  static func shown(_ value: SettingValue, _ type: SettingType) -> String {
    value == .collection ? (type == .list ? "[…]" : "{}") : value.literal
  }

  static func shown(_ value: SettingValue, ofOption option: String) -> String {
    shown(value, Catalogue.option(option)?.type ?? .object)
  }
}

extension Sequence where Element: Hashable {
  /// Each element once, where it comes first.
  var unique: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
