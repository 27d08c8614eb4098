import Knowledge
import Optimizers
import Plans
import SourceText

/// The optimizer as sd-scripts builds it.
///
/// kohya sd-scripts 48d368fa, `library/train_util.py:4825-5170`.
struct KohyaOptimizer: Sendable {
  /// The setting that decides it: `optimizer_type`, or one of the two old switches.
  let name: Setting
  /// As the trainer compares it, in lower case.
  let type: String
  let facts: OptimizerFacts?
  let use: OptimizerUse?
  let arguments: [KeyValueArgument]
  /// Where an option that is not given would stand.
  private let anchor: SourceSpan

  init(_ settings: SettingsObject, arguments: [KeyValueArgument]) {
    self.arguments = arguments
    anchor =
      settings.entry("optimizer_args")?.span ?? settings.entry("optimizer_type")?.span
      ?? settings.anchor
    let written = settings.setting("optimizer_type")
    let isUnset = written.text?.isEmpty ?? true
    let old = [("use_8bit_adam", "AdamW8bit"), ("use_lion_optimizer", "Lion")].first {
      settings.setting($0.0).isOn
    }
    if isUnset, let (key, spelled) = old {
      name = settings.setting(key).map { _ in .text(spelled) }
    } else {
      name = isUnset && !written.isMistaken ? written.map { _ in .text("AdamW") } : written
    }
    let spelled = name.text ?? ""
    type = spelled.lowercased()
    let found = Catalogue.optimizer(named: spelled, in: "kohya")
    facts = found?.facts
    use = found?.use
  }

  /// Whether the trainer finds something of that name. What a path leads to no file says.
  var isKnown: Bool {
    guard facts == nil else { return true }
    let spelled = name.text ?? ""
    return spelled.contains(".") && !type.hasPrefix("dadapt")
      && Catalogue.optimizerNames(of: "kohya").refusal(of: spelled) == nil
  }

  /// Whether the schedule is dropped, which goes by the name alone.
  var isScheduleFree: Bool { type.hasSuffix("schedulefree") }
  var isAdafactor: Bool { type == "adafactor" }
  /// Whether sd-scripts warns about its rate: Prodigy and D-Adaptation by their bare names.
  var isAdaptive: Bool { type.hasPrefix("dadapt") || type == "prodigy" }

  // MARK: Options

  /// The last item that gives an argument.
  func argument(_ name: String) -> KeyValueArgument? {
    arguments.last { $0.isWellFormed && $0.key == name }
  }

  /// An option with the value the optimizer is built with; of `beta1` the first of `betas`.
  func option(_ key: String) -> Setting {
    let facts = use?[key]
    let spelling = facts?.spelling ?? key
    let (base, place) = Self.element(spelling)
    let fallback = facts?.tableDefault ?? .null
    guard let argument = argument(base), let literal = argument.literal else {
      return Setting(
        fallback, .defaulted(anchor: anchor, by: .constructor), keyPath: "optimizer_args.\(base)")
    }
    let value = literal.element(place).setting
    let isElement = if case .list = literal { place != nil } else { false }
    if case .text(let text) = literal, facts?.facts?.type == .boolean,
      ["true", "false"].contains(text.lowercased())
    {
      return Setting(
        .boolean(true),
        .replaced(argument.valueSpan, because: "any text counts as true", isMistake: true),
        keyPath: argument.keyPath)
    }
    let setting =
      isElement
      ? Setting(value, .written(argument.elementSpan(place ?? 0)), keyPath: argument.keyPath)
      : argument.setting(value)
    guard key == "relative_step", isAdafactor, isForcedRelative else { return setting }
    return setting.with(
      .boolean(true),
      .replaced(
        argument.valueSpan, because: "warmup_init switches relative_step on", isMistake: false))
  }

  /// Whether sd-scripts switches relative_step back on because warmup_init needs it.
  private var isForcedRelative: Bool {
    (argument("warmup_init")?.literal?.setting.isTruthy ?? false)
      && !(argument("relative_step")?.literal?.setting.isTruthy ?? true)
  }

  /// Whether Adafactor works out its own rate; on unless switched off (5049-5055).
  var hasRelativeStep: Bool {
    guard isAdafactor else { return false }
    return isForcedRelative || argument("relative_step")?.literal?.setting.isTruthy ?? true
  }

  /// `betas[0]` as `betas` and 0.
  private static func element(_ spelling: String) -> (String, Int?) {
    guard spelling.hasSuffix("]"), let open = spelling.lastIndex(of: "[") else {
      return (spelling, nil)
    }
    return (
      String(spelling[..<open]), Int(spelling[spelling.index(after: open)...].dropLast())
    )
  }
}

extension PythonValue {
  /// An element of a list, or all of it.
  fileprivate func element(_ place: Int?) -> PythonValue {
    guard let place, case .list(let values) = self else { return self }
    return values.indices.contains(place) ? values[place] : .none
  }
}
