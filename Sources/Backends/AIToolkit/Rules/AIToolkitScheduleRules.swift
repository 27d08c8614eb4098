import Knowledge
import Plans
import SourceText

extension Rule<AIToolkitJob> {
  static let scheduleUnderAutomagic = Rule(
    RuleDescription(
      "schedule-under-automagic", .warning, .silentlyIgnored, .schedule,
      "A schedule under Automagic, which changes its rates by itself.",
      because: """
        the optimizer reads the learning rate once, when it begins, and then raises and lowers it by \
        itself: what a schedule says later is never looked at
        """,
      sources: [
        Citation("ai-toolkit 27a03a9 toolkit/optimizers/automagic.py, automagic2.py, automagic3.py")
      ],
      covers: ["ai-toolkit/AT-O17"],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: ⟦automagic3⟧, lr: 1e-6, lr_scheduler: ⟪cosine⟫}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train: {optimizer: automagic3, lr: 1e-6}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: automagic3, lr: 1e-6, lr_scheduler: constant}
          """),
      ], backend: "ai-toolkit")
  ) { job, findings in
    for process in job.processes where process.optimizer.isAutomagic {
      let name = process.train("lr_scheduler")
      guard name.isWritten, !name.isMistaken, let text = name.text, text != "constant" else {
        continue
      }
      findings.report(
        "\(text) does not act: \(process.optimizer.lower) changes its rates by itself", at: name,
        related: [process.optimizer.name.noted("looks at the rate once")].compactMap(\.self),
        fixes: [findings.fix("remove lr_scheduler", .safe, .remove(name))])
    }
  }

  static let linearScheduleRises = Rule(
    RuleDescription(
      "linear-schedule-rises", .warning, .changesTraining, .schedule,
      "A linear schedule that climbs from a third of the rate to all of it.",
      because: """
        linear is PyTorch's LinearLR, which begins at a third and ends at the whole rate unless \
        start_factor and end_factor say otherwise
        """,
      sources: [
        Citation("ai-toolkit 27a03a9 toolkit/scheduler.py:35-37"),
        Citation("torch 2.13.0 optim/lr_scheduler.py, LinearLR: start_factor=1/3, end_factor=1"),
      ],
      covers: ["ai-toolkit/AT-S03"],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {lr: 1e-4, lr_scheduler: ⟪linear⟫}
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {lr: 1e-4, lr_scheduler: linear, lr_scheduler_params: {start_factor: 1.0, end_factor: 0.0}}
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {lr: 1e-4, lr_scheduler: constant}
          """),
      ], backend: "ai-toolkit")
  ) { job, findings in
    for process in job.processes {
      let name = process.train("lr_scheduler")
      guard name.text == "linear", !process.optimizer.isAutomagic,
        !process.scheduleArgument("start_factor").isWritten
      else { continue }
      findings.report(
        "linear climbs from a third of the rate to all of it: start_factor 1.0 and end_factor 0.0 make it fall",
        at: name)
    }
  }
}
