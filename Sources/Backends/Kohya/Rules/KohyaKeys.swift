import Knowledge
import Plans
import SourceText

extension Kohya {
  /// Keys that are not what they should be.
  static let keyRules: [Rule<KohyaFiles>] = [
    .tomlTooNew, .byteOrderMark, .repeatedKey, .unknownKey, .keyOfAnotherScript, .nestedTable,
    .tableInsteadOfList, .strayWord, .exposedByWandB,
  ]
}

extension Rule<KohyaFiles> {
  static let repeatedKey = Rule(
    SharedRule.repeatedKey.description(
      of: "kohya",
      because: "tables are dissolved into one list of settings, and what is read last counts",
      sources: [Citation("kohya sd-scripts 48d368fa library/train_util.py:4747-4759")],
      covers: ["kohya/K-FILE-02"],
      examples: [
        .flags(
          "kohya",
          """
          network_module = "networks.lora"

          [one]
          ⟪learning_rate⟫ = 1e-4

          [two]
          ⟦learning_rate⟧ = 2e-4
          """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"

          [one]
          learning_rate = 1e-4

          [two]
          unet_lr = 2e-4
          """),
      ])
  ) { files, findings in
    let command = files.run?.command?.options.map(\.node) ?? []
    let file = files.stated?.file.map { KohyaRun.flattened($0.root) } ?? []
    for nodes in [file, command] {
      var seen: [String: DocumentNode] = [:]
      for node in nodes {
        guard let key = node.key else { continue }
        if let first = seen[key] {
          findings.report(
            "'\(key)' stands twice: this one is not read", at: Place(keyOf: first),
            related: [(Place(keyOf: node), "the last one counts")])
        }
        seen[key] = node
      }
    }
  }

  static let unknownKey = Rule(
    SharedRule.unknownKey.description(
      of: "kohya",
      because: "the settings of a file are taken over unchecked, and nobody looks at a strange one",
      sources: [
        Citation("kohya sd-scripts 48d368fa library/train_util.py:4745-4761"),
        Citation("kohya sd-scripts 48d368fa library/config_util.py:165-260"),
      ],
      covers: ["kohya/K-FILE-01", "kohya/K-LR-05", "kohya/K-FILE-08"],
      examples: [
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          ⟪learning_rat⟫ = 1e-4
          """,
          fixed: """
            network_module = "networks.lora"
            learning_rate = 1e-4
            """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          ⟪text_encoder_lr1⟫ = 1e-5
          """),
        .flags(
          "kohya",
          """
          [[datasets]]
          resolution = 512
          ⟪train_batch_size⟫ = 4

            [[datasets.subsets]]
            image_dir = "images"
          """,
          fixed: """
            [[datasets]]
            resolution = 512
            batch_size = 4

              [[datasets.subsets]]
              image_dir = "images"
            """),
        .flags(
          "kohya",
          "accelerate launch train_network.py --network_module networks.lora ⟪--learning_rte⟫ 1e-4",
          path: "train.sh"),
        .allows(
          "kohya", "accelerate launch train_network.py --network_mod networks.lora",
          path: "train.sh"),
        .allows(
          "kohya",
          """
          [any_name]
          network_module = "networks.lora"
          learning_rate = 1e-4
          """),
      ])
  ) { files, findings in
    if let run = files.stated { UnknownKeys.report(run, &findings) }
    if let command = files.run?.command { UnknownKeys.report(command, &findings) }
    if let data = files.data { UnknownKeys.report(data, &findings) }
  }

  static let keyOfAnotherScript = Rule(
    RuleDescription(
      "key-of-another-script", .warning, .silentlyIgnored, .file,
      "A setting that the trainer has, but not in the script that is started.",
      because: "each script reads its own settings; from a file the others are taken and not read",
      sources: [Citation("kohya sd-scripts 48d368fa: the parsers of the 21 training scripts")],
      covers: [
        "kohya/K-LR-11", "kohya/K-LR-17", "kohya/K-LR-18", "kohya/K-MEM-06", "kohya/K-LOSS-14",
      ],
      examples: [
        .flags(
          "kohya",
          """
          train_text_encoder = true
          learning_rate_te1 = 1e-5
          learning_rate_te2 = 1e-5
          ⟪stop_text_encoder_training⟫ = 100
          block_lr = "1,1,1"
          """,
          fixed: """
            train_text_encoder = true
            learning_rate_te1 = 1e-5
            learning_rate_te2 = 1e-5
            block_lr = "1,1,1"
            """),
        .flags(
          "kohya",
          "accelerate launch sdxl_train.py --learning_rate 1e-5 ⟪--unet_lr⟫ 1e-4 --sdpa",
          fixed: "accelerate launch sdxl_train.py --learning_rate 1e-5 --sdpa", path: "train.sh"),
        .allows(
          "kohya",
          """
          train_text_encoder = true
          learning_rate_te1 = 1e-5
          learning_rate_te2 = 1e-5
          """),
      ], backend: "kohya")
  ) { files, findings in
    guard let run = files.stated else { return }
    for entry in run.root.known {
      let readers = entry.facts.readers
      guard readers.isDisjoint(with: run.scripts) else { continue }
      let setting = run.root.setting(entry.facts.key)
      if setting.isMistaken { continue }
      let isIdle = !setting.isOn || setting.value == entry.facts.defaultValue
      let known = readers.scripts.map(\.rawValue)
      let owners =
        known.count <= 3 ? known.joined(separator: ", ") : "\(known[0]) and \(known.count - 1) more"
      if run.isOption(entry.node) {
        findings.report(
          "\(run.scriptWords) has no option '--\(entry.facts.key)': \(owners) has",
          at: Place(keyOf: entry.node),
          why: "argparse stops at an option that the script does not have",
          severity: .error, consequence: .crashesAtLoad,
          fixes: [findings.fix("remove \(setting.keyPath)", .safe, .remove(setting))])
        continue
      }
      findings.report(
        "'\(entry.facts.key)' is not read by \(run.scriptWords), but by \(owners)",
        at: Place(keyOf: entry.node), severity: isIdle ? .info : .warning,
        fixes: [
          findings.fix("remove \(setting.keyPath)", .safe, .remove(setting))
        ])
    }
  }

  static let nestedTable = Rule(
    RuleDescription(
      "nested-table", .warning, .silentlyIgnored, .file,
      "A table within a table, or a list of tables, in a training config.",
      because: "only tables at the top are dissolved; what lies deeper is kept whole and not read",
      sources: [Citation("kohya sd-scripts 48d368fa library/train_util.py:4747-4759")],
      covers: ["kohya/K-FILE-03"],
      examples: [
        .flags(
          "kohya",
          """
          network_module = "networks.lora"

          [training.⟪rates⟫]
          unet_lr = 1e-4
          """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"

          [training]
          unet_lr = 1e-4
          """),
      ], backend: "kohya")
  ) { files, findings in
    guard let run = files.stated, let file = run.file else { return }
    for node in KohyaRun.flattened(file.root) where run.root.facts.place(of: node) == nil {
      let isList =
        node.kind == .sequence && node.children.contains(where: { $0.kind == .mapping })
      guard node.kind == .mapping || isList else { continue }
      findings.report(
        "'\(node.keyPath)' is a \(isList ? "list of tables" : "table within a table"): nothing in it is read",
        at: Place(keyOf: node))
    }
  }

  static let tableInsteadOfList = Rule(
    RuleDescription(
      "table-instead-of-list", .warning, .silentlyIgnored, .file,
      "Arguments of the optimizer, the scheduler or the adapter as a table.",
      because: """
        a table is dissolved into settings of the run, where nobody looks for them; arguments belong \
        into a list of texts
        """,
      sources: [Citation("kohya sd-scripts 48d368fa library/train_util.py:4748-4761")],
      covers: ["kohya/K-OPT-13"],
      examples: [
        .flags(
          "kohya",
          """
          network_module = "networks.lora"

          [⟪optimizer_args⟫]
          weight_decay = 0.1
          betas = [0.9, 0.99]
          """,
          fixed: """
            network_module = "networks.lora"

            optimizer_args = ["weight_decay=0.1", "betas=(0.9, 0.99)"]
            """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_args = ["weight_decay=0.1", "betas=(0.9, 0.99)"]
          """),
      ], backend: "kohya")
  ) { files, findings in
    for node in files.stated?.file?.root.children ?? .none where UnknownKeys.isArgumentTable(node) {
      findings.report(
        "'\(node.key ?? "")' is a table: it is dissolved, and none of its \(node.children.count(where: { _ in true })) arguments is used",
        at: Place(keyOf: node), fixes: [UnknownKeys.listFix(node)])
    }
  }
}
