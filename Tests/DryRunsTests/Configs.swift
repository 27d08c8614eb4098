import DryRuns
import Inspection
import Plans
import SourceText

/// Configs with what a test is about, the rest as in a usual run.
enum Configs {
  /// A LoRA of SDXL in OneTrainer.
  static func oneTrainer(_ settings: [String: String] = [:]) -> SourceFile {
    let all = [
      "__version": "10", "training_method": "\"LORA\"",
      "model_type": "\"STABLE_DIFFUSION_XL_10_BASE\"", "base_model_name": "\"model\"",
      "output_model_format": "\"KOHYA_LORA\"", "output_model_destination": "\"a.safetensors\"",
      "epochs": "100", "batch_size": "1", "learning_rate": "1e-4",
      "learning_rate_scheduler": "\"COSINE\"", "learning_rate_warmup_steps": "0",
      "lora_rank": "16", "lora_alpha": "16", "text_encoder": #"{"train": false}"#,
      "text_encoder_2": #"{"train": false}"#, "optimizer": #"{"optimizer": "ADAMW"}"#,
    ].merging(settings) { $1 }
    return SourceFile(path: "config.json", text: object(all))
  }

  private static func object(_ entries: [String: String]) -> String {
    "{"
      + entries.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }
      .joined(separator: ",\n") + "}"
  }

  /// A LoRA of SDXL in ai-toolkit, with these lines below `train` and `network`.
  static func aiToolkit(train: [String] = [], network: [String] = []) -> SourceFile {
    func lines(_ usual: [String], _ own: [String]) -> String {
      let keys = own.map { $0.prefix { $0 != ":" } }
      return (usual.filter { !keys.contains($0.prefix { $0 != ":" }) } + own)
        .map { "        \($0)\n" }.joined()
    }
    let text = """
      job: extension
      config:
        name: a
        process:
          - type: sd_trainer
            training_folder: output
            device: cuda:0
            network:

      """
    return SourceFile(
      path: "job.yaml",
      text: text + lines(["type: lora", "linear: 16", "linear_alpha: 16"], network)
        + "      datasets:\n        - folder_path: images\n      train:\n"
        + lines(
          ["steps: 2000", "batch_size: 1", "lr: 0.0001", "optimizer: adamw", "dtype: bf16"], train)
        + "      model:\n        name_or_path: model\n        arch: sdxl\n")
  }

  /// The plan of a config, for so many images.
  static func plan(_ source: SourceFile, images: Int? = 25) throws -> TrainingPlan? {
    let inspector = Inspector(options: ReadingOptions(images: images))
    return try inspector.read(source).plans.first
  }
}
