import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let averageWithScheduleFree = Rule(
    RuleDescription(
      "average-with-schedule-free", .info, .worthKnowing, .loss,
      "An average of the weights (EMA) on top of an optimizer that averages them itself.",
      because: """
        schedule-free optimizers hand out an average of all their steps already; a second one only \
        lags behind it and costs memory
        """,
      sources: [
        Citation("Defazio et al., The Road Less Scheduled", "https://arxiv.org/abs/2405.15682"),
        Citation("OneTrainer 23df3832 modules/module/EMAModule.py"),
      ],
      covers: ["onetrainer/F5"],
      examples: [
        .flags(
          "simpletuner",
          #"{"model_family": "flux", "optimizer": ⟦"adamw_schedulefree"⟧, "use_ema": ⟪true⟫}"#),
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "ema": ⟪"GPU"⟫, \
          "optimizer": {"optimizer": ⟦"SCHEDULE_FREE_ADAMW"⟧}}
          """),
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "ema": "GPU", "optimizer": {"optimizer": "ADAMW"}}"#
        ),
      ])
  ) { plan, findings in
    guard let average = plan.average, let facts = plan.optimizer.facts, facts.isScheduleFree,
      plan.optimizer.option("use_schedulefree")?.isOn ?? true
    else { return }
    findings.report(
      "\(facts.title) averages the weights itself: a second average only lags behind it",
      at: average.mode, related: [(plan.optimizer.name, "\(facts.title) is schedule-free")])
  }
}
