import Knowledge
import Optimizers
import Plans
import SourceText

/// Options of the optimizer's class.
extension Rule<KohyaConfig> {
  static let unknownOptimizerOption = Rule(
    SharedRule.unknownOptimizerOption.description(
      of: "kohya",
      because:
        "all items are handed to the class as they are, and it stops at one it does not have",
      sources: [
        Citation("kohya sd-scripts 48d368fa library/train_util.py:4857-5134"),
        Citation("Schemas/optimizers: the library and version stand with each optimizer"),
      ],
      covers: ["kohya/K-OPT-10", "kohya/K-OPT-11"],
      examples: [
        .flags(
          "kohya",
          """
          optimizer_type = ⟦"AdamW8bit"⟧
          optimizer_args = ["⟪decouple⟫=True", "⟪weight_decai⟫=0.1"]
          """,
          fixed: """
            optimizer_type = "AdamW8bit"
            optimizer_args = ["decouple=True", "weight_decay=0.1"]
            """),
        .flags(
          "kohya",
          """
          optimizer_type = ⟦"Prodigy"⟧
          optimizer_args = ["⟪lr⟫=1.0"]
          """),
        .flags(
          "kohya",
          """
          optimizer_type = ⟦"Adafactor"⟧
          optimizer_args = ["relative_step=False", "⟪fused_backward_pass⟫=True"]
          """),
        .allows(
          "kohya",
          """
          optimizer_type = "AdamW8bit"
          optimizer_args = ["weight_decay=0.1", "betas=(0.9, 0.99)"]
          """),
      ])
  ) { config, findings in
    let optimizer = config.optimizer
    guard let use = optimizer.use, !optimizer.name.isMistaken else { return }
    let title = optimizer.facts?.title ?? use.name
    for argument in optimizer.arguments where argument.isWellFormed {
      let key = argument.key
      guard key == key.filter({ !$0.isWhitespace }) else { continue }
      let related: [(any Located, String)] = [
        optimizer.name.noted("\(use.className)")
      ].compactMap(\.self)
      switch use.reading(of: key) {
      case .options: continue
      case .refused(let why):
        findings.report(
          "'\(key)' cannot stand in optimizer_args: \(why)", at: argument.keyPlace,
          related: related)
      case .unknown(let outcome):
        let known = Array(Set(use.options.map(\.argument))).sorted()
        let isSetting = config.root.facts[key] != nil
        let nearest = isSetting ? nil : Suggestion.nearest(to: key, in: known)
        let hint =
          isSetting
          ? ": it is a setting of its own" : nearest.map { ": did you mean '\($0)'?" } ?? ""
        findings.report(
          "\(title) has no option '\(key)'\(hint)", at: argument.keyPlace,
          why: outcome == .refused
            ? nil : "the class takes any argument and says nothing of those it does not know",
          severity: outcome == .refused ? .error : .warning,
          consequence: outcome == .refused ? .crashesAtStart : .silentlyIgnored, related: related,
          fixes: [
            nearest.flatMap {
              config.fix("write \($0)", .unsafe, .key, of: argument, to: $0)
            }
          ])
      }
    }
  }

  static let optimizerRefusesValue = Rule(
    SharedRule.optimizerRefusesValue.description(
      of: "kohya", because: "the library checks its arguments and raises an error",
      sources: [Citation("Schemas/optimizers: the library and version stand with each optimizer")],
      covers: ["kohya/K-OPT-14"],
      examples: [
        .flags(
          "kohya",
          """
          optimizer_type = "SGDNesterov8bit"
          optimizer_args = ["momentum=⟪0⟫"]
          """,
          fixed: """
            optimizer_type = "SGDNesterov8bit"
            optimizer_args = ["momentum=0.9"]
            """),
        .allows(
          "kohya",
          """
          optimizer_type = "SGDNesterov8bit"
          optimizer_args = ["momentum=0.9"]
          """),
      ])
  ) { config, findings in
    config.reportOptimizerConstraints("optimizer-refuses-value", into: &findings)
  }

  static let optimizerDropsSetting = Rule(
    SharedRule.optimizerDropsSetting.description(
      of: "kohya", because: "the library or sd-scripts turns one of the two off",
      sources: [
        Citation("kohya sd-scripts 48d368fa library/train_util.py:5051-5055"),
        Citation("Schemas/optimizers: the library and version stand with each optimizer"),
      ],
      covers: ["kohya/K-ADA-04"],
      examples: [
        .flags(
          "kohya",
          """
          optimizer_type = "Adafactor"
          optimizer_args = ["relative_step=⟪False⟫", "warmup_init=⟦True⟧"]
          """),
        .allows(
          "kohya",
          """
          optimizer_type = "Adafactor"
          optimizer_args = ["relative_step=False", "warmup_init=False"]
          """),
      ])
  ) { config, findings in
    config.reportOptimizerConstraints("optimizer-drops-setting", into: &findings)
    let step = config.optimizer.option("relative_step")
    guard config.optimizer.isAdafactor, case .replaced(_, _, false) = step.origin,
      let warmup = config.optimizer.argument("warmup_init")
    else { return }
    findings.report(
      "relative_step is switched on again: warmup_init needs it", at: step,
      why: "sd-scripts corrects the two, and the learning rate of the file is dropped with that",
      related: [(warmup.valuePlace, "needs relative_step")])
  }

  static let questionableOption = Rule(
    SharedRule.questionableOption.description(
      of: "kohya",
      because: "the optimizer takes the value and trains in a way that is rarely wanted",
      sources: [Citation("Schemas/optimizers: the library and version stand with each optimizer")],
      covers: ["kohya/K-PRO-10"],
      examples: [
        .flags(
          "kohya",
          """
          optimizer_type = "Lion"
          optimizer_args = ["betas=(⟪1.0⟫, 0.99)"]
          """,
          fixed: """
            optimizer_type = "Lion"
            optimizer_args = ["betas=(0.9, 0.99)"]
            """),
        .allows(
          "kohya",
          """
          optimizer_type = "Lion"
          optimizer_args = ["betas=(0.95, 0.99)"]
          """),
      ])
  ) { config, findings in
    config.reportOptimizerConstraints("questionable-option", into: &findings)
  }
}

extension KohyaConfig {
  /// Reports sentences of an optimizer's data that do not hold.
  func reportOptimizerConstraints(_ rule: String, into findings: inout Findings) {
    guard let facts = optimizer.facts, let use = optimizer.use, !optimizer.name.isMistaken else {
      return
    }
    for constraint in facts.constraints(of: use, reportedBy: rule) {
      findings.check(constraint) { path in
        guard case .plain(let key) = path else { return nil }
        if key == "learning_rate" { return root.setting("learning_rate") }
        return use[key] == nil ? nil : optimizer.option(key)
      }
    }
  }
}
