/// Clean files of sd-scripts and its interface, of which nothing is reported.
enum KohyaBase {
  static let all: [String: String] = [
    "sdxl.toml": sdxl, "flux.toml": flux, "model.toml": model, "images.toml": images,
    "train.sh": command, "lora.json": lora, "dreambooth.json": dreambooth,
  ]

  /// An adapter for SDXL.
  private static let sdxl = """
    [model]
    pretrained_model_name_or_path = "sd_xl_base_1.0.safetensors"
    no_half_vae = true

    [images]
    train_data_dir = "images"
    resolution = "1024,1024"
    enable_bucket = true
    cache_latents = true

    [network]
    network_module = "networks.lora"
    network_dim = 16
    network_alpha = 8
    network_train_unet_only = true

    [training]
    optimizer_type = "AdamW8bit"
    optimizer_args = ["weight_decay=0.1", "betas=0.9,0.99"]
    learning_rate = 1e-4
    lr_scheduler = "cosine"
    lr_warmup_steps = 100
    max_train_steps = 2000
    train_batch_size = 2
    mixed_precision = "bf16"
    gradient_checkpointing = true
    sdpa = true
    output_dir = "output"
    output_name = "name"
    save_every_n_epochs = 1
    seed = 42

    """

  /// An adapter for FLUX.1.
  private static let flux = """
    pretrained_model_name_or_path = "flux1-dev.safetensors"
    clip_l = "clip_l.safetensors"
    t5xxl = "t5xxl_fp16.safetensors"
    ae = "ae.safetensors"
    dataset_config = "images.toml"
    network_module = "networks.lora_flux"
    network_dim = 16
    network_alpha = 16
    network_train_unet_only = true
    optimizer_type = "Prodigy"
    optimizer_args = ["decouple=True", "safeguard_warmup=True"]
    learning_rate = 1.0
    lr_scheduler = "constant"
    max_train_epochs = 10
    timestep_sampling = "shift"
    discrete_flow_shift = 3.1582
    model_prediction_type = "raw"
    guidance_scale = 1.0
    mixed_precision = "bf16"
    cache_latents = true
    cache_text_encoder_outputs = true
    gradient_checkpointing = true
    sdpa = true
    blocks_to_swap = 18
    output_dir = "output"
    output_name = "name"

    """

  /// All of SDXL.
  private static let model = """
    pretrained_model_name_or_path = "sd_xl_base_1.0.safetensors"
    dataset_config = "images.toml"
    optimizer_type = "Adafactor"
    optimizer_args = ["relative_step=False", "scale_parameter=False", "warmup_init=False"]
    learning_rate = 4e-7
    learning_rate_te1 = 0
    learning_rate_te2 = 0
    lr_scheduler = "constant_with_warmup"
    lr_warmup_steps = 100
    max_train_steps = 4000
    max_grad_norm = 0.0
    fused_backward_pass = true
    mixed_precision = "bf16"
    full_bf16 = true
    cache_latents = true
    gradient_checkpointing = true
    sdpa = true
    output_dir = "output"
    output_name = "name"

    """

  private static let images = """
    [general]
    caption_extension = ".txt"
    enable_bucket = true

    [[datasets]]
    resolution = 1024
    batch_size = 2

      [[datasets.subsets]]
      image_dir = "images"
      num_repeats = 10
      keep_tokens = 1

    """

  private static let command = """
    accelerate launch --num_cpu_threads_per_process 1 sdxl_train_network.py \\
      --pretrained_model_name_or_path "sd_xl_base_1.0.safetensors" \\
      --dataset_config "images.toml" \\
      --network_module networks.lora --network_dim 16 --network_alpha 8 \\
      --network_train_unet_only \\
      --network_args "rank_dropout=0.1" \\
      --optimizer_type Lion8bit \\
      --optimizer_args weight_decay=0.1 "betas=0.9,0.95" \\
      --learning_rate 2e-5 --lr_scheduler cosine --lr_warmup_steps 5% \\
      --max_train_steps 2000 --mixed_precision bf16 --cache_latents \\
      --no_half_vae --sdpa --gradient_checkpointing \\
      --output_dir output --output_name name

    """

  /// The LoRA tab.
  private static let lora = """
    {
      "LoRA_type": "Standard",
      "sdxl": true,
      "sdxl_no_half_vae": true,
      "pretrained_model_name_or_path": "sd_xl_base_1.0.safetensors",
      "train_data_dir": "images",
      "max_resolution": "1024,1024",
      "optimizer": "AdamW8bit",
      "optimizer_args": "weight_decay=0.1 betas=0.9,0.99",
      "learning_rate": 0.0001,
      "unet_lr": 0.0001,
      "text_encoder_lr": 0,
      "lr_scheduler": "cosine",
      "lr_scheduler_args": "",
      "lr_warmup": 5,
      "lr_warmup_steps": 0,
      "max_train_steps": 2000,
      "max_train_epochs": 0,
      "epoch": 10,
      "train_batch_size": 2,
      "network_dim": 16,
      "network_alpha": 8,
      "max_grad_norm": 1,
      "mixed_precision": "bf16",
      "cache_latents": true,
      "gradient_checkpointing": true,
      "xformers": "sdpa",
      "bucket_reso_steps": 64,
      "clip_skip": 0,
      "num_processes": 1,
      "dataset_config": "",
      "additional_parameters": ""
    }

    """

  /// The Dreambooth tab.
  private static let dreambooth = """
    {
      "no_token_padding": false,
      "sdxl": true,
      "sdxl_no_half_vae": true,
      "pretrained_model_name_or_path": "sd_xl_base_1.0.safetensors",
      "train_data_dir": "images",
      "max_resolution": "1024,1024",
      "optimizer": "Adafactor",
      "optimizer_args": "relative_step=False scale_parameter=False warmup_init=False",
      "learning_rate": 0.000004,
      "learning_rate_te1": 0,
      "learning_rate_te2": 0,
      "lr_scheduler": "constant_with_warmup",
      "lr_warmup": 5,
      "max_train_steps": 2000,
      "train_batch_size": 1,
      "max_grad_norm": 0,
      "mixed_precision": "bf16",
      "full_bf16": true,
      "fused_backward_pass": true,
      "cache_latents": true,
      "gradient_checkpointing": true,
      "xformers": "xformers",
      "clip_skip": 0
    }

    """
}
