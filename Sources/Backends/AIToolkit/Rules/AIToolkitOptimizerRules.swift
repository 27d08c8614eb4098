import Knowledge
import Plans
import SourceText

extension Rule<AIToolkitJob> {
  static let unusableOptimizer = Rule(
    SharedRule.unusableOptimizer.description(
      of: "ai-toolkit",
      because: """
        names that begin with dadaptation and end with adam or lion build DAdaptLion with an eps, which \
        it does not take; with another ending nothing is built
        """,
      sources: [Citation("ai-toolkit 27a03a9 toolkit/optimizer.py:13-22")],
      covers: ["ai-toolkit/AT-O06"],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: ⟪DAdaptationAdam⟫, lr: 1.0}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train: {optimizer: dadaptation, lr: 1.0}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: dadaptation, lr: 1.0}
          """),
      ])
  ) { job, findings in
    for optimizer in job.processes.map(\.optimizer) {
      guard let failure = optimizer.failure else { continue }
      findings.report(
        "'\(optimizer.name.text ?? "")' cannot be built: dadaptation works, and so does prodigy",
        at: optimizer.name, why: failure,
        fixes: [
          findings.fix(
            "write \"dadaptation\"", .unsafe, .set(optimizer.name, .text("dadaptation")))
        ])
    }
  }

  static let optimizerNotAsNamed = Rule(
    SharedRule.optimizerNotAsNamed.description(
      of: "ai-toolkit",
      because: "everything that begins with prodigy is built as Prodigy of the package prodigyopt",
      sources: [Citation("ai-toolkit 27a03a9 toolkit/optimizer.py:23-49")],
      covers: ["ai-toolkit/AT-O05"],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: ⟪prodigy_adv⟫, lr: 1.0}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train: {optimizer: prodigy, lr: 1.0}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: Prodigy8bit, lr: 1.0}
          """),
      ])
  ) { job, findings in
    for optimizer in job.processes.map(\.optimizer) {
      guard optimizer.built.hasPrefix("prodigy"), optimizer.lower != optimizer.built,
        optimizer.lower != "prodigyopt"
      else { continue }
      let title = optimizer.built == "prodigy" ? "plain Prodigy" : "Prodigy with 8-bit state"
      findings.report(
        "'\(optimizer.name.text ?? "")' is not known here: \(title) is built under that name",
        at: optimizer.name,
        fixes: [
          findings.fix(
            "write \"\(optimizer.built)\"", .safe, .set(optimizer.name, .text(optimizer.built)))
        ])
    }
  }

  static let updateWithinBackward = Rule(
    RuleDescription(
      "update-within-backward", .warning, .changesTraining, .optimizer,
      "Accumulated or clipped gradients under an optimizer that updates within the backward pass.",
      because: """
        each tensor is updated as soon as its gradient is there: nothing is left to clip, and every \
        batch of an accumulation takes a step of its own
        """,
      sources: [
        Citation("ai-toolkit 27a03a9 toolkit/optimizers/automagic2.py:53-60,94-98,189-194"),
        Citation("ai-toolkit 27a03a9 toolkit/optimizers/automagic3.py:75-85,214-233"),
      ],
      covers: ["ai-toolkit/AT-O15"],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: ⟦automagic3⟧, lr: 1e-6, gradient_accumulation: ⟪4⟫}
          """),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train:
                  optimizer: automagicexperiment
                  optimizer_params: {fused: ⟦true⟧}
                  max_grad_norm: ⟪0.5⟫
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train:
                  optimizer: automagic3
                  optimizer_params: {fused: false}
                  max_grad_norm: 0.5
                  gradient_accumulation: 4
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: automagic2, lr: 1e-6}
          """),
      ], backend: "ai-toolkit")
  ) { job, findings in
    for process in job.processes {
      guard let cause = process.updatesWhileBackward else { continue }
      let remedy = process.optimizer.built == "automagic2" ? "" : "; fused: false makes one step"
      let accumulation = process.train("gradient_accumulation")
      if let count = accumulation.number, count > 1 {
        findings.report(
          "\(process.optimizer.lower) takes \(Number.literal(count)) steps where one was meant\(remedy)",
          at: accumulation, related: [(cause, "updates within the backward pass")])
      }
      let norm = process.train("max_grad_norm")
      if norm.isWritten, !process.isFromInterface {
        findings.report(
          "\(process.optimizer.lower) is done before gradients are clipped: max_grad_norm does nothing",
          at: norm, severity: .info, consequence: .silentlyIgnored,
          related: [(cause, "updates within the backward pass")])
      }
    }
  }

  static let adafactorSpelledOtherwise = Rule(
    RuleDescription(
      "adafactor-spelled-otherwise", .info, .worthKnowing, .optimizer,
      "Adafactor with capital letters.",
      because: """
        gradients are left unclipped for adafactor, and that name is compared letter by letter; with \
        capitals max_grad_norm acts as well
        """,
      sources: [
        Citation("ai-toolkit 27a03a9 extensions_built_in/sd_trainer/SDTrainer.py:2278")
      ],
      covers: ["ai-toolkit/AT-O14"],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: ⟪Adafactor⟫, lr: 1e-5}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train: {optimizer: adafactor, lr: 1e-5}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: adafactor, lr: 1e-5}
          """),
      ], backend: "ai-toolkit")
  ) { job, findings in
    for optimizer in job.processes.map(\.optimizer)
    where optimizer.lower == "adafactor" && optimizer.name.text != "adafactor" {
      findings.report(
        "'\(optimizer.name.text ?? "")' is clipped with max_grad_norm, 'adafactor' is not",
        at: optimizer.name,
        fixes: [
          findings.fix("write \"adafactor\"", .unsafe, .set(optimizer.name, .text("adafactor")))
        ])
    }
  }
}
