import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let adapterAlphaFarBelowRank = Rule(
    RuleDescription(
      "adapter-alpha-far-below-rank", .info, .worthKnowing, .adapter,
      "An adapter whose alpha is a small part of its rank, with a low learning rate.",
      because: """
        the output of an adapter is multiplied by alpha / rank: an alpha of 1 with rank 16 learns like \
        a far lower rate would with an alpha of 16
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/module/LoRAModule.py: scale is alpha / rank"),
        Citation("OneTrainer's own LoRA presets: alpha 1, rank 16, learning rate 3e-4"),
      ],
      covers: ["onetrainer/F24"],
      silencedBy: ["value-out-of-range"],
      examples: [
        .flags(
          "simpletuner",
          #"{"model_family": "flux", "model_type": "lora", "optimizer": "adamw_bf16", "learning_rate": ⟦1e-5⟧, "lora_rank": ⟦64⟧, "lora_alpha": ⟪1⟫}"#
        ),
        .allows(
          "simpletuner",
          #"{"model_family": "flux", "model_type": "lora", "optimizer": "adamw_bf16", "learning_rate": 1e-5, "lora_rank": 64}"#
        ),
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "learning_rate": ⟦1e-5⟧, \
          "lora_rank": ⟦64⟧, "lora_alpha": ⟪1⟫, "optimizer": {"optimizer": "ADAMW"}}
          """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "learning_rate": 3e-4, \
          "lora_rank": 16, "lora_alpha": 1, "optimizer": {"optimizer": "ADAMW"}}
          """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "learning_rate": 1e-5, \
          "lora_rank": 64, "lora_alpha": 64, "optimizer": {"optimizer": "ADAMW"}}
          """),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                network: {type: lora, linear: ⟦64⟧, linear_alpha: ⟪1⟫}
                train: {optimizer: adamw8bit, lr: ⟦1e-5⟧}
                model: {name_or_path: a, arch: sdxl}
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                network: {type: lora, linear: 64, linear_alpha: 1}
                train: {optimizer: adamw8bit, lr: 1e-5}
                model: {name_or_path: a, arch: flux}
          """),
        .flags(
          "kohya",
          """
          ⟪network_module = "networks.lora"
          network_dim = ⟦64⟧
          learning_rate = ⟦1e-5⟧⟫
          """),
      ])
  ) { plan, findings in
    guard let adapter = plan.adapter, adapter.isScaledByAlpha,
      plan.optimizer.stepsHaveTheSizeOfTheRate, plan.optimizer.facts?.isSignBased == false,
      let alpha = adapter.alpha.number, let rank = adapter.rank.number, alpha > 0, rank >= 8,
      alpha / rank <= 0.125, let rate = plan.optimizer.learningRate.number, rate > 0,
      rate * alpha / rank < 2.5e-6
    else { return }
    let related: [(any Located, String)] = [
      (adapter.rank, "the rank"), (plan.optimizer.learningRate, "low for so small an alpha"),
    ].filter { $0.0.isWritten }
    findings.report(
      "an alpha of \(Number.literal(alpha)) with rank \(Number.literal(rank)) makes the adapter learn \(Number.literal((rank / alpha).rounded())) times slower: usual rates are near 3e-4 then",
      at: adapter.alpha, related: related)
  }
}
