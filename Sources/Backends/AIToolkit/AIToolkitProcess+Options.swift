import Knowledge
import Optimizers
import Plans
import SourceText

/// The open mappings of the train block: arguments of the optimizer's class and of the schedule.
extension AIToolkitProcess {
  /// `optimizer_params`; nil if the file has none, or if it is no mapping.
  var optimizerArguments: DocumentNode? { arguments("optimizer_params") }
  /// `lr_scheduler_params`, likewise.
  var scheduleArguments: DocumentNode? { arguments("lr_scheduler_params") }

  private func arguments(_ key: String) -> DocumentNode? {
    block("train").entry(key).flatMap { $0.kind == .mapping ? $0 : nil }
  }

  /// An option with the value that the optimizer is built with; nil if it has none of that name.
  func option(_ key: String) -> Setting? {
    guard let option = optimizer.use?[key] else { return nil }
    let path = block("train").childPath("optimizer_params")
    let parts = option.spelling.split(separator: "[")
    var node = option.refused == nil ? optimizerArguments?[String(parts[0])] : nil
    if parts.count > 1, let place = Int(parts[1].dropLast()) {
      node = node.flatMap { Array($0.children).dropFirst(place).first }
    }
    guard let node else {
      return Setting(
        option.tableDefault,
        .defaulted(anchor: optimizerArguments?.span ?? block("train").anchor, by: .constructor),
        of: path, key: option.spelling)
    }
    let value = LoadedValue(node)
    let origin: Origin =
      switch value {
      case .fromEnvironment, .date:
        .replaced(node.span, because: "not to be told from the file", isMistake: true)
      case .scalar(.text) where option.facts?.type == .number:
        .replaced(node.span, because: "a text where a number belongs", isMistake: true)
      default: .written(node.span)
      }
    return Setting(value.setting, origin, of: path, key: option.spelling)
  }

  /// An argument of the schedule; null where it is not given.
  func scheduleArgument(_ key: String) -> Setting {
    let path = block("train").childPath("lr_scheduler_params")
    guard let node = scheduleArguments?[key] else {
      return Setting(
        .null, .defaulted(anchor: scheduleArguments?.span ?? block("train").anchor, by: .bare),
        of: path, key: key)
    }
    return Setting(LoadedValue(node).setting, .written(node.span), of: path, key: key)
  }

  /// All arguments of the schedule as Python has them; nil if one is not to be told from the file.
  var pythonScheduleArguments: [String: PythonValue]? {
    var values: [String: PythonValue] = [:]
    for node in scheduleArguments?.entries ?? [] {
      guard let value = Self.python(node) else { return nil }
      values[node.key ?? ""] = value
    }
    return values
  }

  private static func python(_ node: DocumentNode) -> PythonValue? {
    switch LoadedValue(node) {
    case .scalar(let value): return value
    case .list:
      var items: [PythonValue] = []
      for child in node.children {
        guard case .scalar(let value) = LoadedValue(child) else { return nil }
        items.append(value)
      }
      return .list(items)
    case .mapping, .date, .fromEnvironment: return nil
    }
  }
}
