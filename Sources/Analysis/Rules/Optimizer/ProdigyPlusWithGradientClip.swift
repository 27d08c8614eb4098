import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let prodigyPlusWithGradientClip = Rule(
    RuleDescription(
      "prodigy-plus-with-gradient-clip", .warning, .changesTraining, .optimizer,
      "Clipping of gradients under Prodigy Plus Schedule-Free, which limits its steps itself.",
      because: """
        the library asks not to clip: clipped gradients spoil the estimate of the step size, and \
        StableAdamW or atan2 already limit each step
        """,
      sources: [
        Citation("prodigyplus 2.0.1 prodigy_plus_schedulefree.py:25"),
        Citation("konstmish/prodigy issue 13", "https://github.com/konstmish/prodigy/issues/13"),
      ],
      covers: ["onetrainer/C36"],
      silencedBy: ["value-out-of-range"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "learning_rate": 1, "clip_grad_norm": ⟪1.0⟫, "optimizer": {"optimizer": ⟦"PRODIGY_PLUS_SCHEDULE_FREE"⟧, "eps": 1e-8}}"#,
          fixed:
            #"{"__version": 11, "learning_rate": 1, "clip_grad_norm": null, "optimizer": {"optimizer": "PRODIGY_PLUS_SCHEDULE_FREE", "eps": 1e-8}}"#
        ),
        // Nothing else limits the steps then.
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate": 1, "clip_grad_norm": 1.0, "optimizer": {"optimizer": "PRODIGY_PLUS_SCHEDULE_FREE", "eps": 1e-8, "use_stableadamw": false}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate": 1, "clip_grad_norm": null, "optimizer": {"optimizer": "PRODIGY_PLUS_SCHEDULE_FREE", "eps": 1e-8}}"#
        ),
      ])
  ) { plan, findings in
    guard plan.optimizer.id == "PRODIGY_PLUS_SCHEDULE_FREE", let clip = plan.gradientClip.number,
      clip > 0, clip.isFinite
    else { return }
    let limitsItself =
      plan.optimizer.option("use_stableadamw")?.isOn ?? true
      || plan.optimizer.option("eps")?.isNull ?? false
    guard limitsItself else { return }
    findings.report(
      "gradients are clipped to \(Number.literal(clip))\(plan.gradientClip.defaultNote): this optimizer limits its steps itself, leave clipping off",
      at: plan.gradientClip,
      related: [plan.optimizer.name.noted("asks not to clip")].compactMap(\.self),
      fixes: [findings.fix("switch clipping off", .unsafe, .set(plan.gradientClip, .null))])
  }
}
