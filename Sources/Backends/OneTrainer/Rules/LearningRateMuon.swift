import Knowledge
import Plans
import SourceText

/// The rate of the Adam that Muon uses beside itself.
extension Rule<OneTrainerConfig> {
  static let muonAdamRateIgnoresParts = Rule(
    RuleDescription(
      "muon-adam-rate-ignores-parts", .info, .silentlyIgnored, .learningRate,
      "A rate for Muon's auxiliary Adam together with rates per part or a scaled rate.",
      because: """
        what Muon leaves to Adam takes muon_adam_lr as it is: neither the part's own learning rate nor \
        learning_rate_scaler changes it
        """,
      sources: [Citation("OneTrainer 23df3832 modules/util/optimizer/muon_util.py:158-172")],
      covers: ["onetrainer/B31"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "text_encoder": {"learning_rate": ⟦1e-4⟧}, "optimizer": {"optimizer": "MUON_ADV", "MuonWithAuxAdam": true, "muon_adam_lr": ⟪3e-4⟫}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "text_encoder": {"learning_rate": 1e-4}, "optimizer": {"optimizer": "MUON_ADV", "MuonWithAuxAdam": true, "muon_adam_lr": null}}"#
        ),
      ])
  ) { config, findings in
    let rate = config.option("muon_adam_lr")
    guard config.usesAuxiliaryAdam, rate.isWritten, let value = rate.number else { return }
    let parts = config.trainedParts.map { config.part($0, "learning_rate") }
      .filter { !$0.isNull && $0.number != value }
    let scaler = config.setting("learning_rate_scaler")
    let isScaled = scaler.isWritten && scaler.text != "NONE"
    guard !parts.isEmpty || isScaled else { return }
    findings.report(
      "what is left to Adam is trained at \(Number.literal(value)) whatever the parts say",
      at: rate,
      related: (parts.map { $0.noted("only for what Muon trains") }
        + [isScaled ? scaler.noted("only for what Muon trains") : nil]).compactMap(\.self))
  }

  static let muonAdamRateTooLow = Rule(
    RuleDescription(
      "muon-adam-rate-too-low", .info, .changesTraining, .learningRate,
      "Muon's auxiliary Adam at 1e-6 while an adapter is trained at 1e-4 or more.",
      because: """
        1e-6 is what the interface fills in and suits whole models; the parameters of an adapter that \
        Muon leaves to Adam hardly move at it
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/util/optimizer_util.py"),
        Citation("OneTrainer pull request 1064", "https://github.com/Nerogar/OneTrainer/pull/1064"),
      ],
      covers: ["onetrainer/B32"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "learning_rate": ⟦3e-4⟧, "optimizer": {"optimizer": "MUON_ADV", "MuonWithAuxAdam": true, "muon_adam_lr": ⟪1e-6⟫}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "learning_rate": 3e-4, "optimizer": {"optimizer": "MUON_ADV", "MuonWithAuxAdam": true, "muon_adam_lr": 1e-4}}"#
        ),
      ])
  ) { config, findings in
    let adam = config.option("muon_adam_lr")
    let rate = config.setting("learning_rate")
    guard config.usesAuxiliaryAdam, config.trainingMethod == "LORA", let value = adam.number,
      value > 0, value <= 3e-6, let muon = rate.number, muon >= 1e-4
    else { return }
    findings.report(
      "what Muon leaves to Adam is trained at \(Number.literal(value))\(adam.defaultNote) and hardly moves: 1e-4 is usual for adapters",
      at: adam, related: [rate.noted("the rate of Muon")].compactMap(\.self))
  }
}

extension OneTrainerConfig {
  fileprivate var usesAuxiliaryAdam: Bool {
    optimizerFacts?.family == "muon" && option("MuonWithAuxAdam").isOn
  }
}
