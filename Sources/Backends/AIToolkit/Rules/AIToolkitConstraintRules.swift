import Knowledge
import Plans
import SourceText

/// The rules whose sentences stand in the data (`Schemas/backends/ai-toolkit.json`, "constraints").
extension Rule<AIToolkitJob> {
  static let missingSetting = Rule(
    SharedRule.missingSetting.description(
      of: "ai-toolkit",
      because:
        "the program stops where it is missing, or goes on with a default that is hardly meant",
      sources: [
        Citation("ai-toolkit 27a03a9 toolkit/config.py:36-44, jobs/BaseJob.py:42-66"),
        Citation("Schemas/backends/ai-toolkit.json: the reason stands with each setting"),
      ],
      // What is misspelt is not missing.
      silencedBy: ["unknown-key"],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            name: run
            process:
              - type: sd_trainer
                training_folder: output
                network: {type: lora, linear: 16}
                datasets: ⟪[]⟫
                train: ⟪{optimizer: adamw8bit, dtype: bf16}⟫
                model: ⟪{arch: flux}⟫
          """,
          fixed: """
            job: extension
            config:
              name: run
              process:
                - type: sd_trainer
                  training_folder: output
                  network: {type: lora, linear: 16}
                  datasets: []
                  train: {optimizer: adamw8bit, dtype: bf16, lr: 0.0001}
                  model: {arch: flux}
            """),
        .flags(
          "ai-toolkit",
          """
          ⟪config:
            name: run
            process:
              - type: sd_trainer
                training_folder: output
                network: {type: lora, linear: 16}
                datasets: [{folder_path: images}]
                train: {optimizer: adamw8bit, lr: 1e-4, dtype: bf16}
                model: {name_or_path: a, arch: flux}⟫
          """,
          fixed: """
            config:
              name: run
              process:
                - type: sd_trainer
                  training_folder: output
                  network: {type: lora, linear: 16}
                  datasets: [{folder_path: images}]
                  train: {optimizer: adamw8bit, lr: 1e-4, dtype: bf16}
                  model: {name_or_path: a, arch: flux}
            job: extension
            """),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            name: run
            process: ⟪[]⟫
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            name: run
            process:
              - type: sd_trainer
                training_folder: output
                network: {type: lora, linear: 16}
                datasets: [{folder_path: images}]
                train: {optimizer: adamw8bit, lr: 1e-4, dtype: bf16}
                model: {name_or_path: a, arch: flux}
          """),
      ])
  ) { job, findings in
    job.reportConstraints("missing-setting", into: &findings)
    job.reportNothingToRun(&findings)
    for process in job.processes {
      process.reportConstraints("missing-setting", into: &findings)
      process.reportNoImages(&findings)
    }
  }

  static let valueOutOfRange = Rule(
    SharedRule.valueOutOfRange.description(
      of: "ai-toolkit",
      because: "outside of it the run stops, learns nothing, or does something else than it says",
      sources: [Citation("Schemas/backends/ai-toolkit.json: the reason stands with each setting")],
      silencedBy: ["unreadable-value"],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {batch_size: ⟪0⟫, max_grad_norm: ⟪0⟫, ema_config: {use_ema: ⟦true⟧, ema_decay: ⟪99⟫}}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train: {batch_size: 1, max_grad_norm: 1, ema_config: {use_ema: true, ema_decay: 0.99}}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {batch_size: 1, max_grad_norm: 1.0, ema_config: {use_ema: false, ema_decay: 99}}
          """),
      ])
  ) { job, findings in
    job.reportSentences("value-out-of-range", &findings)
  }

  static let conflictingSettings = Rule(
    SharedRule.conflictingSettings.description(
      of: "ai-toolkit",
      because: "the program looks for these pairs, some before and some after the model is loaded",
      sources: [
        Citation("ai-toolkit 27a03a9 toolkit/config_modules.py:460-463,1467-1508"),
        Citation("ai-toolkit 27a03a9 extensions_built_in/sd_trainer/SDTrainer.py:90-109,351-355"),
      ],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {gradient_accumulation: ⟦4⟧, gradient_accumulation_steps: ⟪2⟫}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train: {gradient_accumulation: 4, gradient_accumulation_steps: 1}
            """),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {unload_text_encoder: ⟪true⟫, train_text_encoder: ⟦true⟧}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train: {unload_text_encoder: false, train_text_encoder: true}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {gradient_accumulation: 4, cache_text_embeddings: true}
          """),
      ])
  ) { job, findings in
    job.reportSentences("conflicting-settings", &findings)
  }

  static let settingWithoutEffect = Rule(
    SharedRule.settingWithoutEffect.description(
      of: "ai-toolkit",
      because: "the setting is read, and nothing asks for it with these others",
      sources: [Citation("Schemas/backends/ai-toolkit.json: the reason stands with each setting")],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                model: {name_or_path: a, arch: ⟦sdxl⟧, quantize: ⟪true⟫}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  model: {name_or_path: a, arch: sdxl, quantize: false}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                model: {name_or_path: a, arch: flux, quantize: true}
          """),
      ])
  ) { job, findings in
    job.reportSentences("setting-without-effect", &findings)
  }

  static let settingReplaced = Rule(
    SharedRule.settingReplaced.description(
      of: "ai-toolkit",
      because: "the program puts another value in its place, at most with a printed line",
      sources: [Citation("Schemas/backends/ai-toolkit.json: the reason stands with each setting")],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: ⟦automagic⟧, lr: ⟪0.01⟫}
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: automagic, lr: 1e-5}
          """),
      ])
  ) { job, findings in
    job.reportSentences("setting-replaced", &findings)
  }

  static let questionableSetting = Rule(
    SharedRule.questionableSetting.description(
      of: "ai-toolkit",
      because: "the program does as it is told, which is hardly ever what was wanted",
      sources: [
        Citation("ai-toolkit 27a03a9 extensions_built_in/sd_trainer/SDTrainer.py:2242-2299"),
        Citation("Schemas/backends/ai-toolkit.json: the reason stands with each setting"),
      ],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {gradient_accumulation_steps: ⟪4⟫, dtype: ⟪fp16⟫}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train: {gradient_accumulation_steps: 4, dtype: bf16}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {gradient_accumulation: 4, dtype: bf16}
          """),
      ])
  ) { job, findings in
    job.reportSentences("questionable-setting", &findings)
  }

  static let retiredKey = Rule(
    SharedRule.retiredKey.description(
      of: "ai-toolkit",
      because: "the program no longer has it, or has another name for it",
      sources: [Citation("ai-toolkit 27a03a9 toolkit/config_modules.py:707-713,998-1000")],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                datasets:
                  - poi: ⟪face⟫
                    folder_path: images
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  datasets:
                    - folder_path: images
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                datasets:
                  - folder_path: images
                    poi: null
          """),
      ])
  ) { job, findings in
    job.reportSentences("retired-key", &findings)
  }
}

extension AIToolkitJob {
  /// Reports sentences of the data that do not hold, in each process.
  fileprivate func reportSentences(_ rule: String, _ findings: inout Findings) {
    for process in processes { process.reportConstraints(rule, into: &findings) }
  }

  fileprivate func reportNothingToRun(_ findings: inout Findings) {
    guard let list = config.entry("process"), list.kind == .sequence, all.isEmpty else { return }
    findings.report(
      "the list of processes is empty: nothing is run", at: Place(list),
      why: "the program stops where the list is missing or empty")
  }
}

extension AIToolkitProcess {
  /// An empty list is none, and regularisation images alone are not trained on.
  fileprivate func reportNoImages(_ findings: inout Findings) {
    guard needsImages, let list = block("process").entry("datasets"), list.kind == .sequence else {
      return
    }
    let all = datasets
    if list.children.first(where: { _ in true }) == nil {
      findings.report(
        "the list of datasets is empty: there is nothing to train on", at: Place(list),
        why: "without data each step is handed an empty batch and stops",
        consequence: .crashesAtFirstStep)
    } else if !all.isEmpty, all.allSatisfy({ $0.setting("is_reg").isOn }) {
      findings.report(
        "all datasets are regularisation images: there is nothing to train on", at: Place(list),
        why: "every second step is handed an empty batch and stops",
        consequence: .crashesAtFirstStep)
    }
  }
}
