import Knowledge
import Optimizers
import Plans
import SourceText

/// What argparse makes of the words behind one option: it converts, and stops at what it cannot.
struct KohyaCommandReading {
  let scripts: KohyaScripts

  /// The words behind an option.
  struct Words {
    let texts: [String]
    /// Whether the only one stands behind an equals sign.
    let isBehindEquals: Bool
  }

  private static let stops = "argparse stops before anything is loaded"

  func read(_ words: Words, _ facts: SettingFacts) -> ValueReading {
    if facts.type == .boolean { return flag(words, facts) }
    if facts.type == .list { return list(words.texts, facts) }
    // Of several words the first one is the value.
    guard let word = words.texts.first else {
      return refused(
        .unreadableValue, "'--\(facts.key)' stands without a value: it takes \(facts.type.words)")
    }
    let isUnknown = KohyaWord.isUnknown(word)
    switch facts.type {
    case .text:
      return isUnknown && Self.names.contains(facts.key) ? Self.isElsewhere : .taken(.text(word))
    case .choice: return isUnknown ? Self.isElsewhere : choice(word, facts)
    default: return isUnknown ? Self.isElsewhere : number(word, facts)
    }
  }

  /// Values of variables are not in the file.
  private static let isElsewhere = ValueReading.unknown(because: "the file does not say its value")

  /// Texts that something is looked up by.
  private static let names: Set<String> = [
    "optimizer_type", "lr_scheduler", "lr_scheduler_type", "network_module", "resolution",
    "block_lr", "model_type",
  ]

  private func refused(
    _ rule: SharedRule, _ message: String, proposal: SettingValue? = nil
  ) -> ValueReading {
    .refused(
      ValueProblem(
        rule: rule, message: message, why: Self.stops, severity: .error,
        consequence: .crashesAtLoad, proposal: proposal))
  }

  private func flag(_ words: Words, _ facts: SettingFacts) -> ValueReading {
    // A word that follows belongs to nothing, which is another finding.
    guard words.isBehindEquals else { return .taken(.boolean(true)) }
    return refused(
      .unreadableValue, "'--\(facts.key)' takes no value: it is on where it stands, and off without"
    )
  }

  // MARK: Numbers

  private func number(_ text: String, _ facts: SettingFacts) -> ValueReading {
    if facts.key == "lr_warmup_steps" || facts.key == "lr_decay_steps" {
      return steps(text, facts)
    }
    if facts.type == .number {
      if let number = PythonValue.real(from: text) { return .taken(.number(number)) }
      return refused(.unreadableValue, "'\(text)' is no number: '--\(facts.key)' takes a number")
    }
    guard let number = PythonValue.whole(from: text).map(Double.init) else {
      let meant = PythonValue.real(from: text)
      let isWhole = meant.map { $0 == $0.rounded() } ?? false
      return refused(
        meant == nil ? .unreadableValue : .numberInText,
        "'\(text)' is no whole number: '--\(facts.key)' takes no other",
        proposal: isWhole ? meant.map { .number($0) } : nil)
    }
    let only = facts.onlyNumbers
    if !only.isEmpty, !only.contains(number) {
      return refused(
        .unknownName,
        "'--\(facts.key)' takes \(only.map(Number.literal).joined(separator: " or ")), not \(text)")
    }
    return .taken(.number(number))
  }

  /// A whole number, a fraction below 1, or a percentage (`library/train_util.py:3664-3679`).
  private func steps(_ text: String, _ facts: SettingFacts) -> ValueReading {
    do throws(ScheduleError) {
      let value = try KohyaSchedule.commandLine(text, setting: facts.key)
      return .taken(value.setting)
    } catch {
      let meant = PythonValue.real(from: text)
      let isWhole = meant.map { $0 == $0.rounded() && abs($0) < 1e9 } ?? false
      return refused(
        meant == nil ? .unreadableValue : .numberInText,
        "'\(text)' is neither a whole number of steps nor a share of the run below 1",
        proposal: isWhole ? meant.map { .number($0) } : nil)
    }
  }

  // MARK: Names and lists

  private func choice(_ text: String, _ facts: SettingFacts) -> ValueReading {
    let choices = facts.choices(in: scripts)
    if choices.contains(text) { return .taken(.text(text)) }
    let nearest = Suggestion.allNearest(to: text, in: choices)
    let hint =
      nearest.isEmpty
      ? "it takes \(choices.joined(separator: ", "))"
      : "did you mean \(nearest.map { "'\($0)'" }.joined(separator: " or "))?"
    return refused(
      .unknownName, "'\(text)' is no value of '--\(facts.key)': \(hint)",
      proposal: nearest.count == 1 ? .text(nearest[0]) : nil)
  }

  private func list(_ words: [String], _ facts: SettingFacts) -> ValueReading {
    guard facts.itemType == "number" else { return .taken(.collection) }
    if words.contains(where: KohyaWord.isUnknown) { return Self.isElsewhere }
    let wrong = words.first { PythonValue.real(from: $0) == nil }
    return wrong.map {
      refused(.unreadableValue, "'\($0)' is no number: '--\(facts.key)' takes numbers")
    } ?? .taken(.collection)
  }
}

/// A word of a command.
enum KohyaWord {
  /// Whether only the shell knows what it is: a variable, or something to be filled in.
  static func isUnknown(_ text: String) -> Bool {
    if text.hasPrefix("<"), text.hasSuffix(">") { return true }
    let isVariable = text.contains { "$`".contains($0) }
    let isOfCMD = text.split(separator: "%", omittingEmptySubsequences: false).count > 2
    return isVariable || isOfCMD || text.contains("{{") || text == "..." || text == "…"
  }
}
