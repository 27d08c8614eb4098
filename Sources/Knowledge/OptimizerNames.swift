internal import SourceText

/// Which optimizer a trainer builds for a name, and for which names it stops.
public struct OptimizerNames: Sendable {
  private let node: DocumentNode?

  /// - Parameter node: The trainer's entry in `Schemas/optimizer-names.json`.
  init(_ node: DocumentNode?) { self.node = node }

  /// The id of the optimizer, and the spelling under which its uses are listed: for names that only
  /// begin like a known one, that one.
  func find(_ name: String) -> (id: String, spelling: String)? {
    if let id = node?["names"]?[name] { return (id.text, name) }
    let lower = name.lowercased()
    if let id = node?["anyCase"]?[lower] { return (id.text, lower) }
    for rule in node?["prefixes"]?.children ?? .none {
      if let prefix = rule["prefix"]?.text, lower.hasPrefix(prefix),
        let spelling = rule["name"]?.text, let id = node?["anyCase"]?[spelling]
      {
        return (id.text, spelling)
      }
    }
    return nil
  }

  /// Why the trainer is known to stop at a name; nil if it takes it, or if nothing is known of it.
  public func refusal(of name: String) -> RefusedName? {
    guard find(name) == nil else { return nil }
    let lower = name.lowercased()
    for entry in node?["refused"]?.children ?? .none {
      let fits =
        entry["name"].map { $0.text == name }
        ?? entry["prefix"].map { lower.hasPrefix($0.text) } ?? false
      if fits { return RefusedName(why: entry["why"]?.text ?? "", instead: entry["instead"]?.text) }
    }
    return node?["names"]?.children.first { $0.key?.lowercased() == lower }.map {
      RefusedName(why: "the name has to be spelled exactly, letter case included", instead: $0.key)
    }
  }

  /// Why an argument cannot be among an optimizer's options: the trainer passes it to all of them;
  /// nil if it can.
  public func reserved(_ argument: String) -> String? { node?["reserved"]?[argument]?.text }

  /// What the trainer is called.
  public var title: String { node?["title"]?.text ?? "" }
  /// The setting that holds an optimizer's options: `optimizer_args`; nil where they are settings of
  /// their own.
  public var optionsSetting: String? { node?["options"]?.text }
  /// How an option of several values is written there: `betas=0.9,0.99`; nil where it cannot be.
  public var tupleExample: String? { node?["tuple"]?.text }

  /// Every spelling that the trainer takes, in lower case where it ignores case.
  public var spellings: [String] { anyCase + exact }
  /// Those of which case does not matter, in lower case.
  public var anyCase: [String] { node?["anyCase"]?.children.compactMap(\.key) ?? [] }
  /// Those that have to be spelled so.
  public var exact: [String] { node?["names"]?.children.compactMap(\.key) ?? [] }
}

/// A name that a trainer stops at.
public struct RefusedName: Sendable, Hashable {
  /// Lower case, no full stop.
  public let why: String
  /// A name that it takes and that was probably meant.
  public let instead: String?
}
