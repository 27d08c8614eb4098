import Knowledge
import Plans
import SourceText

extension SimpleTuner {
  static let scheduleRules: [Rule<SimpleTunerConfig>] = [
    .waveInsteadOfDecay, .restartsThatStandStill, .scheduleAboveLearningRate,
  ]
}

extension Rule<SimpleTunerConfig> {
  static let waveInsteadOfDecay = Rule(
    RuleDescription(
      "wave-instead-of-decay", .warning, .changesTraining, .schedule,
      "A cosine or sine schedule whose half wave is not the run.",
      because: """
        cosine and sine are waves here and lr_warmup_steps is half of one: without a warm-up the rate \
        falls to lr_end in so many steps, climbs again, and goes on like that whatever the length of \
        the run
        """,
      sources: [
        Citation("SimpleTuner bc8e6ab7 helpers/training/custom_schedule.py:206-400"),
        Citation("SimpleTuner issue 954", "https://github.com/bghira/SimpleTuner/issues/954"),
      ],
      covers: ["simpletuner/ST-S04", "simpletuner/ST-S05"],
      silencedBy: ["schedule-refused"],
      examples: [
        .flags(
          "simpletuner",
          """
          {"model_family": "flux", "optimizer": "adamw_bf16", "learning_rate": 1e-4, \
          "max_train_steps": ⟦2000⟧, "lr_scheduler": ⟦"cosine"⟧, "lr_warmup_steps": ⟪100⟫}
          """,
          fixed: """
            {"model_family": "flux", "optimizer": "adamw_bf16", "learning_rate": 1e-4, \
            "max_train_steps": 2000, "lr_scheduler": "cosine", "lr_warmup_steps": 2000}
            """),
        .flags(
          "simpletuner",
          """
          {"model_family": "flux", "optimizer": "adamw_bf16", "learning_rate": 1e-4, \
          "max_train_steps": ⟦1000⟧, "lr_scheduler": ⟦"cosine"⟧, "lr_warmup_steps": ⟪400000⟫}
          """,
          fixed: """
            {"model_family": "flux", "optimizer": "adamw_bf16", "learning_rate": 1e-4, \
            "max_train_steps": 1000, "lr_scheduler": "cosine", "lr_warmup_steps": 1000}
            """),
        // Without a number it is 1000.
        .flags(
          "simpletuner",
          """
          {"model_family": "flux", "optimizer": "adamw_bf16", "learning_rate": 1e-4, \
          "max_train_steps": ⟦5000⟧, "lr_scheduler": ⟪"cosine"⟫}
          """,
          fixed: """
            {"model_family": "flux", "optimizer": "adamw_bf16", "learning_rate": 1e-4, \
            "max_train_steps": 5000, "lr_scheduler": "cosine", "lr_warmup_steps": 5000}
            """),
        .allows(
          "simpletuner",
          """
          {"model_family": "flux", "optimizer": "adamw_bf16", "learning_rate": 1e-4, \
          "max_train_steps": 2000, "lr_scheduler": "cosine", "lr_warmup_steps": 2000}
          """),
        .allows(
          "simpletuner",
          """
          {"model_family": "flux", "optimizer": "adamw_bf16", "learning_rate": 1e-4, \
          "max_train_steps": 2000, "lr_scheduler": "polynomial", "lr_warmup_steps": 100}
          """),
      ], backend: "simpletuner")
  ) { config, findings in
    guard config.hasSchedule, let wave = config.wave else { return }
    let half = Number.literal(wave.half)
    let place = wave.warmup.isWritten ? wave.warmup : config.setting("lr_scheduler")
    let related = [
      config.setting("max_train_steps").noted("the length of the run"),
      wave.warmup.isWritten ? config.setting("lr_scheduler").noted("a wave") : nil,
    ].compactMap(\.self)
    guard let total = config.totalSteps.map(Double.init), total > 0 else {
      guard wave.warmup.isWritten else { return }
      findings.report(
        "lr_warmup_steps of \(half) is no warm-up under \(wave.name) but half a wave: the rate swings all the time",
        at: place, related: related)
      return
    }
    guard wave.half != total else { return }
    findings.report(
      wave.words(total), at: place, related: related,
      fixes: [
        findings.fix(
          "set lr_warmup_steps to \(Number.literal(total))", .unsafe,
          .set(wave.warmup, .number(total)))
      ])
  }

  static let restartsThatStandStill = Rule(
    RuleDescription(
      "restarts-that-stand-still", .warning, .silentlyIgnored, .schedule,
      "cosine_with_restarts, which never moves the learning rate.",
      because: """
        its counter of cycles stays at 0, so the rate is what it is at the start; from the second epoch \
        on every step of the schedule fails, which is only logged
        """,
      sources: [
        Citation("SimpleTuner bc8e6ab7 helpers/training/custom_schedule.py:300-400"),
        Citation("SimpleTuner bc8e6ab7 helpers/training/trainer.py:7280-7296"),
      ],
      covers: ["simpletuner/ST-S06"],
      silencedBy: ["schedule-refused"],
      examples: [
        .flags(
          "simpletuner",
          """
          {"model_family": "flux", "optimizer": "adamw_bf16", "learning_rate": 1e-4, \
          "max_train_steps": 2000, "lr_scheduler": ⟪"cosine_with_restarts"⟫, "lr_warmup_steps": 500}
          """,
          fixed: """
            {"model_family": "flux", "optimizer": "adamw_bf16", "learning_rate": 1e-4, \
            "max_train_steps": 2000, "lr_scheduler": "polynomial", "lr_warmup_steps": 500}
            """),
        .allows(
          "simpletuner",
          """
          {"model_family": "flux", "optimizer": "adamw_bf16", "learning_rate": 1e-4, \
          "max_train_steps": 2000, "lr_scheduler": "polynomial", "lr_warmup_steps": 500}
          """),
      ], backend: "simpletuner")
  ) { config, findings in
    let name = config.setting("lr_scheduler")
    guard config.hasSchedule, name.text == "cosine_with_restarts" else { return }
    findings.report(
      "cosine_with_restarts never moves the rate: it stays where it starts", at: name,
      fixes: [
        findings.fix("write \"polynomial\"", .unsafe, .set(name, .text("polynomial")))
      ])
  }

  static let scheduleAboveLearningRate = Rule(
    RuleDescription(
      "schedule-above-learning-rate", .warning, .changesTraining, .schedule,
      "A low point of the schedule that lies above the learning rate.",
      because: """
        cosine and sine swing between learning_rate and lr_end, which is 4e-7 unless it is set: below \
        that the wave stands on its head
        """,
      sources: [
        Citation("SimpleTuner bc8e6ab7 helpers/training/custom_schedule.py:206-300"),
        Citation("SimpleTuner issue 954", "https://github.com/bghira/SimpleTuner/issues/954"),
      ],
      covers: ["simpletuner/ST-S10"],
      examples: [
        .flags(
          "simpletuner",
          """
          {"model_family": "sd3", "optimizer": "adamw_bf16", "learning_rate": ⟦1e-7⟧, \
          "max_train_steps": 2000, "lr_scheduler": ⟪"cosine"⟫, "lr_warmup_steps": 2000}
          """,
          fixed: """
            {"model_family": "sd3", "optimizer": "adamw_bf16", "learning_rate": 1e-7, \
            "max_train_steps": 2000, "lr_scheduler": "cosine", "lr_warmup_steps": 2000, "lr_end": 0}
            """),
        .flags(
          "simpletuner",
          """
          {"model_family": "sd3", "optimizer": "adamw_bf16", "learning_rate": ⟦1e-5⟧, "lr_end": ⟪1e-4⟫, \
          "max_train_steps": 2000, "lr_scheduler": ⟦"cosine"⟧, "lr_warmup_steps": 2000}
          """,
          fixed: """
            {"model_family": "sd3", "optimizer": "adamw_bf16", "learning_rate": 1e-5, "lr_end": 0, \
            "max_train_steps": 2000, "lr_scheduler": "cosine", "lr_warmup_steps": 2000}
            """),
        .allows(
          "simpletuner",
          """
          {"model_family": "sd3", "optimizer": "adamw_bf16", "learning_rate": 1e-5, \
          "max_train_steps": 2000, "lr_scheduler": "cosine", "lr_warmup_steps": 2000}
          """),
      ], backend: "simpletuner")
  ) { config, findings in
    let end = config.setting("lr_end")
    let rate = config.learningRate
    guard config.hasSchedule, config.wave != nil, let high = end.number, let low = rate.number,
      low > 0, high > low * (config.rateScale?.value ?? 1)
    else { return }
    findings.report(
      "the rate climbs from \(Number.literal(low)) to lr_end, which is \(Number.literal(high))\(end.defaultNote)",
      at: end.isWritten ? end : config.setting("lr_scheduler"),
      related: [
        rate.noted("lies below lr_end"),
        end.isWritten ? config.setting("lr_scheduler").noted("a wave between the two") : nil,
      ].compactMap(\.self),
      fixes: [findings.fix("set lr_end to 0", .unsafe, .set(end, .number(0)))])
  }
}

/// The wave of cosine and sine.
struct ScheduleWave {
  let name: String
  let warmup: Setting
  /// Optimizer steps of half a wave.
  let half: Double

  /// What becomes of it in a run of so many steps.
  func words(_ total: Double) -> String {
    let (half, note) = (Number.literal(half), warmup.isWritten ? "" : " (the default)")
    if self.half >= 4 * total {
      return
        "\(name) hardly moves the rate: half its wave takes \(half) steps\(note), the run \(Number.literal(total))"
    }
    if self.half > total {
      return
        "\(name) stops on its way down: half its wave takes \(half) steps\(note), the run \(Number.literal(total))"
    }
    let turns = (total / self.half).rounded(.down)
    return
      "lr_warmup_steps of \(half)\(note) is half a wave of \(name), no warm-up: the rate turns \(Number.literal(turns)) times in the run of \(Number.literal(total))"
  }
}

extension SimpleTunerConfig {
  /// Whether the schedule has a say.
  fileprivate var hasSchedule: Bool {
    !usesDeepSpeed && !(optimizer.name.text?.hasPrefix("adamw_schedulefree") ?? false)
      && !(usesFSDP2 && !buildsNamedOptimizer)
  }

  /// Nil for schedules that are none, or cannot be made.
  fileprivate var wave: ScheduleWave? {
    let name = setting("lr_scheduler").text ?? ""
    let warmup = setting("lr_warmup_steps")
    guard name == "cosine" || name == "sine", !warmup.isMistaken, let steps = warmup.number else {
      return nil
    }
    if steps <= 0, name == "sine" { return nil }
    return ScheduleWave(name: name, warmup: warmup, half: steps > 0 ? steps : 1000)
  }
}
