import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let warmupWithoutSafeguard = Rule(
    RuleDescription(
      "warmup-without-safeguard", .warning, .changesTraining, .schedule,
      "A warm-up under Prodigy without safeguard_warmup.",
      because: """
        the small rates of a warm-up enter the estimate of the step size, which can come out too \
        large and never shrinks again; safeguard_warmup keeps them out
        """,
      sources: [
        Citation("konstmish/prodigy, README", "https://github.com/konstmish/prodigy"),
        Citation("OneTrainer guide, Prodigy: safeguard warm-up for short training"),
      ],
      covers: ["onetrainer/B6", "kohya/K-PRO-07"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "learning_rate": 1, "learning_rate_warmup_steps": ⟦100⟧, "optimizer": {"optimizer": "PRODIGY", "safeguard_warmup": ⟪false⟫}}"#,
          fixed:
            #"{"__version": 11, "learning_rate": 1, "learning_rate_warmup_steps": 100, "optimizer": {"optimizer": "PRODIGY", "safeguard_warmup": true}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate": 1, "learning_rate_warmup_steps": 100, "optimizer": {"optimizer": "PRODIGY", "safeguard_warmup": true}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate": 1, "learning_rate_warmup_steps": 0, "optimizer": {"optimizer": "PRODIGY", "safeguard_warmup": false}}"#
        ),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train:
                  optimizer: prodigy
                  optimizer_params: ⟪{weight_decay: 0.01}⟫
                  lr: 1.0
                  lr_scheduler: constant_with_warmup
                  lr_scheduler_params: {num_warmup_steps: ⟦100⟧}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train:
                    optimizer: prodigy
                    optimizer_params: {weight_decay: 0.01, safeguard_warmup: true}
                    lr: 1.0
                    lr_scheduler: constant_with_warmup
                    lr_scheduler_params: {num_warmup_steps: 100}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: prodigy, lr: 1.0}
          """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = "Prodigy"
          learning_rate = 1.0
          lr_scheduler = "cosine"
          lr_warmup_steps = ⟦100⟧
          optimizer_args = ["safeguard_warmup=⟪False⟫"]
          """,
          fixed: """
            network_module = "networks.lora"
            optimizer_type = "Prodigy"
            learning_rate = 1.0
            lr_scheduler = "cosine"
            lr_warmup_steps = 100
            optimizer_args = ["safeguard_warmup=True"]
            """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = "Prodigy"
          learning_rate = 1.0
          lr_scheduler = "cosine"
          lr_warmup_steps = 100
          optimizer_args = ["safeguard_warmup=True"]
          """),
      ])
  ) { plan, findings in
    guard let facts = plan.optimizer.facts, facts.isAdaptive, plan.schedule.warmupUnit != .none,
      let warmup = plan.schedule.warmup.number, warmup > 0,
      let safeguard = plan.optimizer.option("safeguard_warmup"), !safeguard.isOn
    else { return }
    let isChosen = plan.schedule.warmup.isWritten && warmup != plan.schedule.usualWarmup
    findings.report(
      "the warm-up of \(Number.literal(warmup))\(plan.schedule.warmup.defaultNote) spoils the step size of \(facts.title): switch safeguard_warmup on",
      at: safeguard, severity: isChosen ? .warning : .info,
      related: [plan.schedule.warmup.noted("a warm-up")].compactMap(\.self),
      fixes: [
        findings.fix("set safeguard_warmup to true", .unsafe, .set(safeguard, .boolean(true)))
      ])
  }
}
