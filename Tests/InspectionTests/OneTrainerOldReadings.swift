import Backends
import Knowledge

extension Reading {
  /// A file of an old version that has all that its version must have.
  private static func old(_ version: Int, _ rest: String) -> String {
    let parts = [
      "prior", "text_encoder", "text_encoder_2", "vae", "effnet_encoder", "decoder",
      "decoder_text_encoder", "decoder_vqgan",
    ]
    let formats = parts.map { #""\#($0)_weight_dtype": "FLOAT_32""# }.joined(separator: ", ")
    let prior = version > 1 ? #""prior": {"weight_dtype": "FLOAT_32"}"# : formats
    return """
      {"__version": \(version), "model_type": "QWEN", "weight_dtype": "BFLOAT_16", \(prior),
       \(version > 1 ? "" : #""unet_weight_dtype": "NONE", "#)\(rest)}
      """
  }

  static let migrations: [Reading] = optimizerKeys + partKeys + renamedKeys + spreadKeys

  private static let optimizerKeys: [Reading] = [
    Reading(
      "options beside the optimizer's name",
      old(
        0,
        #""optimizer": "LION", "optimizer_beta1": "0.8", "optimizer_beta2": "x", "optimizerk": 5"#),
      Expected("optimizer.optimizer", .text("LION"), .replaced, at: "optimizer"),
      Expected("optimizer.beta1", .number(0.8), .replaced, at: "optimizer_beta1"),
      Expected("optimizer.beta2", .null, .mistaken, at: "optimizer_beta2"),
      Expected("optimizer.k", .null, .bare)),
    // They are remembered too, so that the table does not count.
    Reading(
      "options beside the optimizer's name", .ui,
      old(0, #""optimizer": "ADAMW", "optimizer_beta1": 0.8"#),
      Expected("optimizer.optimizer", .text("ADAMW"), .replaced, at: "optimizer"),
      Expected("optimizer.beta1", .number(0.8), .replaced, at: "optimizer_beta1"),
      Expected("optimizer.fused", .boolean(false), .bare)),
    Reading(
      "options beside an unknown name", .ui,
      old(0, #""optimizer": "Adam", "optimizer_beta1": 0.8"#),
      Expected("optimizer.optimizer", .text("ADAMW"), .mistaken, at: "optimizer"),
      Expected("optimizer.beta1", .number(0.9), .table)),
    Reading(
      "options without a name", old(0, #""optimizer_beta1": 0.8, "optimizer_defaults": {}"#),
      Expected("optimizer.optimizer", .text("ADAMW"), .bare),
      Expected("optimizer.beta1", .number(0.9), .constructor)),
    Reading(
      "a built-in preset, which is not brought up to date", .ui, path: "training_presets/#own.json",
      old(0, #""optimizer": "LION", "optimizer_beta1": 0.8, "save_after": 5"#),
      Expected("optimizer.optimizer", .text("ADAMW"), .mistaken, at: "optimizer"),
      Expected("optimizer.beta1", .number(0.9), .table),
      Expected("save_every", .number(0), .bare)),
    Reading(
      "the last session, which is brought up to date", .ui, path: "training_presets/#.json",
      old(5, #""save_after": 5"#),
      Expected("save_every", .number(5), .written, at: "save_after")),
  ]

  private static let partKeys: [Reading] = [
    Reading(
      "flat keys",
      old(
        1,
        #""train_text_encoder": false, "train_text_encoder_epochs": 2.5, "prior_learning_rate": "1e-4", "vae_model_name": null"#
      ),
      Expected("text_encoder.train", .boolean(false), .replaced, at: "train_text_encoder"),
      Expected(
        "text_encoder.stop_training_after", .number(2), .replaced,
        at: "train_text_encoder_epochs"),
      Expected(
        "text_encoder.stop_training_after_unit", .text("EPOCH"), .replaced,
        at: "train_text_encoder_epochs"),
      Expected("vae.model_name", .text("None"), .mistaken, at: "vae_model_name"),
      Expected("unet.weight_dtype", .text("BFLOAT_16"), .replaced, at: "weight_dtype"),
      Expected("vae.weight_dtype", .text("FLOAT_32"), .replaced, at: "vae_weight_dtype"),
      // Both read the prior's keys.
      Expected("prior.learning_rate", .number(1e-4), .replaced, at: "prior_learning_rate"),
      Expected("transformer.learning_rate", .number(1e-4), .replaced, at: "prior_learning_rate")),
    Reading(
      "flat keys before and after an object, which takes the place of those before",
      old(
        1,
        #""train_unet": false, "unet": {"weight_dtype": "FLOAT_16", "train_embedding": false}, "unet_learning_rate": 0.5"#
      ),
      Expected("unet.train", .boolean(true), .bare),
      Expected("unet.train_embedding", .boolean(false), .written),
      Expected("unet.learning_rate", .number(0.5), .replaced, at: "unet_learning_rate"),
      Expected("unet.weight_dtype", .text("FLOAT_16"), .written)),
    Reading(
      "flat keys of today's version", #"{"__version": 11, "train_unet": false}"#,
      Expected("unet.train", .boolean(true), .bare)),
  ]

  private static let renamedKeys: [Reading] = [
    Reading(
      "min_snr_gamma", old(2, #""min_snr_gamma": 5, "loss_weight_fn": "P2""#),
      Expected("loss_weight_fn", .text("MIN_SNR_GAMMA"), .replaced, at: "min_snr_gamma"),
      Expected("loss_weight_strength", .number(5), .replaced, at: "min_snr_gamma")),
    Reading(
      "no min_snr_gamma", old(2, #""min_snr_gamma": 0, "loss_weight_fn": "P2""#),
      Expected("loss_weight_fn", .text("P2"), .written),
      Expected("loss_weight_strength", .number(5), .bare)),
    Reading(
      "min_snr_gamma, which version 3 does not read", old(3, #""min_snr_gamma": 5"#),
      Expected("loss_weight_fn", .text("CONSTANT"), .bare)),
    Reading(
      "Wuerstchen's loss weight",
      #"{"__version": 2, "model_type": "WUERSTCHEN_2", "weight_dtype": "FLOAT_32"}"#,
      Expected("loss_weight_fn", .text("P2"), .bare),
      Expected("loss_weight_strength", .number(1), .bare)),
    Reading(
      "noising",
      old(3, #""noising_weight": 2, "noising_bias": 0.75, "timestep_distribution": "COS_MAP""#),
      Expected("timestep_distribution", .text("SIGMOID"), .replaced, at: "noising_weight"),
      Expected("noising_weight", .number(2), .written),
      Expected("noising_bias", .number(0.25), .replaced)),
    Reading(
      "no noising", old(3, #""noising_bias": 0.75, "timestep_distribution": "COS_MAP""#),
      Expected("timestep_distribution", .text("UNIFORM"), .replaced),
      Expected("noising_weight", .number(0), .bare),
      Expected("noising_bias", .number(0), .replaced)),
    // Every text is another value than 0.
    Reading(
      "noising in quotes", old(3, #""noising_weight": "0""#),
      Expected("timestep_distribution", .text("SIGMOID"), .replaced, at: "noising_weight"),
      Expected("noising_weight", .number(0), .written),
      Expected("noising_bias", .number(0), .bare)),
    Reading(
      "saving", old(5, #""save_after": 7, "save_after_unit": "STEP", "save_every": 9"#),
      Expected("save_every", .number(7), .written, at: "save_after"),
      Expected("save_every_unit", .text("STEP"), .written, at: "save_after_unit")),
    Reading(
      "layers", old(7, #""lora_layers": "attn", "lora_layers_regex": true, "layer_filter": "own""#),
      Expected("layer_filter", .text("attn"), .written, at: "lora_layers"),
      Expected("layer_filter_regex", .boolean(true), .written, at: "lora_layers_regex")),
    Reading(
      "a preset of null", old(6, #""lora_layer_preset": null, "layer_filter_preset": "own""#),
      Expected("layer_filter_preset", .text("full"), .replaced, at: "lora_layer_preset")),
    Reading(
      "a preset of null", old(7, #""lora_layer_preset": null"#),
      Expected("layer_filter_preset", .text("None"), .mistaken, at: "lora_layer_preset")),
  ]

  private static let spreadKeys: [Reading] = [
    Reading(
      "transformers under prior",
      #"{"__version": 8, "model_type": "QWEN", "weight_dtype": "BFLOAT_16", "prior": {"weight_dtype": "NONE", "train": false}, "transformer": {"weight_dtype": "FLOAT_16"}}"#,
      Expected("transformer.train", .boolean(false), .written, at: "prior.train"),
      Expected("transformer.weight_dtype", .text("BFLOAT_16"), .replaced, at: "weight_dtype"),
      Expected("prior.weight_dtype", .text("BFLOAT_16"), .replaced, at: "weight_dtype")),
    Reading(
      "Cascade's prior is its own",
      #"{"__version": 8, "model_type": "STABLE_CASCADE_1", "weight_dtype": "BFLOAT_16", "prior": {"weight_dtype": "NONE", "train": false}}"#,
      Expected("transformer.train", .boolean(true), .bare),
      Expected("prior.train", .boolean(false), .written)),
    Reading(
      "the global format", .ui,
      #"{"__version": 9, "weight_dtype": "BFLOAT_16", "unet": {"weight_dtype": "NONE"}, "vae": {"weight_dtype": "FLOAT_16"}}"#,
      Expected("unet.weight_dtype", .text("BFLOAT_16"), .replaced, at: "weight_dtype"),
      Expected("vae.weight_dtype", .text("FLOAT_16"), .written),
      Expected("prior.weight_dtype", .text("FLOAT_32"), .bare)),
    Reading(
      "a global format that has no such name",
      #"{"__version": 9, "weight_dtype": "bf16", "unet": {"weight_dtype": "NONE"}}"#,
      Expected("unet.weight_dtype", .text("FLOAT_32"), .mistaken, at: "weight_dtype")),
    Reading(
      "no format in version 10",
      #"{"__version": 10, "weight_dtype": "BFLOAT_16", "unet": {"weight_dtype": "NONE"}}"#,
      Expected("unet.weight_dtype", .text("NONE"), .written)),
    Reading(
      "checkpointing with offloading",
      #"{"__version": 10, "gradient_checkpointing": "CPU_OFFLOADED", "layer_offload_fraction": "0.5", "unet": {"gradient_checkpointing": false}}"#,
      Expected(
        "unet.gradient_checkpointing", .boolean(true), .replaced,
        at: "gradient_checkpointing"),
      Expected("unet.activation_offloading", .boolean(true), .bare),
      Expected("unet.offload_fraction", .number(0.5), .replaced, at: "layer_offload_fraction"),
      // Only parts that the file has get them.
      Expected("vae.gradient_checkpointing", .boolean(true), .bare),
      Expected("vae.activation_offloading", .boolean(false), .bare)),
    Reading(
      "checkpointing without offloading",
      #"{"__version": 10, "gradient_checkpointing": "OFF", "enable_activation_offloading": true, "layer_offload_fraction": 0.5, "unet": {}}"#,
      Expected(
        "unet.gradient_checkpointing", .boolean(false), .replaced,
        at: "gradient_checkpointing"),
      Expected(
        "unet.activation_offloading", .boolean(false), .replaced,
        at: "enable_activation_offloading"),
      Expected("unet.offload_fraction", .number(0), .replaced, at: "layer_offload_fraction")),
    // From version 5 on a name is expected, and false is not the name OFF.
    Reading(
      "checkpointing as a boolean", old(4, #""gradient_checkpointing": false"#),
      Expected(
        "prior.gradient_checkpointing", .boolean(false), .replaced,
        at: "gradient_checkpointing")),
    Reading(
      "checkpointing as a boolean", old(5, #""gradient_checkpointing": false"#),
      Expected(
        "prior.gradient_checkpointing", .boolean(true), .replaced,
        at: "gradient_checkpointing")),
    Reading(
      "asynchronous offloading",
      #"{"__version": 10, "enable_async_offloading": false, "async_offloading": true}"#,
      Expected("async_offloading", .boolean(false), .written, at: "enable_async_offloading")),
    Reading(
      "asynchronous offloading under its new name",
      #"{"__version": 10, "async_offloading": false}"#,
      Expected("async_offloading", .boolean(true), .replaced)),
    Reading(
      "the output format of adapters",
      #"{"__version": 10, "training_method": "LORA", "output_model_format": "SAFETENSORS"}"#,
      Expected("output_model_format", .text("LEGACY_LORA"), .replaced)),
    Reading(
      "the output format of embeddings",
      #"{"__version": 10, "training_method": "EMBEDDING", "output_model_format": "SAFETENSORS"}"#,
      Expected("output_model_format", .text("SAFETENSORS"), .written)),
    Reading(
      "the output format of models", #"{"__version": 10, "output_model_format": "SAFETENSORS"}"#,
      Expected("output_model_format", .text("LEGACY_SAFETENSORS"), .replaced)),
  ]
}
