import Knowledge
import Plans
import SourceText

extension Rule<AIToolkitJob> {
  static let unreadableValue = Rule(
    SharedRule.unreadableValue.description(
      of: "ai-toolkit",
      because: "nothing is checked when the file is read: the value goes where the setting is used",
      sources: [Citation("ai-toolkit 27a03a9 toolkit/config.py:98-114, toolkit/config_modules.py")],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {lr: ⟪"1e-4"⟫, steps: ⟪"2000"⟫}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train: {lr: 0.0001, steps: 2000}
            """),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            name: ⟪2026-01-31⟫
            process:
              - type: sd_trainer
                model: {name_or_path: a, quantize: ⟪"false"⟫}
          """,
          fixed: """
            job: extension
            config:
              name: "2026-01-31"
              process:
                - type: sd_trainer
                  model: {name_or_path: a, quantize: false}
            """),
        // Everything below it is commented out.
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train:
                  train_unet:⟪⟫
                  lr: 1e-4
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train:
                    train_unet: true
                    lr: 1e-4
            """),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                network: ⟪lora⟫
                datasets: ⟪{folder_path: images}⟫
                sample:
                  prompts:
                    - ⟪a sign: open⟫
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            name: run
            process:
              - type: sd_trainer
                train: {lr: 1e-4, steps: 2_000, gradient_checkpointing: yes}
                datasets: [{folder_path: images, resolution: [512, 768]}]
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {lr: "${LR}", optimizer_params: }
          """),
      ])
  ) { job, findings in
    job.reportEverywhere(.unreadableValue, into: &findings)
  }

  static let unknownName = Rule(
    SharedRule.unknownName.description(
      of: "ai-toolkit",
      because: "names are compared when they are used, some long after the model is loaded",
      sources: [
        Citation("ai-toolkit 27a03a9 toolkit/optimizer.py:69,107"),
        Citation("ai-toolkit 27a03a9 toolkit/scheduler.py:45-60"),
        Citation("ai-toolkit 27a03a9 toolkit/util/get_model.py:42-49"),
        Citation("ai-toolkit 27a03a9 toolkit/util/quantize.py:62-70"),
        Citation("ai-toolkit 27a03a9 toolkit/samplers/custom_flowmatch_sampler.py:219"),
      ],
      covers: [
        "ai-toolkit/AT-D02", "ai-toolkit/AT-D07", "ai-toolkit/AT-D08", "ai-toolkit/AT-O04",
        "ai-toolkit/AT-S02", "ai-toolkit/AT-Q08", "ai-toolkit/AT-T03", "ai-toolkit/AT-T04",
        "ai-toolkit/AT-T07",
      ],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: ⟪sd_trianer⟫
                train: {optimizer: ⟪adamw_8bit⟫, lr_scheduler: ⟪Cosine⟫}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train: {optimizer: adamw8bit, lr_scheduler: cosine}
            """),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {noise_scheduler: flowmatch, timestep_type: ⟪sigmod⟫}
                model: {name_or_path: a, arch: ⟪fluxx⟫, quantize: true, qtype: ⟪float16⟫}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train: {noise_scheduler: flowmatch, timestep_type: sigmoid}
                  model: {name_or_path: a, arch: flux, quantize: true, qtype: float8}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: AdamW8bit, lr_scheduler: step, noise_scheduler: flowmatch}
                model: {name_or_path: a, arch: "wan21:14b", quantize: true, qtype: "uint3|some/adapter"}
          """),
      ])
  ) { job, findings in
    job.reportEverywhere(.unknownName, into: &findings)
  }

  static let numberInText = Rule(
    SharedRule.numberInText.description(
      of: "ai-toolkit",
      because: "1e4 is a fraction to Python, and a few settings are handed to float()",
      sources: [Citation("ai-toolkit 27a03a9 toolkit/config.py:55-68")],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {lr: 1e-4, steps: ⟪1e4⟫}
                datasets: [{folder_path: images, caption_dropout_rate: ⟪"0.05"⟫}]
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train: {lr: 1e-4, steps: 10000}
                  datasets: [{folder_path: images, caption_dropout_rate: 0.05}]
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {lr: 1e-4, steps: 10_000}
                save: {save_every: 1e3}
          """),
      ])
  ) { job, findings in
    job.reportEverywhere(.numberInText, into: &findings)
  }
}

extension AIToolkitJob {
  /// Reports values that are read otherwise than they were meant, of the job and its processes.
  fileprivate func reportEverywhere(_ rule: SharedRule, into findings: inout Findings) {
    reportProblems(rule, into: &findings)
    for process in processes {
      process.reportProblems(rule, into: &findings)
      guard rule.id == SharedRule.unreadableValue.id else { continue }
      process.reportOptionTexts(&findings)
      process.reportOddItems(&findings)
    }
  }
}

extension AIToolkitProcess {
  /// Items of a list that are of another type than its items: `- a sign: open` is a mapping to YAML.
  fileprivate func reportOddItems(_ findings: inout Findings) {
    for entry in objects.flatMap(\.known) where entry.node.kind == .sequence {
      guard let takes = entry.facts.itemType else { continue }
      for item in entry.node.children {
        let (message, isHarmless): (String, Bool)
        switch (takes, LoadedValue(item)) {
        case ("text", .mapping):
          message = "a colon and a space make this a mapping: a text with them needs quotes"
          isHarmless = false
        case ("text", .list):
          (message, isHarmless) = (
            "\(item.shown) is a list: '\(entry.facts.key)' takes texts", false
          )
        case ("text", .scalar(let value)) where value.type != .text:
          message = "\(item.shown) is no text: '\(entry.facts.key)' takes texts, in quotes"
          isHarmless = entry.facts.key != "prompts"
        case ("number", let value), ("integer", let value):
          switch value {
          case .fromEnvironment: continue
          case .scalar(let number)
          where number.type == .integer || (number.type == .number && takes == "number"):
            continue
          default: break
          }
          message = "\(item.shown) does not fit '\(entry.facts.key)', which takes numbers"
          isHarmless = false
        default: continue
        }
        findings.reportMistake(
          message, at: Place(item), why: "every item is used as it stands",
          severity: isHarmless ? .info : entry.facts.key == "prompts" ? .error : .warning,
          consequence: isHarmless
            ? .worthKnowing
            : entry.facts.key == "prompts" ? .crashesAtStart : .changesTraining)
      }
    }
  }

  /// Options that are several numbers, such as betas, given as something else.
  private func reportOptionLists(_ findings: inout Findings) {
    guard let use = optimizer.use else { return }
    for node in optimizerArguments?.entries ?? [] {
      let key = node.key ?? ""
      let options = use.options(spelled: key)
      guard options.count > 1 || options.first?.spelling.hasSuffix("]") ?? false else { continue }
      let count = node.children.reduce(0) { count, _ in count + 1 }
      guard node.kind != .sequence || count != options.count else { continue }
      if case .fromEnvironment = LoadedValue(node) { continue }
      findings.reportMistake(
        "'\(key)' takes a list of \(options.count) numbers, and \(node.shown) is none",
        at: Place(node), why: "the optimizer takes the list apart, number by number",
        severity: .error, consequence: .crashesAtStart)
    }
  }

  /// Texts where the optimizer computes with numbers.
  fileprivate func reportOptionTexts(_ findings: inout Findings) {
    reportOptionLists(&findings)
    for option in optimizer.use?.options ?? [] {
      guard let setting = self.option(option.key), let text = setting.text, setting.isMistaken
      else {
        continue
      }
      let number = Number.parse(text).flatMap { $0.isFinite ? $0 : nil }
      findings.reportMistake(
        "\(JSONText.quoted(text)) is a text: '\(option.spelling)' takes a number without quotes",
        at: setting, why: "text stays text, and the optimizer cannot compute with it",
        severity: .error, consequence: .crashesAtStart,
        fixes: [
          number.flatMap {
            findings.fix("write \(Number.literal($0))", .safe, .set(setting, .number($0)))
          }
        ])
    }
  }
}
