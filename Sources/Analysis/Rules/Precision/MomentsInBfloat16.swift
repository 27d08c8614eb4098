import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let momentsInBfloat16 = Rule(
    RuleDescription(
      "moments-in-bfloat16", .info, .worthKnowing, .precision,
      "Adam or AdamW with trained weights in bfloat16.",
      because: """
        Adam and AdamW keep their two averages in the format of the weights; in bfloat16 a beta2 near \
        1 adds less than half a unit per step, and the second average stops following the gradients
        """,
      sources: [
        Citation("OneTrainer issue 1005", "https://github.com/Nerogar/OneTrainer/issues/1005"),
        Citation("OneTrainer 23df3832 modules/util/optimizer/adamw_extensions.py:37-87"),
      ],
      covers: ["onetrainer/E4"],
      silencedBy: ["bfloat16-weights-without-stochastic-rounding"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "lora_weight_dtype": ⟪"BFLOAT_16"⟫, \
          "optimizer": {"optimizer": ⟦"ADAMW"⟧, "stochastic_rounding": true}}
          """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "lora_weight_dtype": "BFLOAT_16", \
          "optimizer": {"optimizer": "ADAFACTOR", "stochastic_rounding": true}}
          """),
      ])
  ) { plan, findings in
    // bitsandbytes keeps float32 whatever the weights are.
    guard plan.optimizer.isOne(of: "ADAM", "ADAMW"),
      plan.optimizer.use?.library != "bitsandbytes",
      let group = plan.groups.first(where: { $0.weights.value == .bfloat16 }),
      let beta2 = plan.optimizer.option("beta2"), (beta2.number ?? 0) > 0.99
    else { return }
    let title = plan.optimizer.facts?.title ?? ""
    findings.report(
      "\(title) keeps its averages in bfloat16 as well, and a beta2 of \(beta2.value.literal) needs more digits",
      at: group.weights, related: [(plan.optimizer.name, "its state has the format of the weights")]
    )
  }
}
