import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let warmupTakesTheRun = Rule(
    RuleDescription(
      "warmup-takes-the-run", .warning, .changesTraining, .schedule,
      "A warm-up over a large share of the run, or longer than the run.",
      because: """
        during the warm-up the rate climbs from zero: a warm-up of a few per cent is usual, and one as \
        long as the run never reaches the configured rate
        """,
      sources: [Citation("OneTrainer 23df3832 modules/util/create.py:1124-1134")],
      covers: [
        "onetrainer/B20",
        "onetrainer/B22",
        "ai-toolkit/AT-S07",
        "simpletuner/ST-S12",
        "kohya/K-SCH-15",
      ],
      silencedBy: ["schedule-refused"],
      examples: [
        .flags("onetrainer", #"{"__version": 11, "learning_rate_warmup_steps": ⟪0.5⟫}"#),
        // 40 images, 10 epochs: 400 steps at most.
        .flags(
          "onetrainer", #"{"__version": 11, "epochs": ⟦10⟧, "learning_rate_warmup_steps": ⟪500⟫}"#,
          images: 40),
        .flags("onetrainer", #"⟪{"__version": 11, "epochs": ⟦10⟧}⟫"#, images: 40),
        .flags(
          "simpletuner",
          """
          {"model_family": "flux", "optimizer": "adamw_bf16", "lr_scheduler": "linear", \
          "max_train_steps": ⟦1000⟧, "num_train_epochs": 0, "lr_warmup_steps": ⟪1000⟫}
          """),
        .allows(
          "simpletuner",
          """
          {"model_family": "flux", "optimizer": "adamw_bf16", "lr_scheduler": "linear", \
          "max_train_steps": 1000, "num_train_epochs": 0, "lr_warmup_steps": 50}
          """),
        .allows("onetrainer", #"{"__version": 11, "learning_rate_warmup_steps": 0.1}"#),
        .allows(
          "onetrainer", #"{"__version": 11, "epochs": 10, "learning_rate_warmup_steps": 20}"#,
          images: 40),
        .allows(
          "onetrainer", #"{"__version": 11, "epochs": 10, "learning_rate_warmup_steps": 500}"#),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: ⟪{lr: 1e-4, steps: ⟦2000⟧, lr_scheduler: constant_with_warmup}⟫
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {lr: 1e-4, steps: 2000, lr_scheduler: constant_with_warmup, lr_scheduler_params: {num_warmup_steps: 100}}
          """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          lr_scheduler = "cosine"
          lr_warmup_steps = ⟪900⟫
          max_train_steps = ⟦1000⟧
          """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          lr_scheduler = "cosine"
          lr_warmup_steps = ⟪0.5⟫
          """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          lr_scheduler = "cosine"
          lr_warmup_steps = 100
          max_train_steps = 1000
          """),
      ])
  ) { plan, findings in
    let schedule = plan.schedule
    guard let warmup = schedule.warmup.number, plan.optimizer.relativeStep == nil else { return }
    if schedule.warmupUnit == .share {
      // All of it is another finding.
      guard warmup > 0.3, warmup < 1 else { return }
      findings.report(
        "the warm-up takes \(Number.literal((warmup * 100).rounded())) % of the run: 2 to 10 % are usual",
        at: schedule.warmup)
      return
    }
    guard let most = schedule.mostSteps, most > 0,
      let accumulation = plan.gradientAccumulationSteps.number,
      let steps = schedule.warmupSteps(totalSteps: most, accumulation: accumulation)
    else { return }
    let share = Double(steps) / Double(most)
    guard share > 0.3 else { return }
    let note = schedule.warmup.defaultNote
    findings.report(
      share >= 1
        ? "the warm-up of \(steps) optimizer steps\(note) is as long as the run of \(most): the learning rate is never reached"
        : "the warm-up of \(steps) optimizer steps\(note) takes \(Number.literal((share * 100).rounded())) % of the run of \(most)",
      at: schedule.warmup,
      related: [
        plan.steps?.noted("the length of the run"),
        plan.epochs?.noted("with the number of images decides the length of the run"),
        (plan.batchSize.number ?? 1) > 1 ? plan.batchSize.noted("images per batch") : nil,
        accumulation > 1 ? plan.gradientAccumulationSteps.noted("batches per step") : nil,
      ].compactMap(\.self))
  }
}
