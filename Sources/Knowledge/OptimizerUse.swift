internal import SourceText

/// An optimizer as one trainer has it under one name.
public final class OptimizerUse: Sendable {
  /// The trainer, by id.
  public let backend: String
  /// The trainer's spelling.
  public let name: String
  /// Further spellings that build the same.
  public let otherNames: [String]
  /// Whether each tensor can be updated in the backward pass, as soon as its gradient is there.
  public let hasFusedBackPass: Bool
  /// Whether it can round bfloat16 weights stochastically.
  public let hasStochasticRounding: Bool
  /// Whether it does so in the fused back pass and nowhere else.
  public let roundsInFusedBackPass: Bool
  /// Whether it can keep what bfloat16 weights lose to rounding (`kahan_sum`).
  public let hasCompensatedSum: Bool
  /// Whether it stops unless all parameter groups have one learning rate (or 0).
  public let needsEqualGroupRates: Bool
  /// Whether the trainer's scheduler runs although the optimizer is schedule-free.
  public let keepsSchedule: Bool
  /// Whether it starts with the values the trainer's own interface fills in.
  public let startsWithTableDefaults: Bool
  /// In the order of the data file.
  public let options: [OptionUse]
  /// Why the trainer cannot run it, or what it runs instead; nil if it does.
  public let isBroken: String?
  /// What becomes of an option that its class does not have.
  public let unknownOptions: UnknownOptions
  private let table: KeyTable
  private let node: DocumentNode

  public var library: String { node["library"]?.text ?? "" }
  public var libraryVersion: String { node["libraryVersion"]?.text ?? "" }
  public var className: String { node["class"]?.text ?? "" }
  public var source: String { node["source"]?.text ?? "" }
  /// Packages to install besides the trainer's own requirements: `dadaptation`.
  public var needs: [String] { node["needs"]?.children.map(\.text) ?? [] }
  /// What is peculiar about it in this trainer.
  public var notes: [String] { node["notes"]?.children.map(\.text) ?? [] }

  /// An option by its key in the data.
  public subscript(option: String) -> OptionUse? { table.place(of: option).map { options[$0] } }

  /// What an argument of its class sets: one option, or the options at the places of a tuple
  /// (`betas`), in order; empty if the class has no such argument.
  public func options(spelled argument: String) -> [OptionUse] {
    options.filter { $0.argument == argument }
  }

  /// What becomes of an argument that the file gives for the optimizer.
  public func reading(of argument: String) -> ArgumentReading {
    if let why = Catalogue.optimizerNames(of: backend).reserved(argument) { return .refused(why) }
    let found = options(spelled: argument)
    guard let first = found.first else { return .unknown(unknownOptions) }
    return first.refused.map { .refused($0) } ?? .options(found)
  }

  /// Whether it goes by that name; exactly, or in lower case.
  func isNamed(_ spelling: String) -> Bool {
    let all = [name] + otherNames
    return all.contains(spelling) || all.contains { $0.lowercased() == spelling }
  }

  init(_ node: DocumentNode, of backend: String) {
    func flag(_ key: String) -> Bool { node[key].map { SettingValue($0).isTruthy } ?? false }
    self.node = node
    self.backend = backend
    name = node["name"]?.text ?? ""
    otherNames = node["also"]?.children.map(\.text) ?? []
    hasFusedBackPass = flag("fusedBackPass")
    hasStochasticRounding = flag("stochasticRounding")
    roundsInFusedBackPass = flag("roundsInFusedBackPass")
    hasCompensatedSum = flag("compensatedSum")
    needsEqualGroupRates = flag("equalGroupRates")
    keepsSchedule = flag("keepsSchedule")
    startsWithTableDefaults = flag("startsWithTableDefaults")
    options = node["options"]?.children.map(OptionUse.init) ?? []
    isBroken = node["broken"]?.text
    unknownOptions =
      node["unknownOptions"].flatMap { UnknownOptions(rawValue: $0.text) } ?? .refused
    table = KeyTable(options.map(\.key))
  }
}

/// What becomes of an option that a class does not have.
public enum UnknownOptions: String, Sendable {
  /// The run stops with a TypeError or AssertionError.
  case refused
  /// The trainer takes it out and prints a warning.
  case dropped
  /// The class takes any argument and says nothing.
  case swallowed
}

/// What becomes of an argument for an optimizer's class.
public enum ArgumentReading: Sendable {
  /// It sets these; several where it is a tuple.
  case options([OptionUse])
  /// The trainer passes it itself, and the run stops.
  case refused(String)
  /// The class has no such argument.
  case unknown(UnknownOptions)
}

/// An option as one optimizer of one trainer reads it.
public struct OptionUse: Sendable {
  /// Its name in `Schemas/options.json` or `Schemas/library-options.json`.
  public let key: String
  /// Its place among the arguments of the library's class where that is not its key: `betas[0]`.
  public let spelling: String
  /// The trainer's own setting that it comes from: `optimizer_beta1`; nil for none.
  public let setting: String?
  /// Why it cannot be given: the trainer passes it itself; nil if it can.
  public let refused: String?
  /// What it is where the file is silent: what the trainer's interface fills in, or else what the
  /// optimizer is built with.
  public let tableDefault: SettingValue
  /// The library's own default.
  public let libraryDefault: SettingValue
  /// What the constructor uses for null; nil if null goes through.
  public let whenNull: SettingValue?
  /// Why it has no effect here; nil if it has one.
  public let ignored: String?
  /// Read from the file though the interface does not show it.
  public let isHidden: Bool
  /// The version of the library that first has it, and the one that has it no longer; nil where that
  /// makes no difference.
  public let versions: (since: String?, until: String?)

  /// The argument of the library's class, without a place in it: `betas`.
  public var argument: String { String(spelling.prefix { $0 != "[" }) }

  /// What is known of it whoever reads it.
  public var facts: SettingFacts? { Catalogue.option(key) }

  /// Whether null is a value for it, and no slip.
  public let takesNull: Bool

  /// Whether a value is of the type that the class computes with; Python takes numbers for booleans
  /// and the other way round.
  public func takes(_ value: SettingValue) -> Bool {
    guard let facts else { return true }
    switch (value, facts.type) {
    case (.null, _): return takesNull
    case (.boolean, .boolean), (.boolean, .integer), (.boolean, .number): return true
    case (.number, .boolean), (.number, .number): return true
    case (.number(let number), .integer): return number == number.rounded()
    case (.text(let name), .choice): return facts.choices.contains(name)
    case (.text, .text), (.collection, .object), (.collection, .list), (.collection, .map):
      return true
    case (.text, .number): return value.number != nil
    default: return false
    }
  }

  init(_ node: DocumentNode) {
    key = node.key ?? ""
    spelling = node["spelling"]?.text ?? key
    setting = node["setting"]?.text
    refused = node["refused"]?.text
    tableDefault = node["default"].map(SettingValue.init) ?? .null
    libraryDefault = node["libraryDefault"].map(SettingValue.init) ?? tableDefault
    whenNull = node["whenNull"].map(SettingValue.init)
    takesNull =
      tableDefault == .null || libraryDefault == .null || whenNull != nil
      || node["takesNull"] != nil
    ignored = node["ignored"]?.text
    isHidden = node["hidden"].map { SettingValue($0).isTruthy } ?? false
    versions = (node["since"]?.text, node["until"]?.text)
  }
}
