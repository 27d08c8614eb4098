import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let scheduleFreeWithSchedule = Rule(
    RuleDescription(
      "schedule-free-with-schedule", .warning, .silentlyIgnored, .schedule,
      "A schedule under a schedule-free optimizer.",
      because: """
        schedule-free optimizers average the weights instead of lowering the rate; the schedule is \
        replaced by a constant one without a message
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/util/create.py:1137-1138"),
        Citation(
          "facebookresearch/schedule_free", "https://github.com/facebookresearch/schedule_free"),
        Citation("kohya sd-scripts 48d368fa library/train_util.py:5264-5270"),
      ],
      covers: [
        "onetrainer/B14",
        "simpletuner/ST-O08",
        "kohya/K-SF-01",
      ],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": ⟪"COSINE"⟫, "optimizer": {"optimizer": ⟦"SCHEDULE_FREE_ADAMW"⟧}}"#,
          fixed:
            #"{"__version": 11, "learning_rate_scheduler": "CONSTANT", "optimizer": {"optimizer": "SCHEDULE_FREE_ADAMW"}}"#
        ),
        .flags(
          "simpletuner",
          #"{"model_family": "flux", "lr_scheduler": ⟪"polynomial"⟫, "optimizer": ⟦"adamw_schedulefree"⟧}"#,
          fixed:
            #"{"model_family": "flux", "lr_scheduler": "constant", "optimizer": "adamw_schedulefree"}"#
        ),
        // Prodigy keeps its schedule there.
        .allows(
          "simpletuner",
          #"{"model_family": "flux", "lr_scheduler": "polynomial", "optimizer": "prodigy"}"#),
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": "CONSTANT", "optimizer": {"optimizer": "SCHEDULE_FREE_ADAMW"}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": "COSINE", "optimizer": {"optimizer": "ADAMW"}}"#
        ),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = ⟦"AdamWScheduleFree"⟧
          lr_scheduler = ⟪"cosine"⟫
          """,
          fixed: """
            network_module = "networks.lora"
            optimizer_type = "AdamWScheduleFree"
            lr_scheduler = "constant"
            """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = "AdamWScheduleFree"
          lr_scheduler = "constant"
          """),
      ])
  ) { plan, findings in
    guard let facts = plan.optimizer.facts, facts.isScheduleFree, let kind = plan.schedule.kind,
      kind != .constant, plan.schedule.name.isWritten, !(plan.optimizer.use?.keepsSchedule ?? false)
    else { return }
    let constant = Catalogue.spelling(ofScheduler: "CONSTANT", in: plan.backend)
    findings.report(
      "\(plan.schedule.name.value.words) does not act: \(facts.title) always trains at a constant rate",
      at: plan.schedule.name,
      related: [plan.optimizer.name.noted("needs no schedule")].compactMap(\.self),
      fixes: [
        constant.flatMap {
          findings.fix("set the scheduler to \($0)", .safe, .set(plan.schedule.name, .text($0)))
        }
      ])
  }
}

extension Catalogue {
  /// The trainer's name of a scheduler, by the id of the data.
  static func spelling(ofScheduler id: String, in backend: String) -> String? {
    schedulers.first { $0.id == id }?.use(in: backend)?.name
  }
}
