/// Small configs of every trainer, for the memory estimate.
enum MemoryConfigs {
  static let oneTrainer = """
    {"__version": 11, "training_method": "LORA", "model_type": "STABLE_DIFFUSION_XL_10_BASE",
     "base_model_name": "stabilityai/stable-diffusion-xl-base-1.0", "resolution": "1024",
     "batch_size": 4, "train_dtype": "BFLOAT_16", "lora_rank": 32,
     "unet": {"train": true, "weight_dtype": "BFLOAT_16"},
     "text_encoder": {"train": false, "weight_dtype": "BFLOAT_16"},
     "text_encoder_2": {"train": false, "weight_dtype": "BFLOAT_16"},
     "optimizer": {"optimizer": "PRODIGY"}}
    """

  static let fullModel = """
    {"__version": 11, "training_method": "FINE_TUNE", "model_type": "STABLE_DIFFUSION_15",
     "base_model_name": "any/model", "resolution": "512", "batch_size": 1,
     "train_dtype": "BFLOAT_16", "unet": {"train": true, "weight_dtype": "BFLOAT_16"},
     "text_encoder": {"train": false, "weight_dtype": "BFLOAT_16"},
     "optimizer": {"optimizer": "ADAMW"}}
    """

  static let aiToolkit = """
    job: extension
    config:
      name: style
      process:
        - type: sd_trainer
          network:
            type: lora
            linear: 16
            linear_alpha: 16
          datasets:
            - folder_path: images
              resolution: [512, 1024]
              cache_latents_to_disk: true
          train:
            batch_size: 1
            steps: 2000
            gradient_checkpointing: true
            optimizer: adamw8bit
            lr: 1e-4
            dtype: bf16
            cache_text_embeddings: true
          model:
            name_or_path: black-forest-labs/FLUX.1-dev
            arch: flux
            quantize: true
    """

  static let simpleTuner = """
    {"model_family": "z_image", "model_flavour": "turbo", "model_type": "lora",
     "data_backend_config": "data.json", "lora_rank": 64, "lora_type": "standard",
     "mixed_precision": "bf16", "base_model_precision": "int8-sdnq", "optimizer": "optimi-lion",
     "gradient_checkpointing": true, "train_batch_size": 1, "resolution": 1024}
    """

  static let simpleTunerData = """
    [{"id": "pictures", "type": "local", "resolution": 512, "resolution_type": "pixel"}]
    """

  static let kohya = """
    pretrained_model_name_or_path = "sdxl.safetensors"
    network_module = "networks.lora"
    network_dim = 16
    network_train_unet_only = true
    cache_latents = true
    cache_text_encoder_outputs = true
    resolution = "1024,1024"
    train_batch_size = 1
    mixed_precision = "bf16"
    gradient_checkpointing = true
    optimizer_type = "AdamW8bit"
    sdpa = true
    max_train_steps = 1000
    """
}
