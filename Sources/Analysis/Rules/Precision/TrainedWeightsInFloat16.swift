import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let trainedWeightsInFloat16 = Rule(
    RuleDescription(
      "trained-weights-in-float16", .error, .diverges, .precision,
      "Trained weights in float16.",
      because: """
        float16 ends at 6e-8: gradients and the optimizer's averages of them become 0, and without \
        float32 weights there is no loss scaling to prevent it
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/util/dtype_util.py:9-11"),
        Citation("OneTrainer issue 146", "https://github.com/Nerogar/OneTrainer/issues/146"),
        Citation("prodigyplus, core_optimiser.py: float16 is not supported"),
      ],
      covers: ["onetrainer/E7", "onetrainer/E18"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "lora_weight_dtype": ⟪"FLOAT_16"⟫, \
          "optimizer": {"optimizer": ⟦"ADAMW"⟧}}
          """,
          fixed: """
            {"__version": 11, "training_method": "LORA", "lora_weight_dtype": "FLOAT_32", \
            "optimizer": {"optimizer": "ADAMW"}}
            """),
        .flags(
          "onetrainer",
          """
          {"__version": 11, "model_type": "STABLE_DIFFUSION_15", "unet": {"weight_dtype": ⟪"FLOAT_16"⟫}, \
          "text_encoder": {"train": false}, "optimizer": {"optimizer": "PRODIGY_PLUS_SCHEDULE_FREE"}}
          """,
          fixed: """
            {"__version": 11, "model_type": "STABLE_DIFFUSION_15", "unet": {"weight_dtype": "FLOAT_32"}, \
            "text_encoder": {"train": false}, "optimizer": {"optimizer": "PRODIGY_PLUS_SCHEDULE_FREE"}}
            """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "STABLE_DIFFUSION_15", \
          "unet": {"weight_dtype": "FLOAT_16"}, "text_encoder": {"train": false}}
          """),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: ⟦adamw⟧, lr: 1e-5, dtype: ⟪fp16⟫}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train: {optimizer: adamw, lr: 1e-5, dtype: fp32}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                network: {type: lora, linear: 16}
                train: {optimizer: adamw, lr: 1e-4, dtype: fp16}
          """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          mixed_precision = "fp16"
          full_fp16 = ⟪true⟫
          optimizer_type = ⟦"AdamW"⟧
          """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          mixed_precision = "fp16"
          optimizer_type = "AdamW"
          """),
      ])
  ) { plan, findings in
    var seen: Set<String> = []
    for group in plan.groups
    where group.weights.value == .float16 && seen.insert(group.weights.keyPath).inserted {
      // These were seen to fail: their averages have the format of the weights.
      let breaks = plan.optimizer.isOne(of: "ADAM", "ADAMW", "ADAMW_ADV")
      let title = plan.optimizer.facts?.title ?? "the optimizer"
      findings.report(
        breaks
          ? "\(title) divides by an average that is 0 in float16: train in float32 or bfloat16"
          : "trained in float16, small updates and gradients become 0: train in float32 or bfloat16",
        at: group.weights, severity: breaks ? .error : .warning,
        consequence: breaks ? .diverges : .changesTraining,
        related: breaks
          ? [(plan.optimizer.name, "its averages have the format of the weights")] : [],
        fixes: [
          plan.precision.float32Name.flatMap {
            findings.fix("train in float32", .unsafe, .set(group.weights, .text($0)))
          }
        ])
    }
  }
}
