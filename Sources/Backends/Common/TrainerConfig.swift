import Knowledge
import Plans
import SourceText

/// A config as a trainer has it in memory after loading: what the checks that all trainers share need
/// to know of it.
protocol TrainerConfig: Sendable {
  var backend: BackendFacts { get }
  /// Every document it is made of: the config and the files that it names.
  var documents: [Document] { get }
  /// Every object whose keys are known.
  var objects: [SettingsObject] { get }
  /// A setting as the trainer uses it; of paths that begin with `@`, what it makes of the file. Nil if
  /// there is none of that name.
  func setting(at path: SettingPath) -> Setting?
}

extension TrainerConfig {
  /// Reports values that the trainer reads otherwise than they were meant.
  func reportProblems(_ rule: SharedRule, into findings: inout Findings) {
    for object in objects {
      for entry in object.known {
        guard let problem = entry.reading.problem, problem.rule.id == rule.id else { continue }
        let setting = object.setting(entry.facts.key)
        let fix = problem.proposal.flatMap { value in
          findings.fix("write \(value.literal)", problem.safety, .set(setting, value))
        }
        findings.reportMistake(
          problem.message, at: setting, why: problem.why, severity: problem.severity,
          consequence: problem.consequence, fixes: [fix])
      }
    }
  }

  /// Reports keys that stand twice in one object.
  func reportRepeatedKeys(into findings: inout Findings) {
    for document in documents {
      for repeated in document.repeatedKeys {
        findings.report(
          "'\(repeated.first.key ?? "")' stands twice: this one is not read",
          at: Place(keyOf: repeated.first),
          related: [(Place(keyOf: repeated.second), "the last one counts")])
      }
    }
  }

  /// Reports sentences of the trainer's data that do not hold.
  func reportConstraints(_ rule: String, into findings: inout Findings) {
    for constraint in backend.standingConstraints where constraint.rule == rule {
      findings.check(constraint) { setting(at: $0) }
    }
    // Most settings are not stated, and these can only be broken by a stated value.
    for object in objects where object.node != nil {
      for entry in object.known {
        let path = object.facts.name == "config" ? "" : "\(object.facts.name)."
        for constraint in backend.constraintsByKey[path + entry.facts.key] ?? []
        where constraint.rule == rule {
          findings.check(constraint) { setting(at: $0, near: object) }
        }
      }
    }
  }

  /// A setting of the same object where the path names its kind, else of the whole config.
  private func setting(at path: SettingPath, near object: SettingsObject) -> Setting? {
    if case .nested(object.facts.name, let key) = path {
      return object.facts[key] == nil ? nil : object.setting(key)
    }
    return setting(at: path)
  }
}
