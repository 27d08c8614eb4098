import Knowledge
import Plans
import SourceText

extension SimpleTuner {
  static let packingRules: [Rule<SimpleTunerConfig>] = [
    .twoPackingEngines, .strideBelowInterval, .framesNotFitting,
  ]
}

extension Rule<SimpleTunerConfig> {
  static let twoPackingEngines = Rule(
    RuleDescription(
      "two-packing-engines", .error, .crashesAtStart, .precision,
      "Parts of the model that are packed by libraries which do not mix.",
      because: """
        Quanto and TorchAO both change the layers they pack, and the trainer stops where a run asks for \
        the two; HiDream asks for one library in model and Llama encoder
        """,
      sources: [
        Citation("SimpleTuner bc8e6ab7 helpers/training/trainer.py:2480-2512"),
        Citation("SimpleTuner bc8e6ab7 helpers/models/hidream/model.py:790-828"),
      ],
      covers: ["simpletuner/ST-Q10", "simpletuner/ST-Q13"],
      silencedBy: ["conflicting-settings"],
      examples: [
        .flags(
          "simpletuner",
          """
          {"model_family": "flux", "model_type": "lora", "base_model_precision": ⟦"int8-quanto"⟧, \
          "text_encoder_2_precision": ⟪"int8-torchao"⟫}
          """,
          fixed: """
            {"model_family": "flux", "model_type": "lora", "base_model_precision": "int8-quanto", \
            "text_encoder_2_precision": "no_change"}
            """),
        .flags(
          "simpletuner",
          """
          {"model_family": "hidream", "model_type": "lora", "base_model_precision": ⟦"nf4-bnb"⟧, \
          "text_encoder_4_precision": ⟪"int8-quanto"⟫}
          """,
          fixed: """
            {"model_family": "hidream", "model_type": "lora", "base_model_precision": "nf4-bnb", \
            "text_encoder_4_precision": "no_change"}
            """),
        .allows(
          "simpletuner",
          """
          {"model_family": "flux", "model_type": "lora", "base_model_precision": "int8-quanto", \
          "text_encoder_2_precision": "int4-quanto"}
          """),
        // HiDream sets this one back itself.
        .allows(
          "simpletuner",
          """
          {"model_family": "hidream", "model_type": "lora", "base_model_precision": "int8-torchao", \
          "text_encoder_4_precision": "no_change"}
          """),
      ], backend: "simpletuner")
  ) { config, findings in
    let parts = ["base_model_precision"] + (1...4).map { "text_encoder_\($0)_precision" }
    let settings = parts.map(config.setting)
    func engine(_ setting: Setting) -> String? {
      guard let name = setting.text, name != "no_change" else { return nil }
      return ["quanto", "torchao", "sdnq", "bnb"].first { name.contains($0) } ?? name
    }
    let mixing = ["quanto", "torchao"]
    for (place, setting) in settings.enumerated().dropFirst() {
      guard let own = engine(setting) else { continue }
      let clash = settings[..<place].first { other in
        guard let engine = engine(other), engine != own else { return false }
        let isLlama =
          config.family == "hidream" && place == 4 && other.keyPath == settings[0].keyPath
        if isLlama { return setting.text != "int4-quanto" }
        return mixing.contains(own) && mixing.contains(engine)
      }
      guard let clash else { continue }
      findings.report(
        "\(setting.value.words) and \(clash.value.words) do not go together: one library has to pack all parts",
        at: setting, related: [clash.noted("packed by another library")].compactMap(\.self),
        fixes: [
          findings.fix(
            "set \(parts[place]) to \"no_change\"", .unsafe, .set(setting, .text("no_change")))
        ])
    }
  }

  static let strideBelowInterval = Rule(
    RuleDescription(
      "stride-below-interval", .error, .crashesAtStart, .memory,
      "Checkpointed segments that would overlap.",
      because: "a segment is as long as the interval, and the next may not begin within it",
      sources: [
        Citation("SimpleTuner bc8e6ab7 helpers/training/default_settings/safety_check.py:278-300")
      ],
      covers: ["simpletuner/ST-M09"],
      examples: [
        .flags(
          "simpletuner",
          """
          {"model_family": "flux", "gradient_checkpointing_interval": ⟦4⟧, \
          "gradient_checkpointing_segment_stride": ⟪2⟫}
          """,
          fixed: """
            {"model_family": "flux", "gradient_checkpointing_interval": 4, \
            "gradient_checkpointing_segment_stride": 4}
            """),
        .allows(
          "simpletuner",
          """
          {"model_family": "flux", "gradient_checkpointing_interval": 2, \
          "gradient_checkpointing_segment_stride": 4}
          """),
      ], backend: "simpletuner")
  ) { config, findings in
    let interval = config.setting("gradient_checkpointing_interval")
    let stride = config.setting("gradient_checkpointing_segment_stride")
    let without = [
      "deepfloyd", "heartmula", "kolors", "omnigen", "sd1x", "sdxl", "z_image_omni",
    ]
    guard let length = interval.number, length > 1, let step = stride.number, step > 0,
      step < length, !config.isFamily(in: without)
    else { return }
    findings.report(
      "a stride of \(Number.literal(step)) is below the interval of \(Number.literal(length))",
      at: stride, related: [(interval, "how long a segment is")],
      fixes: [
        findings.fix(
          "set it to \(Number.literal(length))", .unsafe, .set(stride, .number(length)))
      ])
  }

  static let framesNotFitting = Rule(
    RuleDescription(
      "frames-not-fitting", .error, .crashesAtStart, .output,
      "A number of frames for test videos that the model cannot make.",
      because: """
        LTX-2 packs eight frames into one behind the first: training videos are adjusted, the setting for \
        test videos is not
        """,
      sources: [Citation("SimpleTuner bc8e6ab7 helpers/models/ltxvideo2/model.py:1541-1550")],
      examples: [
        .flags(
          "simpletuner",
          #"{"model_family": ⟦"ltxvideo2"⟧, "validation_num_video_frames": ⟪48⟫}"#,
          fixed: #"{"model_family": "ltxvideo2", "validation_num_video_frames": 49}"#),
        .allows(
          "simpletuner", #"{"model_family": "ltxvideo2", "validation_num_video_frames": 49}"#),
        .allows("simpletuner", #"{"model_family": "wan", "validation_num_video_frames": 48}"#),
      ], backend: "simpletuner")
  ) { config, findings in
    let frames = config.setting("validation_num_video_frames")
    guard config.family == "ltxvideo2", !config.setting("validation_audio_only").isOn,
      let count = frames.number, count >= 1, count < 1e6,
      count.truncatingRemainder(dividingBy: 8) != 1
    else { return }
    let near = ((count - 1) / 8).rounded() * 8 + 1
    findings.report(
      "\(Number.literal(count)) frames are not one more than a multiple of 8: \(Number.literal(near)) is near",
      at: frames,
      related: [config.setting("model_family").noted("asks for that")].compactMap(\.self),
      fixes: [
        findings.fix("set it to \(Number.literal(near))", .unsafe, .set(frames, .number(near)))
      ])
  }
}
