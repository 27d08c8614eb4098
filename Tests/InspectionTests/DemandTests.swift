import Inspection
import Plans
import Reporting
import SourceText
import TestSupport
import Testing

/// What people asked for or tripped over in public threads: the file of each, with the place that has
/// to be flagged.
struct Demand: Sendable, CustomTestStringConvertible {
  let thread: String
  /// Its ending tells the format.
  let path: String
  let rule: String
  let severity: Severity
  /// With marks around the place.
  let marked: String

  init(
    _ thread: String, _ path: String, _ rule: String, _ severity: Severity, _ marked: String
  ) {
    self.thread = thread
    self.path = path
    self.rule = rule
    self.severity = severity
    self.marked = marked
  }

  var testDescription: String { thread }
}

@Suite struct DemandTests {
  @Test(arguments: Demand.all)
  func isAnswered(_ demand: Demand) throws {
    let marks = MarkedText(demand.marked)
    let found = try Inspector().inspect(SourceFile(path: demand.path, text: marks.text)).diagnostics
    let words = found.map { "\($0.severity) \($0.keyPath): \($0.message) [\($0.rule)]" }
    let isHit = found.contains {
      $0.rule == demand.rule && $0.severity == demand.severity
        && marks.ranges.contains($0.span.bytes)
    }
    #expect(isHit, "\(words)")
  }
}

extension Demand {
  static let all = sdScripts + interface + simpleTuner + aiToolkit

  private static let sdScripts = [
    Demand(
      "sd-scripts 274: unet_lr under D-Adaptation", "a.toml", "unequal-learning-rates", .error,
      """
      network_module = "networks.lora"
      optimizer_type = "DAdaptation"
      learning_rate = 1.0
      unet_lr = 1.0
      text_encoder_lr = ⟪0.5⟫
      """),
    Demand(
      "sd-scripts 555: different rates in groups", "a.sh", "unequal-learning-rates", .error,
      """
      accelerate launch train_network.py --network_module=networks.lora \\
        --optimizer_type=Prodigy --learning_rate=1 --unet_lr=1 --text_encoder_lr=⟪0.25⟫
      """),
    Demand(
      "sd-scripts 1929: LoRA+ and Prodigy", "a.toml", "lora-plus-with-adaptive-rate", .error,
      """
      network_module = "networks.lora"
      optimizer_type = "Prodigy"
      learning_rate = 1.0
      network_args = ["loraplus_lr_ratio=⟪16⟫"]
      """),
    Demand(
      "sd-scripts 1914: full_fp16 and AdamW", "a.toml", "trained-weights-in-float16", .error,
      """
      network_module = "networks.lora"
      optimizer_type = "AdamW"
      learning_rate = 1e-4
      mixed_precision = "fp16"
      full_fp16 = ⟪true⟫
      """),
    Demand(
      "sd-scripts 1343: Prodigy and full_fp16", "a.toml", "trained-weights-in-float16", .warning,
      """
      network_module = "networks.lora"
      optimizer_type = "Prodigy"
      learning_rate = 1.0
      mixed_precision = "fp16"
      full_fp16 = ⟪true⟫
      """),
    Demand(
      "sd-scripts 430: full_fp16 and D-Adaptation", "a.toml", "trained-weights-in-float16",
      .warning,
      """
      network_module = "networks.lora"
      optimizer_type = "DAdaptation"
      learning_rate = 1.0
      mixed_precision = "fp16"
      full_fp16 = ⟪true⟫
      """),
    Demand(
      "sd-scripts 820: full_fp16, SDXL LoRA", "a.sh", "trained-weights-in-float16", .warning,
      """
      accelerate launch sdxl_train_network.py --network_module networks.lora \\
        --learning_rate 1e-4 --optimizer_type AdamW8bit --mixed_precision fp16 ⟪--full_fp16⟫
      """),
    Demand(
      "sd-scripts 1571: FLUX in fp16", "a.toml", "questionable-setting", .warning,
      """
      network_module = "networks.lora_flux"
      learning_rate = 1e-4
      mixed_precision = ⟪"fp16"⟫
      """),
    Demand(
      "sd-scripts 98: network_alpha 1 with 128", "a.toml", "adapter-alpha-far-below-rank", .info,
      """
      network_module = "networks.lora"
      learning_rate = 1e-4
      network_dim = 128
      network_alpha = ⟪1⟫
      """),
    Demand(
      "sd-scripts 962: a value that is no literal", "a.sh", "argument-not-a-literal", .error,
      """
      accelerate launch train_network.py --network_module=networks.lora --learning_rate=1e-4 \\
        --optimizer_args weight_decay=0.1 "betas=⟪0.9:0.99⟫"
      """),
    Demand(
      "sd-scripts 1226: a switch among optimizer_args", "a.sh", "malformed-argument", .error,
      """
      accelerate launch train_network.py --network_module=networks.lora --learning_rate=1e-4 \\
        --optimizer_args weight_decay=0.1 ⟪network_train_unet_only⟫
      """),
    Demand(
      "sd-scripts 1834: fused back pass and ProdigyPlus", "a.toml", "conflicting-settings", .error,
      """
      optimizer_type = "prodigyplus.ProdigyPlusScheduleFree"
      learning_rate_te1 = 1.0
      fused_backward_pass = ⟪true⟫
      """),
    Demand(
      "sd-scripts 1834: fused back pass for a LoRA", "a.toml", "setting-without-effect", .warning,
      """
      network_module = "networks.lora_flux"
      optimizer_type = "Adafactor"
      learning_rate = 1e-4
      optimizer_args = ["relative_step=False", "scale_parameter=False"]
      fused_backward_pass = ⟪true⟫
      """),
    Demand(
      "sd-scripts 1319: fused groups and Prodigy", "a.toml", "questionable-setting", .warning,
      """
      optimizer_type = "Prodigy"
      learning_rate = 1.0
      train_text_encoder = true
      learning_rate_te1 = 1.0
      learning_rate_te2 = 1.0
      fused_optimizer_groups = ⟪8⟫
      """),
    Demand(
      "sd-scripts 1872: schedule-free, SD3, after the first epoch", "a.sh", "conflicting-settings",
      .error,
      """
      accelerate launch sd3_train.py --learning_rate 1e-5 --max_train_epochs 4 \\
        --optimizer_type ⟪AdamWScheduleFree⟫
      """),
    Demand(
      "sd-scripts 1667: schedule-free and resume", "a.toml", "questionable-setting", .warning,
      """
      network_module = "networks.lora"
      optimizer_type = "AdamWScheduleFree"
      optimizer_args = ["warmup_steps=100"]
      learning_rate = 1e-4
      resume = ⟪"state"⟫
      """),
    Demand(
      "sd-scripts 623: SDXL NaN cured by no_half_vae", "a.sh", "questionable-setting", .warning,
      """
      accelerate launch sdxl_train_network.py ⟪--network_module networks.lora --learning_rate 1e-4 \\
        --mixed_precision fp16⟫
      """),
    Demand(
      "kohya-trainer 94: use_8bit_adam beside optimizer_type", "a.toml", "conflicting-settings",
      .error,
      """
      network_module = "networks.lora"
      learning_rate = 1e-4
      optimizer_type = "AdamW8bit"
      use_8bit_adam = ⟪true⟫
      """),
    Demand(
      "kohya-trainer 111: weight_decay outside of optimizer_args", "a.toml", "unknown-key",
      .warning,
      """
      network_module = "networks.lora"
      learning_rate = 1e-4
      ⟪weight_decay⟫ = 0.1
      """),
    Demand(
      "kohya_ss 2759: fused_backward_pass among optimizer_args", "a.toml",
      "unknown-optimizer-option", .error,
      """
      network_module = "networks.lora"
      learning_rate = 1e-4
      optimizer_type = "Adafactor"
      optimizer_args = ["relative_step=False", "scale_parameter=False", "⟪fused_backward_pass⟫=True"]
      """),
    Demand(
      "kohya_ss 3264: learning_rate 0 beside unet_lr", "a.toml", "value-out-of-range", .error,
      """
      network_module = "networks.lora"
      optimizer_type = "Prodigy"
      learning_rate = ⟪0.0⟫
      unet_lr = 1.0
      text_encoder_lr = 1.0
      """),
    Demand(
      "kohya_ss 1753: settings that do nothing", "a.toml", "setting-without-effect", .warning,
      """
      network_module = "networks.lora_flux"
      learning_rate = 1e-4
      min_snr_gamma = ⟪5⟫
      """),
  ]

  private static let interface = [
    Demand(
      "kohya_ss 617: a warm-up with Adafactor", "a.json", "warmup-refused", .error,
      #"{"LoRA_type": "Standard", "optimizer": "Adafactor", "lr_scheduler": "adafactor", "lr_warmup": ⟪10⟫}"#
    ),
    Demand(
      "kohya_ss 565: the same on the Dreambooth tab", "a.json", "warmup-refused", .error,
      #"{"no_token_padding": false, "train_batch_size": 1, "optimizer": "Adafactor", "lr_scheduler": "adafactor", "lr_warmup": ⟪"10"⟫}"#
    ),
    Demand(
      "kohya_ss 2291: constant with a warm-up", "a.json", "warmup-refused", .error,
      #"{"LoRA_type": "Standard", "lr_scheduler": "constant", "lr_warmup": ⟪10⟫}"#),
    Demand(
      "kohya_ss 2394: adafactor without relative_step", "a.json", "adafactor-schedule-refused",
      .error,
      #"{"LoRA_type": "Standard", "optimizer": "Adafactor", "optimizer_args": "relative_step=False scale_parameter=False", "lr_scheduler": ⟪"adafactor"⟫, "lr_warmup": 0}"#
    ),
    Demand(
      "kohya_ss 2479: a blank among the betas", "a.json", "argument-text-refused", .error,
      #"{"LoRA_type": "Standard", "optimizer_args": ⟪"betas=(0.9, 0.99)"⟫}"#),
    Demand(
      "kohya_ss 2343: double blanks", "a.json", "argument-text-refused", .error,
      #"{"LoRA_type": "Standard", "optimizer_args": ⟪"decouple=True  weight_decay=0.01"⟫}"#),
    Demand(
      "kohya_ss 358: three rates under D-Adaptation", "a.json", "unequal-learning-rates", .error,
      #"{"LoRA_type": "Standard", "optimizer": "DAdaptation", "lr_warmup": 0, "lr_scheduler": "constant", "learning_rate": 1.0, "unet_lr": 1.0, "text_encoder_lr": ⟪0.5⟫}"#
    ),
    Demand(
      "kohya_ss 3376: a rate of 0.001 for the text encoder", "a.json",
      "adaptive-learning-rate-not-one",
      .error,
      #"{"LoRA_type": "Standard", "optimizer": "Prodigy", "lr_warmup": 0, "lr_scheduler": "constant", "learning_rate": 1e-4, "unet_lr": ⟪1e-4⟫, "text_encoder_lr": 1e-4}"#
    ),
  ]
}

extension Demand {
  private static let simpleTuner = [
    Demand(
      "SimpleTuner 462, 755: only bfloat16 is supported", "a.json", "setting-replaced", .warning,
      #"{"model_family": "flux", "model_type": "lora", "optimizer": "adamw_bf16", "mixed_precision": ⟪"fp16"⟫, "learning_rate": 1e-4}"#
    ),
    Demand(
      "SimpleTuner 2580: which key is faulty", "a.json", "unknown-key", .error,
      #"{"model_family": "flux", "model_type": "lora", "optimizer": "adamw_bf16", ⟪"lora_ranks"⟫: 16, "learning_rate": 1e-4}"#
    ),
    Demand(
      "SimpleTuner 486: a rate that trains nothing", "a.json", "learning-rate-too-low", .warning,
      #"{"model_family": "sd3", "model_type": "full", "optimizer": "adamw_bf16", "learning_rate": ⟪1e-10⟫}"#
    ),
  ]

  /// A LoRA of SDXL in ai-toolkit, trained so.
  private static func job(train: String) -> String {
    """
    job: extension
    config:
      name: a
      process:
        - type: sd_trainer
          training_folder: o
          network: {type: lora, linear: 16, linear_alpha: 16}
          datasets: [{folder_path: images}]
          train: \(train)
          model: {name_or_path: a, arch: sdxl}
    """
  }

  private static let aiToolkit = [
    Demand(
      "ai-toolkit 305: relative_step beside a rate", "a.yaml", "optimizer-refuses-value", .error,
      job(
        train:
          "{optimizer: adafactor, lr: 1e-4, dtype: bf16, optimizer_params: {relative_step: ⟪true⟫}}"
      )),
    Demand(
      "ai-toolkit 896: the warm-up beside its block", "a.yaml", "unknown-key", .warning,
      job(
        train:
          "{optimizer: adamw8bit, lr: 1e-4, dtype: bf16, lr_scheduler: cosine, ⟪num_warmup_steps⟫: 100}"
      )),
    Demand(
      "ai-toolkit 896: a warm-up that cosine does not take", "a.yaml", "schedule-refused", .error,
      job(
        train:
          "{optimizer: adamw8bit, lr: 1e-4, dtype: bf16, lr_scheduler: cosine, lr_scheduler_params: {num_warmup_steps: ⟪100⟫}}"
      )),
    Demand(
      "ai-toolkit 153: loss is nan", "a.yaml", "questionable-setting", .warning,
      job(train: "{optimizer: adamw8bit, lr: 1e-4, dtype: ⟪fp16⟫}")),
  ]
}
