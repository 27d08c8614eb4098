import Knowledge
import Optimizers
import Plans
import SourceText

extension Kohya {
  static let scheduleRules: [Rule<KohyaConfig>] = [
    .warmupRefused, .adafactorScheduleRefused, .warmupCountedInRuns, .decayLongerThanRun,
    .warmupSharedByProcesses, .startBeyondRun,
  ]
}

extension Rule<KohyaConfig> {
  static let warmupRefused = Rule(
    RuleDescription(
      "warmup-refused", .error, .crashesAtStart, .schedule,
      "A warm-up under a schedule that takes none.",
      because: """
        constant, Adafactor's own schedule and scheduler classes are made without a warm-up; \
        sd-scripts raises an error, after images and captions have been cached
        """,
      sources: [
        Citation("kohya sd-scripts 48d368fa library/train_util.py:5294-5330"),
        Citation("kohya_ss issues 565, 617", "https://github.com/bmaltais/kohya_ss/issues/617"),
      ],
      covers: [
        "kohya/K-ADA-03", "kohya/K-SCH-02", "kohya/K-SCH-03", "kohya/K-GUI-02", "kohya/K-GUI-03",
      ],
      examples: [
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          lr_scheduler = ⟦"constant"⟧
          lr_warmup_steps = ⟪100⟫
          """,
          fixed: """
            network_module = "networks.lora"
            lr_scheduler = "constant_with_warmup"
            lr_warmup_steps = 100
            """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = ⟦"Adafactor"⟧
          lr_warmup_steps = ⟪0.1⟫
          """,
          fixed: """
            network_module = "networks.lora"
            optimizer_type = "Adafactor"
            lr_warmup_steps = 0
            """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          lr_scheduler = "constant_with_warmup"
          lr_warmup_steps = 100
          """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = "Adafactor"
          optimizer_args = ["relative_step=False", "scale_parameter=False", "warmup_init=False"]
          lr_scheduler = "constant_with_warmup"
          lr_warmup_steps = 100
          """),
      ], backend: "kohya")
  ) { config, findings in
    let warmup = config.setting("lr_warmup_steps")
    guard !warmup.isMistaken, let number = warmup.number, number != 0,
      !config.optimizer.isScheduleFree, !config.optimizer.name.isMistaken
    else { return }
    let name = config.setting("lr_scheduler")
    let type = config.setting("lr_scheduler_type")
    let none = findings.fix("set \(warmup.keyPath) to 0", .safe, .set(warmup, .number(0)))
    if let text = type.text, !text.isEmpty {
      findings.report(
        "a warm-up of \(Number.literal(number)) stops the run: the class \(text) takes none",
        at: warmup, related: [type.noted("takes no warm-up")].compactMap(\.self), fixes: [none])
    } else if config.optimizer.hasRelativeStep {
      let step = config.optimizer.option("relative_step")
      findings.report(
        "a warm-up of \(Number.literal(number)) stops the run: with relative_step\(step.defaultNote) Adafactor takes none",
        at: warmup,
        related: [
          step.noted("makes a rate of its own")
            ?? config.optimizer.name.noted("makes a rate of its own")
        ]
        .compactMap(\.self),
        fixes: [none])
    } else if name.text == "constant" {
      findings.report(
        "a warm-up of \(Number.literal(number)) stops the run: constant\(name.defaultNote) takes none, constant_with_warmup does",
        at: warmup, related: [name.noted("takes no warm-up")].compactMap(\.self),
        fixes: [
          findings.fix(
            "set \(name.keyPath) to constant_with_warmup", .unsafe,
            .set(name, .text("constant_with_warmup")))
        ])
    }
  }

  static let adafactorScheduleRefused = Rule(
    RuleDescription(
      "adafactor-schedule-refused", .error, .crashesAtStart, .schedule,
      "Adafactor's own schedule without Adafactor, or without its relative_step.",
      because: """
        this schedule only logs the rate that relative_step makes; without it sd-scripts looks for a \
        rate behind a colon in the name and finds none
        """,
      sources: [
        Citation("kohya sd-scripts 48d368fa library/train_util.py:5313-5319"),
        Citation(
          "kohya_ss issues 1419, 1841, 2394", "https://github.com/bmaltais/kohya_ss/issues/2394"),
      ],
      covers: ["kohya/K-ADA-05", "kohya/K-ADA-06"],
      examples: [
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = "Adafactor"
          optimizer_args = ["relative_step=⟦False⟧", "scale_parameter=False"]
          lr_scheduler = ⟪"adafactor"⟫
          """,
          fixed: """
            network_module = "networks.lora"
            optimizer_type = "Adafactor"
            optimizer_args = ["relative_step=False", "scale_parameter=False"]
            lr_scheduler = "constant_with_warmup"
            """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = ⟦"AdamW8bit"⟧
          lr_scheduler = ⟪"adafactor"⟫
          """,
          fixed: """
            network_module = "networks.lora"
            optimizer_type = "AdamW8bit"
            lr_scheduler = "constant_with_warmup"
            """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = "Adafactor"
          lr_scheduler = "adafactor"
          """),
      ], backend: "kohya")
  ) { config, findings in
    let name = config.setting("lr_scheduler")
    guard !name.isMistaken, let text = name.text, text.hasPrefix("adafactor"),
      config.setting("lr_scheduler_type").text == "", !config.optimizer.isScheduleFree,
      !config.optimizer.name.isMistaken, !config.optimizer.hasRelativeStep
    else { return }
    let isAdafactor = config.optimizer.isAdafactor
    if isAdafactor, text.contains(":") { return }
    let cause =
      isAdafactor ? config.optimizer.option("relative_step") : config.optimizer.name
    findings.report(
      isAdafactor
        ? "lr_scheduler adafactor needs relative_step, which is off"
        : "lr_scheduler adafactor needs the optimizer Adafactor, here it is \(config.optimizer.name.text ?? "")",
      at: name,
      related: [cause.noted(isAdafactor ? "switches it off" : "the optimizer")]
        .compactMap(\.self),
      fixes: [
        findings.fix(
          "set \(name.keyPath) to constant_with_warmup", .unsafe,
          .set(name, .text("constant_with_warmup")))
      ])
  }

  static let warmupCountedInRuns = Rule(
    RuleDescription(
      "warmup-counted-in-runs", .error, .trainsNothing, .schedule,
      "A warm-up or decay of 1 or more that is written with a point.",
      because: """
        a number with a point is a share of the run, whatever its size: 100.0 is a hundred runs, so \
        that the rate never gets past a hundredth
        """,
      sources: [Citation("kohya sd-scripts 48d368fa library/train_util.py:5275-5280")],
      covers: ["kohya/K-SCH-12"],
      examples: [
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          lr_scheduler = "cosine"
          lr_warmup_steps = ⟪100.0⟫
          """,
          fixed: """
            network_module = "networks.lora"
            lr_scheduler = "cosine"
            lr_warmup_steps = 100
            """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          lr_scheduler = "cosine"
          lr_warmup_steps = 100
          """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          lr_scheduler = "cosine"
          lr_warmup_steps = 0.1
          """),
      ], backend: "kohya")
  ) { config, findings in
    guard !config.optimizer.isScheduleFree else { return }
    for key in ["lr_warmup_steps", "lr_decay_steps"] {
      guard case .real(let share)? = config.pythonValue(key), share >= 1 else { continue }
      let setting = config.root.setting(key)
      let isWhole = share == share.rounded()
      findings.report(
        share == 1
          ? "'\(setting.keyPath)' of 1.0 is the whole run, not one step"
          : "'\(setting.keyPath)' of \(Number.literal(share)) with a point is \(Number.literal(share)) times the whole run",
        at: setting, severity: share == 1 ? .warning : .error,
        consequence: share == 1 ? .changesTraining : .trainsNothing,
        fixes: [
          isWhole
            ? findings.fix(
              "write it without a point", .unsafe, .set(setting, .number(share))) : nil
        ])
    }
  }

  static let decayLongerThanRun = Rule(
    RuleDescription(
      "decay-longer-than-run", .warning, .changesTraining, .schedule,
      "Warm-up and decay that together are longer than the run.",
      because: """
        the steps between them are what is left of the run; below zero the decay begins in its middle \
        and the rate jumps
        """,
      sources: [Citation("kohya sd-scripts 48d368fa library/train_util.py:5281")],
      covers: ["kohya/K-SCH-07"],
      examples: [
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          max_train_steps = 1000
          lr_scheduler = "warmup_stable_decay"
          lr_warmup_steps = ⟦300⟧
          lr_decay_steps = ⟪0.8⟫
          """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          max_train_steps = 1000
          lr_scheduler = "warmup_stable_decay"
          lr_warmup_steps = 100
          lr_decay_steps = 0.2
          """),
      ], backend: "kohya")
  ) { config, findings in
    guard config.setting("lr_scheduler").text == "warmup_stable_decay",
      config.setting("lr_scheduler_type").text == "", !config.optimizer.isScheduleFree,
      !config.optimizer.hasRelativeStep
    else { return }
    let decay = config.root.setting("lr_decay_steps")
    let warmup = config.root.setting("lr_warmup_steps")
    guard let falling = config.pythonValue("lr_decay_steps"),
      let rising = config.pythonValue("lr_warmup_steps")
    else { return }
    let share: Double
    switch (rising, falling, config.mostSteps) {
    case (.real(let up), .real(let down), _): share = up + down
    case (_, _, let steps?):
      let all = Double(steps)
      func part(_ value: PythonValue) -> Double {
        if case .real(let share) = value { share } else { (value.number ?? 0) / max(1, all) }
      }
      share = part(rising) + part(falling)
    default: return
    }
    guard share > 1 else { return }
    findings.report(
      "warm-up and decay take \(Number.literal((share * 100).rounded())) % of the run", at: decay,
      related: [warmup.noted("the warm-up")].compactMap(\.self))
  }

  static let warmupSharedByProcesses = Rule(
    RuleDescription(
      "warmup-shared-by-processes", .warning, .changesTraining, .schedule,
      "A warm-up in steps with several processes.",
      because: """
        accelerate moves the schedule once for each process in every step, so that a warm-up in steps \
        is over after a fraction of them; a share of the run is not touched
        """,
      sources: [
        Citation("kohya sd-scripts 48d368fa library/train_util.py:5274-5277"),
        Citation(
          "accelerate issue 662", "https://github.com/huggingface/accelerate/issues/662"),
      ],
      covers: ["kohya/K-SCH-14"],
      examples: [
        .flags(
          "kohya",
          "accelerate launch --num_processes ⟦4⟧ sdxl_train.py --learning_rate 1e-5 --lr_scheduler cosine --lr_warmup_steps ⟪100⟫ --max_train_steps 1000\n",
          path: "train.sh"),
        .allows(
          "kohya",
          "accelerate launch --num_processes 4 sdxl_train.py --learning_rate 1e-5 --lr_scheduler cosine --lr_warmup_steps 0.1 --max_train_steps 1000\n",
          path: "train.sh"),
      ], backend: "kohya")
  ) { config, findings in
    guard let processes = config.processes, let count = processes.number, count > 1,
      !config.optimizer.isScheduleFree, !config.optimizer.hasRelativeStep,
      case .whole(let steps)? = config.pythonValue("lr_warmup_steps"), steps > 1
    else { return }
    findings.report(
      "a warm-up of \(steps) steps is over after \(Number.literal((Double(steps) / count).rounded(.up))): \(Number.literal(count)) processes move the schedule together",
      at: config.root.setting("lr_warmup_steps"),
      related: [processes.noted("processes")].compactMap(\.self))
  }

  static let startBeyondRun = Rule(
    RuleDescription(
      "start-beyond-run", .error, .crashesAtStart, .schedule,
      "An initial_step that lies behind the last step.",
      because: "an assertion wants the run to be longer than what is skipped",
      sources: [Citation("kohya sd-scripts 48d368fa train_network.py:1240-1256")],
      covers: ["kohya/K-SCH-24"],
      examples: [
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          resume = "state"
          max_train_steps = ⟦1000⟧
          initial_step = ⟪1000⟫
          """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          resume = "state"
          max_train_steps = 2000
          initial_step = 1000
          """),
      ], backend: "kohya")
  ) { config, findings in
    let start = config.root.setting("initial_step")
    let steps = config.root.setting("max_train_steps")
    guard let first = start.number, let last = steps.number, first >= last,
      config.root.setting("max_train_epochs").isNull
    else { return }
    findings.report(
      "initial_step of \(Number.literal(first)) leaves no step of the run of \(Number.literal(last))\(steps.defaultNote)",
      at: start, related: [steps.noted("the length of the run")].compactMap(\.self))
  }
}
