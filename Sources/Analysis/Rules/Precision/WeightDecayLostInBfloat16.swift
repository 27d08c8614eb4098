import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let weightDecayLostInBfloat16 = Rule(
    RuleDescription(
      "weight-decay-lost-in-bfloat16", .warning, .silentlyIgnored, .precision,
      "AdamW's weight decay on bfloat16 weights, too small to change any of them.",
      because: """
        AdamW multiplies the weights by 1 - learning rate × decay before its step; in bfloat16 a \
        factor within 1/512 of 1 gives back the same weight, and stochastic rounding is not used there
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/util/optimizer/adamw_extensions.py:83"),
        Citation("OneTrainer issue 996", "https://github.com/Nerogar/OneTrainer/issues/996"),
      ],
      covers: ["onetrainer/E3"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "learning_rate": ⟦0.0003⟧, \
          "lora_weight_dtype": ⟦"BFLOAT_16"⟧, \
          "optimizer": {"optimizer": "ADAMW", "stochastic_rounding": true, "weight_decay": ⟪0.01⟫}}
          """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "learning_rate": 0.0003, \
          "lora_weight_dtype": "BFLOAT_16", \
          "optimizer": {"optimizer": "ADAMW_ADV", "stochastic_rounding": true, "weight_decay": 0.01}}
          """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "learning_rate": 0.0003, \
          "optimizer": {"optimizer": "ADAMW", "stochastic_rounding": true, "weight_decay": 0.01}}
          """),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: adamw, lr: ⟦1e-5⟧, dtype: ⟦bf16⟧, optimizer_params: {weight_decay: ⟪0.01⟫}}
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: adamw, lr: 1e-5, dtype: bf16}
          """),
      ])
  ) { plan, findings in
    // Others apply it together with the step, or keep what rounding takes away.
    guard plan.optimizer.isOne(of: "ADAMW"), plan.optimizer.use?.library == "torch",
      let decay = plan.optimizer.option("weight_decay"),
      let value = decay.number, value > 0
    else { return }
    // Nobody misses a decay that nobody asked for.
    guard decay.isWritten else { return }
    let scale = plan.optimizer.rateScale?.value ?? 1
    // Half the distance between neighbouring bfloat16 numbers, relative to the larger of them.
    let lost = plan.groups.first { group in
      guard group.weights.value == .bfloat16, let rate = group.learningRate.number else {
        return false
      }
      return rate > 0 && rate * scale * value < 1.0 / 512
    }
    guard let lost else { return }
    var related: [(any Located, String)] = [(lost.weights, "the trained weights are bfloat16")]
    if lost.learningRate.isWritten {
      related.append((lost.learningRate, "it is multiplied by this"))
    }
    findings.report(
      "a weight decay of \(Number.literal(value)) does nothing: AdamW applies it in bfloat16, where it is rounded away",
      at: decay, related: related)
  }
}
