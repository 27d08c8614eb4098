import Backends
import Knowledge

extension Reading {
  /// Who decides what the file leaves out.
  static let defaults: [Reading] = [
    Reading(
      "a missing key", #"{"__version": 11}"#,
      Expected("learning_rate", .number(3e-6), .bare),
      Expected("model_type", .text("STABLE_DIFFUSION_15"), .bare),
      Expected("optimizer.optimizer", .text("ADAMW"), .bare),
      // Nothing but the constructor knows them on the command line.
      Expected("optimizer.beta1", .number(0.9), .constructor),
      Expected("optimizer.fused", .boolean(false), .bare)),
    Reading(
      "a missing key", .ui, #"{"__version": 11}"#,
      Expected("learning_rate", .number(3e-6), .bare),
      Expected("optimizer.optimizer", .text("ADAMW"), .bare),
      Expected("optimizer.beta1", .number(0.9), .table),
      Expected("optimizer.fused", .boolean(true), .table),
      // The table does not have it.
      Expected("optimizer.d_coef", .null, .bare)),
    Reading(
      "defaults of single parts", #"{"__version": 11, "text_encoder": {}}"#,
      Expected("text_encoder.stop_training_after", .number(30), .bare),
      Expected("text_encoder.stop_training_after_unit", .text("EPOCH"), .bare),
      Expected("unet.stop_training_after", .number(0), .bare),
      Expected("vae.stop_training_after", .null, .bare),
      Expected("unconditional_transformer.train", .boolean(false), .bare),
      Expected("transformer.train", .boolean(true), .bare)),
    Reading(
      "an option of the file",
      #"{"__version": 11, "optimizer": {"optimizer": "PRODIGY", "beta1": 0.8}}"#,
      Expected("optimizer.optimizer", .text("PRODIGY"), .written),
      Expected("optimizer.beta1", .number(0.8), .written),
      Expected("optimizer.d_coef", .number(1), .constructor)),
    Reading(
      "an option of the file", .ui,
      #"{"__version": 11, "optimizer": {"optimizer": "PRODIGY", "beta1": 0.8}}"#,
      Expected("optimizer.optimizer", .text("PRODIGY"), .written),
      Expected("optimizer.beta1", .number(0.9), .table),
      Expected("optimizer.d_coef", .number(1), .table)),
    Reading(
      "null", #"{"__version": 11, "optimizer": {"beta1": null}, "clip_grad_norm": null}"#,
      Expected("optimizer.beta1", .number(0.9), .replaced),
      Expected("clip_grad_norm", .null, .written)),
    Reading(
      "a repeated key",
      #"{"__version": 11, "epochs": 1, "epochs": 2, "unet": {"train": false}, "unet": {}}"#,
      Expected("epochs", .number(2), .written), Expected("unet.train", .boolean(true), .bare)),
  ]

  /// `optimizer_defaults`, which the interface alone reads.
  static let rememberedOptimizers: [Reading] = [
    Reading(
      "what is remembered of the optimizer", .ui,
      #"{"__version": 11, "optimizer": {"optimizer": "LION", "beta1": 0.5}, "optimizer_defaults": {"LION": {"optimizer": "LION", "beta1": 0.8}}}"#,
      Expected("optimizer.optimizer", .text("LION"), .written),
      Expected("optimizer.beta1", .number(0.8), .written, at: "optimizer_defaults.LION.beta1"),
      // Not the table's: the remembered object is completed first.
      Expected(
        "optimizer.beta2", .number(0.99), .constructor,
        at: "optimizer_defaults.LION.beta2")),
    Reading(
      "what is remembered of the optimizer", .cli,
      #"{"__version": 11, "optimizer": {"optimizer": "LION", "beta1": 0.5}, "optimizer_defaults": {"LION": {"optimizer": "LION", "beta1": 0.8}}}"#,
      Expected("optimizer.beta1", .number(0.5), .written)),
    Reading(
      "another optimizer is remembered", .ui,
      #"{"__version": 11, "optimizer": {"optimizer": "LION"}, "optimizer_defaults": {"ADAMW": {"optimizer": "ADAMW", "beta1": 0.8}}}"#,
      Expected("optimizer.beta1", .number(0.9), .table)),
    Reading(
      "the name is not remembered with its options", .ui,
      #"{"__version": 11, "optimizer": {"optimizer": "LION"}, "optimizer_defaults": {"LION": {"beta1": 0.8}}}"#,
      Expected(
        "optimizer.optimizer", .text("ADAMW"), .bare,
        at: "optimizer_defaults.LION.optimizer"),
      Expected("optimizer.beta1", .number(0.8), .written, at: "optimizer_defaults.LION.beta1")),
    Reading(
      "another name is remembered", .ui,
      #"{"__version": 11, "optimizer": {"optimizer": "LION"}, "optimizer_defaults": {"LION": {"optimizer": "TIGER"}}}"#,
      Expected(
        "optimizer.optimizer", .text("TIGER"), .written,
        at: "optimizer_defaults.LION.optimizer")),
    Reading(
      "one bad entry spoils all", .ui,
      #"{"__version": 11, "optimizer": {"optimizer": "LION"}, "optimizer_defaults": {"LION": {"optimizer": "LION", "beta1": 0.8}, "ADAMW": null}}"#,
      Expected("optimizer.beta1", .number(0.9), .table)),
    Reading(
      "no name", .ui, #"{"__version": 11, "optimizer": {"optimizer": 5, "beta1": 0.8}}"#,
      Expected("optimizer.optimizer", .text("ADAMW"), .mistaken),
      Expected("optimizer.beta1", .number(0.9), .table)),
    Reading(
      "no name", .cli, #"{"__version": 11, "optimizer": {"optimizer": 5, "beta1": 0.8}}"#,
      Expected("optimizer.optimizer", .number(5), .mistaken),
      Expected("optimizer.beta1", .number(0.8), .written)),
    Reading(
      "a name that no optimizer has", #"{"__version": 11, "optimizer": {"optimizer": "Lion"}}"#,
      Expected("optimizer.optimizer", .text("ADAMW"), .mistaken)),
  ]

  /// A value of another type than the setting's.
  static let conversions: [Reading] = [
    number("1e-4", 1e-4), number("\"1e-4\"", 1e-4), number("\" 3 \"", 3),
    number("\"1_000.5\"", 1000.5),
    number("\".5\"", 0.5), number("\"5.\"", 5), number("\"+5\"", 5), number("\"١٢\"", 12),
    number("\"\\u00a07\\n\"", 7), number("\"\\u00857\"", 7), number("\"inf\"", .infinity),
    number("\"-Infinity\"", -.infinity), number("1e400", .infinity),
    number("-Infinity", -.infinity),
    number("true", 1), refusedNumber("\"\\u001c7\""), refusedNumber("\"0,1\""),
    refusedNumber("\"1__0\""),
    refusedNumber("\"1_\""), refusedNumber("\"_1\""), refusedNumber("\"1_e5\""),
    refusedNumber("\"0x10\""), refusedNumber("\"\""), refusedNumber("\"7\\u200b\""),
    refusedNumber("\"1 2\""), refusedNumber("null"), refusedNumber("[0.1]"), refusedNumber("{}"),
    refusedNumber("1" + String(repeating: "0", count: 400)),
    whole("7", 7), whole("7.0", 7), whole("7.9", 7), whole("-7.9", -7), whole("\" 7 \"", 7),
    whole("\"1_0\"", 10), whole("\"-0\"", 0), whole("false", 0),
    refusedWhole("\"7.0\""), refusedWhole("\"1e3\""), refusedWhole("\"--7\""),
    refusedWhole("1e400"),
    refusedWhole("NaN"), refusedWhole("\"inf\""), refusedWhole("null"),
    refusedWhole("\"\(String(repeating: "9", count: 4301))\""),
    flag("true", true, .written), flag("\"false\"", true), flag("\"\"", false), flag("0", false),
    flag("-0.0", false), flag("2", true), flag("[]", false), flag("{}", false), flag("[0]", true),
    text("\"a\"", "a", .written), text("512", "512", .written), text("1e5", "100000.0", .written),
    text("1.50", "1.5", .written), text("1e22", "1e+22", .written), text("1e-5", "1e-05", .written),
    text("-0", "0", .written), text("1e400", "inf", .written), text("null", "None"),
    text("true", "True"), text("[1, 2.0, null, \"it's\"]", "[1, 2.0, None, \"it's\"]"),
    text("{\"a\": {\"b\": [false]}, \"a\": \"\\n\"}", "{'a': '\\n'}"),
    Reading(
      "a name that no choice has", #"{"__version": 11, "train_dtype": "bfloat16", "ema": null}"#,
      Expected("train_dtype", .text("FLOAT_16"), .mistaken), Expected("ema", .null, .mistaken)),
    Reading(
      "no name", #"{"__version": 11, "train_dtype": 16}"#,
      Expected("train_dtype", .number(16), .mistaken)),
    Reading(
      "no name", .ui, #"{"__version": 11, "train_dtype": 16, "ema": null}"#,
      Expected("train_dtype", .text("FLOAT_16"), .mistaken), Expected("ema", .null, .mistaken)),
    Reading(
      "a part that is no object",
      #"{"__version": 11, "unet": true, "vae": {"__version": 3, "train": false}}"#,
      Expected("unet.train", .boolean(true), .bare),
      Expected("vae.train", .boolean(false), .written)),
    Reading(
      "a version that cannot be looked up",
      #"{"__version": 11, "vae": {"__version": {}, "train": false}}"#,
      Expected("vae.train", .boolean(true), .bare)),
    Reading(
      "lists", #"{"__version": 11, "concepts": null, "additional_embeddings": null, "samples": 5}"#,
      Expected("concepts", .null, .written), Expected("additional_embeddings", .null, .mistaken),
      Expected("samples", .null, .mistaken)),
    Reading(
      "a list with an element that is no object", #"{"__version": 11, "samples": [{}, null]}"#,
      Expected("samples", .null, .mistaken)),
    Reading(
      "collections that are not looked into",
      #"{"__version": 11, "scheduler_params": "x", "optimizer": {"muon_adam_config": [1]}}"#,
      Expected("scheduler_params", .text("x"), .mistaken),
      Expected("optimizer.muon_adam_config", .collection, .mistaken)),
  ]

  private static func value(
    _ key: String, _ literal: String, _ value: SettingValue, _ source: ValueSource
  ) -> Reading {
    Reading(
      "\(key) \(literal.prefix(30))", #"{"__version": 11, "\#(key)": \#(literal)}"#,
      Expected(key, value, source))
  }

  private static func number(
    _ literal: String, _ number: Double, _ source: ValueSource = .written
  ) -> Reading {
    value("learning_rate", literal, .number(number), source)
  }

  private static func refusedNumber(_ literal: String) -> Reading {
    number(literal, 3e-6, .mistaken)
  }

  private static func whole(
    _ literal: String, _ number: Double, _ source: ValueSource = .written
  ) -> Reading {
    value("epochs", literal, .number(number), source)
  }

  private static func refusedWhole(_ literal: String) -> Reading { whole(literal, 100, .mistaken) }

  private static func flag(
    _ literal: String, _ flag: Bool, _ source: ValueSource = .mistaken
  ) -> Reading {
    value("masked_training", literal, .boolean(flag), source)
  }

  private static func text(
    _ literal: String, _ text: String, _ source: ValueSource = .mistaken
  ) -> Reading {
    value("resolution", literal, .text(text), source)
  }
}
