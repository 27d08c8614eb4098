import Knowledge
import Plans
import SourceText

extension SimpleTuner {
  static let valueRules: [Rule<SimpleTunerFiles>] = [.unreadableValue, .unknownName]
}

extension Rule<SimpleTunerFiles> {
  static let unreadableValue = Rule(
    SharedRule.unreadableValue.description(
      of: "simpletuner",
      because: "values are passed on as text and read by the parser of the command line",
      sources: [
        Citation("SimpleTuner bc8e6ab7 helpers/configuration/cli_utils.py:150-262"),
        Citation("SimpleTuner bc8e6ab7 helpers/configuration/cmd_args.py:393-478"),
      ],
      covers: [
        "simpletuner/ST-P03", "simpletuner/ST-P04", "simpletuner/ST-P05", "simpletuner/ST-P06",
      ],
      examples: [
        .flags("simpletuner", #"{"model_family": "flux", "text_encoder_lr": ⟪1e-6⟫}"#),
        .flags("simpletuner", #"{"model_family": "flux", "resolution": ⟪0.5⟫}"#),
        .flags(
          "simpletuner", #"{"model_family": "flux", "max_train_steps": ⟪1000.0⟫}"#,
          fixed: #"{"model_family": "flux", "max_train_steps": 1000}"#),
        .flags(
          "simpletuner", #"{"model_family": "flux", "gradient_checkpointing": ⟪"false"⟫}"#,
          fixed: #"{"model_family": "flux", "gradient_checkpointing": false}"#),
        .flags("simpletuner", #"{"model_family": "flux", "learning_rate": ⟪"1e-4 or so"⟫}"#),
        .flags("simpletuner", #"{"model_family": "flux", "lora_rank": ⟪true⟫}"#),
        .flags(
          "simpletuner",
          #"{"model_family": "flux", "quantization_config": ⟪{"transformer": {"bits": 4}}⟫}"#,
          fixed:
            #"{"model_family": "flux", "quantization_config": "{\"transformer\":{\"bits\":4}}"}"#),
        .flags(
          "simpletuner", #"{"model_family": "flux", "ramtorch_target_modules": ⟪["a", "b"]⟫}"#),
        .flags(
          "simpletuner",
          #"[{"id": "a", "type": "local", "instance_data_dir": "x", "crop": ⟪"false"⟫}]"#,
          fixed: #"[{"id": "a", "type": "local", "instance_data_dir": "x", "crop": false}]"#),
        .flags(
          "simpletuner",
          #"[{"id": "a", "type": "local", "instance_data_dir": "x", "resolution": ⟪"512"⟫}]"#,
          fixed: #"[{"id": "a", "type": "local", "instance_data_dir": "x", "resolution": 512}]"#),
        .flags(
          "simpletuner",
          "MODEL_FAMILY=flux\nTRAINER_EXTRA_ARGS=\"--lora_rank ⟪16.5⟫ --max_grad_norm 1.0\"\n",
          path: "config.env"),
        .allows(
          "simpletuner",
          "MODEL_FAMILY=flux\nLEARNING_RATE=1e-4\nUSE_EMA=false\nTRAINER_EXTRA_ARGS=\"--lora_rank 16\"\n",
          path: "config.env"),
        .allows(
          "simpletuner",
          """
          {"model_family": "flux", "learning_rate": "1e-4", "gradient_checkpointing": "true", \
          "use_ema": "false", "push_to_hub": "no", "seed": "42", "lora_alpha": 16, \
          "peft_lora_target_modules": ["a", "b"], "deepspeed_config": {"zero_optimization": {}}}
          """),
      ])
  ) { files, findings in
    files.reportProblems(.unreadableValue, into: &findings)
    files.config?.reportArguments(.unreadableValue, into: &findings)
  }

  static let unknownName = Rule(
    SharedRule.unknownName.description(
      of: "simpletuner", .error, .crashesAtLoad,
      because: "names are compared letter by letter, and others stop the run",
      sources: [
        Citation("SimpleTuner bc8e6ab7 helpers/configuration/cmd_args.py:505-514"),
        Citation("SimpleTuner bc8e6ab7 helpers/training/optimizer_param.py:876-949,1119-1121"),
        Citation("SimpleTuner bc8e6ab7 helpers/models/common.py:1203-1230"),
        Citation(
          "SimpleTuner issue 104: Adafactor stops at the start",
          "https://github.com/bghira/SimpleTuner/issues/104"),
      ],
      covers: [
        "simpletuner/ST-P07", "simpletuner/ST-P11", "simpletuner/ST-O01", "simpletuner/ST-O02",
        "simpletuner/ST-O28", "simpletuner/ST-S01", "simpletuner/ST-Q09",
      ],
      examples: [
        .flags(
          "simpletuner", #"{"model_family": "flux", "mixed_precision": ⟪"BF16"⟫}"#,
          fixed: #"{"model_family": "flux", "mixed_precision": "bf16"}"#),
        .flags(
          "simpletuner", #"{"model_family": ⟪"pixart_sigma"⟫}"#,
          fixed: #"{"model_family": "pixart"}"#),
        .flags("simpletuner", #"{"model_family": ⟪"bria"⟫}"#),
        .flags(
          "simpletuner", #"{"model_family": "flux", "optimizer": ⟪"AdamW_BF16"⟫}"#,
          fixed: #"{"model_family": "flux", "optimizer": "adamw_bf16"}"#),
        .flags(
          "simpletuner", #"{"model_family": "flux", "optimizer": ⟪"adafactor"⟫}"#,
          fixed: #"{"model_family": "flux", "optimizer": "optimi-stableadamw"}"#),
        .flags(
          "simpletuner", #"{"model_family": "flux", "model_flavour": ⟪"kontex"⟫}"#,
          fixed: #"{"model_family": "flux", "model_flavour": "kontext"}"#),
        .flags(
          "simpletuner",
          #"[{"id": "a", "type": "local", "instance_data_dir": "x", "crop_style": ⟪"centred"⟫}]"#,
          fixed:
            #"[{"id": "a", "type": "local", "instance_data_dir": "x", "crop_style": "centre"}]"#),
        .allows(
          "simpletuner",
          """
          {"model_family": "FLUX", "optimizer": "optimi-lion", "lr_scheduler": "cosine_with_warmup", \
          "aspect_bucket_alignment": 64, "model_flavour": "dev"}
          """),
        // A model of one's own may go by any flavour.
        .allows(
          "simpletuner",
          #"{"model_family": "flux", "model_flavour": "mine", "pretrained_model_name_or_path": "a/b"}"#
        ),
      ])
  ) { files, findings in
    files.reportProblems(.unknownName, into: &findings)
    files.config?.reportArguments(.unknownName, into: &findings)
    guard let config = files.config else { return }
    reportOptimizer(config, &findings)
    reportFlavour(config, &findings)
  }

  private static func reportOptimizer(
    _ config: SimpleTunerConfig, _ findings: inout Findings
  ) {
    let setting = config.optimizer.name
    guard let name = setting.text, config.optimizer.facts == nil, setting.isWritten,
      !setting.isMistaken
    else { return }
    let names = Catalogue.optimizerNames(of: "simpletuner")
    let refusal = names.refusal(of: name)
    let meant =
      refusal?.instead
      ?? config.backend.names(in: "meant", of: "optimizer=\(name.lowercased())")?.first
      ?? Suggestion.nearest(to: name, in: names.spellings)
    findings.reportMistake(
      "'\(name)' is no optimizer" + (meant.map { ": did you mean '\($0)'" } ?? ""), at: setting,
      why: refusal?.why ?? "optimizers are looked up by their exact name, and others stop the run",
      severity: .error, consequence: .crashesAtLoad,
      fixes: [
        meant.flatMap {
          findings.fix(
            "write \"\($0)\"", SimpleTunerReading.isSameName($0, name) ? .safe : .unsafe,
            .set(setting, .text($0)))
        }
      ])
  }

  /// Only where the flavour has to say which model it is.
  private static func reportFlavour(
    _ config: SimpleTunerConfig, _ findings: inout Findings
  ) {
    let setting = config.setting("model_flavour")
    guard let name = setting.text, setting.isWritten, !setting.isMistaken,
      config.setting("pretrained_model_name_or_path").isNull || config.family == "hunyuanvideo",
      let flavours = config.backend.names(in: "flavours", of: config.family), !flavours.isEmpty,
      !flavours.contains(name)
    else { return }
    let meant = Suggestion.nearest(to: name, in: flavours)
    findings.reportMistake(
      "'\(name)' is no flavour of \(config.family): "
        + (meant.map { "did you mean '\($0)'" } ?? "it has \(flavours.joined(separator: ", "))"),
      at: setting, why: "the flavour says which model to load, and there is none of that name",
      severity: .error, consequence: .crashesAtStart,
      fixes: [
        meant.flatMap { findings.fix("write \"\($0)\"", .unsafe, .set(setting, .text($0))) }
      ])
  }
}

extension SimpleTunerConfig {
  /// Reports values of arguments that are read otherwise than they were meant.
  fileprivate func reportArguments(_ rule: SharedRule, into findings: inout Findings) {
    for argument in settings.extra.all {
      guard let problem = argument.reading.problem, problem.rule.id == rule.id,
        let setting = argument.setting
      else { continue }
      findings.reportMistake(
        problem.message, at: setting, why: problem.why, severity: problem.severity,
        consequence: problem.consequence)
    }
  }
}
