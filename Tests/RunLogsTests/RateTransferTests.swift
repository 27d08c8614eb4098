import Foundation
import Inspection
import Plans
import Reporting
import SourceText
import TestSupport
import Testing

@testable import RunLogs

/// A finished run's rate in its config.
@Suite struct RateTransferTests {
  static let kohya = """
    pretrained_model_name_or_path = "model.safetensors"
    output_dir = "out"
    output_name = "mine"
    network_module = "networks.lora"
    network_dim = 16
    network_alpha = 16
    # Prodigy wants 1
    learning_rate = 1.0
    unet_lr = 1.0
    text_encoder_lr = 1.0
    optimizer_type = "Prodigy"
    optimizer_args = ["d_coef=1.0", "use_bias_correction=True", "weight_decay=0.01", "betas=0.9,0.99", "safeguard_warmup=True"]
    lr_scheduler = "cosine"
    max_train_steps = 1000

    """
  static let oneTrainer = """
    {
      "__version": 10, "training_method": "LORA", "model_type": "STABLE_DIFFUSION_XL_10_BASE",
      "base_model_name": "model", "output_model_format": "KOHYA_LORA",
      "output_model_destination": "a.safetensors", "epochs": 25, "batch_size": 1,
      "learning_rate": 1.0, "learning_rate_scheduler": "COSINE", "learning_rate_warmup_steps": 0,
      "lora_rank": 16, "lora_alpha": 16,
      "text_encoder": {"train": false}, "text_encoder_2": {"train": false},
      "optimizer": {
        "optimizer": "PRODIGY", "d_coef": 1.0, "decouple": true, "weight_decay": 0.01
      }
    }

    """
  static let aiToolkit = """
    job: extension
    config:
      name: a
      process:
        - type: sd_trainer
          training_folder: output
          device: cuda:0
          network: {type: lora, linear: 16, linear_alpha: 16}
          datasets:
            - folder_path: images
          train:
            steps: 1000
            batch_size: 1
            lr: 1.0  # for Prodigy
            optimizer: prodigy
            optimizer_params:
              d_coef: 1.0
              weight_decay: 0.01
            dtype: bf16
          model:
            name_or_path: model
            arch: sdxl

    """
  static let simpleTuner = """
    {
      "model_family": "sdxl", "model_type": "lora", "lora_rank": 16, "lora_alpha": 16,
      "pretrained_model_name_or_path": "model", "output_dir": "out", "data_backend_config": "d.json",
      "optimizer": "prodigy", "learning_rate": 1.0, "lr_scheduler": "constant",
      "max_train_steps": 1000, "num_train_epochs": 0, "train_batch_size": 1,
      "optimizer_config": "d_coef=1.0"
    }

    """

  static func transfer(
    _ text: String, _ path: String, to target: RateTransfer.Target = .adamw,
    _ rates: [TrainedPart: Double] = [.denoiser: 3.42e-4]
  ) throws -> RateTransfer {
    try RateTransfer(
      SourceFile(path: path, text: text), neighbours: .none, inspector: Inspector(), to: target,
      rates: rates)
  }

  static let configs = [
    ("config.toml", kohya), ("config.json", oneTrainer), ("job.yaml", aiToolkit),
    ("simple.json", simpleTuner),
  ]

  @Test(arguments: configs, RateTransfer.Target.allCases)
  func isWrittenAsStored(_ config: (path: String, text: String), _ target: RateTransfer.Target)
    throws
  {
    let transfer = try Self.transfer(
      config.text, config.path, to: target, [.denoiser: 3.42e-4, .textEncoder: 1.1e-4])
    #expect(transfer.refusal == nil)
    let words =
      UnifiedDiff.between(
        SourceFile(path: config.path, text: config.text), transfer.source,
        style: .init(isColoured: false, width: 100))
      + transfer.notes.map { "note: \($0)\n" }.joined()
    let ending = config.path.replacing(".", with: "-")
    let difference = try ExpectedOutput.difference(
      words, from: "transfer-\(ending)-\(target.rawValue).diff")
    #expect(difference == nil, "\(difference?.found ?? "")")
  }

  /// The trainer reads of the result what was meant, and finds nothing wrong that was right before.
  @Test(arguments: configs, RateTransfer.Target.allCases)
  func isReadAsMeant(_ config: (path: String, text: String), _ target: RateTransfer.Target) throws {
    let transfer = try Self.transfer(config.text, config.path, to: target)
    let reading = try Inspector().read(transfer.source)
    let plan = try #require(reading.plans.first)
    let ids = target == .adamw ? ["ADAMW", "ADAMW_BF16"] : ["ADAMW_8BIT"]
    #expect(ids.contains(plan.optimizer.id))
    #expect(plan.optimizer.learningRate.number == 3.5e-4)
    #expect(plan.groups.allSatisfy { $0.learningRate.number == 3.5e-4 })
    #expect(reading.diagnostics.filter { $0.severity == .error }.isEmpty, "\(reading.diagnostics)")
  }

  @Test(
    arguments: [
      ("PRODIGY", nil), ("DADAPT_ADAM", nil), ("DADAPT_LION", "the rate of Lion"),
      ("DADAPT_SGD", "means nothing"), ("ADAMW", "finds none"),
    ] as [(String, String?)])
  func refuses(_ optimizer: String, _ words: String?) throws {
    let text = Self.oneTrainer.replacing("PRODIGY", with: optimizer)
    let refusal = try Self.transfer(text, "config.json").refusal
    #expect(refusal.map { $0.contains(words ?? "-") } ?? (words == nil), "\(refusal ?? "")")
  }

  /// OneTrainer's product alone, with the schedule of its config divided out.
  @Test func takesTheScheduleOfTheConfig() throws {
    try Logs.folder { folder in
      let log = Logs.log([
        "lr/unet_lora": { Logs.estimate($0, rest: 2e-4) * Logs.cosine($0, of: 1000) }
      ])
      try Logs.write(log, to: folder)
      let config = SourceFile(path: "config.json", text: Self.oneTrainer)
      let report = try RunReport(
        folder.path(), to: .adamw, config: config, inspector: Inspector())
      let settled = try #require(report.outcomes.first?.settled)
      #expect(settled.basis == .scheduleDividedOut)
      #expect(abs(settled.rate / 2e-4 - 1) < 0.005)
      // Of a config with another schedule it is not: the estimate would have fallen.
      let other = SourceFile(
        path: "config.json", text: Self.oneTrainer.replacing("COSINE", with: "CONSTANT"))
      let again = try RunReport(folder.path(), to: .adamw, config: other, inspector: Inspector())
      #expect(again.outcomes.first?.settled.basis == .highestApplied)
    }
  }
}
