import Knowledge
import Plans
import SourceText

extension Rule<AIToolkitJob> {
  static let repeatedKey = Rule(
    SharedRule.repeatedKey.description(
      of: "ai-toolkit",
      because:
        "PyYAML and Python's JSON reader keep the last of them and drop the others without a word",
      sources: [Citation("ai-toolkit 27a03a9 toolkit/config.py:98-114")],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {⟪lr⟫: 1e-4, steps: 2000, ⟦lr⟧: 5e-5}
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {lr: 1e-4, steps: 2000}
              - type: sd_trainer
                train: {lr: 5e-5, steps: 2000}
          """),
      ])
  ) { job, findings in
    job.reportRepeatedKeys(into: &findings)
  }

  static let byteOrderMark = Rule(
    SharedRule.byteOrderMark.description(
      of: "ai-toolkit",
      because: "Python's JSON reader refuses a byte-order mark; in YAML it does no harm",
      sources: [Citation("ai-toolkit 27a03a9 toolkit/config.py:98-104: opened as plain UTF-8")],
      examples: [
        .flags(
          "ai-toolkit", "⟪\u{FEFF}⟫{\"job\": \"extension\", \"config\": {\"name\": \"run\"}}",
          fixed: "{\"job\": \"extension\", \"config\": {\"name\": \"run\"}}", path: "config.json"),
        .allows(
          "ai-toolkit", "{\"job\": \"extension\", \"config\": {\"name\": \"run\"}}",
          path: "config.json"),
      ])
  ) { job, findings in
    guard job.document.format == .json else { return }
    job.document.reportByteOrderMark("ai-toolkit", into: &findings)
  }

  static let unknownKey = Rule(
    SharedRule.unknownKey.description(
      of: "ai-toolkit",
      because: "each block asks for the keys it knows and never looks at the others",
      sources: [
        Citation("ai-toolkit 27a03a9 toolkit/config_modules.py: kwargs.get throughout"),
        Citation("ai-toolkit PR 896", "https://github.com/ostris/ai-toolkit/pull/896"),
      ],
      covers: ["ai-toolkit/AT-D01"],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {lr: 1e-4, ⟪gradient_checkpoint⟫: true}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train: {lr: 1e-4, gradient_checkpointing: true}
            """),
        // A block of its own has it.
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                network: {type: lora, linear: 16, ⟪lr⟫: 1e-4}
          """),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {lr: 1e-4, lr_scheduler: cosine, ⟪num_warmup_steps⟫: 100}
          """),
        // What kohya and diffusers call it.
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                network: {type: lora, linear: 16}
                train: ⟦{⟪learning_rate⟫: 1e-4}⟧
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  network: {type: lora, linear: 16}
                  train: {lr: 1e-4}
            """),
        .flags(
          "ai-toolkit",
          #"{"job": "extension", "config": {"process": [{"type": "sd_trainer", "datasets": [{"folder_path": "a", ⟪"colour"⟫: 1}]}]}}"#,
          path: "config.json"),
        .allows(
          "ai-toolkit",
          """
          x-common: &common {lr: 1e-4}
          job: extension
          config:
            process:
              - type: sd_trainer
                train:
                  <<: *common
                  optimizer_params: {anything: 1}
                model: {model_kwargs: {train_high_noise: true}}
          """),
      ])
  ) { job, findings in
    for object in job.objects {
      for node in object.unknown where !node.isNote {
        job.reportUnknown(node, in: object, &findings)
      }
    }
    for process in job.processes {
      for object in process.objects {
        for node in object.unknown where !node.isNote {
          process.reportUnknown(node, in: object, of: job.document, &findings)
        }
      }
    }
  }
}

extension AIToolkitJob {
  /// At the top of the file, where templates for YAML's aliases stand as well, only what can be told.
  fileprivate func reportUnknown(
    _ node: DocumentNode, in object: SettingsObject, _ findings: inout Findings
  ) {
    let key = node.key ?? ""
    if let near = Suggestion.nearest(
      to: key, in: object.facts.settings.map(\.key).filter { object.entry($0) == nil })
    {
      findings.report(
        "'\(key)' is no key of ai-toolkit\(object.path.isEmpty ? "" : " in config"): did you mean '\(near)'?",
        at: Place(keyOf: node), fixes: [document.renaming(node, to: near)])
      return
    }
    let kinds = ["jobConfig", "process", "train", "model", "network"]
    guard
      let home = kinds.first(where: {
        $0 != object.facts.name && backend.object($0)?[key] != nil
      })
    else { return }
    let words =
      switch home {
      case "jobConfig": "config"
      case "process": "a process, below config.process"
      default: "\(home) of a process, below config.process"
      }
    findings.report("'\(key)' is not read here: it belongs to \(words)", at: Place(keyOf: node))
  }
}

extension AIToolkitProcess {
  fileprivate func reportUnknown(
    _ node: DocumentNode, in object: SettingsObject, of document: Document,
    _ findings: inout Findings
  ) {
    let key = node.key ?? ""
    let block = object.facts.title.prefix(1).lowercased() + object.facts.title.dropFirst()
    let meant = meaning(of: node, in: object)
    let hint =
      meant?.here.map { ": did you mean '\($0.key)'?" } ?? meant?.elsewhere.map { ": \($0)" } ?? ""
    let missing = meant?.here.flatMap { outcomeOfMissing($0.key, in: object) }
    let isGrave = missing?.severity == .error
    findings.report(
      "'\(key)' is no key of \(block) and is not read\(hint)", at: Place(keyOf: node),
      why: isGrave ? missing.map { "as a result: \($0.message)" } : nil,
      severity: isGrave ? .error : nil, consequence: isGrave ? missing?.consequence : nil,
      related: meant?.here.flatMap { here in
        missing.map { _ in [(object.setting(here.key), "'\(here.key)' is missing")] }
      } ?? [],
      fixes: [meant?.here.flatMap { document.renaming(node, to: $0.key) }])
  }
}

extension DocumentNode {
  /// Keys that people use for notes.
  fileprivate var isNote: Bool {
    let key = key ?? ""
    return ["_", "$", "#", "//", "x-", "."].contains { key.hasPrefix($0) }
  }
}

extension Document {
  /// A key in another spelling.
  func renaming(_ node: DocumentNode, to key: String) -> Fix? {
    node.keySpan.map { span in
      Fix(
        title: "rename it to '\(key)'", safety: .unsafe,
        edits: [TextEdit(span, format == .json ? JSONText.quoted(key) : key)])
    }
  }
}
