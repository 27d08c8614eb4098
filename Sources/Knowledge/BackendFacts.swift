internal import SourceText
internal import Threads

/// What is known of a trainer's config file.
public final class BackendFacts: Sendable {
  public let id: String
  public let title: String
  /// The trainer whose list of constraints it shares: of an interface the one that it starts.
  public let trainer: String
  /// The newest version of the config format that is described; 0 where formats have no version.
  public let configVersion: Int
  /// The settings at the top of the file.
  public let root: ObjectFacts
  private let kinds: [String: Deferred<ObjectFacts>]
  public let constraints: [Constraint]
  /// Constraints by the setting they are about, as only a stated value can break them: of settings
  /// at the top by key, of settings of parts by `*.key`, of those of other objects by `kind.key`.
  public let constraintsByKey: [String: [Constraint]]
  /// The others: those that a default can break.
  public let standingConstraints: [Constraint]
  /// Keys of earlier versions.
  public var retired: [RetiredKey] { earlier.value.list }
  private let earlier: Deferred<(list: [RetiredKey], byKey: [String: RetiredKey])>

  /// What became of a key of earlier versions; nil if there was none of that name.
  public func retiredKey(_ key: String) -> RetiredKey? { earlier.value.byKey[key] }
  /// Defaults of keys within one object, where they are not those of its kind:
  /// `defaultOverrides["text_encoder"]?["stop_training_after"]`.
  public let defaultOverrides: [String: [String: SettingValue]]
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

  /// A kind of object within, by name; read when first asked for.
  public func object(_ name: String) -> ObjectFacts? { kinds[name]?.value }

  /// All kinds of objects, by name.
  public var objects: [String: ObjectFacts] { kinds.mapValues(\.value) }

  /// How many settings there are: at the top, or below where the top holds only blocks.
  public var settingCount: Int {
    let all = root.settings
    guard all.allSatisfy({ $0.object != nil || $0.isRequired || $0.type == .map }) else {
      return all.count
    }
    return objects.values.reduce(all.count) { $0 + $1.settings.count }
  }

  public var source: String { node["source"]?.text ?? "" }

  /// An entry of a table of names, such as the arguments of a network module; nil if there is none.
  public func names(in table: String, of entry: String) -> [String]? {
    node[table]?[entry]?.children.map(\.text)
  }

  /// The entries of a table of names, in order.
  public func entries(of table: String) -> [(name: String, values: [String])] {
    node[table]?.children.map { ($0.key ?? "", $0.children.map(\.text)) } ?? []
  }

  /// The groups of settings, in order.
  public var groups: [(id: String, title: String)] {
    node["groups"]?.children.map { ($0["id"]?.text ?? "", $0["title"]?.text ?? "") } ?? []
  }

  init(_ document: Document, options: ObjectFacts) {
    let root = document.root
    node = root
    id = root["id"]?.text ?? ""
    title = root["title"]?.text ?? ""
    trainer = root["trainer"]?.text ?? id
    configVersion = root["configVersion"].flatMap { Int($0.text) } ?? 0
    let enums = Dictionary(
      root["enums"]?.children.map { ($0.key ?? "", $0.children.map(\.text)) } ?? [],
      uniquingKeysWith: { first, _ in first })
    @Sendable func settings(_ node: DocumentNode?) -> [SettingFacts] {
      node?.children.map { SettingFacts($0, enums: enums) } ?? []
    }
    self.root = ObjectFacts(name: "config", title: "config", settings: settings(root["keys"]))
    kinds = Dictionary(
      (root["objects"]?.children ?? .none).map { object in
        let name = object.key ?? ""
        return (
          name,
          Deferred {
            object["keysFrom"] == nil
              ? ObjectFacts(
                name: name, title: object["title"]?.text ?? name, settings: settings(object["keys"])
              )
              : options
          }
        )
      }, uniquingKeysWith: { first, _ in first })
    var overrides: [String: [String: SettingValue]] = [:]
    for part in root["objectDefaults"]?.children ?? .none {
      overrides[part.key ?? ""] = Dictionary(
        part.children.map { ($0.key ?? "", SettingValue($0)) },
        uniquingKeysWith: { first, _ in first })
    }
    defaultOverrides = overrides
    constraints = root["constraints"]?.children.map(Constraint.init) ?? []
    var byKey: [String: [Constraint]] = [:]
    var standing: [Constraint] = []
    for constraint in constraints {
      let defaults: [SettingValue?] =
        switch constraint.key {
        case .plain(let key): [self.root[key]?.defaultValue]
        case .ofParts(let key):
          [kinds["modelPart"]?.value[key]?.defaultValue] + overrides.values.compactMap { $0[key] }
        case .nested(let object, let key): [kinds[object]?.value[key]?.defaultValue]
        }
      let isSatisfied = defaults.allSatisfy { value in
        value.map { constraint.isSatisfied(by: StatedValue($0, isWritten: false)) } ?? false
      }
      if isSatisfied {
        byKey[constraint.key.text, default: []].append(constraint)
      } else {
        standing.append(constraint)
      }
    }
    constraintsByKey = byKey
    standingConstraints = standing
    earlier = Deferred {
      let list =
        root["retired"]?.children.map { key in
          RetiredKey(
            key: key["key"]?.text ?? "", until: key["until"].flatMap { Int($0.text) } ?? 0,
            now: key["now"].flatMap { $0.kind == .string ? $0.text : nil },
            text: key["text"]?.text ?? "")
        } ?? []
      return (list, Dictionary(list.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first }))
    }
  }
}
