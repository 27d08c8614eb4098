internal import SourceText

/// What is known of a trainer's config file.
public final class BackendFacts: Sendable {
  public let id: String
  public let title: String
  /// The newest version of the config format that is described.
  public let configVersion: Int
  /// The settings at the top of the file.
  public let root: ObjectFacts
  /// The objects within, by name.
  public let objects: [String: ObjectFacts]
  public let constraints: [Constraint]
  /// Keys of earlier versions.
  public let retired: [RetiredKey]
  public let retiredKeys: Set<String>
  private let overrides: [String: [String: SettingValue]]
  private let node: DocumentNode

  /// A key that earlier versions of the config had.
  public struct RetiredKey: Sendable {
    public let key: String
    /// The last version of the format in which it is still read.
    public let until: Int
    /// Where its value stands now; nil if nowhere.
    public let now: String?
    public let text: String
  }

  public var source: String { node["source"]?.text ?? "" }

  /// The groups of settings, in order.
  public var groups: [(id: String, title: String)] {
    node["groups"]?.children.map { ($0["id"]?.text ?? "", $0["title"]?.text ?? "") } ?? []
  }

  /// The default of a key within one object, where it is not the one of its kind:
  /// `defaultOverride(of: "stop_training_after", in: "text_encoder")`.
  public func defaultOverride(of key: String, in object: String) -> SettingValue? {
    overrides[object]?[key]
  }

  init(_ document: Document, options: ObjectFacts) {
    let root = document.root
    node = root
    id = root["id"]?.text ?? ""
    title = root["title"]?.text ?? ""
    configVersion = root["configVersion"].flatMap { Int($0.text) } ?? 0
    let enums = Dictionary(
      root["enums"]?.children.map { ($0.key ?? "", $0.children.map(\.text)) } ?? [],
      uniquingKeysWith: { first, _ in first })
    func settings(_ node: DocumentNode?) -> [SettingFacts] {
      node?.children.map { SettingFacts($0, enums: enums) } ?? []
    }
    self.root = ObjectFacts(name: "config", title: "config", settings: settings(root["keys"]))
    var objects: [String: ObjectFacts] = [:]
    for object in root["objects"]?.children ?? DocumentNode.Children.none {
      let name = object.key ?? ""
      objects[name] =
        object["keysFrom"] == nil
        ? ObjectFacts(name: name, title: object["title"]?.text ?? name, settings: settings(object["keys"]))
        : options
    }
    self.objects = objects
    var overrides: [String: [String: SettingValue]] = [:]
    for part in root["objectDefaults"]?.children ?? .none {
      overrides[part.key ?? ""] = Dictionary(
        part.children.map { ($0.key ?? "", SettingValue($0)) }, uniquingKeysWith: { first, _ in first })
    }
    self.overrides = overrides
    constraints = root["constraints"]?.children.map(Constraint.init) ?? []
    retired =
      root["retired"]?.children.map { key in
        RetiredKey(
          key: key["key"]?.text ?? "", until: key["until"].flatMap { Int($0.text) } ?? 0,
          now: key["now"].flatMap { $0.kind == .string ? $0.text : nil }, text: key["text"]?.text ?? "")
      } ?? []
    retiredKeys = Set(retired.map(\.key))
  }
}
