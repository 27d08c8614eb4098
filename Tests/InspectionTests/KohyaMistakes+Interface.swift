import SourceText

/// Mistakes in commands, and in the files of the interface.
extension KohyaMistake {
  static let commands = [
    KohyaMistake(
      "train.sh", "--learning_rate 2e-5", "--learnin_rate 2e-5", "unknown-key", "learnin_rate"),
    KohyaMistake(
      "train.sh", "--network_dim 16", "--network_dim 16 --network 1", "unknown-key", "network"),
    KohyaMistake(
      "train.sh", "--max_train_steps 2000", "--max_train_steps 2e3", "number-in-text",
      "max_train_steps"),
    KohyaMistake(
      "train.sh", "--max_train_steps 2000", "--max_train_steps many", "unreadable-value",
      "max_train_steps"),
    KohyaMistake(
      "train.sh", "--lr_warmup_steps 5%", "--lr_warmup_steps 100.0", "number-in-text",
      "lr_warmup_steps"),
    KohyaMistake(
      "train.sh", "--mixed_precision bf16", "--mixed_precision bfloat16", "unknown-name",
      "mixed_precision"),
    KohyaMistake(
      "train.sh", "--cache_latents", "--cache_latents true", "stray-word", "cache_latents"),
    KohyaMistake(
      "train.sh", "--cache_latents", "--cache_latents=true", "unreadable-value", "cache_latents"),
    KohyaMistake(
      "train.sh", "--output_name name", "--output_name my name", "stray-word", "output_name[1]"),
    KohyaMistake(
      "train.sh", "--output_name name", "--output_name", "unreadable-value", "output_name"),
    KohyaMistake(
      "train.sh", "--cache_latents", "--cache_latents --blocks_to_swap 18", "key-of-another-script",
      "blocks_to_swap"),
    KohyaMistake(
      "train.sh", "--output_name name", "--output_name name --output_name other", "repeated-key",
      "output_name", .warning),
    KohyaMistake(
      "train.sh", "\"betas=0.9,0.95\"", "\"beta=0.9,0.95\"", "unknown-optimizer-option",
      "optimizer_args[1]"),
    KohyaMistake(
      "train.sh", "\"betas=0.9,0.95\"", "betas = 0.9", "malformed-argument", "optimizer_args[1]"),
    KohyaMistake(
      "train.sh", "\"rank_dropout=0.1\"", "\"rank_dropot=0.1\"", "unknown-network-argument",
      "network_args[0]", .warning),
    KohyaMistake(
      "train.sh", "--learning_rate 2e-5", "--learning_rate 3e-4", "sign-optimizer-at-adam-rate",
      "learning_rate", .warning),
    KohyaMistake(
      "train.sh", "--lr_scheduler cosine", "--lr_scheduler constant", "warmup-refused",
      "lr_warmup_steps"),
    KohyaMistake(
      "train.sh", "--network_module networks.lora ", "", "missing-setting", "network_module"),
    KohyaMistake(
      "train.sh", "--output_dir output", "--output_dir /home/me --log_with wandb",
      "exposed-by-wandb", "output_dir", .info),
  ]

  static let interface = [
    KohyaMistake(
      "lora.json", "\"Standard\"", "\"Standart\"", "unknown-name", "LoRA_type"),
    KohyaMistake(
      "lora.json", "\"network_alpha\": 8", "\"network_alfa\": 8", "unknown-key", "network_alfa",
      .warning),
    KohyaMistake(
      "lora.json", "\"epoch\": 10", "\"epoch\": \"1.5\"", "number-in-text", "epoch", .warning),
    KohyaMistake(
      "lora.json", "\"unet_lr\": 0.0001", "\"unet_lr\": \"1e-4 \", \"unet_lr\": \"x\"",
      "unreadable-value", "unet_lr", .warning),
    KohyaMistake(
      "lora.json", "\"max_grad_norm\": 1", "\"max_grad_norm\": 0", "zero-left-out",
      "max_grad_norm", .warning),
    KohyaMistake(
      "lora.json", "\"unet_lr\": 0.0001", "\"unet_lr\": 0", "both-rates-zero", "unet_lr", .warning),
    KohyaMistake(
      "lora.json", "betas=0.9,0.99", "betas=(0.9, 0.99)", "argument-text-refused",
      "optimizer_args"),
    KohyaMistake(
      "lora.json", "betas=0.9,0.99", "betas=(0.9,1.0)", "optimizer-refuses-value",
      "optimizer_args"),
    KohyaMistake(
      "lora.json", "weight_decay=0.1", "weight_decai=0.1", "unknown-optimizer-option",
      "optimizer_args"),
    KohyaMistake(
      "lora.json", "\"lr_scheduler\": \"cosine\"", "\"lr_scheduler\": \"constant\"",
      "warmup-refused", "lr_warmup"),
    KohyaMistake(
      "lora.json", "\"optimizer\": \"AdamW8bit\"", "\"optimizer\": \"Prodigy\"",
      "adaptive-learning-rate-not-one", "unet_lr"),
    KohyaMistake(
      "lora.json", "\"text_encoder_lr\": 0,", "\"text_encoder_lr\": 0.5,", "learning-rate-too-high",
      "text_encoder_lr"),
    KohyaMistake(
      "lora.json", "\"sdxl\": true,", "\"sdxl\": true, \"sd3_checkbox\": true,", "several-models",
      "sd3_checkbox", .warning),
    KohyaMistake(
      "lora.json", "\"LoRA_type\": \"Standard\"", "\"LoRA_type\": \"Lumina\"",
      "adapter-of-another-model", "LoRA_type"),
    KohyaMistake(
      "lora.json", "\"dataset_config\": \"\"",
      "\"dataset_config\": \"other.toml\", \"max_train_steps\": 0", "questionable-setting",
      "max_train_steps", .warning),
    KohyaMistake(
      "lora.json", "\"mixed_precision\": \"bf16\"", "\"mixed_precision\": \"fp8\"",
      "questionable-setting", "mixed_precision"),
    KohyaMistake(
      "lora.json", "\"bucket_reso_steps\": 64", "\"bucket_reso_steps\": 48", "bucket-does-not-fit",
      "bucket_reso_steps"),
    KohyaMistake(
      "lora.json", "\"additional_parameters\": \"\"",
      "\"additional_parameters\": \"--max_grad_norms 0\"", "refused-parameter",
      "additional_parameters"),
    KohyaMistake(
      "lora.json", "\"additional_parameters\": \"\"",
      "\"additional_parameters\": \"--learning_rate 1.0 --unet_lr 1.0\"", "learning-rate-too-high",
      "additional_parameters"),
    KohyaMistake(
      "lora.json", "\"text_encoder_lr\": 0,",
      "\"text_encoder_lr\": 0.00005, \"sdxl_cache_text_encoder_outputs\": true,",
      "conflicting-settings", "text_encoder_lr"),
    KohyaMistake(
      "dreambooth.json", "\"mixed_precision\": \"bf16\"", "\"mixed_precision\": \"fp16\"",
      "conflicting-settings", "full_bf16"),
    KohyaMistake(
      "dreambooth.json", "\"max_grad_norm\": 0", "\"max_grad_norm\": 0.5",
      "fused-back-pass-clips-each-tensor", "max_grad_norm", .warning),
    KohyaMistake(
      "dreambooth.json", "\"learning_rate_te1\": 0,\n  \"learning_rate_te2\": 0,\n", "",
      "questionable-setting", "learning_rate_te1", .info),
    KohyaMistake(
      "dreambooth.json", "\"train_batch_size\": 1", "\"train_batch_size\": \"one\"",
      "unreadable-value", "train_batch_size"),
  ]
}
