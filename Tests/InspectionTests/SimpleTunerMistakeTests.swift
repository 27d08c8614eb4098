import Inspection
import Plans
import Reporting
import SourceText
import TestSupport
import Testing

/// A SimpleTuner config that is fine, but for one change, and what is found then.
struct SimpleTunerMistake: CustomTestStringConvertible, Sendable {
  /// `"key": value`, in place of the base's entry of that key or added to it.
  let change: String
  /// "rule @ key path", in alphabetical order.
  let findings: [String]
  var base = Base.lora
  var testDescription: String { "\(base): \(change)" }

  enum Base: String, Sendable {
    case lora, full, lycoris

    var entries: [(key: String, text: String)] {
      let common = [
        ("model_family", #""flux""#), ("output_dir", #""out""#),
        ("data_backend_config", #""data.json""#), ("optimizer", #""adamw_bf16""#),
        ("max_train_steps", "2000"), ("num_train_epochs", "0"), ("mixed_precision", #""bf16""#),
      ]
      switch self {
      case .lora:
        return common + [
          ("model_type", #""lora""#), ("lora_rank", "16"), ("learning_rate", "1e-4"),
          ("lr_scheduler", #""polynomial""#), ("lr_warmup_steps", "100"),
        ]
      case .full: return common + [("model_type", #""full""#), ("learning_rate", "1e-6")]
      case .lycoris:
        return common + [
          ("model_type", #""lora""#), ("lora_type", #""lycoris""#), ("learning_rate", "1e-3"),
        ]
      }
    }
  }

  var text: String {
    var entries = base.entries
    let changed =
      (try? JSONReader.read(SourceFile(path: "a.json", text: "{\(change)}"), dialect: .python))?
      .root.children.map { ($0.key ?? "", $0.sourceText) } ?? []
    for (key, value) in changed {
      entries.removeAll { $0.key == key }
      if value != "\"-\"" { entries.append((key, value)) }
    }
    return "{" + entries.map { "\"\($0.key)\": \($0.text)" }.joined(separator: ", ") + "}"
  }

  static func lora(_ change: String, _ findings: String...) -> SimpleTunerMistake {
    SimpleTunerMistake(change: change, findings: findings)
  }
  static func full(_ change: String, _ findings: String...) -> SimpleTunerMistake {
    SimpleTunerMistake(change: change, findings: findings, base: .full)
  }
  static func lycoris(_ change: String, _ findings: String...) -> SimpleTunerMistake {
    SimpleTunerMistake(change: change, findings: findings, base: .lycoris)
  }
}

@Suite struct SimpleTunerMistakeTests {
  static let data = #"""
    [{"id": "images", "type": "local", "instance_data_dir": "images", "cache_dir_vae": "cache/vae",
      "resolution": 1024, "resolution_type": "pixel_area", "crop": true, "crop_style": "center",
      "crop_aspect": "square", "caption_strategy": "textfile", "metadata_backend": "discovery",
      "repeats": 9},
     {"id": "captions", "type": "local", "dataset_type": "text_embeds", "default": true,
      "cache_dir": "cache/text"}]
    """#
  static let lycoris = #"""
    {"algo": "lokr", "multiplier": 1.0, "linear_dim": 10000, "linear_alpha": 1, "factor": 16}
    """#

  static func findings(_ text: String, data: String = data, lycoris: String = lycoris) throws
    -> [String]
  {
    let files = ["data.json": data, "config/lycoris_config.json": lycoris]
    let neighbours = Neighbours { path in files[path].map { SourceFile(path: path, text: $0) } }
    return try Inspector().inspect(
      SourceFile(path: "config.json", text: text), neighbours: neighbours
    ).flatMap(\.diagnostics).map { "\($0.rule) @ \($0.keyPath)" }.sorted()
  }

  @Test(arguments: [SimpleTunerMistake.Base.lora, .full, .lycoris])
  func basesAreFine(_ base: SimpleTunerMistake.Base) throws {
    #expect(try Self.findings(SimpleTunerMistake(change: "", findings: [], base: base).text) == [])
  }

  static let mistakes: [SimpleTunerMistake] = [
    .lora(#""learning_rat_e": 1"#, "unknown-key @ learning_rat_e"),
    .lora(#""unet_lr": 1e-4"#, "unknown-key @ unet_lr"),
    .lora(#""optimizer": "-""#, "missing-setting @ optimizer"),
    .lora(
      #""model_type": null, "lora_rank": null, "learning_rate": 1e-6"#,
      "missing-setting @ model_type"),
    .lora(
      #""learning_rate": "-""#, "missing-setting @ learning_rate", "schedule-refused @ lr_scheduler"
    ),
    .lora(#""model_family": "pixart_sigma""#, "unknown-name @ model_family"),
    .lora(#""mixed_precision": "BF16""#, "unknown-name @ mixed_precision"),
    .lora(#""mixed_precision": "fp32""#, "unknown-name @ mixed_precision"),
    .lora(#""lr_scheduler": "Cosine""#, "unknown-name @ lr_scheduler"),
    .lora(#""optimizer": "lion""#, "unknown-name @ optimizer"),
    .lora(#""optimizer": "adafactor", "learning_rate": 1"#, "unknown-name @ optimizer"),
    .lora(
      #""text_encoder_lr": 1e-6, "train_text_encoder": true"#, "unreadable-value @ text_encoder_lr"),
    .lora(#""lora_rank": 16.0"#, "unreadable-value @ lora_rank"),
    .lora(#""gradient_checkpointing": "false""#, "unreadable-value @ gradient_checkpointing"),
    .lora(#""use_ema": "maybe""#, "unreadable-value @ use_ema"),
    .lora(#""sla_config": {"a": 1}"#, "unreadable-value @ sla_config"),
    .lora(#""num_train_epochs": 10"#, "conflicting-settings @ num_train_epochs"),
    .lora(#""num_train_epochs": "-""#, "conflicting-settings @ num_train_epochs"),
    .lora(#""max_train_steps": 0"#, "value-out-of-range @ num_train_epochs"),
    .lora(#""gradient_accumulation_steps": 0"#, "value-out-of-range @ gradient_accumulation_steps"),
    .full(#""base_model_precision": "int8-quanto""#, "conflicting-settings @ base_model_precision"),
    .lora(
      #""model_family": "wan", "base_model_precision": "fp8-quanto""#,
      "conflicting-settings @ base_model_precision"),
    .lora(
      #""quantize_via": "pipeline", "base_model_precision": "int8-sdnq""#,
      "conflicting-settings @ base_model_precision"),
    .lora(
      #""base_model_precision": "int8-quanto", "text_encoder_1_precision": "int8-torchao""#,
      "two-packing-engines @ text_encoder_1_precision"),
    .lora(
      #""base_model_precision": "nf4-bnb", "optimizer": "bnb-lion8bit", "learning_rate": 1e-5"#,
      "questionable-setting @ base_model_precision"),
    .lora(
      #""optimizer": "bnb-adamw8bit", "optimizer_release_gradients": true, "base_model_precision": "int8-quanto""#,
      "conflicting-settings @ optimizer"),
    .lora(
      #""optimizer": "bnb-adam8bit", "base_model_precision": "int8-quanto""#,
      "unusable-optimizer @ optimizer"),
    .lora(#""model_family": "sdxl", "optimizer": "muon""#, "conflicting-settings @ optimizer"),
    .lora(#""optimizer_beta1": 0.9"#, "missing-setting @ optimizer_beta2"),
    .lora(#""optimizer_config": "eps=1e-8,""#, "malformed-optimizer-config @ optimizer_config."),
    .lora(
      #""optimizer_config": "eps=1e-8, weight_decay=0.1""#,
      "malformed-optimizer-config @ optimizer_config.weight_decay"),
    .lora(
      #""optimizer_config": "weight_decay=1E-2""#,
      "malformed-optimizer-config @ optimizer_config.weight_decay"),
    .lora(
      #""optimizer_config": "wieght_decay=0.1""#,
      "unknown-optimizer-option @ optimizer_config.wieght_decay"),
    .lora(
      #""optimizer_config": "weight_decay=-0.5""#,
      "optimizer-refuses-value @ optimizer_config.weight_decay"),
    .lora(#""adam_weight_decay": 0.1"#, "setting-without-effect @ adam_weight_decay"),
    .lora(#""max_grad_norm": 1.0"#, "clip-by-value @ max_grad_norm"),
    .lora(#""model_family": "pixart", "max_grad_norm": 1.0"#, "setting-replaced @ max_grad_norm"),
    .lora(#""lr_scheduler": "cosine""#, "wave-instead-of-decay @ lr_warmup_steps"),
    .lora(#""lr_scheduler": "cosine_with_restarts""#, "restarts-that-stand-still @ lr_scheduler"),
    .lora(#""lr_scheduler": "sine", "lr_warmup_steps": 0"#, "schedule-refused @ lr_warmup_steps"),
    .lora(#""lr_end": 1e-3"#, "schedule-refused @ lr_end"),
    .lora(#""lr_warmup_steps": 2000"#, "warmup-takes-the-run @ lr_warmup_steps"),
    .lora(#""lr_scheduler": "constant""#, "setting-replaced @ lr_scheduler"),
    .lora(#""lr_num_cycles": 3"#, "schedule-setting-without-effect @ lr_num_cycles"),
    .lora(
      #""optimizer": "prodigy", "prodigy_steps": 500"#, "learning-rate-ignored @ learning_rate"),
    .lora(
      #""optimizer": "adamw_schedulefree", "lr_scheduler": "constant_with_warmup", "optimizer_config": "weight_decay=0", "base_model_precision": "int8-quanto""#,
      "questionable-setting @ optimizer"),
    .lora(#""learning_rate": 1"#, "learning-rate-too-high @ learning_rate"),
    .lora(#""learning_rate": 1e-6"#, "learning-rate-of-another-method @ learning_rate"),
    .full(
      #""learning_rate": 1e-4, "model_family": "sd3""#,
      "learning-rate-of-another-method @ learning_rate"),
    .lora(#""optimizer": "optimi-lion""#, "sign-optimizer-at-adam-rate @ learning_rate"),
    .lora(#""mixed_precision": "no""#, "setting-replaced @ mixed_precision"),
    .lycoris(#""lora_rank": 64"#, "setting-without-effect @ lora_rank"),
    .lycoris(#""train_text_encoder": true"#, "conflicting-settings @ train_text_encoder"),
    .lora(#""ramtorch": true, "enable_group_offload": true"#, "conflicting-settings @ ramtorch"),
    .lora(
      #""model_family": "sdxl", "enable_group_offload": true"#,
      "conflicting-settings @ enable_group_offload"),
    .lora(
      #""gradient_checkpointing_interval": 4, "gradient_checkpointing_segment_stride": 2"#,
      "stride-below-interval @ gradient_checkpointing_segment_stride"),
    .lora(
      #""model_family": "z_image", "controlnet": true, "data_backend_config": "elsewhere""#,
      "conflicting-settings @ controlnet"),
    .lora(#""model_flavour": "schnell""#, "missing-setting @ flux_fast_schedule"),
    .lora(#""model_flavour": "kontex""#, "unknown-name @ model_flavour"),
    .lora(#""maximum_image_size": 2048"#, "missing-setting @ target_downsample_size"),
    .lora(
      #""fsdp_enable": true, "base_model_precision": "int8-quanto""#,
      "conflicting-settings @ base_model_precision"),
    .lora(#""lr_scale": true, "train_batch_size": 4"#, "scaled-learning-rate @ learning_rate"),
  ]

  @Test(arguments: mistakes)
  func isFoundAtItsKey(_ mistake: SimpleTunerMistake) throws {
    let found = try Self.findings(mistake.text)
    #expect(found == mistake.findings.sorted())
  }

  /// A change of the data sets: what it replaces, by what, and what is found.
  static let dataMistakes: [(old: String, new: String, finding: String)] = [
    (#""id": "images""#, #""name": "images""#, "missing-setting @ [0].id"),
    (#""type": "local", "instance"#, #""type": "locl", "instance"#, "unknown-name @ [0].type"),
    (
      #""instance_data_dir": "images""#, #""instance_dir": "images""#,
      "missing-setting @ [0].instance_data_dir"
    ),
    (#""crop_style": "center""#, #""crop_style": "middle""#, "unknown-name @ [0].crop_style"),
    (
      #""crop_aspect": "square""#, #""crop_aspect": "closest""#,
      "missing-setting @ [0].crop_aspect_buckets"
    ),
    (#""resolution": 1024"#, #""resolution": 1.0"#, "size-in-another-unit @ [0].resolution"),
    (#""pixel_area""#, #""area""#, "size-in-another-unit @ [0].resolution"),
    (#""repeats": 9"#, #""repeat": 9"#, "unknown-key @ [0].repeat"),
    (#""crop": true"#, #""crop": "false""#, "unreadable-value @ [0].crop"),
    (
      #""caption_strategy": "textfile""#, #""caption_strategy": "huggingface""#,
      "conflicting-settings @ [0].caption_strategy"
    ),
    (#""default": true"#, #""caption_filter": "a""#, "unknown-key @ [1].caption_filter"),
    (
      #""cache_dir": "cache/text""#, #""cache_dir": "cache/vae""#,
      "shared-cache-folder @ [0].cache_dir_vae"
    ),
    (#""repeats": 9"#, #""start_step": 500"#, "no-data-set-at-start @ [0].start_step"),
    (#""repeats": 9"#, #""text_embeds": "caption""#, "unknown-data-set @ [0].text_embeds"),
    (#""repeats": 9"#, #""maximum_image_size": 2048"#, "missing-setting @ [0].maximum_image_size"),
    (#""repeats": 9"#, #""train_batch_size": 0"#, "value-out-of-range @ [0].train_batch_size"),
  ]

  @Test(arguments: dataMistakes.indices)
  func isFoundInTheDataSets(_ number: Int) throws {
    let mistake = Self.dataMistakes[number]
    let data = Self.data.replacing(mistake.old, with: mistake.new)
    #expect(data != Self.data)
    let text = SimpleTunerMistake(change: "", findings: []).text
    let extra = mistake.new.contains("instance_dir") || mistake.new.contains("\"name\"")
    let found = try Self.findings(text, data: data)
    #expect(extra ? found.contains(mistake.finding) : found == [mistake.finding])
    // The same where the file stands alone.
    let alone = try Inspector().inspect(SourceFile(path: "data.json", text: data)).diagnostics
      .map { "\($0.rule) @ \($0.keyPath)" }
    #expect(alone.contains(mistake.finding))
  }

  @Test(arguments: [
    (#""multiplier": 1.0, "#, "", "missing-setting @ multiplier"),
    (#""linear_dim": 10000, "#, "", "missing-setting @ linear_dim"),
    (#""algo": "lokr", "#, "", "missing-setting @ algo"),
  ])
  func isFoundInTheAdapter(_ old: String, _ new: String, _ finding: String) throws {
    let text = SimpleTunerMistake(change: "", findings: [], base: .lycoris).text
    let lycoris = Self.lycoris.replacing(old, with: new)
    #expect(try Self.findings(text, lycoris: lycoris) == [finding])
  }
}
