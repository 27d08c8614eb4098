import Knowledge
import Plans
import SourceText

extension SimpleTuner {
  static let optimizerRules: [Rule<SimpleTunerConfig>] = [
    .unusableOptimizer, .clipByValue, .scaledLearningRate,
  ]
}

extension Rule<SimpleTunerConfig> {
  static let unusableOptimizer = Rule(
    SharedRule.unusableOptimizer.description(
      of: "simpletuner",
      because: """
        the trainer's table and the libraries have grown apart: their classes no longer take what they \
        are handed
        """,
      sources: [
        Citation("SimpleTuner bc8e6ab7 helpers/training/optimizer_param.py:537-870"),
        Citation("bitsandbytes 0.50, sdnq 0.2.8, torch.optim.SparseAdam"),
      ],
      covers: [
        "simpletuner/ST-O11", "simpletuner/ST-O12", "simpletuner/ST-O13", "simpletuner/ST-O14",
      ],
      examples: [
        .flags(
          "simpletuner", #"{"model_family": "flux", "optimizer": ⟪"bnb-adam8bit"⟫}"#,
          fixed: #"{"model_family": "flux", "optimizer": "bnb-adamw8bit"}"#),
        .flags(
          "simpletuner", #"{"model_family": "flux", "optimizer": ⟪"torch-sparseadam"⟫}"#),
        .allows("simpletuner", #"{"model_family": "flux", "optimizer": "bnb-adamw8bit"}"#),
      ])
  ) { config, findings in
    guard config.buildsNamedOptimizer, let use = config.optimizer.use, let reason = use.isBroken
    else { return }
    // The nearest that does the same in another class.
    let instead: [String: String] = [
      "bnb-adam": "bnb-adamw", "bnb-adam8bit": "bnb-adamw8bit", "bnb-adagrad": "torch-adagrad",
      "sdnq-muon": "sdnq-muon+quantized_matmul",
    ]
    let isLate = reason.contains("first step")
    findings.report(
      "\(use.name) cannot run"
        + (instead[use.name].map { ": \($0) can" } ?? ""),
      at: config.optimizer.name, why: reason,
      consequence: isLate ? .crashesAtFirstStep : .crashesAtStart,
      fixes: [
        instead[use.name].flatMap {
          findings.fix("write \"\($0)\"", .unsafe, .set(config.optimizer.name, .text($0)))
        }
      ])
  }

  static let clipByValue = Rule(
    RuleDescription(
      "clip-by-value", .warning, .changesTraining, .optimizer,
      "A limit for the norm of gradients that is applied to each number by itself.",
      because: """
        grad_clip_method is value unless it is set: each number is cut off at the limit, and numbers of \
        a gradient are far below 0.1, so nothing is ever clipped
        """,
      sources: [
        Citation("SimpleTuner bc8e6ab7 helpers/training/trainer.py:7138-7213"),
        Citation("SimpleTuner bc8e6ab7 documentation/OPTIONS.md, max_grad_norm"),
      ],
      covers: ["simpletuner/ST-O35"],
      silencedBy: ["setting-replaced"],
      examples: [
        .flags(
          "simpletuner",
          #"{"model_family": "flux", "optimizer": "adamw_bf16", "max_grad_norm": ⟪1.0⟫}"#,
          fixed: """
            {"model_family": "flux", "optimizer": "adamw_bf16", "max_grad_norm": 1.0, \
            "grad_clip_method": "norm"}
            """),
        .allows(
          "simpletuner",
          #"{"model_family": "flux", "max_grad_norm": 1.0, "grad_clip_method": "norm"}"#),
        .allows(
          "simpletuner",
          #"{"model_family": "flux", "max_grad_norm": 1.0, "grad_clip_method": "value"}"#),
        .allows("simpletuner", #"{"model_family": "flux", "max_grad_norm": 0.01}"#),
      ], backend: "simpletuner")
  ) { config, findings in
    let limit = config.setting("max_grad_norm")
    let method = config.setting("grad_clip_method")
    guard limit.isWritten, let number = limit.number, number >= 0.1, !method.isWritten,
      !["prodigy", "optimi-stableadamw"].contains(config.optimizer.name.text ?? ""),
      !config.usesDeepSpeed, !config.setting("fsdp_enable").isOn
    else { return }
    findings.report(
      "max_grad_norm of \(Number.literal(number)) cuts off single numbers, not the norm: it never acts",
      at: limit,
      fixes: [
        findings.fix("set grad_clip_method to \"norm\"", .unsafe, .set(method, .text("norm")))
      ])
  }

  static let scaledLearningRate = Rule(
    RuleDescription(
      "scaled-learning-rate", .info, .changesTraining, .learningRate,
      "A learning rate that the trainer multiplies by the number of images in a step.",
      because: """
        lr_scale multiplies learning_rate by batch size, accumulation and number of GPUs; data sets \
        with a batch size of their own do not change that
        """,
      sources: [Citation("SimpleTuner bc8e6ab7 helpers/training/trainer.py:1191-1203")],
      covers: ["simpletuner/ST-L05", "simpletuner/ST-L07"],
      silencedBy: ["scaled-adaptive-learning-rate", "learning-rate-too-high"],
      examples: [
        .flags(
          "simpletuner",
          """
          {"model_family": "flux", "optimizer": "adamw_bf16", "learning_rate": ⟪1e-5⟫, \
          "train_batch_size": 4, "lr_scale": ⟦true⟧}
          """),
        .flags(
          "simpletuner",
          """
          {"model_family": "flux", "optimizer": "adamw_bf16", "learning_rate": ⟪1e-5⟫, \
          "train_batch_size": 4, "lr_scale": ⟦true⟧, "data_backend_config": "data.json"}
          """,
          files: [
            "data.json": """
            [{"id": "a", "type": "local", "instance_data_dir": "x", "train_batch_size": ⟦8⟧}]
            """
          ]),
        .allows(
          "simpletuner",
          """
          {"model_family": "flux", "optimizer": "adamw_bf16", "learning_rate": 1e-5, \
          "train_batch_size": 1, "lr_scale": true}
          """),
      ], backend: "simpletuner")
  ) { config, findings in
    guard config.buildsNamedOptimizer, let scale = config.rateScale,
      let rate = config.learningRate.number
    else { return }
    let own = config.data?.active.map { $0.setting("train_batch_size") }.first {
      $0.isWritten && $0.number != config.setting("train_batch_size").number
    }
    findings.report(
      "the learning rate becomes \(OptimizerNumber.short(rate * scale.value)): \(Number.literal(rate)) times \(OptimizerNumber.short(scale.value))",
      at: config.learningRate,
      related: [
        (scale, "scales the rate"), own?.noted("is left out of the scale"),
      ].compactMap(\.self))
  }
}

/// Numbers that were computed, for messages.
enum OptimizerNumber {
  /// Three digits.
  static func short(_ number: Double) -> String {
    guard number != 0, number.isFinite else { return Number.literal(number) }
    var unit = 1.0
    while abs(number) * unit < 100, unit < 1e18 { unit *= 10 }
    return Number.literal((number * unit).rounded() / unit)
  }
}
