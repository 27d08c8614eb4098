import Knowledge

extension OneTrainerMigration {
  /// The parts that config version 1 already had.
  static let flatParts = [
    "unet", "prior", "text_encoder", "text_encoder_2", "vae", "effnet_encoder", "decoder",
    "decoder_text_encoder", "decoder_vqgan",
  ]

  /// The keys that parts had until config version 1, and where they went.
  ///
  /// OneTrainer 23df3832, `modules/util/config/TrainConfig.py:643-720`.
  static let flatKeys: [String: (part: String, key: String)] = {
    var keys: [String: (String, String)] = ["prior_model_name": ("prior", "model_name")]
    for part in ["unet", "prior", "text_encoder", "text_encoder_2"] {
      keys["train_\(part)"] = (part, "train")
      keys["train_\(part)_epochs"] = (part, "stop_training_after")
      keys["\(part)_learning_rate"] = (part, "learning_rate")
    }
    for part in ["vae", "effnet_encoder", "decoder"] {
      keys["\(part)_model_name"] = (part, "model_name")
    }
    for part in flatParts { keys["\(part)_weight_dtype"] = (part, "weight_dtype") }
    return keys
  }()

  /// The keys that embeddings had until config version 1.
  static let flatEmbeddingKeys: Set = [
    "embedding_model_names", "token_count", "initial_embedding_text",
  ]
}

extension BackendFacts {
  /// Whether a value is one of the names that a setting at the top accepts.
  func isChoice(_ value: SettingValue, of key: String) -> Bool {
    value.text.flatMap { root[key]?.choices.contains($0) } ?? false
  }
}
