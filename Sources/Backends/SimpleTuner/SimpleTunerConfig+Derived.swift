import Knowledge
import Plans
import SourceText

extension SimpleTunerConfig {
  var family: String { setting("model_family").text ?? "" }
  var trainsAdapter: Bool { setting("model_type").text == "lora" }
  var usesLycoris: Bool { trainsAdapter && setting("lora_type").text == "lycoris" }

  /// Whether DeepSpeed builds the optimizer and the schedule: where its settings are given, or where
  /// accelerate is told so elsewhere, which the file does not say.
  var usesDeepSpeed: Bool {
    let config = setting("deepspeed_config")
    return !config.isNull && config.text != "None"
  }

  var usesFSDP2: Bool {
    setting("fsdp_enable").isOn && setting("fsdp_version").number == 2
  }

  var isGGUF: Bool { setting("pretrained_model_name_or_path").text?.hasSuffix(".gguf") ?? false }

  /// `cmd_args.py:945-956,1108`: packed, and an adapter.
  var isQuantized: Bool {
    let isPacked =
      setting("base_model_precision").text != "no_change" || !setting("quantization_config").isNull
      || isGGUF
    return isPacked && trainsAdapter
  }

  /// The format that weights are kept in, `cmd_args.py:1109-1113`.
  var weightFormat: String {
    if setting("mixed_precision").text == "bf16"
      || isQuantized && setting("base_model_default_dtype").text == "bf16"
    {
      return "bfloat16"
    }
    return setting("mixed_precision").text == "fp16" ? "float16" : "float32"
  }

  /// Processes, one for each GPU.
  var processes: Int {
    setting("num_processes").number.flatMap { $0 >= 1 && $0 < 1e6 ? Int($0) : nil } ?? 1
  }

  /// What a name in the data stands for: the families with a UNet and so on.
  func isFamily(in names: [String]) -> Bool { names.contains(family) }

  /// Optimizer steps of the run; nil where images decide and are not known.
  var totalSteps: Int? {
    if let most = setting("max_train_steps").number, most > 0 {
      return most < 1e12 ? Int(most) : nil
    }
    guard let images, let batch = setting("train_batch_size").number, batch >= 1,
      let epochs = setting("num_train_epochs").number, epochs >= 1, epochs < 1e9,
      let accumulation = setting("gradient_accumulation_steps").number, accumulation >= 1
    else { return nil }
    let uses = Double(images) * (1 + (data.map { $0.commonRepeats ?? 0 } ?? knownRepeats))
    let batches = (uses / (batch * Double(processes))).rounded(.up)
    let steps = (batches / accumulation).rounded(.up) * epochs
    return steps < 1e12 ? Int(steps) : nil
  }

  /// The folders of the data sets that are trained on; none where one of them is not a local one.
  var imageFolders: [ImageFolder] {
    let sets = (data?.active ?? []).filter(\.isTrained)
    let folders = sets.compactMap { set -> ImageFolder? in
      guard let path = set.setting("instance_data_dir").text, set.setting("type").text == "local"
      else { return nil }
      let uses = 1 + (set.setting("repeats").number ?? 0)
      return ImageFolder(
        path: path, weight: uses / (1 + (data?.commonRepeats ?? 0)), includesSubfolders: true)
    }
    return folders.count == sets.count ? folders : []
  }
}
