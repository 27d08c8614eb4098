import SourceText

extension KohyaMistake {
  static let all = keys + values + optimizers + schedules + models + data + commands + interface

  private static let keys = [
    KohyaMistake(
      "sdxl.toml", "learning_rate =", "learning_rat =", "unknown-key", "training.learning_rat",
      .warning),
    KohyaMistake(
      "sdxl.toml", "seed = 42", "seed = 42\nepoch = 10", "unknown-key", "training.epoch", .info),
    KohyaMistake(
      "sdxl.toml", "seed = 42", "seed = 42\n[more]\nseed = 1", "repeated-key", "training.seed",
      .warning),
    KohyaMistake(
      "sdxl.toml", "seed = 42", "[training.more]\nseed = 1", "nested-table", "training.more",
      .warning),
    KohyaMistake(
      "sdxl.toml", "seed = 42", "[optimizer_args]\nweight_decay = 0.1", "table-instead-of-list",
      "optimizer_args", .warning),
    KohyaMistake(
      "sdxl.toml", "seed = 42", "t5xxl = \"t5.safetensors\"", "key-of-another-script",
      "training.t5xxl", .warning),
    KohyaMistake(
      "flux.toml", "blocks_to_swap", "block_to_swap", "unknown-key", "block_to_swap", .warning),
  ]

  private static let values = [
    KohyaMistake(
      "sdxl.toml", "learning_rate = 1e-4", "learning_rate = \"1e-4\"", "number-in-text",
      "training.learning_rate"),
    KohyaMistake(
      "sdxl.toml", "seed = 42", "seed = 42.0", "number-in-text", "training.seed"),
    KohyaMistake(
      "sdxl.toml", "seed = 42", "seed = 0x2A", "toml-too-new", "training.seed"),
    KohyaMistake(
      "sdxl.toml", "resolution = \"1024,1024\"", "resolution = [1024, 1024]", "unreadable-value",
      "images.resolution"),
    KohyaMistake(
      "sdxl.toml", "enable_bucket = true", "enable_bucket = \"false\"", "unreadable-value",
      "images.enable_bucket"),
    KohyaMistake(
      "sdxl.toml", "gradient_checkpointing = true", "gradient_checkpointing = \"false\"",
      "unreadable-value", "training.gradient_checkpointing", .warning),
    KohyaMistake(
      "sdxl.toml", "lr_scheduler = \"cosine\"", "lr_scheduler = \"cosin\"", "unknown-name",
      "training.lr_scheduler"),
    KohyaMistake(
      "sdxl.toml", "mixed_precision = \"bf16\"", "mixed_precision = \"bfloat16\"", "unknown-name",
      "training.mixed_precision"),
    KohyaMistake(
      "flux.toml", "timestep_sampling = \"shift\"", "timestep_sampling = \"shft\"", "unknown-name",
      "timestep_sampling", .warning),
    KohyaMistake(
      "flux.toml", "cache_latents = true", "cache_latents = true\ntext_encoder_lr = [1.0, 1]",
      "toml-too-new", "text_encoder_lr"),
  ]

  private static let optimizers = [
    KohyaMistake(
      "sdxl.toml", "optimizer_type = \"AdamW8bit\"", "optimizer_type = \"AdamW8bt\"",
      "unknown-name", "training.optimizer_type"),
    KohyaMistake(
      "sdxl.toml", "weight_decay=0.1\"", "weight_decay=0,1\"", "unreadable-value",
      "training.optimizer_args[0]"),
    KohyaMistake(
      "sdxl.toml", "\"weight_decay=0.1\"", "\"weight_decay = 0.1\"", "malformed-argument",
      "training.optimizer_args[0]"),
    KohyaMistake(
      "sdxl.toml", "\"weight_decay=0.1\"", "\"weight_deca=0.1\"", "unknown-optimizer-option",
      "training.optimizer_args[0]"),
    KohyaMistake(
      "sdxl.toml", "\"weight_decay=0.1\"", "\"weight_decay\"", "malformed-argument",
      "training.optimizer_args[0]"),
    KohyaMistake(
      "sdxl.toml", "betas=0.9,0.99", "betas=0.9;0.99", "argument-not-a-literal",
      "training.optimizer_args[1]"),
    KohyaMistake(
      "sdxl.toml", "betas=0.9,0.99", "betas=0.9,1.0", "optimizer-refuses-value",
      "training.optimizer_args[1]"),
    KohyaMistake(
      "sdxl.toml", "\"AdamW8bit\"", "\"Lion8bit\"", "sign-optimizer-at-adam-rate",
      "training.learning_rate", .warning),
    KohyaMistake(
      "sdxl.toml", "learning_rate = 1e-4", "learning_rate = 1.0", "learning-rate-too-high",
      "training.learning_rate"),
    KohyaMistake(
      "flux.toml", "learning_rate = 1.0", "learning_rate = 1e-4", "adaptive-learning-rate-not-one",
      "learning_rate"),
    KohyaMistake(
      "flux.toml", "safeguard_warmup=True\"]\nlearning_rate = 1.0\nlr_scheduler = \"constant\"",
      "safeguard_warmup=False\"]\nlearning_rate = 1.0\nlr_scheduler = \"cosine\"\nlr_warmup_steps = 50",
      "warmup-without-safeguard", "optimizer_args[1]", .warning),
    KohyaMistake(
      "model.toml", "scale_parameter=False", "scale_parameter=True",
      "scale-parameter-with-learning-rate", "optimizer_args[1]", .warning),
    KohyaMistake(
      "model.toml", "relative_step=False", "relative_step='False'", "unreadable-value",
      "optimizer_args[0]"),
    KohyaMistake(
      "flux.toml", "blocks_to_swap = 18", "fused_backward_pass = true", "conflicting-settings",
      "fused_backward_pass"),
  ]

  private static let schedules = [
    KohyaMistake(
      "sdxl.toml", "lr_scheduler = \"cosine\"", "lr_scheduler = \"constant\"", "warmup-refused",
      "training.lr_warmup_steps"),
    KohyaMistake(
      "sdxl.toml", "lr_warmup_steps = 100", "lr_warmup_steps = 1500", "warmup-takes-the-run",
      "training.lr_warmup_steps", .warning),
    KohyaMistake(
      "sdxl.toml", "lr_warmup_steps = 100", "lr_warmup_steps = 0.5", "warmup-takes-the-run",
      "training.lr_warmup_steps", .warning),
    KohyaMistake(
      "sdxl.toml", "lr_warmup_steps = 100", "lr_warmup_steps = 100.0", "warmup-counted-in-runs",
      "training.lr_warmup_steps"),
    KohyaMistake(
      "sdxl.toml", "lr_scheduler = \"cosine\"", "lr_scheduler = \"cosine_with_min_lr\"",
      "schedule-refused", "training.lr_scheduler"),
    KohyaMistake(
      "sdxl.toml", "lr_scheduler = \"cosine\"", "lr_scheduler = \"adafactor\"",
      "adafactor-schedule-refused", "training.lr_scheduler"),
    KohyaMistake(
      "sdxl.toml", "seed = 42", "lr_scheduler_num_cycles = 3", "schedule-setting-without-effect",
      "training.lr_scheduler_num_cycles", .info),
    KohyaMistake(
      "sdxl.toml", "optimizer_args = [\"weight_decay=0.1\", \"betas=0.9,0.99\"]",
      "lr_scheduler_args = [\"num_cycle=0.5\"]", "schedule-refused",
      "training.lr_scheduler_args[0]"),
    KohyaMistake(
      "model.toml", "lr_scheduler = \"constant_with_warmup\"", "lr_scheduler = \"adafactor\"",
      "adafactor-schedule-refused", "lr_scheduler"),
  ]

  private static let models = [
    KohyaMistake(
      "train.sh", "networks.lora ", "networks.lora_flux ", "network-of-another-model",
      "network_module"),
    KohyaMistake(
      "sdxl.toml", "network_alpha = 8\n", "", "questionable-setting", "network_alpha", .warning),
    KohyaMistake(
      "sdxl.toml", "seed = 42", "network_args = [\"con_dim=4\"]", "unknown-network-argument",
      "training.network_args[0]", .warning),
    KohyaMistake(
      "sdxl.toml", "seed = 42", "full_fp16 = true", "conflicting-settings", "training.full_fp16"),
    KohyaMistake(
      "flux.toml", "mixed_precision = \"bf16\"", "mixed_precision = \"fp16\"",
      "questionable-setting", "mixed_precision", .warning),
    KohyaMistake(
      "flux.toml", "blocks_to_swap = 18", "blocks_to_swap = 40", "value-out-of-range",
      "blocks_to_swap"),
    KohyaMistake(
      "flux.toml", "guidance_scale = 1.0", "min_snr_gamma = 5", "setting-without-effect",
      "min_snr_gamma", .warning),
    KohyaMistake(
      "model.toml", "full_bf16 = true", "full_bf16 = true\ngradient_accumulation_steps = 4",
      "conflicting-settings", "fused_backward_pass"),
    KohyaMistake(
      "model.toml", "max_grad_norm = 0.0", "max_grad_norm = 0.5",
      "fused-back-pass-clips-each-tensor", "max_grad_norm", .warning),
  ]

  private static let data = [
    KohyaMistake(
      "images.toml", "num_repeats", "num_repeat", "unknown-key",
      "datasets[0].subsets[0].num_repeat"),
    KohyaMistake(
      "images.toml", "resolution = 1024", "resolution = \"1024\"", "unreadable-value",
      "datasets[0].resolution"),
    KohyaMistake(
      "images.toml", "batch_size = 2", "train_batch_size = 2", "unknown-key",
      "datasets[0].train_batch_size"),
    KohyaMistake(
      "images.toml", "keep_tokens = 1", "keep_tokens = 1.0", "unreadable-value",
      "datasets[0].subsets[0].keep_tokens"),
    KohyaMistake(
      "images.toml", "keep_tokens = 1", "resolution = 512", "unknown-key",
      "datasets[0].subsets[0].resolution"),
    KohyaMistake(
      "images.toml", "enable_bucket = true", "learning_rate = 1e-4", "unknown-key",
      "general.learning_rate"),
    KohyaMistake(
      "images.toml", "caption_extension = \".txt\"", "caption_extension = true", "unreadable-value",
      "general.caption_extension"),
    KohyaMistake(
      "images.toml", "image_dir = \"images\"\n", "", "missing-setting",
      "datasets[0].subsets[0].image_dir"),
  ]
}
