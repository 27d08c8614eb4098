import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let learningRateTooHigh = Rule(
    RuleDescription(
      "learning-rate-too-high", .error, .diverges, .learningRate,
      "A learning rate of 0.01 or more under an optimizer whose steps have the size of the rate.",
      because: """
        each step moves each weight by about the learning rate, and the weights of these models are \
        around 0.02; rates near 1 are left over from Prodigy or D-Adaptation
        """,
      sources: [
        Citation("OneTrainer 23df3832 training_presets: 1e-6 to 3e-4"),
        Citation("Choosing your optimizer: AdamW at 1e-4"),
      ],
      covers: ["onetrainer/B2", "kohya/K-LR-14"],
      examples: [
        .flags(
          "simpletuner",
          #"{"model_family": "flux", "model_type": "lora", "optimizer": ⟦"bnb-adamw8bit"⟧, "learning_rate": ⟪1.0⟫}"#,
          fixed:
            #"{"model_family": "flux", "model_type": "lora", "optimizer": "bnb-adamw8bit", "learning_rate": 0.0001}"#
        ),
        .allows(
          "simpletuner",
          #"{"model_family": "flux", "optimizer": "prodigy", "learning_rate": 1}"#),
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "learning_rate": ⟪1.0⟫, "optimizer": {"optimizer": ⟦"ADAMW"⟧}}
          """,
          fixed: """
            {"__version": 11, "training_method": "LORA", "learning_rate": 0.0001, "optimizer": {"optimizer": "ADAMW"}}
            """),
        .flags(
          "onetrainer",
          """
          {"__version": 11, "learning_rate": ⟪0.01⟫, "optimizer": {"optimizer": ⟦"CAME"⟧}}
          """),
        .flags(
          "onetrainer",
          """
          {"__version": 11, "learning_rate": ⟪0.05⟫, "batch_size": 4, "learning_rate_scaler": ⟦"BATCH"⟧, "optimizer": {"optimizer": ⟦"LION"⟧}}
          """),
        // Its step is the rate times the gradient.
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate": 0.5, "optimizer": {"optimizer": "SGD"}}"#),
        // Its rate is multiplied by the size of the weights.
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate": 0.01, "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": true}}"#
        ),
        // Vectors of new tokens are trained at larger rates.
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "EMBEDDING", "learning_rate": 0.01, "optimizer": {"optimizer": "ADAMW"}}"#
        ),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                network: {type: lora, linear: 16}
                train: {optimizer: ⟦adamw8bit⟧, lr: ⟪1.0⟫}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  network: {type: lora, linear: 16}
                  train: {optimizer: adamw8bit, lr: 0.0001}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                network: {type: lora, linear: 16}
                train: {optimizer: adamw8bit, lr: 1e-4}
          """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = ⟦"AdamW8bit"⟧
          unet_lr = ⟪1.0⟫
          text_encoder_lr = 5e-5
          """,
          fixed: """
            network_module = "networks.lora"
            optimizer_type = "AdamW8bit"
            unet_lr = 0.0001
            text_encoder_lr = 5e-5
            """),
      ])
  ) { plan, findings in
    guard let facts = plan.optimizer.facts, plan.optimizer.stepsHaveTheSizeOfTheRate else { return }
    for (rate, groups) in plan.ratesInUse {
      guard let value = rate.number else { continue }
      let areEmbeddings = !groups.isEmpty && groups.allSatisfy(\.areEmbeddings)
      let effective = value * (plan.optimizer.rateScale?.value ?? 1) / (areEmbeddings ? 10 : 1)
      guard effective >= 0.01 else { continue }
      let isHopeless = effective >= 0.1
      let usual = facts.learningRate?.usual
      let advice = usual.map { ", usual is \(Number.literal($0))" } ?? ""
      findings.report(
        "a learning rate of \(plan.optimizer.words(for: value)) is far too high for \(facts.title)\(advice)",
        at: rate, severity: isHopeless ? .error : .warning,
        related: [
          plan.optimizer.name.noted("its steps have the size of the rate"),
          plan.optimizer.rateScale?.noted("scales the rate"),
        ].compactMap(\.self),
        // One value fits adapters; full training takes a tenth to a hundredth of it.
        fixes: plan.method.value == .adapter && !areEmbeddings
          ? [
            usual.flatMap {
              findings.fix(
                "set the learning rate to \(Number.literal($0))", .unsafe, .set(rate, .number($0)))
            }
          ] : [])
    }
  }
}
