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
      covers: [
        "onetrainer/B23",
        "kohya/K-SCH-27",
      ],
      silencedBy: [
        "warmup-of-one",
        "wave-instead-of-decay",
      ],
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
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          lr_scheduler = ⟪"cosine_with_min_lr"⟫
          lr_scheduler_num_cycles = ⟦2⟧
          lr_scheduler_min_lr_ratio = 0.1
          max_train_steps = 1000
          """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          lr_scheduler = "cosine_with_min_lr"
          lr_scheduler_num_cycles = 1
          lr_scheduler_min_lr_ratio = 0.1
          max_train_steps = 1000
          """),
      ])
  ) { plan, findings in
    guard plan.scheduleActs, plan.schedule.fallsAndReturns else { return }
    let schedule = plan.schedule
    let cycles = schedule.cycles.flatMap(\.number).map { count in
      " with \(Number.literal(count)) \(count == 1 ? "cycle" : "cycles")"
    }
    findings.report(
      "\(schedule.name.value.words)\(cycles ?? "") ends at the full learning rate",
      at: schedule.name,
      related: [schedule.cycles?.noted("decides where the wave ends")].compactMap(\.self),
      fixes: [schedule.lowEnd(plan.backend, findings)])
  }
}

extension ScheduleSettings {
  /// Whether the rate has been low in the run and is high again at its end.
  fileprivate var fallsAndReturns: Bool {
    let steps = mostSteps.map { max(10, min($0, 1000)) } ?? 1000
    guard kind?.canReturn ?? false, case .success(let reading) = reading(totalSteps: steps),
      let curve = reading.schedule, let end = curve.factor(atStep: steps - 1), end >= 0.9
    else { return false }
    // Not on the way up through the warm-up.
    let top = (0..<steps).firstIndex { (curve.factor(atStep: $0) ?? 0) >= 0.9 } ?? 0
    return (top..<steps).contains { (curve.factor(atStep: $0) ?? 1) < 0.5 }
  }

  /// The nearest change after which the run ends at the floor.
  fileprivate func lowEnd(_ backend: String, _ findings: Findings) -> Fix? {
    guard let cycles, let count = cycles.number else { return nil }
    if kind == .cosineWithHardRestarts {
      let whole = max(1, count.rounded(.down))
      return findings.fix(
        "set the cycles to \(Number.literal(whole))", .unsafe, .set(cycles, .number(whole)))
    }
    let id = count < 2 ? "COSINE" : "COSINE_WITH_HARD_RESTARTS"
    guard kind == .cosineWithRestarts, count == count.rounded(),
      let spelling = Catalogue.spelling(ofScheduler: id, in: backend)
    else { return nil }
    return findings.fix("set the scheduler to \(spelling)", .unsafe, .set(name, .text(spelling)))
  }
}

extension ScheduleSettings.Kind {
  /// Whether its rate can climb again after it has fallen.
  fileprivate var canReturn: Bool {
    switch self {
    case .cosineWithRestarts, .cosineWithHardRestarts, .cosineWithMinimum, .wave: true
    case .constant, .linear, .cosine, .polynomial, .rex, .inverseSquareRoot, .warmupStableDecay,
      .piecewiseConstant, .adafactor, .custom:
      false
    }
  }
}
