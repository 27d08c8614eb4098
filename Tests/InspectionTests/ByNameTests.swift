import Inspection
import Knowledge
import Plans
import Reporting
import SourceText
import TestSupport
import Testing

/// A config as people write it, and every finding it gets: rule, place and the other places.
///
/// Unlike the examples of the rules, which look at one rule each, these state the whole outcome, so
/// that a cause that is reported together with its consequences shows.
struct ByName: CustomTestStringConvertible, Sendable {
  let text: String
  let mode: String
  /// "severity rule @ key path < related key paths", in alphabetical order.
  let findings: [String]
  var testDescription: String { "\(mode): \(text)" }

  /// A whole file.
  static func file(_ text: String, mode: String = "cli", _ findings: String...) -> ByName {
    ByName(text: text, mode: mode, findings: findings)
  }

  /// An SDXL adapter that is fine, but for what is added.
  static func adapter(_ added: String, mode: String = "cli", _ findings: String...) -> ByName {
    ByName(
      text: completed(
        added,
        by: #"""
          "training_method": "LORA", "model_type": "STABLE_DIFFUSION_XL_10_BASE", \#
          "output_model_format": "DIFFUSERS_LORA", "lora_alpha": 16, "text_encoder_2": {"train": false}
          """#), mode: mode, findings: findings)
  }

  /// Fine-tuning of the SDXL UNet.
  static func model(_ added: String, mode: String = "cli", _ findings: String...) -> ByName {
    ByName(
      text: completed(
        added,
        by: #"""
          "training_method": "FINE_TUNE", "model_type": "STABLE_DIFFUSION_XL_10_BASE", \#
          "output_model_format": "DIFFUSERS", "train_dtype": "BFLOAT_16", \#
          "text_encoder_2": {"train": false}
          """#), mode: mode, findings: findings)
  }

  /// Fine-tuning of a transformer, whose layers can be offloaded.
  static func transformer(_ added: String, mode: String = "cli", _ findings: String...) -> ByName {
    ByName(
      text: completed(
        added,
        by: #"""
          "training_method": "FINE_TUNE", "model_type": "CHROMA_1", \#
          "output_model_format": "DIFFUSERS", "train_dtype": "BFLOAT_16"
          """#), mode: mode, findings: findings)
  }

  private static func completed(_ added: String, by base: String) -> String {
    let encoder = added.contains("\"text_encoder\"") ? "" : "\"text_encoder\": {\"train\": false}, "
    return "{\"__version\": 11, \(base), \(encoder)\(added.dropFirst())"
  }
}

@Suite struct ByNameTests {
  static let cases: [ByName] =
    ByName.adaptiveRates + ByName.unequalRates + ByName.highRates + ByName.adafactor + ByName.fused
    + ByName.bfloat16 + ByName.cannotStart + ByName.schedules + ByName.unreadable
    + ByName.impossible

  /// The two readings are a subject of their own: whoever writes an optimizer's name alone gets
  /// other options on the command line than in the interface.
  @Test(arguments: cases)
  func isReportedAsIs(_ test: ByName) throws {
    #expect(try Self.findings(test, ignoring: ["two-readings"]) == test.findings)
  }

  @Test(arguments: ByName.twoReadings)
  func isReadInTwoWays(_ test: ByName) throws {
    #expect(try Self.findings(test, ignoring: []) == test.findings)
  }

  /// Whatever is repaired stays repaired and brings nothing worse.
  @Test(arguments: cases + ByName.twoReadings)
  func isRepairedForGood(_ test: ByName) throws {
    let inspector = Inspector(options: ReadingOptions(mode: test.mode))
    let source = SourceFile(path: "config.json", text: test.text)
    let before = try inspector.inspect(source).diagnostics
    let errors = Set(before.filter { $0.severity == .error }.map(\.rule))
    for diagnostic in before {
      for fix in diagnostic.fixes {
        let after = try inspector.inspect(
          SourceFile(path: "config.json", bytes: source.applying([fix]).bytes)
        ).diagnostics
        #expect(
          !after.contains { $0.message == diagnostic.message && $0.keyPath == diagnostic.keyPath },
          "'\(fix.title)' does not remove '\(diagnostic.message)'")
        let new = after.filter { $0.severity == .error && !errors.contains($0.rule) }
        #expect(new.map(\.message) == [], "'\(fix.title)' brings an error")
      }
    }
  }

  static func findings(_ test: ByName, ignoring ignored: Set<String>) throws -> [String] {
    try Inspector(options: ReadingOptions(mode: test.mode), ignored: ignored)
      .inspect(SourceFile(path: "config.json", text: test.text)).diagnostics
      .map { diagnostic in
        let related = diagnostic.related.map(\.keyPath).joined(separator: ", ")
        return "\(diagnostic.severity) \(diagnostic.rule) @ \(diagnostic.keyPath)"
          + (related.isEmpty ? "" : " < \(related)")
      }.sorted()
  }
}

extension ByName {
  /// Prodigy and D-Adaptation away from 1.
  static let adaptiveRates: [ByName] = [
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "PRODIGY", "decouple": true, "use_bias_correction": true, "safeguard_warmup": true, "slice_p": 11}}"#,
      "error adaptive-learning-rate-not-one @ learning_rate < optimizer.optimizer"),
    .adapter(
      #"{"learning_rate": 1, "optimizer": {"optimizer": "PRODIGY", "decouple": true, "use_bias_correction": true, "safeguard_warmup": true, "slice_p": 11}}"#
    ),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "PRODIGY_ADV", "beta1": 0.9, "slice_p": 11}}"#,
      "error adaptive-learning-rate-not-one @ learning_rate < optimizer.optimizer"),
    .adapter(
      #"{"learning_rate": 1, "optimizer": {"optimizer": "PRODIGY_ADV", "beta1": 0.9, "slice_p": 11}}"#
    ),
    .adapter(
      #"{"learning_rate": 0.0001, "clip_grad_norm": null, "optimizer": {"optimizer": "PRODIGY_PLUS_SCHEDULE_FREE", "eps": 1e-08}}"#,
      "error adaptive-learning-rate-not-one @ learning_rate < optimizer.optimizer"),
    .adapter(
      #"{"learning_rate": 1, "clip_grad_norm": null, "optimizer": {"optimizer": "PRODIGY_PLUS_SCHEDULE_FREE", "eps": 1e-08}}"#
    ),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "DADAPT_ADA_GRAD", "eps": 1e-06}}"#,
      "error adaptive-learning-rate-not-one @ learning_rate < optimizer.optimizer"),
    .adapter(
      #"{"learning_rate": 1, "optimizer": {"optimizer": "DADAPT_ADA_GRAD", "eps": 1e-06}}"#),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "DADAPT_ADAM"}}"#,
      "error adaptive-learning-rate-not-one @ learning_rate < optimizer.optimizer"),
    .adapter(
      #"{"learning_rate": 1, "optimizer": {"optimizer": "DADAPT_ADAM"}}"#),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "DADAPT_ADAN"}}"#,
      "error adaptive-learning-rate-not-one @ learning_rate < optimizer.optimizer"),
    .adapter(
      #"{"learning_rate": 1, "optimizer": {"optimizer": "DADAPT_ADAN"}}"#),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "DADAPT_LION"}}"#,
      "error adaptive-learning-rate-not-one @ learning_rate < optimizer.optimizer"),
    .adapter(
      #"{"learning_rate": 1, "optimizer": {"optimizer": "DADAPT_LION"}}"#),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "DADAPT_SGD"}}"#,
      "error adaptive-learning-rate-not-one @ learning_rate < optimizer.optimizer"),
    .adapter(
      #"{"learning_rate": 1, "optimizer": {"optimizer": "DADAPT_SGD"}}"#),
    .adapter(
      #"{"optimizer": {"optimizer": "PRODIGY", "decouple": true, "use_bias_correction": true, "safeguard_warmup": true, "slice_p": 11}}"#,
      "error adaptive-learning-rate-not-one @ learning_rate < optimizer.optimizer"),
    .adapter(
      #"{"learning_rate": 0.05, "optimizer": {"optimizer": "PRODIGY", "decouple": true, "use_bias_correction": true, "safeguard_warmup": true, "slice_p": 11}}"#,
      "warning adaptive-learning-rate-not-one @ learning_rate < optimizer.optimizer"),
    .adapter(
      #"{"learning_rate": 3, "optimizer": {"optimizer": "PRODIGY", "decouple": true, "use_bias_correction": true, "safeguard_warmup": true, "slice_p": 11}}"#,
      "warning adaptive-learning-rate-not-one @ learning_rate < optimizer.optimizer"),
    .adapter(
      #"{"learning_rate": 0.5, "optimizer": {"optimizer": "PRODIGY", "decouple": true, "use_bias_correction": true, "safeguard_warmup": true, "slice_p": 11}}"#
    ),
    .adapter(
      #"{"learning_rate": 1, "batch_size": 4, "learning_rate_scaler": "BATCH", "optimizer": {"optimizer": "PRODIGY", "decouple": true, "use_bias_correction": true, "safeguard_warmup": true, "slice_p": 11}}"#,
      "warning scaled-adaptive-learning-rate @ learning_rate_scaler < learning_rate, optimizer.optimizer"
    ),
    .adapter(
      #"{"learning_rate": 1, "learning_rate_warmup_steps": 100, "optimizer": {"optimizer": "PRODIGY", "decouple": true, "use_bias_correction": true, "safeguard_warmup": false, "slice_p": 11}}"#,
      "warning warmup-without-safeguard @ optimizer.safeguard_warmup < learning_rate_warmup_steps"),
  ]

  /// Parts at different rates.
  static let unequalRates: [ByName] = [
    .adapter(
      #"{"learning_rate": 1, "unet": {"learning_rate": 1}, "text_encoder": {"train": true, "learning_rate": 0.5}, "optimizer": {"optimizer": "PRODIGY", "decouple": true, "use_bias_correction": true, "safeguard_warmup": true, "slice_p": 11}}"#,
      "error unequal-learning-rates @ text_encoder.learning_rate < unet.learning_rate, optimizer.optimizer"
    ),
    .adapter(
      #"{"learning_rate": 1, "unet": {"learning_rate": 1}, "text_encoder": {"train": true, "learning_rate": 0.5}, "optimizer": {"optimizer": "DADAPT_ADAM"}}"#,
      "error unequal-learning-rates @ text_encoder.learning_rate < unet.learning_rate, optimizer.optimizer"
    ),
    .adapter(
      #"{"learning_rate": 1, "unet": {"learning_rate": 1}, "text_encoder": {"train": true, "learning_rate": 0.5}, "optimizer": {"optimizer": "DADAPT_LION"}}"#,
      "error unequal-learning-rates @ text_encoder.learning_rate < unet.learning_rate, optimizer.optimizer"
    ),
    .adapter(
      #"{"learning_rate": 1, "unet": {"learning_rate": 1}, "text_encoder": {"train": true, "learning_rate": 0.5}, "optimizer": {"optimizer": "DADAPT_SGD"}}"#,
      "error unequal-learning-rates @ text_encoder.learning_rate < unet.learning_rate, optimizer.optimizer"
    ),
    .adapter(
      #"{"learning_rate": 1, "text_encoder": {"train": true, "learning_rate": 0.5}, "optimizer": {"optimizer": "PRODIGY_ADV", "beta1": 0.9, "slice_p": 11}}"#
    ),
    .adapter(
      #"{"learning_rate": 1, "text_encoder": {"train": true, "learning_rate": 1}, "optimizer": {"optimizer": "PRODIGY", "decouple": true, "use_bias_correction": true, "safeguard_warmup": true, "slice_p": 11}}"#
    ),
    .adapter(
      #"{"learning_rate": 1, "text_encoder": {"train": false, "learning_rate": 0.5}, "optimizer": {"optimizer": "PRODIGY", "decouple": true, "use_bias_correction": true, "safeguard_warmup": true, "slice_p": 11}}"#
    ),
    .adapter(
      #"{"learning_rate": 1, "embedding_learning_rate": 0.5, "additional_embeddings": [{"placeholder": "<a>"}], "optimizer": {"optimizer": "PRODIGY", "decouple": true, "use_bias_correction": true, "safeguard_warmup": true, "slice_p": 11}}"#,
      "error unequal-learning-rates @ embedding_learning_rate < learning_rate, optimizer.optimizer"),
  ]

  /// Rates too high for the optimizer.
  static let highRates: [ByName] = [
    .adapter(
      #"{"learning_rate": 1.0, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      "error learning-rate-too-high @ learning_rate < optimizer.optimizer"),
    .adapter(
      #"{"learning_rate": 0.05, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      "warning learning-rate-too-high @ learning_rate < optimizer.optimizer"),
    .adapter(
      #"{"learning_rate": 0.0003, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#
    ),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "LION"}}"#,
      "warning sign-optimizer-at-adam-rate @ learning_rate < optimizer.optimizer"),
    .adapter(
      #"{"learning_rate": 0.00001, "optimizer": {"optimizer": "LION"}}"#),
    .adapter(
      #"{"learning_rate": 0, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      "error learning-rate-zero @ learning_rate"),
    .adapter(
      #"{"learning_rate": 0, "optimizer": {"optimizer": "PRODIGY", "decouple": true, "use_bias_correction": true, "safeguard_warmup": true, "slice_p": 11}}"#,
      "error value-out-of-range @ learning_rate < optimizer.optimizer"),
  ]

  /// Adafactor.
  static let adafactor: [ByName] = [
    .adapter(
      #"{"learning_rate": 0.0001, "learning_rate_scheduler": "CONSTANT", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": true, "scale_parameter": true}}"#,
      "warning relative-step-with-schedule @ optimizer.relative_step < learning_rate, learning_rate_scheduler"
    ),
    .adapter(
      #"{"learning_rate": 0.0001, "learning_rate_scheduler": "COSINE", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": true, "scale_parameter": true}}"#,
      "warning relative-step-with-schedule @ optimizer.relative_step < learning_rate, learning_rate_scheduler"
    ),
    .adapter(
      #"{"learning_rate": 0.0001, "learning_rate_scheduler": "ADAFACTOR", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": true, "scale_parameter": true}}"#,
      "info learning-rate-ignored @ learning_rate < optimizer.relative_step"),
    .adapter(
      #"{"learning_rate_scheduler": "ADAFACTOR", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": true, "scale_parameter": true}}"#
    ),
    .model(
      #"{"learning_rate_scheduler": "ADAFACTOR", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": true, "scale_parameter": true}}"#,
      "warning relative-step-rate-too-high @ optimizer.relative_step < optimizer.scale_parameter"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": true}}"#,
      "warning scale-parameter-with-learning-rate @ optimizer.scale_parameter < learning_rate"),
    .model(
      #"{"learning_rate": 0.00001, "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": true}}"#,
      "warning scale-parameter-with-learning-rate @ optimizer.scale_parameter < learning_rate"),
    .model(
      #"{"learning_rate": 0.00001, "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": false}}"#
    ),
    .adapter(
      #"{"learning_rate": 0.0001, "learning_rate_scheduler": "ADAFACTOR", "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      "error adafactor-schedule-needs-adafactor @ learning_rate_scheduler < optimizer.optimizer"),
    .adapter(
      #"{"learning_rate": 0.0001, "learning_rate_scheduler": "ADAFACTOR", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": true}}"#,
      "error adafactor-schedule-collapses @ learning_rate_scheduler < optimizer.relative_step, optimizer.scale_parameter"
    ),
    .adapter(
      #"{"learning_rate": 0.0001, "learning_rate_scheduler": "ADAFACTOR", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": false}}"#,
      "warning adafactor-schedule-constant @ learning_rate_scheduler < optimizer.relative_step"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": false, "warmup_init": true}}"#,
      "error optimizer-refuses-value @ optimizer.warmup_init < optimizer.relative_step"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAFACTOR", "relative_step": null, "scale_parameter": false}}"#,
      "error optimizer-refuses-value @ optimizer.relative_step"),
    .model(
      #"{"learning_rate": 0.00001, "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": false, "beta1": 0.9}}"#,
      "warning adafactor-momentum @ optimizer.beta1"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": false, "beta1": 0.9}}"#,
      "info adafactor-momentum @ optimizer.beta1"),
  ]

  /// Fused back pass and fused kernels.
  static let fused: [ByName] = [
    .adapter(
      #"{"learning_rate": 0.0001, "gradient_accumulation_steps": 4, "optimizer": {"optimizer": "CAME", "fused_back_pass": true}}"#,
      "warning fused-back-pass-with-accumulation @ optimizer.fused_back_pass < gradient_accumulation_steps"
    ),
    .adapter(
      #"{"learning_rate": 0.00001, "optimizer": {"optimizer": "LION", "fused_back_pass": true}}"#,
      "warning unsupported-fused-back-pass @ optimizer.fused_back_pass < optimizer.optimizer"),
    .adapter(
      #"{"learning_rate": 0.0001, "clip_grad_norm": 0.5, "optimizer": {"optimizer": "CAME", "fused_back_pass": true}}"#,
      "warning fused-back-pass-clips-each-tensor @ clip_grad_norm < optimizer.fused_back_pass"),
    .adapter(
      #"{"learning_rate": 0.0001, "clip_grad_norm": null, "optimizer": {"optimizer": "CAME", "fused_back_pass": true}}"#
    ),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAM", "fused": true, "stochastic_rounding": true}}"#,
      "error fused-kernel-conflict @ optimizer.fused < optimizer.stochastic_rounding"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAM", "foreach": true, "stochastic_rounding": true}}"#,
      "error fused-kernel-conflict @ optimizer.foreach < optimizer.stochastic_rounding"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAM", "fused": true, "stochastic_rounding": false, "fused_back_pass": true}}"#,
      "error fused-kernel-conflict @ optimizer.fused < optimizer.fused_back_pass"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAM", "fused": true}}"#,
      "error fused-kernel-conflict @ optimizer.fused"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAM", "fused": true, "stochastic_rounding": false}}"#
    ),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": true}}"#,
      "error fused-kernel-conflict @ optimizer.fused < optimizer.stochastic_rounding"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAMW", "foreach": true, "stochastic_rounding": true}}"#,
      "error fused-kernel-conflict @ optimizer.foreach < optimizer.stochastic_rounding"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false, "fused_back_pass": true}}"#,
      "error fused-kernel-conflict @ optimizer.fused < optimizer.fused_back_pass"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAMW", "fused": true}}"#,
      "error fused-kernel-conflict @ optimizer.fused"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#
    ),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAMW", "fused": true, "foreach": true, "stochastic_rounding": false}}"#,
      "error optimizer-refuses-value @ optimizer.foreach < optimizer.fused"),
    .transformer(
      #"{"learning_rate": 0.00001, "transformer": {"offload_fraction": 0.5}, "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": false, "fused_back_pass": false}}"#,
      "error offloading-without-fused-back-pass @ transformer.offload_fraction < optimizer.fused_back_pass"
    ),
    .transformer(
      #"{"learning_rate": 0.00001, "transformer": {"offload_fraction": 0.5}, "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": false, "fused_back_pass": true}}"#
    ),
    .transformer(
      #"{"learning_rate": 0.00001, "transformer": {"offload_fraction": 0.5}, "gradient_accumulation_steps": 2, "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": false, "fused_back_pass": true}}"#,
      "error accumulation-with-offloaded-layers @ gradient_accumulation_steps < transformer.offload_fraction"
    ),
  ]

  /// Trained weights in bfloat16.
  static let bfloat16: [ByName] = [
    .model(
      #"{"learning_rate": 0.000003, "unet": {"weight_dtype": "BFLOAT_16"}, "optimizer": {"optimizer": "ADAMW", "stochastic_rounding": false}}"#,
      "error bfloat16-weights-without-stochastic-rounding @ unet.weight_dtype < optimizer.stochastic_rounding, learning_rate"
    ),
    .model(
      #"{"learning_rate": 0.0001, "unet": {"weight_dtype": "BFLOAT_16"}, "optimizer": {"optimizer": "ADAMW", "stochastic_rounding": false}}"#,
      "warning bfloat16-weights-without-stochastic-rounding @ unet.weight_dtype < optimizer.stochastic_rounding"
    ),
    .model(
      #"{"learning_rate": 0.000003, "unet": {"weight_dtype": "BFLOAT_16"}, "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": false, "stochastic_rounding": true}}"#
    ),
    .model(
      #"{"learning_rate": 0.000003, "unet": {"weight_dtype": "BFLOAT_16"}, "optimizer": {"optimizer": "ADAMW_8BIT"}}"#,
      "error bfloat16-weights-without-stochastic-rounding @ unet.weight_dtype < optimizer.optimizer, learning_rate"
    ),
    .adapter(
      #"{"learning_rate": 0.0001, "train_dtype": "BFLOAT_16", "lora_weight_dtype": "BFLOAT_16", "optimizer": {"optimizer": "ADAMW_8BIT"}}"#,
      "warning bfloat16-weights-without-stochastic-rounding @ lora_weight_dtype < optimizer.optimizer"
    ),
    .adapter(
      #"{"learning_rate": 0.0001, "train_dtype": "BFLOAT_16", "lora_weight_dtype": "BFLOAT_16", "ema": "GPU", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": false}}"#,
      "warning average-in-bfloat16 @ ema < lora_weight_dtype"),
    .adapter(
      #"{"learning_rate": 0.0001, "ema": "GPU", "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#
    ),
    .adapter(
      #"{"learning_rate": 0.0001, "train_dtype": "BFLOAT_16", "lora_weight_dtype": "BFLOAT_16", "optimizer": {"optimizer": "ADAMW", "stochastic_rounding": true, "beta2": 0.99, "weight_decay": 0.01}}"#,
      "warning weight-decay-lost-in-bfloat16 @ optimizer.weight_decay < lora_weight_dtype, learning_rate"
    ),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAMW", "weight_decay": 0.01, "fused": true, "stochastic_rounding": false}}"#
    ),
    .adapter(
      #"{"learning_rate": 0.0001, "lora_weight_dtype": "FLOAT_16", "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      "error trained-weights-in-float16 @ lora_weight_dtype < optimizer.optimizer"),
  ]

  /// Optimizers that cannot start with their own defaults.
  static let cannotStart: [ByName] = [
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "LARS"}}"#,
      "error optimizer-refuses-value @ optimizer.momentum"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "LARS"}}"#, mode: "ui",
      "error optimizer-refuses-value @ optimizer.momentum"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "LARS", "momentum": 0.9}}"#),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "LARS_8BIT"}}"#,
      "error optimizer-refuses-value @ optimizer.momentum"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "LARS_8BIT"}}"#, mode: "ui",
      "error optimizer-refuses-value @ optimizer.momentum"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "LARS_8BIT", "momentum": 0.9}}"#),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "SGD_8BIT"}}"#,
      "error optimizer-refuses-value @ optimizer.momentum"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "SGD_8BIT"}}"#, mode: "ui",
      "error optimizer-refuses-value @ optimizer.momentum"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "SGD_8BIT", "momentum": 0.9}}"#),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "SCHEDULE_FREE_SGD"}}"#,
      "error optimizer-refuses-value @ optimizer.momentum"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "SCHEDULE_FREE_SGD"}}"#, mode: "ui",
      "error optimizer-refuses-value @ optimizer.momentum"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "SCHEDULE_FREE_SGD", "momentum": 0.9}}"#
    ),
    .adapter(
      #"{"learning_rate": 1, "optimizer": {"optimizer": "DADAPT_ADA_GRAD"}}"#,
      "error optimizer-refuses-value @ optimizer.eps"),
    .adapter(
      #"{"learning_rate": 1, "optimizer": {"optimizer": "DADAPT_ADA_GRAD"}}"#, mode: "ui",
      "error optimizer-refuses-value @ optimizer.eps"),
    .adapter(
      #"{"learning_rate": 1, "optimizer": {"optimizer": "DADAPT_ADA_GRAD", "eps": 1e-06}}"#),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAGRAD_8BIT"}}"#,
      "error optimizer-refuses-value @ optimizer.block_wise"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAGRAD_8BIT"}}"#, mode: "ui"),
    .adapter(
      #"{"learning_rate": 0.00001, "optimizer": {"optimizer": "SIGNSGD_ADV"}}"#,
      "error optimizer-refuses-value @ optimizer.momentum"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "AdEMAMix", "optim_bits": 8}}"#),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "AdEMAMix", "beta1": 0.9, "optim_bits": 8}}"#,
      "error optimizer-refuses-value @ optimizer.beta3 < optimizer.beta1"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAM_8BIT"}}"#,
      "warning adam-8bit-without-8-bits @ optimizer.optimizer"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAMW_8BIT"}}"#),
  ]

  /// Warm-up and schedule.
  static let schedules: [ByName] = [
    .adapter(
      #"{"learning_rate": 0.0001, "learning_rate_scheduler": "COSINE", "learning_rate_warmup_steps": 1, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      "error warmup-of-one @ learning_rate_warmup_steps < learning_rate_scheduler"),
    .adapter(
      #"{"learning_rate": 0.0001, "learning_rate_scheduler": "CONSTANT", "learning_rate_warmup_steps": 1, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      "warning warmup-of-one @ learning_rate_warmup_steps"),
    .adapter(
      #"{"learning_rate": 0.0001, "learning_rate_scheduler": "LINEAR", "learning_rate_warmup_steps": 1.0, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      "error warmup-of-one @ learning_rate_warmup_steps < learning_rate_scheduler"),
    .adapter(
      #"{"learning_rate": 0.0001, "learning_rate_scheduler": "COSINE", "learning_rate_warmup_steps": 0.5, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      "warning warmup-takes-the-run @ learning_rate_warmup_steps"),
    .adapter(
      #"{"learning_rate": 0.0001, "learning_rate_scheduler": "COSINE", "learning_rate_warmup_steps": 0.1, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#
    ),
    .adapter(
      #"{"learning_rate": 0.0001, "learning_rate_scheduler": "COSINE", "learning_rate_warmup_steps": 100, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#
    ),
    .adapter(
      #"{"learning_rate": 0.0001, "learning_rate_scheduler": "COSINE", "learning_rate_warmup_steps": 1, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      mode: "ui",
      "warning warmup-of-one @ learning_rate_warmup_steps < learning_rate_scheduler"),
    .adapter(
      #"{"learning_rate": 0.0001, "learning_rate_warmup_steps": 0.1, "optimizer": {"optimizer": "SCHEDULE_FREE_ADAMW"}}"#,
      "warning fractional-schedule-free-warmup @ learning_rate_warmup_steps < optimizer.optimizer"),
    .adapter(
      #"{"learning_rate": 0.0001, "learning_rate_warmup_steps": 1, "optimizer": {"optimizer": "SCHEDULE_FREE_ADAMW"}}"#
    ),
    .adapter(
      #"{"learning_rate": 0.0001, "learning_rate_scheduler": "COSINE", "optimizer": {"optimizer": "SCHEDULE_FREE_ADAMW"}}"#,
      "warning schedule-free-with-schedule @ learning_rate_scheduler < optimizer.optimizer"),
    .adapter(
      #"{"learning_rate": 0.0001, "learning_rate_scheduler": "COSINE_WITH_RESTARTS", "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      "warning schedule-ends-high @ learning_rate_scheduler"),
    .adapter(
      #"{"learning_rate": 0.0001, "learning_rate_scheduler": "COSINE_WITH_RESTARTS", "learning_rate_cycles": 1.5, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#
    ),
    .adapter(
      #"{"learning_rate": 0.0001, "learning_rate_scheduler": "COSINE", "learning_rate_min_factor": 1.5, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      "warning value-out-of-range @ learning_rate_min_factor < learning_rate_scheduler"),
    .adapter(
      #"{"learning_rate": 0.0001, "learning_rate_scheduler": "COSINE", "learning_rate_min_factor": -0.5, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      "error value-out-of-range @ learning_rate_min_factor < learning_rate_scheduler"),
    .adapter(
      #"{"learning_rate": 0.0001, "clip_grad_norm": 0, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      "error value-out-of-range @ clip_grad_norm"),
    .adapter(
      #"{"learning_rate": 0.0001, "clip_grad_norm": -1, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      "error value-out-of-range @ clip_grad_norm"),
    .adapter(
      #"{"learning_rate": 0.0001, "clip_grad_norm": null, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#
    ),
    .adapter(
      #"{"learning_rate": 1, "clip_grad_norm": 1.0, "optimizer": {"optimizer": "PRODIGY_PLUS_SCHEDULE_FREE", "eps": 1e-08}}"#,
      "warning prodigy-plus-with-gradient-clip @ clip_grad_norm < optimizer.optimizer"),
  ]

  /// Names and types the loader does not take.
  static let unreadable: [ByName] = [
    .adapter(
      #"{"learning_rate": 1, "optimizer": {"optimizer": "DADATP_SGD"}}"#,
      "error unknown-name @ optimizer.optimizer"),
    .adapter(
      #"{"learning_rate": 0.0001, "learning_rate_scheduler": "cosine", "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      "warning unknown-name @ learning_rate_scheduler"),
    .adapter(
      #"{"learning_rate": 0.0001, "unet": {"weight_dtype": "bfloat16"}, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      "warning unknown-name @ unet.weight_dtype"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": "false"}}"#,
      "error unreadable-value @ optimizer.stochastic_rounding"),
    .adapter(
      #"{"learning_rate": "abc", "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      "warning unreadable-value @ learning_rate"),
    .adapter(
      #"{"learning_rate": "abc", "optimizer": {"optimizer": "PRODIGY", "decouple": true, "use_bias_correction": true, "safeguard_warmup": true, "slice_p": 11}}"#,
      "error unreadable-value @ learning_rate"),
    .adapter(
      #"{"learning_rate": "1e-4", "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      "info number-in-text @ learning_rate"),
    .adapter(
      #"{"learning_rate": 0.0001, "latent_caching": "false", "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      "warning unreadable-value @ latent_caching"),
    .adapter(
      #"{"learning_rate": 0.0001, "epochs": null, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      "warning unreadable-value @ epochs"),
    .adapter(
      #"{"learning_rate": 0.0001, "concepts": null, "samples": null, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#
    ),
    .file(
      #"{"__version": 11, "training_method": "LORA", "output_model_format": "kohya_lora", "lora_alpha": 16, "learning_rate": 0.0003}"#,
      "error unknown-name @ output_model_format"),
    .adapter(
      #"{"learning_rate": 0.0001, "learning_rat": 0.1, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      "warning unknown-key @ learning_rat"),
    .adapter(
      #"{"learning_rate": 0.0001, "unet": {"weight_dtyp": "BFLOAT_16"}, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      "warning unknown-key @ unet.weight_dtyp"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAMW", "beta_1": 0.9, "fused": true, "stochastic_rounding": false}}"#,
      "warning unknown-key @ optimizer.beta_1"),
    .file(
      #"{"training_method": "LORA", "output_model_format": "DIFFUSERS_LORA", "lora_alpha": 16, "learning_rate": 0.0003, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      "error missing-version @ __version"),
    .file(
      #"{"__version": 12, "training_method": "LORA", "output_model_format": "DIFFUSERS_LORA", "lora_alpha": 16, "learning_rate": 0.0003}"#,
      "warning newer-version @ __version"),
    .file(
      #"{"__version": 11, "training_method": "LORA", "model_type": "QWEN", "lora_alpha": 16, "learning_rate": 0.0003, "layer_offload_fraction": 0.5, "text_encoder": {"train": false}, "output_model_format": "COMFY_LORA"}"#,
      "warning retired-key @ layer_offload_fraction"),
  ]

  /// What cannot be saved or trained.
  static let impossible: [ByName] = [
    .file(
      #"{"__version": 11, "training_method": "LORA", "model_type": "QWEN", "lora_alpha": 16, "learning_rate": 0.0003, "text_encoder": {"train": false}}"#,
      "error output-format-not-savable @ output_model_format < training_method"),
    .file(
      #"{"__version": 11, "training_method": "LORA", "model_type": "QWEN", "lora_alpha": 16, "learning_rate": 0.0003, "text_encoder": {"train": false}, "output_model_format": "SAFETENSORS"}"#,
      "error output-format-not-savable @ output_model_format < training_method, model_type"),
    .file(
      #"{"__version": 11, "training_method": "LORA", "model_type": "QWEN", "lora_alpha": 16, "learning_rate": 0.0003, "text_encoder": {"train": false}, "output_model_format": "SAFETENSORS"}"#,
      mode: "ui",
      "warning output-format-not-savable @ output_model_format < training_method, model_type"),
    .file(
      #"{"__version": 11, "training_method": "LORA", "model_type": "QWEN", "lora_alpha": 16, "learning_rate": 0.0003, "text_encoder": {"train": true}, "output_model_format": "ORIGINAL_LORA"}"#,
      "error adapter-format-too-narrow @ output_model_format < text_encoder.train"),
    .file(
      #"{"__version": 11, "training_method": "LORA", "model_type": "SANA", "lora_alpha": 16, "learning_rate": 0.0003, "text_encoder": {"train": false}, "output_model_format": "LEGACY_LORA"}"#,
      "error output-format-not-savable @ output_model_format < training_method, model_type"),
    .file(
      #"{"__version": 11, "training_method": "EMBEDDING", "model_type": "QWEN", "lora_alpha": 16, "learning_rate": 0.0003, "text_encoder": {"train": false}}"#,
      "error training-method-not-offered @ training_method < model_type"),
    .file(
      #"{"__version": 11, "training_method": "LORA", "model_type": "QWEN", "lora_alpha": 16, "learning_rate": 0.0003, "text_encoder": {"train": false}, "output_model_format": "COMFY_LORA", "loss_weight_fn": "MIN_SNR_GAMMA"}"#,
      "error loss-weight-not-implemented @ loss_weight_fn < model_type"),
    .file(
      #"{"__version": 11, "training_method": "LORA", "model_type": "QWEN", "lora_alpha": 16, "learning_rate": 0.0003, "text_encoder": {"train": false}, "output_model_format": "COMFY_LORA", "transformer": {"train": false}}"#,
      "error nothing-trained @ transformer.train < text_encoder.train"),
    .file(
      #"{"__version": 11, "training_method": "LORA", "model_type": "QWEN", "lora_alpha": 16, "learning_rate": 0.0003, "text_encoder": {"train": false}, "output_model_format": "COMFY_LORA", "transformer": {"stop_training_after_unit": "EPOCH"}}"#,
      "error part-frozen-from-the-start @ transformer.stop_training_after < transformer.stop_training_after_unit"
    ),
  ]

  /// The interface and the command line.
  static let twoReadings: [ByName] = [
    .adapter(
      #"{"learning_rate": 1, "learning_rate_warmup_steps": 0, "optimizer": {"optimizer": "PRODIGY", "slice_p": 11}}"#,
      "warning two-readings @ optimizer.decouple"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}, "optimizer_defaults": {"ADAMW": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false, "weight_decay": 0.1}}}"#,
      "warning two-readings @ optimizer.weight_decay < optimizer_defaults.ADAMW.weight_decay"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAMW", "weight_decay": 0.1, "fused": true, "stochastic_rounding": false}}"#,
      mode: "ui",
      "warning two-readings @ optimizer.weight_decay"),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAMW", "weight_decay": 0.1, "fused": true, "stochastic_rounding": false}, "optimizer_defaults": {"ADAMW": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false, "weight_decay": 0.1}}}"#
    ),
    .adapter(
      #"{"learning_rate": 0.0001, "optimizer": {"optimizer": "ADAMW", "weight_decay": 0.1, "fused": true, "stochastic_rounding": false}, "optimizer_defaults": {"ADAMW": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false, "weight_decay": 0.1}}}"#,
      mode: "ui"),
    .adapter(
      #"{"learning_rate": 0.0001, "layer_filter_preset": "attn-mlp", "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      "warning layer-filter-not-of-preset @ layer_filter_preset"),
    .adapter(
      #"{"learning_rate": 0.0001, "layer_filter_preset": "attn-mlp", "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      mode: "ui"),
    .adapter(
      #"{"learning_rate": 0.0001, "layer_filter": "down_blocks", "layer_filter_preset": "attn-mlp", "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      "warning layer-filter-not-of-preset @ layer_filter < layer_filter_preset"),
    .adapter(
      #"{"learning_rate": 0.0001, "layer_filter": "down_blocks", "layer_filter_preset": "attn-mlp", "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      mode: "ui",
      "warning layer-filter-not-of-preset @ layer_filter < layer_filter_preset"),
    .adapter(
      #"{"learning_rate": 0.0001, "layer_filter": "down_blocks", "layer_filter_preset": "custom", "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#,
      mode: "ui"),
  ]
}

/// Configs with every setting in them, as the interface saves them.
@Suite struct CompleteConfigTests {
  /// What is wrong with an optimizer that is left as the interface fills it in.
  static let known: [String: Set<String>] = [
    "ADAM_8BIT": ["adam-8bit-without-8-bits"],
    "DADAPT_ADA_GRAD": ["optimizer-refuses-value"],
    "LARS": ["optimizer-refuses-value"],
    "LARS_8BIT": ["optimizer-refuses-value"],
    "PRODIGY_PLUS_SCHEDULE_FREE": ["prodigy-plus-with-gradient-clip"],
    "SCHEDULE_FREE_SGD": ["optimizer-refuses-value"],
    "SGD_8BIT": ["optimizer-refuses-value"],
  ]

  @Test(arguments: Catalogue.optimizers(of: "onetrainer").map(\.id), ["cli", "ui"])
  func hasNoWarningButForTheOptimizer(_ id: String, _ mode: String) throws {
    let facts = try #require(Catalogue.optimizer(id))
    let text = try Self.text(facts)
    let serious = try Inspector(options: ReadingOptions(mode: mode))
      .inspect(SourceFile(path: "config.json", text: text)).diagnostics
      .filter { $0.severity > .info }
    #expect(Set(serious.map(\.rule)) == Self.known[id] ?? [], "\(serious.map(\.message))")
  }

  static func text(_ facts: OptimizerFacts) throws -> String {
    let use = try #require(facts.use(in: "onetrainer"))
    let options = object(Catalogue.options) { key in
      key == "optimizer"
        ? "\"\(use.name)\""
        : use[key].map { $0.tableDefault == .collection ? "{}" : literal($0.tableDefault) }
    }
    let rate = facts.isAdaptive ? "1.0" : facts.isSignBased ? "1e-05" : "0.0003"
    let chosen = [
      "optimizer": options, "optimizer_defaults": "{\"\(use.name)\": \(options)}",
      "learning_rate": rate, "training_method": "\"LORA\"", "lora_alpha": "16.0",
      "model_type": "\"STABLE_DIFFUSION_XL_10_BASE\"", "output_model_format": "\"DIFFUSERS_LORA\"",
      "__version": "11",
    ]
    let root = object(Catalogue.oneTrainer.root) { chosen[$0] }
    return "{\"__version\": 11, " + root.dropFirst()
  }

  private static func object(_ facts: ObjectFacts, _ chosen: (String) -> String?) -> String {
    let entries = facts.settings.map { setting in
      let value = chosen(setting.key) ?? standard(setting, in: setting.key)
      return "\"\(setting.key)\": \(value)"
    }
    return "{\(entries.joined(separator: ", "))}"
  }

  private static func standard(_ setting: SettingFacts, in parent: String) -> String {
    // An identifier that is made up anew each time.
    if setting.defaultValue == .null, !setting.isNullable { return "\"made-up\"" }
    guard setting.defaultValue == .collection else { return literal(setting.defaultValue) }
    guard setting.type == .object,
      let kind = setting.object.flatMap({ Catalogue.oneTrainer.objects[$0] })
    else { return setting.type == .list ? "[]" : "{}" }
    return object(kind) { key in
      Catalogue.oneTrainer.defaultOverrides[parent]?[key].map(literal)
    }
  }

  /// OneTrainer writes infinity as text.
  private static func literal(_ value: SettingValue) -> String {
    value.number.map { $0.isInfinite } ?? false ? "\"inf\"" : value.literal
  }
}
