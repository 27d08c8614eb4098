import SourceText

extension JobMistake {
  private static let first = "config.process[0]"
  private static func train(_ key: String) -> String { "\(first).train.\(key)" }
  private static func model(_ key: String) -> String { "\(first).model.\(key)" }

  static let all: [JobMistake] =
    document + values + optimizers + schedules + networks + memory + noise

  private static let document = [
    JobMistake("flux", "job: extension", "job: extention", "unknown-name", "job"),
    JobMistake("sdxl", "job: extension\n", "", "missing-setting", "job"),
    JobMistake("flux", "  name: \"my_flux_lora\"\n", "", "missing-setting", "config.name"),
    JobMistake(
      "flux", "name: \"my_flux_lora\"", "name: 'a \"b\"'", "run-name-breaks-file", "config.name"),
    JobMistake(
      "flux", "name: \"my_flux_lora\"", "name: 2026-01-31", "unreadable-value", "config.name"),
    JobMistake("flux", "type: 'sd_trainer'", "type: 'sd_trainr'", "unknown-name", "\(first).type"),
    JobMistake(
      "sdxl", "    - type: sd_trainer\n      training_folder: output",
      "    - training_folder: output", "missing-setting", "\(first).type"),
    JobMistake(
      "sdxl", "      training_folder: output\n", "", "missing-setting", "\(first).training_folder"),
    JobMistake(
      "flux", "steps: 2000", "steps: 2000\n        lr: 1e-3", "repeated-key", train("lr"), .warning),
    JobMistake("flux", "\"output\"", "\"${OUT:-output}\"", "environment-variable", ""),
    JobMistake("flux", "train_unet: true", "# ${OLD}", "environment-variable", "", .warning),
    JobMistake(
      "flux", "batch_size: 1", "batchsize: 2", "unknown-key", train("batchsize"), .warning),
    JobMistake(
      "flux", "batch_size: 1", "quantize: true", "unknown-key", train("quantize"), .warning),
    JobMistake("sdxl", "lr: 1e-4", "learning_rate: 1e-4", "unknown-key", train("learning_rate")),
    JobMistake("interface", "\"steps\"", "\"step\"", "unknown-key", train("step"), .warning),
    JobMistake(
      "flux", "is_flux: true", "is_flux: true\n        resolution: 1024", "unknown-key",
      model("resolution"), .warning),
    JobMistake(
      "two", "      datasets: [{folder_path: second}]", "      datasets: [{folder: second}]",
      "missing-setting", "config.process[1].datasets[0].folder_path"),
    JobMistake(
      "sdxl", "{name_or_path: \"stabilityai/stable-diffusion-xl-base-1.0\", arch: sdxl}",
      "{arch: sdxl}", "missing-setting", model("name_or_path")),
    JobMistake("flux", "\nmeta:", "\nprocess: []\nmeta:", "unknown-key", "process", .warning),
  ]

  private static let values = [
    JobMistake("flux", "lr: 1e-4", "lr: \"1e-4\"", "unreadable-value", train("lr")),
    JobMistake("flux", "steps: 2000", "steps: 2e3", "number-in-text", train("steps")),
    JobMistake(
      "flux", "quantize: true", "quantize: \"false\"", "unreadable-value", model("quantize"),
      .warning),
    JobMistake(
      "flux", "train_unet: true", "train_unet:", "unreadable-value", train("train_unet"), .warning),
    JobMistake(
      "flux", "        prompts:\n          - \"[trigger] holding a sign\"", "        prompts:",
      "unreadable-value", "\(first).sample.prompts"),
    JobMistake(
      "flux", "        prompts:\n          - \"[trigger] holding a sign\"",
      "        prompts: a cat", "unreadable-value", "\(first).sample.prompts", .warning),
    JobMistake("slider", "lr: 1e-4", "lr: 0,0001", "unreadable-value", train("lr")),
    JobMistake(
      "sdxl", "      datasets:\n        - {folder_path: images, resolution: 1024}",
      "      datasets: images", "unreadable-value", "\(first).datasets"),
    JobMistake(
      "sdxl", "network: {type: lora, linear: 32, linear_alpha: 16}", "network: lora",
      "unreadable-value", "\(first).network"),
    JobMistake("flux", "batch_size: 1", "batch_size: 0", "value-out-of-range", train("batch_size")),
    JobMistake(
      "flux", "gradient_accumulation: 1", "gradient_accumulation: 1\n        max_grad_norm: 0",
      "value-out-of-range", train("max_grad_norm")),
    JobMistake(
      "flux", "ema_decay: 0.99", "ema_decay: 99", "value-out-of-range",
      train("ema_config.ema_decay")),
    JobMistake("flux", "dtype: float16", "dtype: fp8", "unknown-name", "\(first).save.dtype"),
    JobMistake("interface", "\"diffusers\"", "\"pt\"", "unknown-name", "\(first).save.save_format"),
    JobMistake(
      "full", "folder_path: images", "folder_path: images, poi: face", "retired-key",
      "\(first).datasets[0].poi"),
  ]

  private static let optimizers = [
    JobMistake(
      "interface", "\"adamw8bit\"", "\"prodigy\"", "adaptive-learning-rate-not-one", train("lr")),
    JobMistake("qwen", "lr: 1.0", "lr: 1e-4", "adaptive-learning-rate-not-one", train("lr")),
    JobMistake("flux", "\"adamw8bit\"", "\"came\"", "unknown-name", train("optimizer")),
    JobMistake(
      "qwen", "optimizer: prodigy", "optimizer: ProdigyPlus", "optimizer-not-as-named",
      train("optimizer"), .warning),
    JobMistake(
      "qwen", "optimizer: prodigy", "optimizer: dadaptationadam", "unusable-optimizer",
      train("optimizer")),
    JobMistake(
      "slider", "optimizer: adamw", "optimizer: lion", "optimizer-needs-package",
      train("optimizer"), .info),
    JobMistake(
      "sdxl", "weight_decay: 0.01", "eps: 1e-8", "unknown-optimizer-option",
      train("optimizer_params.eps")),
    JobMistake(
      "sdxl", "weight_decay: 0.01", "betas: 0.9", "unreadable-value",
      train("optimizer_params.betas")),
    JobMistake(
      "full", "optimizer: adafactor",
      "optimizer: adafactor\n        optimizer_params: {relative_step: true}",
      "optimizer-refuses-value", train("optimizer_params.relative_step")),
    JobMistake(
      "flux", "lr: 1e-4", "lr: 1e-4\n        text_encoder_lr: 5e-5", "setting-without-effect",
      train("text_encoder_lr"), .warning),
    JobMistake(
      "qwen", "        dtype: bf16\n",
      "        dtype: bf16\n        embedding_lr: 0.5\n      embedding: {trigger: word}\n",
      "unequal-learning-rates", train("embedding_lr")),
    JobMistake("sdxl", "        lr: 1e-4\n", "", "missing-setting", train("lr")),
    JobMistake("flux", "lr: 1e-4", "lr: 1.0", "learning-rate-too-high", train("lr")),
    JobMistake(
      "wan22", "lr: 1e-5", "lr: 1e-5\n        gradient_accumulation: 4", "update-within-backward",
      train("gradient_accumulation"), .warning),
    JobMistake(
      "flux", "gradient_accumulation: 1", "gradient_accumulation_steps: 4", "questionable-setting",
      train("gradient_accumulation_steps"), .warning),
    JobMistake(
      "flux", "gradient_accumulation: 1",
      "gradient_accumulation: 2\n        gradient_accumulation_steps: 4", "conflicting-settings",
      train("gradient_accumulation_steps")),
  ]

  private static let schedules = [
    JobMistake(
      "sdxl", "lr_scheduler: cosine", "lr_scheduler: step", "schedule-refused",
      train("lr_scheduler")),
    JobMistake(
      "sdxl", "lr_scheduler: cosine", "lr_scheduler: Cosine", "unknown-name", train("lr_scheduler")),
    JobMistake(
      "sdxl", "lr_scheduler: cosine", "lr_scheduler: linear", "linear-schedule-rises",
      train("lr_scheduler"), .warning),
    JobMistake(
      "sdxl", "lr_scheduler: cosine", "lr_scheduler: constant_with_warmup", "warmup-takes-the-run",
      train("lr_scheduler_params.num_warmup_steps"), .warning),
    JobMistake(
      "sdxl", "lr_scheduler: cosine",
      "lr_scheduler: cosine\n        lr_scheduler_params: {num_warmup_steps: 100}",
      "schedule-refused", train("lr_scheduler_params.num_warmup_steps")),
    JobMistake(
      "sdxl", "lr_scheduler: cosine", "lr_scheduler: cosine\n        num_warmup_steps: 100",
      "unknown-key", train("num_warmup_steps"), .warning),
    JobMistake(
      "sdxl", "lr_scheduler: cosine",
      "lr_scheduler: cosine\n        lr_scheduler_params: {T_max: 500}",
      "schedule-setting-without-effect", train("lr_scheduler_params.T_max"), .info),
    JobMistake(
      "sdxl", "lr_scheduler: cosine", "lr_scheduler: cosine\n        lr_scheduler_params:",
      "unreadable-value", train("lr_scheduler_params")),
    JobMistake(
      "wan22", "lr: 1e-5", "lr: 1e-5\n        lr_scheduler: cosine", "schedule-under-automagic",
      train("lr_scheduler"), .warning),
  ]

  private static let networks = [
    JobMistake(
      "flux", "linear_alpha: 16", "linear_alpha: 1", "adapter-alpha-replaced",
      "\(first).network.linear_alpha", .warning),
    JobMistake(
      "sdxl", ", linear_alpha: 16", "", "missing-setting", "\(first).network.linear_alpha", .warning
    ),
    JobMistake(
      "sdxl", "type: lora, linear: 32", "type: lokr, linear: 32", "lokr-rank-without-effect",
      "\(first).network.linear", .warning),
    JobMistake(
      "sdxl", "type: lora", "type: lroa", "unknown-name", "\(first).network.type", .warning),
    JobMistake(
      "flux",
      "      network:\n        type: \"lora\"\n        linear: 16\n        linear_alpha: 16",
      "      network:", "network-block-empty", "\(first).network", .warning),
    JobMistake(
      "interface", "\"trigger_word\": null", "\"trigger_word\": 7", "unreadable-value",
      "\(first).trigger_word"),
    JobMistake(
      "interface", "\"diff_output_preservation\": false", "\"diff_output_preservation\": true",
      "conflicting-settings", train("diff_output_preservation")),
  ]

  private static let memory = [
    JobMistake(
      "flux", "dtype: bf16", "dtype: fp16", "questionable-setting", train("dtype"), .warning),
    JobMistake("sdxl", "        dtype: bf16\n", "", "missing-setting", train("dtype"), .warning),
    JobMistake(
      "full", "dtype: bf16", "dtype: fp16", "trained-weights-in-float16", train("dtype"), .warning),
    JobMistake(
      "full", "optimizer: adafactor", "optimizer: adamw8bit",
      "bfloat16-weights-without-stochastic-rounding", train("dtype"), .warning),
    JobMistake(
      "full", "arch: flex1", "arch: flex1, qtype: uint4", "setting-without-effect", model("qtype"),
      .warning),
    JobMistake(
      "wan22", "qtype: uint4", "qtype: uint4\n        qtype_te: qfloat8",
      "encoder-packed-otherwise", model("qtype_te"), .warning),
    JobMistake("wan22", "qtype: uint4", "qtype: int3", "unknown-name", model("qtype")),
    JobMistake(
      "wan22", "low_vram: true", "low_vram: false", "questionable-setting", model("low_vram"),
      .warning),
    JobMistake(
      "sdxl", "arch: sdxl", "arch: sdxl, quantize: true", "setting-without-effect",
      model("quantize"), .warning),
    JobMistake(
      "full", "arch: flex1", "arch: flex1, layer_offloading: true", "setting-without-effect",
      model("layer_offloading"), .warning),
    JobMistake(
      "full", "arch: flex1", "arch: flex1, attn_masking: true", "flux-flag-missing",
      model("attn_masking")),
    JobMistake(
      "qwen", "low_vram: true", "low_vram: true\n        assistant_lora_path: a/b",
      "conflicting-settings", model("assistant_lora_path")),
    JobMistake(
      "qwen", "        - folder_path: more\n          cache_text_embeddings: true",
      "        - folder_path: more", "text-embeddings-partly-cached",
      "\(first).datasets[1].cache_text_embeddings"),
    JobMistake(
      "wan22", "timestep_type: linear", "timestep_type: linear\n        train_text_encoder: true",
      "conflicting-settings", train("train_text_encoder")),
    JobMistake(
      "flux", "train_text_encoder: false", "unload_text_encoder: true", "questionable-setting",
      train("unload_text_encoder"), .warning),
    JobMistake(
      "flux", "caption_ext: \"txt\"", "augments: [color_jitter]", "augmented-latents-not-cached",
      "\(first).datasets[0].cache_latents_to_disk", .warning),
  ]

  private static let noise = [
    JobMistake(
      "full", "noise_scheduler: flowmatch", "noise_scheduler: ddpm",
      "flow-model-without-flow-scheduler", train("noise_scheduler")),
    JobMistake(
      "qwen", "        noise_scheduler: flowmatch\n", "", "questionable-setting",
      train("noise_scheduler"), .warning),
    JobMistake(
      "sdxl", "noise_scheduler: ddpm", "noise_scheduler: flowmatch", "questionable-setting",
      train("noise_scheduler"), .warning),
    JobMistake(
      "flux", "timestep_type: \"sigmoid\"", "timestep_type: \"sigmod\"", "unknown-name",
      train("timestep_type")),
    JobMistake("interface", "\"balanced\"", "\"both\"", "unknown-name", train("content_or_style")),
    JobMistake(
      "flux", "sampler: \"flowmatch\"", "sampler: \"ddpm\"", "sampler-unlike-scheduler",
      "\(first).sample.sampler", .warning),
    JobMistake(
      "full", "bypass_guidance_embedding: true",
      "bypass_guidance_embedding: true\n        do_guidance_loss: true", "conflicting-settings",
      train("do_guidance_loss")),
    JobMistake(
      "wan22", "dtype: bf16", "dtype: bf16\n        noise_offset: 0.05", "conflicting-settings",
      train("noise_offset")),
    JobMistake("flux", "is_flux: true", "arch: fluxx", "unknown-name", model("arch")),
  ]
}
