import Knowledge
import Plans
import SourceText

extension SimpleTuner {
  static let optionRules: [Rule<SimpleTunerConfig>] = [
    .malformedOptimizerConfig, .unknownOptimizerOption, .optimizerRefusesValue,
    .optimizerDropsSetting, .questionableOption,
  ]
}

extension Rule<SimpleTunerConfig> {
  static let malformedOptimizerConfig = Rule(
    RuleDescription(
      "malformed-optimizer-config", .error, .crashesAtLoad, .optimizer,
      "An optimizer_config that the trainer cannot take apart, or takes apart otherwise than meant.",
      because: """
        the text is cut at every comma and every equals sign: an item without one stops the run, blanks \
        become part of names, and only numbers with a point, plain digits or e- are numbers
        """,
      sources: [
        Citation("SimpleTuner bc8e6ab7 helpers/training/optimizer_param.py:885-910"),
        Citation(
          "SimpleTuner pull request 1295: gaps in the documentation of optimizer_config",
          "https://github.com/bghira/SimpleTuner/pull/1295"),
      ],
      covers: [
        "simpletuner/ST-O20", "simpletuner/ST-O21", "simpletuner/ST-O22", "simpletuner/ST-O23",
      ],
      examples: [
        .flags(
          "simpletuner",
          #"{"model_family": "flux", "optimizer": "adamw_bf16", "optimizer_config": "eps=1e-8,⟪⟫"}"#,
          fixed:
            #"{"model_family": "flux", "optimizer": "adamw_bf16", "optimizer_config": "eps=1e-8"}"#),
        .flags(
          "simpletuner",
          """
          {"model_family": "flux", "optimizer": "adamw_bf16", \
          "optimizer_config": "eps=1e-8,⟪ weight_decay⟫=0.1"}
          """,
          fixed: """
            {"model_family": "flux", "optimizer": "adamw_bf16", \
            "optimizer_config": "eps=1e-8,weight_decay=0.1"}
            """),
        .flags(
          "simpletuner",
          """
          {"model_family": "flux", "optimizer": "adamw_bf16", \
          "optimizer_config": "weight_decay=⟪1E-2⟫"}
          """,
          fixed: """
            {"model_family": "flux", "optimizer": "adamw_bf16", \
            "optimizer_config": "weight_decay=0.01"}
            """),
        .flags(
          "simpletuner",
          """
          {"model_family": "flux", "optimizer": "adamw_bf16", \
          "optimizer_config": "betas=⟪(0.9⟫,⟪0.99)⟫"}
          """),
        .flags(
          "simpletuner",
          """
          {"model_family": "flux", "optimizer": "adamw_bf16", "optimizer_config": "⟪beta1⟫=0.9"}
          """),
        .allows(
          "simpletuner",
          """
          {"model_family": "flux", "optimizer": "adamw_bf16", \
          "optimizer_config": "eps=1e-8,weight_decay=0.1"}
          """),
      ], backend: "simpletuner")
  ) { config, findings in
    guard !config.usesDeepSpeed else { return }
    let items = config.optimizer.config.items
    for (place, item) in items.enumerated() {
      OptimizerConfigChecks.form(item, place, items, config, &findings)
    }
  }

  static let unknownOptimizerOption = Rule(
    SharedRule.unknownOptimizerOption.description(
      of: "simpletuner",
      because: """
        the classes of torch and of the trainer drop what they do not know, with a warning; all others \
        stop at it
        """,
      sources: [Citation("SimpleTuner bc8e6ab7 helpers/training/optimizer_param.py:913-985")],
      covers: ["simpletuner/ST-O24"],
      silencedBy: ["malformed-optimizer-config", "unusable-optimizer"],
      examples: [
        .flags(
          "simpletuner",
          #"{"model_family": "flux", "optimizer": ⟦"optimi-lion"⟧, "optimizer_config": "⟪eps⟫=1e-8"}"#
        ),
        .flags(
          "simpletuner",
          """
          {"model_family": "flux", "optimizer": ⟦"adamw_bf16"⟧, \
          "optimizer_config": "⟪weigth_decay⟫=0.1"}
          """,
          fixed: """
            {"model_family": "flux", "optimizer": "adamw_bf16", \
            "optimizer_config": "weight_decay=0.1"}
            """),
        .allows(
          "simpletuner",
          """
          {"model_family": "flux", "optimizer": "prodigy", \
          "optimizer_config": "d_coef=0.5,use_bias_correction=true"}
          """),
      ])
  ) { config, findings in
    guard config.buildsNamedOptimizer, let use = config.optimizer.use else { return }
    for item in config.optimizer.config.items where item.written != nil {
      OptimizerConfigChecks.option(item, use, config, &findings)
    }
  }

  static let optimizerRefusesValue = Rule(
    SharedRule.optimizerRefusesValue.description(
      of: "simpletuner", because: "the library checks its options when it is built",
      sources: [Citation("Schemas/optimizers, from the libraries' sources")],
      silencedBy: ["malformed-optimizer-config", "unusable-optimizer"],
      examples: [
        .flags(
          "simpletuner",
          """
          {"model_family": "flux", "optimizer": "adamw_bf16", \
          "optimizer_config": "weight_decay=⟪-0.1⟫"}
          """,
          fixed: """
            {"model_family": "flux", "optimizer": "adamw_bf16", \
            "optimizer_config": "weight_decay=0"}
            """),
        .allows(
          "simpletuner",
          """
          {"model_family": "flux", "optimizer": "adamw_bf16", \
          "optimizer_config": "weight_decay=0.1"}
          """),
      ])
  ) { config, findings in config.checkOptions("optimizer-refuses-value", into: &findings) }

  static let optimizerDropsSetting = Rule(
    SharedRule.optimizerDropsSetting.description(
      of: "simpletuner", because: "the library decides between the two when it is built",
      sources: [Citation("Schemas/optimizers, from the libraries' sources")],
      silencedBy: ["malformed-optimizer-config", "unusable-optimizer"],
      examples: [
        .flags(
          "simpletuner",
          """
          {"model_family": "flux", "optimizer": "prodigy", \
          "optimizer_config": "use_grams=⟪true⟫,use_cautious=⟦true⟧"}
          """,
          fixed: """
            {"model_family": "flux", "optimizer": "prodigy", \
            "optimizer_config": "use_grams=false,use_cautious=true"}
            """),
        .allows(
          "simpletuner",
          #"{"model_family": "flux", "optimizer": "prodigy", "optimizer_config": "use_grams=true"}"#
        ),
      ])
  ) { config, findings in config.checkOptions("optimizer-drops-setting", into: &findings) }

  static let questionableOption = Rule(
    SharedRule.questionableOption.description(
      of: "simpletuner", because: "the option does what it says, which is hardly ever meant",
      sources: [
        Citation("Schemas/optimizers, from the libraries' sources"),
        Citation(
          "SimpleTuner bc8e6ab7 helpers/training/optimizers/adamw_schedulefree/__init__.py:128"),
      ],
      silencedBy: ["malformed-optimizer-config", "unusable-optimizer"],
      examples: [
        .flags(
          "simpletuner",
          """
          {"model_family": "flux", "optimizer": "adamw_schedulefree", \
          "optimizer_config": "weight_decay=⟪0.01⟫"}
          """,
          fixed: """
            {"model_family": "flux", "optimizer": "adamw_schedulefree", \
            "optimizer_config": "weight_decay=0"}
            """),
        .flags(
          "simpletuner", #"⟪{"model_family": "flux", "optimizer": "adamw_schedulefree"}⟫"#,
          fixed: """
            {"model_family": "flux", "optimizer": "adamw_schedulefree", \
            "optimizer_config": "weight_decay=0"}
            """),
        .allows(
          "simpletuner",
          """
          {"model_family": "flux", "optimizer": "adamw_schedulefree", \
          "optimizer_config": "weight_decay=0"}
          """),
      ])
  ) { config, findings in config.checkOptions("questionable-option", into: &findings) }
}

extension SimpleTunerConfig {
  /// Reports what the data says of the options of the optimizer that is built.
  fileprivate func checkOptions(_ rule: String, into findings: inout Findings) {
    guard buildsNamedOptimizer, let facts = optimizer.facts, let use = optimizer.use else { return }
    for constraint in facts.constraints(of: use, reportedBy: rule) {
      findings.check(constraint) { path in
        if case .plain(let option) = path { optimizer.option(option) } else { nil }
      }
    }
  }
}
