import Knowledge
import Optimizers
import Plans
import SourceText

extension Kohya {
  static let learningRateRules: [Rule<KohyaConfig>] = [
    .loraPlusWithAdaptiveRate, .blockRatesOfAnotherNumber, .minimumOfAnotherRate,
    .textEncoderTrainedInAdapter,
  ]
}

extension Rule<KohyaConfig> {
  static let loraPlusWithAdaptiveRate = Rule(
    RuleDescription(
      "lora-plus-with-adaptive-rate", .error, .crashesAtFirstStep, .learningRate,
      "LoRA+ together with Prodigy or D-Adaptation.",
      because: """
        LoRA+ gives half of an adapter a rate that is many times the other's; these optimizers stop \
        unless all rates are the same
        """,
      sources: [
        Citation("kohya sd-scripts 48d368fa networks/lora.py:1149-1170"),
        Citation(
          "sd-scripts issue 1929", "https://github.com/kohya-ss/sd-scripts/issues/1929"),
      ],
      covers: ["kohya/K-PRO-03"],
      examples: [
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = ⟦"Prodigy"⟧
          learning_rate = 1.0
          network_args = ["loraplus_lr_ratio=⟪16⟫"]
          """,
          fixed: """
            network_module = "networks.lora"
            optimizer_type = "Prodigy"
            learning_rate = 1.0
            network_args = []
            """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = "AdamW"
          learning_rate = 1e-4
          network_args = ["loraplus_lr_ratio=16"]
          """),
      ], backend: "kohya")
  ) { config, findings in
    guard let use = config.optimizer.use, use.needsEqualGroupRates,
      let module = config.setting("network_module").text,
      !["networks.lora_fa", "networks.oft", "networks.oft_flux"].contains(module)
    else { return }
    for key in ["loraplus_lr_ratio", "loraplus_unet_lr_ratio", "loraplus_text_encoder_lr_ratio"] {
      guard let argument = config.networkArgument(key),
        let ratio = Number.parse(argument.written ?? ""),
        ratio != 1
      else { continue }
      let item = argument.setting(.number(ratio))
      findings.report(
        "LoRA+ trains half of the adapter at \(Number.literal(ratio)) times the rate: \(config.optimizer.facts?.title ?? "the optimizer") stops",
        at: item,
        related: [config.optimizer.name.noted("one step size for all parameters")]
          .compactMap(\.self),
        fixes: [findings.fix("remove \(key)", .unsafe, .remove(item))])
    }
  }

  static let blockRatesOfAnotherNumber = Rule(
    RuleDescription(
      "block-rates-of-another-number", .error, .crashesAtStart, .learningRate,
      "A block_lr that does not have 23 rates.",
      because: "SDXL's U-Net is split into 23 blocks, and an assertion counts the rates",
      sources: [Citation("kohya sd-scripts 48d368fa sdxl_train.py:112-117")],
      covers: ["kohya/K-LR-10"],
      examples: [
        .flags(
          "kohya",
          """
          learning_rate_te1 = 1e-5
          block_lr = ⟪"1e-5,1e-5,1e-6"⟫
          """),
        .flags(
          "kohya",
          """
          learning_rate_te1 = 1e-5
          block_lr = ⟪"all=1e-5"⟫
          """),
        .allows(
          "kohya",
          """
          learning_rate_te1 = 1e-5
          block_lr = "0,0,0,0,0,0,0,0,0,0,1e-5,1e-5,1e-5,0,0,0,0,0,0,0,0,0,0"
          """),
      ], backend: "kohya")
  ) { config, findings in
    let setting = config.root.setting("block_lr")
    guard let text = setting.text, !text.isEmpty, config.all({ $0 == .sdxlTrain }) else { return }
    guard let rates = config.blockRates else {
      findings.report("block_lr takes 23 numbers with commas between them", at: setting)
      return
    }
    guard rates.count != 23 else { return }
    findings.report(
      "block_lr has \(rates.count) \(rates.count == 1 ? "rate" : "rates"): it takes 23",
      at: setting)
  }

  static let minimumOfAnotherRate = Rule(
    RuleDescription(
      "minimum-of-another-rate", .warning, .changesTraining, .learningRate,
      "A schedule whose lowest rate is worked out from learning_rate while a part has another rate.",
      because: """
        min_lr and lr_end are divided by learning_rate, and each part's own rate is multiplied by the \
        quotient
        """,
      sources: [Citation("transformers 4.54.1 optimization.py:213-265, 373")],
      covers: ["kohya/K-SCH-25"],
      examples: [
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          learning_rate = ⟦1e-4⟧
          unet_lr = ⟪5e-4⟫
          text_encoder_lr = 1e-4
          lr_scheduler = "cosine_with_min_lr"
          lr_scheduler_args = ["min_lr=⟦1e-5⟧"]
          """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          learning_rate = 1e-4
          unet_lr = 5e-4
          lr_scheduler = "cosine_with_min_lr"
          lr_scheduler_min_lr_ratio = 0.1
          """),
      ], backend: "kohya")
  ) { config, findings in
    let name = config.setting("lr_scheduler").text
    let key = name == "cosine_with_min_lr" ? "min_lr" : name == "polynomial" ? "lr_end" : nil
    guard let key, !config.optimizer.isScheduleFree, !config.optimizer.hasRelativeStep,
      let argument = config.schedulerArguments.last(where: { $0.key == key && $0.isWellFormed }),
      let lowest = argument.literal?.number, lowest > 0
    else { return }
    let base = config.root.setting("learning_rate")
    guard let rate = base.number, rate > 0,
      let odd = config.routes.first(where: { ($0.rate.number ?? rate) != rate }),
      let own = odd.rate.number
    else { return }
    findings.report(
      "'\(odd.part)' at \(Number.literal(own)) falls to \(Number.literal(own * lowest / rate)), not to \(Number.literal(lowest))",
      at: odd.rate,
      related: [
        base.noted("the rate it is worked out from"),
        (argument.valuePlace, "the lowest rate of what is trained at learning_rate"),
      ].compactMap(\.self))
  }

  static let textEncoderTrainedInAdapter = Rule(
    RuleDescription(
      "text-encoder-rate-of-a-model", .info, .worthKnowing, .learningRate,
      "A text encoder that is trained at the high rate of an adapter of the model.",
      because: """
        CLIP is usually trained at half the rate or less; without text_encoder_lr it takes learning_rate
        """,
      sources: [
        Citation("kohya sd-scripts 48d368fa networks/lora.py:1187, train_network.py:732-760")
      ],
      examples: [
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          learning_rate = 1e-4
          text_encoder_lr = ⟪1e-3⟫
          """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          learning_rate = 1e-4
          text_encoder_lr = 5e-5
          """),
      ], backend: "kohya")
  ) { config, findings in
    guard config.all({ $0.product == .adapter }), !config.optimizer.isAdaptive,
      let rate = config.textRates.first, let value = rate.number,
      let unet =
        (config.root.setting("unet_lr").number ?? config.root.setting("learning_rate").number),
      value > 2 * unet, unet > 0, value >= 5e-4, !config.optimizer.hasRelativeStep
    else { return }
    findings.report(
      "the text encoder is trained at \(Number.literal(value)), far above the rest at \(Number.literal(unet))",
      at: rate)
  }
}
