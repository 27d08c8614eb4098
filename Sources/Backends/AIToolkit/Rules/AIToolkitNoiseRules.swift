import Knowledge
import Plans
import SourceText

extension Rule<AIToolkitJob> {
  static let flowModelWithoutFlowScheduler = Rule(
    RuleDescription(
      "flow-model-without-flow-scheduler", .error, .trainsNothing, .loss,
      "A flow model whose noise is added by a scheduler for older models.",
      because: """
        the older models of this program take train.noise_scheduler, which is ddpm unless the file says \
        otherwise: noise is then added in one way and the way back is asked for in another
        """,
      sources: [
        Citation("ai-toolkit 27a03a9 jobs/process/BaseSDTrainProcess.py:1768-1786"),
        Citation("ai-toolkit 27a03a9 toolkit/stable_diffusion_model.py:194-196"),
      ],
      covers: ["ai-toolkit/AT-T01"],
      silencedBy: ["unknown-name"],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {noise_scheduler: ⟪ddpm⟫, lr: 1e-4}
                model: {name_or_path: a, arch: ⟦flux⟧}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train: {noise_scheduler: flowmatch, lr: 1e-4}
                  model: {name_or_path: a, arch: flux}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {noise_scheduler: flowmatch, lr: 1e-4}
                model: {name_or_path: a, arch: flux}
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {lr: 1e-4}
                model: {name_or_path: a, arch: sdxl}
          """),
      ], backend: "ai-toolkit")
  ) { job, findings in
    for process in job.processes {
      let scheduler = process.train("noise_scheduler")
      guard let facts = process.context.facts, facts.isFlowMatching,
        facts.takesSchedulerFromConfig, let name = scheduler.text, name != "flowmatch"
      else { continue }
      findings.report(
        "\(facts.title) is trained with flowmatch: \(name)\(scheduler.defaultNote) adds the noise in another way",
        at: scheduler, related: [process.model("arch").noted("a flow model")].compactMap(\.self),
        fixes: [
          findings.fix(
            "set noise_scheduler to flowmatch", .unsafe, .set(scheduler, .text("flowmatch")))
        ])
    }
  }

  static let samplerUnlikeScheduler = Rule(
    RuleDescription(
      "sampler-unlike-scheduler", .warning, .changesTraining, .loss,
      "Test images of a flow model that are made with a sampler for older models.",
      because: """
        the older models of this program make test images with sample.sampler, which is ddpm unless the \
        file says otherwise: those of a flow model come out as noise
        """,
      sources: [Citation("ai-toolkit 27a03a9 toolkit/stable_diffusion_model.py:1198-1224")],
      covers: ["ai-toolkit/AT-T07"],
      silencedBy: ["unknown-name"],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {noise_scheduler: ⟦flowmatch⟧, lr: 1e-4}
                model: {name_or_path: a, arch: flux}
                sample: {sampler: ⟪euler⟫, prompts: ["a cat"]}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train: {noise_scheduler: flowmatch, lr: 1e-4}
                  model: {name_or_path: a, arch: flux}
                  sample: {sampler: flowmatch, prompts: ["a cat"]}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {noise_scheduler: ddpm, lr: 1e-4}
                model: {name_or_path: a, arch: sdxl}
                sample: {sampler: euler_a, prompts: ["a cat"]}
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {noise_scheduler: flowmatch, lr: 1e-4, disable_sampling: true}
                model: {name_or_path: a, arch: flux}
          """),
      ], backend: "ai-toolkit")
  ) { job, findings in
    for process in job.processes {
      let sampler = process.setting("sample", "sampler")
      guard let facts = process.context.facts, facts.isFlowMatching,
        facts.takesSchedulerFromConfig, process.context.makesSamples, process.hasSamples,
        let name = sampler.text, name != "flowmatch"
      else { continue }
      let scheduler = process.train("noise_scheduler")
      findings.report(
        "test images of \(facts.title) need the sampler flowmatch, not \(name)\(sampler.defaultNote)",
        at: sampler, related: [scheduler.noted("what is trained")].compactMap(\.self),
        fixes: [
          findings.fix("set sampler to flowmatch", .unsafe, .set(sampler, .text("flowmatch")))
        ])
    }
  }
}

extension AIToolkitProcess {
  /// Whether test images are made at all.
  fileprivate var hasSamples: Bool {
    ["prompts", "samples"].contains { key in
      block("sample").entry(key).map { $0.children.contains { _ in true } } ?? false
    }
  }
}
