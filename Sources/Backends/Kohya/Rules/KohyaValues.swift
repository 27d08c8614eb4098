import Knowledge
import Optimizers
import Plans
import SourceText

extension Kohya {
  /// Values of the wrong type, and names that nothing has.
  static let valueRules: [Rule<KohyaFiles>] = [.unreadableValue, .unknownName, .numberInText]
}

extension Rule<KohyaFiles> {
  static let unreadableValue = Rule(
    SharedRule.unreadableValue.description(
      of: "kohya",
      because: "a file is taken over as it stands: nothing in it is converted or checked",
      sources: [
        Citation("kohya sd-scripts 48d368fa library/train_util.py:4741-4764, 5405-5425"),
        Citation("kohya sd-scripts 48d368fa library/config_util.py:183-263"),
      ],
      covers: [
        "kohya/K-OPT-12", "kohya/K-FILE-04", "kohya/K-FILE-06", "kohya/K-FILE-08",
        "kohya/K-ADA-16",
      ],
      examples: [
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          resolution = ⟪[1024, 768]⟫
          """,
          fixed: """
            network_module = "networks.lora"
            resolution = "1024,768"
            """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          gradient_checkpointing = ⟪"false"⟫
          """,
          fixed: """
            network_module = "networks.lora"
            gradient_checkpointing = false
            """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_args = ⟪"weight_decay=0.1"⟫
          """,
          fixed: """
            network_module = "networks.lora"
            optimizer_args = ["weight_decay=0.1"]
            """),
        .flags(
          "kohya",
          """
          optimizer_type = "Adafactor"
          optimizer_args = ["relative_step=⟪'False'⟫"]
          """,
          fixed: """
            optimizer_type = "Adafactor"
            optimizer_args = ["relative_step=False"]
            """),
        .flags(
          "kohya",
          """
          [[datasets]]
          resolution = ⟪"512"⟫

            [[datasets.subsets]]
            image_dir = "images"
          """,
          fixed: """
            [[datasets]]
            resolution = 512

              [[datasets.subsets]]
              image_dir = "images"
            """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_args = ["weight_decay=⟪0,1⟫", "betas=⟪0.9⟫"]
          """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          resolution = "1024,768"
          gradient_checkpointing = false
          optimizer_args = ["weight_decay=0.1"]
          """),
      ])
  ) { files, findings in
    files.reportProblems(.unreadableValue, into: &findings)
    files.run?.reportQuotedFlags(into: &findings)
    files.run?.reportMistypedOptions(into: &findings)
  }

  static let unknownName = Rule(
    SharedRule.unknownName.description(
      of: "kohya", .error, .crashesAtStart,
      because: "a file is not checked when it is read; the run stops where the name is used",
      sources: [
        Citation("kohya sd-scripts 48d368fa library/train_util.py:4825-5170, 5264-5399"),
        Citation("kohya sd-scripts 48d368fa library/train_util.py:6118-6160"),
      ],
      covers: [
        "kohya/K-OPT-03", "kohya/K-OPT-04", "kohya/K-SCH-01", "kohya/K-PREC-15",
      ],
      examples: [
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = ⟪"AdEMAMix8bit"⟫
          """,
          fixed: """
            network_module = "networks.lora"
            optimizer_type = "bitsandbytes.optim.AdEMAMix8bit"
            """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          lr_scheduler = ⟪"Cosine"⟫
          """,
          fixed: """
            network_module = "networks.lora"
            lr_scheduler = "cosine"
            """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          mixed_precision = ⟪"fp8"⟫
          """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora_flux"
          timestep_sampling = ⟪"shft"⟫
          """,
          fixed: """
            network_module = "networks.lora_flux"
            timestep_sampling = "shift"
            """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = "adamw8BIT"
          lr_scheduler = "cosine"
          mixed_precision = "bf16"
          """),
        // A class of another library: whether it is installed no file says.
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = "my_library.MyOptimizer"
          """),
      ])
  ) { files, findings in
    files.reportProblems(.unknownName, into: &findings)
    files.run?.reportUnknownOptimizer(into: &findings)
    files.run?.reportUnknownScheduler(into: &findings)
  }

  static let numberInText = Rule(
    SharedRule.numberInText.description(
      of: "kohya", .error, .crashesAtStart,
      because: "a file is taken over as it stands, and Python cannot count with text",
      sources: [Citation("kohya sd-scripts 48d368fa library/train_util.py:4741-4764, 5275-5281")],
      covers: ["kohya/K-FILE-05", "kohya/K-SCH-13", "kohya/K-FILE-08"],
      examples: [
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          learning_rate = ⟪"1e-4"⟫
          lr_warmup_steps = ⟪"10%"⟫
          """,
          fixed: """
            network_module = "networks.lora"
            learning_rate = 0.0001
            lr_warmup_steps = 0.1
            """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          network_dim = ⟪16.0⟫
          """,
          fixed: """
            network_module = "networks.lora"
            network_dim = 16
            """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          learning_rate = 1e-4
          lr_warmup_steps = 0.1
          network_dim = 16
          """),
      ])
  ) { files, findings in
    files.reportProblems(.numberInText, into: &findings)
  }
}

extension KohyaFiles {
  /// Reports values that the trainer reads otherwise than they were meant.
  func reportProblems(_ rule: SharedRule, into findings: inout Findings) {
    for object in objects { object.reportProblems(rule, into: &findings) }
  }
}

extension KohyaConfig {
  /// `'False'` in quotes where an option takes True or False.
  func reportQuotedFlags(into findings: inout Findings) {
    for argument in optimizer.arguments where argument.isWellFormed {
      guard case .text(let text)? = argument.literal, ["true", "false"].contains(text.lowercased())
      else { continue }
      let meant = text.lowercased() == "true"
      findings.reportMistake(
        "\(argument.written ?? "") is text and counts as true: write \(meant ? "True" : "False") without quotes",
        at: argument.valuePlace, why: "Python takes every text that is not empty for true",
        fixes: [
          fix(
            "write \(meant ? "True" : "False")", meant ? .safe : .unsafe, .value, of: argument,
            to: meant ? "True" : "False")
        ])
    }
  }

  /// Values that the class cannot compute with.
  func reportMistypedOptions(into findings: inout Findings) {
    guard let use = optimizer.use, !optimizer.name.isMistaken else { return }
    for argument in optimizer.arguments where argument.isWellFormed {
      guard case .options(let options) = use.reading(of: argument.key),
        optimizer.argument(argument.key)?.keyPath == argument.keyPath,
        let literal = argument.literal
      else { continue }
      let isPair = options.contains { $0.spelling.hasSuffix("]") }
      if isPair, case .list(let values) = literal, values.count >= options.count {
        for option in options {
          let setting = optimizer.option(option.key)
          if setting.isMistaken || option.takes(setting.value) { continue }
          findings.reportMistake(
            "\(setting.value.words) does not fit '\(option.key)'", at: setting,
            why: "the class computes with it, and stops", severity: .error,
            consequence: .crashesAtStart)
        }
        continue
      }
      let setting = optimizer.option(options[0].key)
      if setting.isMistaken || !isPair && options[0].takes(setting.value) { continue }
      let type = options[0].facts?.type.words
      let needed =
        isPair ? "\(options.count) numbers" : type ?? "another type"
      findings.reportMistake(
        "\(argument.written ?? "") does not fit '\(argument.key)', which takes \(needed)",
        at: argument.valuePlace, why: "the class computes with it, and stops", severity: .error,
        consequence: .crashesAtStart)
    }
  }
}
