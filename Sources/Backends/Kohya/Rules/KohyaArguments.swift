import Knowledge
import Optimizers
import Plans
import SourceText

extension Kohya {
  /// The items of `optimizer_args`, `lr_scheduler_args` and `network_args`.
  static let argumentRules: [Rule<KohyaConfig>] = [
    .malformedArgument, .argumentNotALiteral, .trailingCommaInArgument, .unknownOptimizerOption,
    .optimizerRefusesValue, .optimizerDropsSetting, .questionableOption, .unknownNetworkArgument,
    .networkArgumentRefused, .networkArgumentAdjusted, .networkOfAnotherModel,
  ]
}

extension Rule<KohyaConfig> {
  static let malformedArgument = Rule(
    RuleDescription(
      "malformed-argument", .error, .crashesAtStart, .file,
      "An item of optimizer_args, lr_scheduler_args or network_args that is no key=value.",
      because: """
        each item is split at its equals sign: one without, or with two, stops the run, and blanks \
        before it become part of the key
        """,
      sources: [
        Citation("kohya sd-scripts 48d368fa library/train_util.py:4857-4861, 5287-5292"),
        Citation("kohya sd-scripts 48d368fa train_network.py:664-668"),
      ],
      covers: [
        "kohya/K-OPT-06", "kohya/K-OPT-08", "kohya/K-SCH-19", "kohya/K-NET-02",
      ],
      examples: [
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_args = ["⟪weight_decay 0.1⟫", "⟪betas ⟫=(0.9, 0.99)"]
          """,
          fixed: """
            network_module = "networks.lora"
            optimizer_args = ["weight_decay 0.1", "betas=(0.9, 0.99)"]
            """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_args = ["⟪network_train_unet_only⟫"]
          """),
        .flags(
          "kohya",
          "accelerate launch train_network.py --optimizer_args ⟪weight_decay⟫ = 0.1 --learning_rate 1e-4",
          path: "train.sh"),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_args = ["weight_decay=0.1", "betas=(0.9, 0.99)"]
          network_args = ["conv_dim=4"]
          """),
      ], backend: "kohya")
  ) { config, findings in
    var skipped: Set<Int> = []
    let all = config.allArguments
    for (place, argument) in all.enumerated() where !skipped.contains(place) {
      let list = argument.list
      if argument.item.equals == 0, place + 1 < all.count, all[place + 1].list == list,
        all[place + 1].item.key.isEmpty
      {
        // `weight_decay = 0.1` as three words of a command.
        skipped = [place + 1, place + 2]
        findings.report(
          "'\(argument.item.text)' in \(list) is cut off from its equals sign by a blank",
          at: argument.item.place)
      } else if argument.item.equals == 0 {
        let key = argument.item.text
        let hint =
          config.root.facts[key] != nil
          ? ": it is a setting of its own" : ": every item is key=value"
        findings.report(
          "'\(key)' in \(list) has no equals sign\(hint)", at: argument.item.place)
      } else if argument.item.equals > 1, list != "network_args" {
        findings.report(
          "'\(argument.item.text)' in \(list) has \(argument.item.equals) equals signs: one is allowed",
          at: argument.item.place)
      } else if argument.item.key != trimmed(argument.item.key) {
        let key = trimmed(argument.item.key)
        findings.report(
          "the blanks around '\(key)' become part of the name: no option is called so",
          at: argument.item.keyPlace,
          fixes: [
            config.fix("remove the blanks", .safe, .key, of: argument.item, to: key)
          ])
      }
    }
  }

  private static func trimmed(_ text: String) -> String {
    let rest = text.drop(while: \.isWhitespace)
    return rest.lastIndex { !$0.isWhitespace }.map { String(rest[...$0]) } ?? ""
  }

  static let argumentNotALiteral = Rule(
    RuleDescription(
      "argument-not-a-literal", .error, .crashesAtStart, .file,
      "A value in optimizer_args or lr_scheduler_args that is no Python literal.",
      because: "values are read by ast.literal_eval: True and not true, 'word' and not word",
      sources: [Citation("kohya sd-scripts 48d368fa library/train_util.py:4861, 5291")],
      covers: ["kohya/K-OPT-07", "kohya/K-SCH-19"],
      examples: [
        .flags(
          "kohya",
          """
          optimizer_type = "Prodigy"
          optimizer_args = ["decouple=⟪true⟫", "weight_decay=⟪0.01f⟫"]
          """,
          fixed: """
            optimizer_type = "Prodigy"
            optimizer_args = ["decouple=True", "weight_decay=0.01f"]
            """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          lr_scheduler = "piecewise_constant"
          lr_scheduler_args = ["step_rules=⟪1:10,0.1⟫"]
          """,
          fixed: """
            network_module = "networks.lora"
            lr_scheduler = "piecewise_constant"
            lr_scheduler_args = ["step_rules='1:10,0.1'"]
            """),
        .allows(
          "kohya",
          """
          optimizer_type = "Prodigy"
          optimizer_args = ["decouple=True", "betas=0.9,0.99"]
          """),
      ], backend: "kohya")
  ) { config, findings in
    for argument in config.allArguments where argument.list != "network_args" {
      guard argument.item.equals == 1, let written = argument.item.written,
        argument.item.literal == nil, !written.isOtherLiteral, !argument.item.key.isEmpty
      else { continue }
      let meant = written.meantLiteral
      findings.report(
        "'\(written)' is no Python literal\(meant.map { ": write \($0)" } ?? "")",
        at: argument.item.valuePlace,
        fixes: [
          meant.flatMap { config.fix("write \($0)", .safe, .value, of: argument.item, to: $0) }
        ])
    }
  }

  static let trailingCommaInArgument = Rule(
    RuleDescription(
      "trailing-comma-in-argument", .error, .crashesAtStart, .file,
      "A comma behind a value in optimizer_args or lr_scheduler_args.",
      because: "a comma makes a tuple of one in Python, and the optimizer wants a number",
      sources: [
        Citation("kohya_ss issue 3052", "https://github.com/bmaltais/kohya_ss/issues/3052")
      ],
      covers: ["kohya/K-OPT-09"],
      examples: [
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_args = ["weight_decay=⟪0.1,⟫", "betas=0.9,0.99"]
          """,
          fixed: """
            network_module = "networks.lora"
            optimizer_args = ["weight_decay=0.1", "betas=0.9,0.99"]
            """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_args = ["weight_decay=0.1", "betas=0.9,0.99"]
          """),
      ], backend: "kohya")
  ) { config, findings in
    for argument in config.allArguments where argument.list != "network_args" {
      guard let written = argument.item.written, case .list(let values)? = argument.item.literal,
        values.count == 1, written.last(where: { !$0.isWhitespace }) == ","
      else { continue }
      let plain = String(written[..<(written.lastIndex(of: ",") ?? written.endIndex)])
      findings.report(
        "the comma behind '\(plain)' makes a list of it", at: argument.item.valuePlace,
        fixes: [
          config.fix("remove the comma", .safe, .value, of: argument.item, to: plain)
        ])
    }
  }
}

extension KohyaConfig {
  /// Every item with the name of its list.
  var allArguments: [(list: String, item: KeyValueArgument)] {
    optimizer.arguments.map { ("optimizer_args", $0) }
      + schedulerArguments.map { ("lr_scheduler_args", $0) }
      + networkArguments.map { ("network_args", $0) }
  }
}

extension String {
  /// Whether Python reads it as one of the literals that are not looked into here.
  fileprivate var isOtherLiteral: Bool {
    let text = drop { $0 == " " || $0 == "\t" }
    return text.hasPrefix("{") || text.lowercased().hasPrefix("0x") || text.hasPrefix("b'")
      || text.hasPrefix("b\"")
  }

  /// The literal that was meant; nil where that is not plain.
  fileprivate var meantLiteral: String? {
    switch lowercased() {
    case "true", "yes", "on": return "True"
    case "false", "no", "off": return "False"
    case "none", "null", "": return "None"
    case "inf", "infinity", "float('inf')": return "1e999"
    default: break
    }
    let isPlain = !contains { "'\"\\()[]{}=".contains($0) }
    // What begins like a number is one with a slip, unless it is made of several parts.
    let isWord = first?.isLetter ?? false
    return isPlain && (isWord || contains(":")) ? "'\(self)'" : nil
  }
}
