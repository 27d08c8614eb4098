import Knowledge
import Optimizers
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let scheduleEndsHigh = Rule(
    RuleDescription(
      "schedule-ends-high", .warning, .changesTraining, .schedule,
      "A schedule with restarts that is back at the full rate when the run ends.",
      because: """
        a falling schedule is there to settle the weights at the end; a run that stops on top of a \
        wave keeps the noise of its last steps
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/util/lr_scheduler_util.py:49-61"),
        Citation("OneTrainer issue 433", "https://github.com/Nerogar/OneTrainer/issues/433"),
      ],
      covers: ["onetrainer/B23"],
      silencedBy: ["warmup-of-one"],
      examples: [
        .flags(
          "onetrainer", #"{"__version": 11, "learning_rate_scheduler": ⟪"COSINE_WITH_RESTARTS"⟫}"#,
          fixed: #"{"__version": 11, "learning_rate_scheduler": "COSINE"}"#),
        .flags(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": ⟪"COSINE_WITH_RESTARTS"⟫, "learning_rate_cycles": ⟦3⟧}"#,
          fixed:
            #"{"__version": 11, "learning_rate_scheduler": "COSINE_WITH_HARD_RESTARTS", "learning_rate_cycles": 3}"#
        ),
        .flags(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": ⟪"COSINE_WITH_HARD_RESTARTS"⟫, "learning_rate_cycles": ⟦2.1⟧}"#,
          fixed:
            #"{"__version": 11, "learning_rate_scheduler": "COSINE_WITH_HARD_RESTARTS", "learning_rate_cycles": 2}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": "COSINE_WITH_RESTARTS", "learning_rate_cycles": 2.5}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": "COSINE_WITH_HARD_RESTARTS", "learning_rate_cycles": 3}"#
        ),
      ])
  ) { plan, findings in
    guard plan.scheduleActs, var curve = plan.schedule.curve(totalSteps: 1000),
      curve.shape.usesCycles
    else { return }
    curve.floor = 0
    guard let end = curve.factor(atStep: 999), end >= 0.9 else { return }
    let schedule = plan.schedule
    let count = Number.literal(curve.cycles)
    findings.report(
      "\(schedule.name.value.words) with \(count) \(count == "1" ? "cycle" : "cycles") ends at the full learning rate",
      at: schedule.name,
      related: [schedule.cycles.noted("decides where the wave ends")].compactMap(\.self),
      fixes: [curve.lowEnd(schedule, plan.backend, findings)])
  }
}

extension OneTrainerCurve {
  /// The nearest change after which the run ends at the floor.
  fileprivate func lowEnd(
    _ schedule: ScheduleSettings, _ backend: String, _ findings: Findings
  ) -> Fix? {
    if shape == .cosineWithHardRestarts {
      let whole = max(1, cycles.rounded(.down))
      return findings.fix(
        "set the cycles to \(Number.literal(whole))", .unsafe, .set(schedule.cycles, .number(whole))
      )
    }
    let id = cycles < 2 ? "COSINE" : "COSINE_WITH_HARD_RESTARTS"
    guard cycles == cycles.rounded(), let name = Catalogue.spelling(ofScheduler: id, in: backend)
    else { return nil }
    return findings.fix("set the scheduler to \(name)", .unsafe, .set(schedule.name, .text(name)))
  }
}
