import Knowledge
import Memory
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let runExceedsCard = Rule(
    RuleDescription(
      "run-exceeds-card", .warning, .crashesAtFirstStep, .memory,
      "A run that needs more video memory than the card has.",
      because: """
        when the card is full PyTorch stops with an out-of-memory error, or on Windows the driver moves \
        memory to RAM and every step takes many times as long
        """,
      sources: [Citation("PyTorch 2.13 c10/cuda/CUDACachingAllocator.cpp, OutOfMemoryError")],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "FINE_TUNE", "model_type": "STABLE_DIFFUSION_XL_10_BASE", \
          "base_model_name": "a/b", "batch_size": ⟪8⟫, "resolution": "1024", \
          "optimizer": {"optimizer": "ADAMW"}}
          """, vram: 8 << 30),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "FINE_TUNE", "model_type": "STABLE_DIFFUSION_XL_10_BASE", \
          "base_model_name": "a/b", "batch_size": 8, "resolution": "1024", \
          "optimizer": {"optimizer": "ADAMW"}}
          """, vram: 192 << 30),
        // Without a card there is nothing to compare with.
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "FINE_TUNE", "model_type": "STABLE_DIFFUSION_XL_10_BASE", \
          "base_model_name": "a/b", "batch_size": 8, "resolution": "1024", \
          "optimizer": {"optimizer": "ADAMW"}}
          """),
        // Of a model that is not known nothing is said.
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "FINE_TUNE", "model_type": "ERNIE", "batch_size": 8}"#,
          vram: 1 << 30),
      ])
  ) { plan, findings in
    guard let card = plan.cardBytes, let run = try? plan.memoryRun(),
      let estimate = try? MemoryEstimate(run), estimate.lowBytes > card
    else { return }
    let needed = Size.text(estimate.peakBytes)
    findings.report(
      "the run needs about \(needed), and \(Size.text(estimate.lowBytes)) at least: the card has \(Size.text(card))",
      at: plan.batchSize.isWritten ? plan.batchSize : plan.file)
  }
}
