import Knowledge
import Plans
import SourceText

extension Rule<AIToolkitJob> {
  static let adapterAlphaReplaced = Rule(
    RuleDescription(
      "adapter-alpha-replaced", .warning, .changesTraining, .adapter,
      "An alpha other than the rank, for a model whose adapters have no alpha.",
      because: """
        adapters of transformers are made as the PEFT library makes them: alpha is set to the rank, so \
        that the output is never scaled
        """,
      sources: [Citation("ai-toolkit 27a03a9 toolkit/lora_special.py:423-433")],
      covers: ["ai-toolkit/AT-N01"],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                network: {type: lora, linear: ⟦32⟧, linear_alpha: ⟪16⟫}
                model: {name_or_path: a, arch: ⟦flux⟧}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  network: {type: lora, linear: 32, linear_alpha: 32}
                  model: {name_or_path: a, arch: flux}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                network: {type: lora, linear: 32, linear_alpha: 16}
                model: {name_or_path: a, arch: sdxl}
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                network: {type: lora, linear: 32, linear_alpha: 32}
                model: {name_or_path: a, arch: flux}
          """),
      ], backend: "ai-toolkit")
  ) { job, findings in
    for process in job.processes where process.hasNetwork && process.rankCounts {
      let alpha = process.alpha
      guard process.context.facts?.isTransformer ?? false, alpha.isWritten,
        !(process.networkType == "lokr" && process.network("old_lokr_format").isOn),
        let value = alpha.number, let rank = process.rank.number, value != rank, rank > 0
      else { continue }
      findings.report(
        "an alpha of \(Number.literal(value)) is not used: this model's adapters take the rank, \(Number.literal(rank))",
        at: alpha,
        related: [
          process.rank.noted("the rank"), process.model("arch").noted("a transformer"),
        ].compactMap(\.self),
        fixes: [
          findings.fix(
            "set it to \(Number.literal(rank))", .safe, .set(alpha, .number(rank)))
        ])
    }
  }

  static let lokrRankWithoutEffect = Rule(
    RuleDescription(
      "lokr-rank-without-effect", .warning, .silentlyIgnored, .adapter,
      "A rank or alpha for LoKr with full matrices.",
      because: """
        lokr_full_rank is on unless it is switched off, and then rank and alpha are replaced with a \
        number that no matrix reaches
        """,
      sources: [Citation("ai-toolkit 27a03a9 toolkit/config_modules.py:204-209")],
      covers: ["ai-toolkit/AT-N04"],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                network: {type: ⟦lokr⟧, linear: ⟪16⟫}
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                network: {type: lokr, linear: 16, lokr_full_rank: false}
          """),
      ], backend: "ai-toolkit")
  ) { job, findings in
    for process in job.processes where process.networkType == "lokr" && !process.isFromInterface {
      let full = process.network("lokr_full_rank")
      let stated = ["linear", "rank", "linear_alpha", "alpha"].map { process.network($0) }
      guard full.isOn, let first = stated.first(where: \.isWritten) else { continue }
      findings.report(
        "\(first.value.literal) has no effect: this LoKr uses full matrices; lokr_full_rank: false makes it count",
        at: first,
        related: [process.network("type"), full].compactMap { $0.noted("full matrices") })
    }
  }

  static let networkBlockEmpty = Rule(
    RuleDescription(
      "network-block-empty", .warning, .changesTraining, .adapter,
      "A network key with nothing behind it, so that the whole model is trained.",
      because:
        "an empty network is none: without an adapter the weights of the model itself are trained",
      sources: [
        Citation("ai-toolkit 27a03a9 jobs/process/BaseSDTrainProcess.py:107-111,235-237,2135-2155")
      ],
      covers: ["ai-toolkit/AT-N05"],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                network:⟪⟫
                train: {lr: 1e-4}
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                network: {type: lora}
                train: {lr: 1e-4}
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {lr: 1e-5}
          """),
      ], backend: "ai-toolkit")
  ) { job, findings in
    for process in job.processes where process.trainsModel {
      let network = process.setting("process", "network")
      guard network.isWritten, network.isNull, !network.isMistaken else { continue }
      findings.report(
        "nothing stands behind 'network': the whole model is trained, and not an adapter",
        at: network)
    }
  }
}
