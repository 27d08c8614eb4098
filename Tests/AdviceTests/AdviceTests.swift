import Advice
import Inspection
import Knowledge
import Plans
import Reporting
import SourceText
import Testing

@Suite struct AdviceTests {
  /// A config, what is recommended for it, and the file it becomes.
  struct Case: CustomTestStringConvertible {
    let name: String
    let path: String
    let text: String
    let recommended: [String: SettingValue]
    var images: Int?

    var testDescription: String { name }
  }

  /// A LoRA of SD 1.5 with sd-scripts.
  private static func kohya(_ lines: String) -> String {
    """
    pretrained_model_name_or_path = "stable-diffusion-v1-5/stable-diffusion-v1-5"
    network_module = "networks.lora"
    network_dim = 16
    network_alpha = 16
    network_train_unet_only = true
    output_dir = "output"
    output_name = "a"
    train_data_dir = "images"
    resolution = "512,512"
    mixed_precision = "bf16"
    \(lines)
    """
  }

  private static let fine = """
    optimizer_type = "Prodigy"
    optimizer_args = ["betas=0.9,0.99", "weight_decay=0.01", "use_bias_correction=True", "safeguard_warmup=True"]
    learning_rate = 1.0
    lr_scheduler = "cosine"
    max_train_epochs = 20
    """

  private static func fine(_ old: String, _ new: String) -> String {
    kohya(
      fine.split(separator: "\n").map { $0.hasPrefix(old) ? new : String($0) }.joined(
        separator: "\n"))
  }

  static let cases: [Case] = [
    Case(name: "all is fine", path: "a.toml", text: kohya(fine), recommended: [:]),
    Case(
      name: "Prodigy's rate", path: "a.toml", text: fine("learning_rate", "learning_rate = 0.5"),
      recommended: ["learning_rate": .number(1)]),
    Case(
      name: "Prodigy's schedule", path: "a.toml",
      text: fine("lr_scheduler", "lr_scheduler = \"constant\""),
      recommended: ["lr_scheduler": .text("cosine")]),
    Case(
      name: "Prodigy without options", path: "a.toml", text: fine("optimizer_args", ""),
      recommended: [
        "optimizer_args.betas": .text("0.9,0.99"), "optimizer_args.weight_decay": .number(0.01),
        "optimizer_args.use_bias_correction": .boolean(true),
        "optimizer_args.safeguard_warmup": .boolean(true),
      ]),
    Case(
      name: "Prodigy in a long run needs no guard", path: "a.toml",
      text: kohya(
        """
        optimizer_type = "Prodigy"
        optimizer_args = ["betas=0.9,0.99", "weight_decay=0.01", "use_bias_correction=True"]
        learning_rate = 1.0
        lr_scheduler = "cosine"
        max_train_epochs = 120
        """), recommended: [:]),
    Case(
      name: "d_coef and weight decay beyond their ranges", path: "a.toml",
      text: fine(
        "optimizer_args",
        #"optimizer_args = ["betas=0.9,0.99", "weight_decay=0.5", "d_coef=8", "use_bias_correction=True", "safeguard_warmup=True"]"#
      ),
      recommended: [
        "optimizer_args.weight_decay": .number(0.01), "optimizer_args.d_coef": .number(2),
      ]),
    Case(
      name: "dropout where pictures are seen too often", path: "a.toml",
      text: fine("max_train_epochs", "max_train_epochs = 300\nnetwork_dropout = 0"),
      recommended: ["network_dropout": .number(0.1)]),
    Case(
      name: "Lion at a rate of AdamW", path: "a.toml",
      text: kohya(
        "optimizer_type = \"Lion\"\nlearning_rate = 1e-4\nlr_scheduler = \"cosine\"\nmax_train_steps = 1500"
      ),
      recommended: ["learning_rate": .number(1e-5)]),
    Case(
      name: "AdamW far from its rate", path: "a.toml",
      text: kohya(
        "optimizer_type = \"AdamW\"\nlearning_rate = 1e-6\nlr_scheduler = \"cosine\"\nmax_train_steps = 1500"
      ),
      recommended: ["learning_rate": .number(1e-4)]),
    Case(
      name: "AdamW within a factor of ten", path: "a.toml",
      text: kohya(
        "optimizer_type = \"AdamW\"\nlearning_rate = 3e-4\nlr_scheduler = \"cosine\"\nmax_train_steps = 1500"
      ),
      recommended: [:]),
    Case(
      name: "Adafactor with momentum and a large decay", path: "a.toml",
      text: kohya(
        """
        optimizer_type = "Adafactor"
        optimizer_args = ["relative_step=False", "scale_parameter=True", "warmup_init=False", "beta1=0.9", "weight_decay=0.1"]
        learning_rate = 1e-4
        lr_scheduler = "constant_with_warmup"
        lr_warmup_steps = 50
        max_train_steps = 1500
        """),
      recommended: [
        "optimizer_args.scale_parameter": .boolean(false), "optimizer_args.beta1": .null,
        "optimizer_args.weight_decay": .number(0.01),
      ]),
    Case(
      name: "adaptive Adafactor in full fine-tuning", path: "a.json",
      text: oneTrainer(
        #""ADAFACTOR", "relative_step": true, "scale_parameter": true, "stochastic_rounding": true, "fused_back_pass": true"#,
        #""learning_rate": 1.0, "learning_rate_scheduler": "ADAFACTOR""#),
      recommended: [
        "optimizer.relative_step": .boolean(false), "optimizer.scale_parameter": .boolean(false),
        "learning_rate_scheduler": .text("COSINE"), "learning_rate": .number(1e-5),
      ]),
    Case(
      name: "Adafactor without its fused back pass", path: "a.json",
      text: oneTrainer(
        #""ADAFACTOR", "relative_step": false, "scale_parameter": false, "stochastic_rounding": true, "fused_back_pass": false"#,
        #""learning_rate": 1e-5, "learning_rate_scheduler": "COSINE""#),
      recommended: ["optimizer.fused_back_pass": .boolean(true)]),
    Case(
      name: "no fused back pass where gradients are gathered", path: "a.json",
      text: oneTrainer(
        #""ADAFACTOR", "relative_step": false, "scale_parameter": false, "stochastic_rounding": true, "fused_back_pass": false"#,
        #""learning_rate": 1e-5, "learning_rate_scheduler": "COSINE", "gradient_accumulation_steps": 4"#
      ), recommended: [:]),
    Case(
      name: "bfloat16 weights rounded to the nearest", path: "a.json",
      text: oneTrainer(
        #""ADAFACTOR", "relative_step": false, "scale_parameter": false, "stochastic_rounding": false, "fused_back_pass": true"#,
        #""learning_rate": 1e-5, "learning_rate_scheduler": "COSINE""#),
      recommended: ["optimizer.stochastic_rounding": .boolean(true)]),
  ]

  /// A fine-tune of SD 1.5 in bfloat16 with OneTrainer.
  private static func oneTrainer(_ optimizer: String, _ settings: String) -> String {
    """
    {"__version": 11, "training_method": "FINE_TUNE", "model_type": "STABLE_DIFFUSION_15",
     "base_model_name": "a", "output_model_format": "ORIGINAL_SINGLE_FILE",
     "output_model_destination": "a.safetensors", "epochs": 20, "batch_size": 2, "clip_grad_norm": null, "train_dtype": "BFLOAT_16",
     "unet": {"train": true, "weight_dtype": "BFLOAT_16"}, "text_encoder": {"train": false},
     \(settings), "optimizer": {"optimizer": \(optimizer)}}
    """
  }

  @Test(arguments: cases)
  func recommends(_ test: Case) throws {
    let inspector = Inspector(options: ReadingOptions(images: test.images))
    let source = SourceFile(path: test.path, text: test.text)
    let outcome = try Adviser(inspector).advise(source)
    #expect(
      Dictionary(outcome.advice.map { ($0.keyPath, $0.recommended) }) { $1 } == test.recommended)
    #expect(outcome.advice.allSatisfy { !$0.reason.isEmpty && !$0.source.isEmpty })
    #expect((outcome.source.bytes == source.bytes) == outcome.advice.isEmpty)
    #expect(try Adviser(inspector).advise(outcome.source).advice.map(\.keyPath) == [])
  }

  @Test func leavesAllElseAsItIs() throws {
    let text = Self.kohya("# mine\n" + Self.fine).replacing("1.0", with: "0.25 # ?")
    let outcome = try Adviser(Inspector()).advise(SourceFile(path: "a.toml", text: text))
    #expect(
      String(decoding: outcome.source.bytes, as: UTF8.self)
        == text.replacing("0.25 # ?", with: "1 # ?"))
  }
}
