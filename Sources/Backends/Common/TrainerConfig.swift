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
    for object in objects { object.reportProblems(rule, into: &findings) }
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
      guard case .nested(let kind, _) = constraint.key else {
        findings.check(constraint) { setting(at: $0) }
        continue
      }
      // Of a kind that lists hold, each; of one that the file does not have, what it would be.
      let own = objects.filter { $0.facts.name == kind }
      if own.isEmpty { findings.check(constraint) { setting(at: $0) } }
      for object in own { findings.check(constraint) { setting(at: $0, near: object) } }
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

extension Document {
  /// Reports the byte-order mark of a file that its trainer cannot load for it.
  func reportByteOrderMark(_ trainer: String, into findings: inout Findings) {
    guard source.hasByteOrderMark else { return }
    let span = SourceSpan(0..<3, in: source.id)
    findings.report(
      "the file begins with a byte-order mark: \(trainer) cannot load it",
      at: Place(keyPath: "", span: span),
      fixes: [Fix(title: "remove the byte-order mark", safety: .safe, edits: [TextEdit(span, "")])])
  }
}

extension SettingsObject {
  /// Reports values that the trainer reads otherwise than they were meant.
  func reportProblems(_ rule: SharedRule, into findings: inout Findings) {
    for entry in known {
      guard let problem = entry.reading.problem, problem.rule.id == rule.id else { continue }
      let setting = setting(entry.facts.key)
      var fixes: [Fix?] = []
      fixes.append(
        problem.literal.map {
          Fix(
            title: "write \($0)", safety: problem.safety, edits: [TextEdit(entry.node.span, $0)])
        }
          ?? problem.proposal.flatMap { value in
            findings.fix("write \(value.literal)", problem.safety, .set(setting, value))
          })
      if problem.removes {
        fixes.append(findings.fix("remove '\(entry.facts.key)'", problem.safety, .remove(setting)))
      }
      findings.reportMistake(
        problem.message, at: setting, why: problem.why, severity: problem.severity,
        consequence: problem.consequence, fixes: fixes)
    }
  }
}
