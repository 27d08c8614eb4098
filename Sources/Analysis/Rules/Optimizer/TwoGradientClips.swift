import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let twoGradientClips = Rule(
    RuleDescription(
      "two-gradient-clips", .info, .changesTraining, .optimizer,
      "An optimizer that clips gradients itself, behind a trainer that clips them too.",
      because: """
        percentile clipping compares each gradient with the last hundred; these were already cut to \
        the trainer's norm, so that large ones no longer stand out
        """,
      sources: [Citation("bitsandbytes 0.49.1 optim/optimizer.py:509-515")],
      covers: ["onetrainer/C35"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "clip_grad_norm": ⟦1.0⟧, "optimizer": {"optimizer": "ADAMW_8BIT", "percentile_clipping": ⟪95⟫}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "clip_grad_norm": null, "optimizer": {"optimizer": "ADAMW_8BIT", "percentile_clipping": 95}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "clip_grad_norm": 1.0, "optimizer": {"optimizer": "ADAMW_8BIT", "percentile_clipping": 100}}"#
        ),
      ])
  ) { plan, findings in
    guard let percentile = plan.optimizer.option("percentile_clipping"), percentile.isWritten,
      let share = percentile.number, share < 100, let norm = plan.gradientClip.number, norm > 0
    else { return }
    findings.report(
      "gradients are clipped twice: at percentile \(percentile.value.literal) and at norm \(Number.literal(norm))\(plan.gradientClip.defaultNote)",
      at: percentile,
      related: plan.gradientClip.isWritten ? [(plan.gradientClip, "the trainer's own limit")] : [])
  }
}
