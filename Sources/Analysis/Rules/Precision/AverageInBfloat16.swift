import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let averageInBfloat16 = Rule(
    RuleDescription(
      "average-in-bfloat16", .warning, .changesTraining, .precision,
      "An average (EMA) of weights that are trained in bfloat16.",
      because: """
        the average is kept in the format of the weights and moves by a thousandth of the difference \
        at a time, which bfloat16 rounds away; it is the average that is saved
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/module/EMAModule.py:16,50"),
        Citation("OneTrainer issue 889", "https://github.com/Nerogar/OneTrainer/issues/889"),
      ],
      covers: ["onetrainer/E5"],
      examples: [
        .flags(
          "simpletuner",
          #"{"model_family": "flux", "model_type": "full", "optimizer": ⟦"adamw_bf16"⟧, "use_ema": ⟪true⟫}"#
        ),
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "lora_weight_dtype": ⟦"BFLOAT_16"⟧, \
          "ema": ⟪"GPU"⟫, "optimizer": {"optimizer": "ADAMW", "stochastic_rounding": true}}
          """),
        .allows("onetrainer", #"{"__version": 11, "training_method": "LORA", "ema": "GPU"}"#),
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "lora_weight_dtype": "BFLOAT_16", "ema": "OFF"}"#
        ),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: adafactor, lr: 1e-5, dtype: bf16, ema_config: {use_ema: true}}
          """),
      ])
  ) { plan, findings in
    guard let average = plan.average, !average.roundsStochastically,
      let group = plan.groups.first(where: { $0.weights.value == .bfloat16 }),
      let decay = average.decay.number, decay > 0.99
    else { return }
    findings.report(
      "the average stays far behind: it is kept in bfloat16, which is too coarse for a decay of \(Number.literal(decay))",
      at: average.mode,
      related: [(group.weights, "the weights, and so their average, are bfloat16")])
  }
}
