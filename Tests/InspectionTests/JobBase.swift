/// Jobs of ai-toolkit without a mistake.
enum JobBase {
  static let all = [
    "flux": flux, "sdxl": sdxl, "qwen": qwen, "wan22": wan22, "full": full, "interface": interface,
    "two": two, "slider": slider,
  ]

  static func path(_ name: String) -> String {
    name == "interface" ? "job.json" : "\(name).yaml"
  }

  static let flux = """
    ---
    job: extension
    config:
      name: "my_flux_lora"
      process:
        - type: 'sd_trainer'
          training_folder: "output"
          device: cuda:0
          trigger_word: "p3r5on"
          network:
            type: "lora"
            linear: 16
            linear_alpha: 16
          save:
            dtype: float16
            save_every: 250
            max_step_saves_to_keep: 4
          datasets:
            - folder_path: "images"
              caption_ext: "txt"
              caption_dropout_rate: 0.05
              cache_latents_to_disk: true
              resolution: [ 512, 768, 1024 ]
          train:
            batch_size: 1
            steps: 2000
            gradient_accumulation: 1
            train_unet: true
            train_text_encoder: false
            gradient_checkpointing: true
            noise_scheduler: "flowmatch"
            timestep_type: "sigmoid"
            optimizer: "adamw8bit"
            lr: 1e-4
            ema_config:
              use_ema: true
              ema_decay: 0.99
            dtype: bf16
          model:
            name_or_path: "black-forest-labs/FLUX.1-dev"
            is_flux: true
            quantize: true
          sample:
            sampler: "flowmatch"
            sample_every: 250
            width: 1024
            height: 1024
            prompts:
              - "[trigger] holding a sign"
            neg: ""
            seed: 42
            walk_seed: true
            guidance_scale: 4
            sample_steps: 20
    meta:
      name: "[name]"
      version: '1.0'
    """

  static let sdxl = """
    job: extension
    config:
      name: sdxl
      process:
        - type: sd_trainer
          training_folder: output
          network: {type: lora, linear: 32, linear_alpha: 16}
          datasets:
            - {folder_path: images, resolution: 1024}
          train:
            steps: 3000
            lr: 1e-4
            optimizer: adamw8bit
            optimizer_params:
              weight_decay: 0.01
            lr_scheduler: cosine
            noise_scheduler: ddpm
            dtype: bf16
          model: {name_or_path: "stabilityai/stable-diffusion-xl-base-1.0", arch: sdxl}
    """

  static let qwen = """
    job: extension
    config:
      name: qwen
      process:
        - type: diffusion_trainer
          training_folder: output
          network: {type: lora, linear: 16, linear_alpha: 16}
          datasets:
            - folder_path: images
              cache_text_embeddings: true
            - folder_path: more
              cache_text_embeddings: true
          train:
            steps: 3000
            lr: 1e-4
            optimizer: prodigy
            lr_scheduler: constant
            noise_scheduler: flowmatch
            dtype: bf16
          model:
            name_or_path: "Qwen/Qwen-Image"
            arch: "qwen_image"
            quantize: true
            qtype: "uint3|ostris/accuracy_recovery_adapters/qwen_image.safetensors"
            quantize_te: true
            qtype_te: "qfloat8"
            low_vram: true
    """.replacing("lr: 1e-4", with: "lr: 1.0")

  static let wan22 = """
    job: extension
    config:
      name: wan
      process:
        - type: diffusion_trainer
          training_folder: output
          network: {type: lora, linear: 16, linear_alpha: 16}
          datasets:
            - {folder_path: clips, num_frames: 33, resolution: [480]}
          train:
            steps: 2000
            lr: 1e-4
            optimizer: automagic3
            noise_scheduler: flowmatch
            timestep_type: linear
            cache_text_embeddings: true
            dtype: bf16
          model:
            name_or_path: "ai-toolkit/Wan2.2-T2V-A14B-Diffusers-bf16"
            arch: "wan22_14b:t2v"
            quantize: true
            qtype: uint4
            low_vram: true
    """.replacing("lr: 1e-4", with: "lr: 1e-5")

  static let full = """
    job: extension
    config:
      name: flex
      process:
        - type: sd_trainer
          training_folder: output
          datasets:
            - {folder_path: images}
          train:
            steps: 4000
            lr: 3e-5
            optimizer: adafactor
            noise_scheduler: flowmatch
            bypass_guidance_embedding: true
            dtype: bf16
          model: {name_or_path: "ostris/Flex.1-alpha", arch: flex1}
    """

  /// As the web interface writes it.
  static let interface = """
    {
      "job": "extension",
      "config": {
        "name": "my_first_lora_v1",
        "process": [
          {
            "type": "diffusion_trainer",
            "training_folder": "output",
            "sqlite_db_path": "./aitk_db.db",
            "device": "cuda",
            "trigger_word": null,
            "performance_log_every": 10,
            "network": {"type": "lora", "linear": 32, "linear_alpha": 32, "conv": 16, "conv_alpha": 16, "lokr_full_rank": true, "lokr_factor": -1, "network_kwargs": {"ignore_if_contains": []}},
            "save": {"dtype": "bf16", "save_every": 250, "max_step_saves_to_keep": 4, "save_format": "diffusers", "push_to_hub": false},
            "datasets": [{"folder_path": "/path/to/images", "mask_path": null, "mask_min_value": 0.1, "default_caption": "", "caption_ext": "txt", "caption_dropout_rate": 0.05, "cache_latents_to_disk": false, "is_reg": false, "network_weight": 1, "resolution": [512, 768, 1024], "controls": [], "shrink_video_to_frames": true, "num_frames": 1, "flip_x": false, "flip_y": false, "num_repeats": 1}],
            "train": {
              "batch_size": 1,
              "bypass_guidance_embedding": true,
              "steps": 3000,
              "gradient_accumulation": 1,
              "train_unet": true,
              "train_text_encoder": false,
              "gradient_checkpointing": true,
              "noise_scheduler": "flowmatch",
              "optimizer": "adamw8bit",
              "timestep_type": "sigmoid",
              "content_or_style": "balanced",
              "optimizer_params": {"weight_decay": 0.0001},
              "unload_text_encoder": false,
              "cache_text_embeddings": false,
              "lr": 0.0001,
              "ema_config": {"use_ema": false, "ema_decay": 0.99},
              "skip_first_sample": false,
              "force_first_sample": false,
              "disable_sampling": false,
              "dtype": "bf16",
              "diff_output_preservation": false,
              "diff_output_preservation_multiplier": 1,
              "diff_output_preservation_class": "person",
              "switch_boundary_every": 1,
              "loss_type": "mse"
            },
            "logging": {"log_every": 1, "use_ui_logger": true},
            "model": {"name_or_path": "ostris/Flex.1-alpha", "quantize": true, "qtype": "qfloat8", "quantize_te": true, "qtype_te": "qfloat8", "arch": "flex1", "low_vram": false, "model_kwargs": {}, "compile": false},
            "sample": {"sampler": "flowmatch", "sample_every": 250, "width": 1024, "height": 1024, "samples": [{"prompt": "a cat"}], "neg": "", "seed": 42, "walk_seed": true, "guidance_scale": 4, "sample_steps": 25, "num_frames": 1, "fps": 1}
          }
        ]
      },
      "meta": {"name": "[name]", "version": "1.0"}
    }
    """

  /// Two runs that share a block.
  static let two = """
    x-train: &train
      steps: 2000
      lr: 1e-4
      optimizer: adamw8bit
      noise_scheduler: flowmatch
      dtype: bf16
    job: extension
    config:
      name: two
      process:
        - &run
          type: sd_trainer
          name: first
          training_folder: output
          network: {type: lora, linear: 16, linear_alpha: 16}
          datasets: [{folder_path: first}]
          train: *train
          model: {name_or_path: "ostris/Flex.1-alpha", arch: flex1, quantize: true}
        - <<: *run
          name: second
          datasets: [{folder_path: second}]
          train:
            <<: *train
            steps: 1000
    """

  static let slider = """
    job: train
    config:
      name: detail_slider_v1
      training_folder: output
      device: cuda:0
      process:
        - type: slider
          network: {type: lierla, linear: 8, linear_alpha: 4}
          train:
            noise_scheduler: ddpm
            steps: 500
            lr: 1e-4
            optimizer: adamw
            dtype: bfloat16
          model: {name_or_path: runwayml/stable-diffusion-v1-5}
          save: {dtype: float16, save_every: 50}
          slider:
            resolutions: [[512, 512]]
            batch_full_slide: true
            targets:
              - {target_class: "", positive: "high detail", negative: "low detail", weight: 1.0}
    meta: {name: "[name]"}
    """
}
