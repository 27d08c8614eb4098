import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let fusedBackPassClipsEachTensor = Rule(
    RuleDescription(
      "fused-back-pass-clips-each-tensor", .warning, .changesTraining, .memory,
      "A limit for the gradient's norm that a fused back pass applies to each tensor alone.",
      because: """
        with a fused back pass there is never a moment at which all gradients exist, so each tensor is \
        cut to the limit by itself; the whole may be far above it
        """,
      sources: [Citation("OneTrainer 23df3832 modules/trainer/GenericTrainer.py:579-587")],
      covers: ["onetrainer/D6", "kohya/K-FUS-07"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "clip_grad_norm": ⟪0.5⟫, "optimizer": {"optimizer": "ADAFACTOR", "fused_back_pass": ⟦true⟧}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "clip_grad_norm": null, "optimizer": {"optimizer": "ADAFACTOR", "fused_back_pass": true}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "clip_grad_norm": 0.5, "optimizer": {"optimizer": "ADAFACTOR", "fused_back_pass": false}}"#
        ),
        // Only a limit that somebody chose is worth a word.
        .allows(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": "ADAFACTOR", "fused_back_pass": true}}"#),
        .flags(
          "kohya",
          """
          optimizer_type = "Adafactor"
          optimizer_args = ["relative_step=False", "scale_parameter=False"]
          learning_rate_te1 = 1e-5
          fused_backward_pass = ⟦true⟧
          max_grad_norm = ⟪0.5⟫
          """),
        .allows(
          "kohya",
          """
          optimizer_type = "Adafactor"
          optimizer_args = ["relative_step=False", "scale_parameter=False"]
          learning_rate_te1 = 1e-5
          fused_backward_pass = true
          max_grad_norm = 0.0
          """),
      ])
  ) { plan, findings in
    guard let fused = plan.fusedBackPass, fused.isOn, plan.gradientClip.isWritten,
      let norm = plan.gradientClip.number, norm > 0,
      // The usual default, among all the others.
      !(plan.isWrittenByProgram && norm == 1)
    else { return }
    findings.report(
      "a gradient norm of \(Number.literal(norm)) holds for each tensor alone with a fused back pass, not for all together",
      at: plan.gradientClip, related: [(fused, "updates tensor by tensor")])
  }
}
