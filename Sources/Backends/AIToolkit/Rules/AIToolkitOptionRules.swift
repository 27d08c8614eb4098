import Knowledge
import Plans
import SourceText

/// The options of the optimizer, which stand in `optimizer_params`.
extension Rule<AIToolkitJob> {
  static let unknownOptimizerOption = Rule(
    SharedRule.unknownOptimizerOption.description(
      of: "ai-toolkit",
      because:
        "all of optimizer_params is handed to the class as it is, beside what the program passes itself",
      sources: [
        Citation("ai-toolkit 27a03a9 toolkit/optimizer.py"),
        Citation("Schemas/optimizers: the library and version stand with each optimizer"),
      ],
      covers: ["ai-toolkit/AT-O08"],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train:
                  optimizer: ⟦adamw8bit⟧
                  optimizer_params: {⟪eps⟫: 1e-8, ⟪weight_decai⟫: 0.01, ⟪lr⟫: 1e-4}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train:
                    optimizer: adamw8bit
                    optimizer_params: {weight_decay: 0.01}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train:
                  optimizer: adamw8bit
                  optimizer_params: {betas: [0.9, 0.99], weight_decay: 0.01}
          """),
      ])
  ) { job, findings in
    for process in job.processes { process.reportOptions(of: job.document, &findings) }
  }

  static let optimizerNeedsPackage = Rule(
    SharedRule.optimizerNeedsPackage.description(
      of: "ai-toolkit",
      because: "requirements_base.txt does not name it: the import fails unless it is installed",
      sources: [
        Citation("ai-toolkit 27a03a9 requirements_base.txt, toolkit/optimizer.py:14,77-82")
      ],
      covers: ["ai-toolkit/AT-O07"],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: ⟪lion⟫, lr: 1e-5}
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: lion8bit, lr: 1e-5}
          """),
      ])
  ) { job, findings in
    for optimizer in job.processes.map(\.optimizer) where optimizer.failure == nil {
      guard let use = optimizer.use, !use.needs.isEmpty else { continue }
      let packages = use.needs.joined(separator: " ")
      findings.report(
        "\(use.name) needs 'pip install \(packages)': it does not come with ai-toolkit",
        at: optimizer.name)
    }
  }

  static let optimizerRefusesValue = Rule(
    SharedRule.optimizerRefusesValue.description(
      of: "ai-toolkit", because: "the class checks its arguments and raises an error",
      sources: [Citation("Schemas/optimizers: the library and version stand with each optimizer")],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train:
                  optimizer: adafactor
                  optimizer_params: {relative_step: ⟪true⟫}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train:
                    optimizer: adafactor
                    optimizer_params: {relative_step: false}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: adafactor, optimizer_params: {scale_parameter: false}}
          """),
      ])
  ) { job, findings in
    job.reportOptionSentences("optimizer-refuses-value", &findings)
  }

  static let questionableOption = Rule(
    SharedRule.questionableOption.description(
      of: "ai-toolkit",
      because: "the class takes the value and trains in a way that is rarely wanted",
      sources: [Citation("Schemas/optimizers: the library and version stand with each optimizer")],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: lion, optimizer_params: {betas: [⟪1.0⟫, 0.99]}}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train: {optimizer: lion, optimizer_params: {betas: [0.9, 0.99]}}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: lion, optimizer_params: {betas: [0.95, 0.98]}}
          """),
      ])
  ) { job, findings in
    job.reportOptionSentences("questionable-option", &findings)
  }
}

extension AIToolkitJob {
  /// Reports sentences of the optimizers' data that do not hold.
  fileprivate func reportOptionSentences(_ rule: String, _ findings: inout Findings) {
    for process in processes {
      guard let facts = process.optimizer.facts, let use = process.optimizer.use else { continue }
      for constraint in facts.constraints(of: use, reportedBy: rule) {
        findings.check(constraint) { path in
          if case .plain(let key) = path { process.option(key) } else { nil }
        }
      }
    }
  }
}

extension AIToolkitProcess {
  fileprivate func reportOptions(of document: Document, _ findings: inout Findings) {
    guard let use = optimizer.use, optimizer.failure == nil, !optimizer.name.isMistaken else {
      return
    }
    let related = [optimizer.name.noted(use.className)].compactMap(\.self)
    for node in optimizerArguments?.entries ?? [] {
      let key = node.key ?? ""
      let removal = findings.fix("remove '\(key)'", .safe, .remove(Place(node)))
      switch use.reading(of: key) {
      case .options: continue
      case .refused(let why):
        findings.report(
          "'\(key)' cannot be given: the program passes it itself", at: Place(keyOf: node),
          why: why, related: related, fixes: [removal])
      case .unknown(let outcome):
        let known = use.options.filter { $0.refused == nil }.map(\.argument)
        let near = Suggestion.nearest(
          to: key, in: Set(known).sorted().filter { optimizerArguments?[$0] == nil })
        let hint = near.map { ": did you mean '\($0)'?" } ?? ""
        findings.report(
          "\(use.name) takes no '\(key)'\(hint)", at: Place(keyOf: node),
          severity: outcome == .refused ? .error : .warning,
          consequence: outcome == .refused ? .crashesAtStart : .silentlyIgnored, related: related,
          fixes: [near.map { document.renaming(node, to: $0) } ?? removal])
      }
    }
  }
}
