import Knowledge
import Plans
import SourceText

extension Rule<OneTrainerConfig> {
  static let embeddingsNotTrained = Rule(
    RuleDescription(
      "embeddings-not-trained", .error, .crashesAtStart, .adapter,
      "Additional embeddings for a model that cannot train them.",
      because: """
        the set-ups of Anima, Krea 2 and Qwen stop at embeddings, those of Flux 2, Z-Image, Ernie and \
        Ideogram leave them out
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/modelSetup/QwenLoRASetup.py:29-30"),
        Citation("OneTrainer 23df3832 modules/modelSetup/Flux2LoRASetup.py:18-27"),
      ],
      covers: ["onetrainer/F31", "onetrainer/F31b"],
      silencedBy: ["training-method-not-offered"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": ⟦"QWEN"⟧, \
          "additional_embeddings": [⟪{"placeholder": "<mine>"}⟫]}
          """),
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": ⟦"FLUX_2"⟧, \
          "additional_embeddings": [⟪{"placeholder": "<mine>"}⟫]}
          """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "QWEN", \
          "additional_embeddings": [{"placeholder": "<mine>", "train": false}]}
          """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "SANA", \
          "additional_embeddings": [{"placeholder": "<mine>"}]}
          """),
      ])
  ) { config, findings in
    guard let model = config.model, !model.hasAdditionalEmbeddings,
      model.methods.contains(config.trainingMethod),
      let list = config.root.entry("additional_embeddings"), list.kind == .sequence
    else { return }
    let type = config.setting("model_type")
    for embedding in list.children
    where embedding.kind == .mapping
      && embedding["train"].map({ SettingValue($0).isTruthy }) ?? true
    {
      let stops = !model.hasEmbeddings
      findings.report(
        stops
          ? "embeddings cannot be trained with \(model.title): OneTrainer stops before the first step"
          : "this embedding is not trained: there is no code for it with \(model.title)",
        at: Place(embedding), severity: stops ? .error : .warning,
        consequence: stops ? .crashesAtStart : .silentlyIgnored,
        related: type.isWritten ? [(type, "trains no embeddings")] : [])
    }
  }
}
