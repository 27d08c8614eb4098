import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let adafactorMomentum = Rule(
    RuleDescription(
      "adafactor-momentum", .warning, .wastesMemory, .memory,
      "Adafactor with a beta1.",
      because: """
        a beta1, even 0, makes Adafactor keep an average gradient as large as the trained weights, \
        which is the memory it is chosen to save
        """,
      sources: [
        Citation("OneTrainer issue 116", "https://github.com/Nerogar/OneTrainer/issues/116"),
        Citation("transformers 5.5.4 optimization.py:1187"),
        Citation("OneTrainer guide, Adafactor: leave Beta 1 blank"),
      ],
      covers: ["onetrainer/C33", "kohya/K-ADA-15"],
      silencedBy: ["questionable-option"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": "FINE_TUNE", "optimizer": {"optimizer": "ADAFACTOR", "beta1": ⟪0.9⟫}}"#,
          fixed:
            #"{"__version": 11, "training_method": "FINE_TUNE", "optimizer": {"optimizer": "ADAFACTOR", "beta1": null}}"#
        ),
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "optimizer": {"optimizer": "ADAFACTOR", "beta1": ⟪0⟫}}"#,
          fixed:
            #"{"__version": 11, "training_method": "LORA", "optimizer": {"optimizer": "ADAFACTOR", "beta1": null}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "FINE_TUNE", "optimizer": {"optimizer": "ADAFACTOR", "beta1": null}}"#
        ),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: adafactor, lr: 1e-5, optimizer_params: {beta1: ⟪0.9⟫}}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train: {optimizer: adafactor, lr: 1e-5, optimizer_params: {beta1: null}}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: adafactor, lr: 1e-5}
          """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = "Adafactor"
          learning_rate = 1e-4
          optimizer_args = ["relative_step=False", "scale_parameter=False", "beta1=⟪0.9⟫"]
          """,
          fixed: """
            network_module = "networks.lora"
            optimizer_type = "Adafactor"
            learning_rate = 1e-4
            optimizer_args = ["relative_step=False", "scale_parameter=False", "beta1=None"]
            """),
      ])
  ) { plan, findings in
    guard plan.optimizer.id == "ADAFACTOR", let beta1 = plan.optimizer.option("beta1"),
      let value = beta1.number
    else { return }
    let isWhole = plan.method.value == .full
    findings.report(
      isWhole
        ? "a beta1 of \(Number.literal(value)) costs several GB: Adafactor keeps an average gradient of the whole model"
        : "a beta1 of \(Number.literal(value)) makes Adafactor keep an average gradient as large as what is trained",
      at: beta1, severity: isWhole ? .warning : .info,
      fixes: [findings.fix("leave beta1 empty", .unsafe, .set(beta1, .null))])
  }
}
