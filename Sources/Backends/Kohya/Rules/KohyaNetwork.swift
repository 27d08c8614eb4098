import Knowledge
import Optimizers
import Plans
import SourceText

/// The adapter's module and its arguments.
extension Rule<KohyaConfig> {
  static let unknownNetworkArgument = Rule(
    RuleDescription(
      "unknown-network-argument", .warning, .silentlyIgnored, .adapter,
      "An item of network_args that the module of the adapter does not read.",
      because: "the modules take any argument and look up only those they know",
      sources: [Citation("kohya sd-scripts 48d368fa networks/*.py, create_network(**kwargs)")],
      covers: ["kohya/K-NET-01"],
      examples: [
        .flags(
          "kohya",
          """
          network_module = ⟦"networks.lora"⟧
          network_args = ["⟪conv_dims⟫=4", "⟪train_blocks⟫=single"]
          """,
          fixed: """
            network_module = "networks.lora"
            network_args = ["conv_dim=4", "train_blocks=single"]
            """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          network_args = ["conv_dim=4", "conv_alpha=1"]
          """),
        // What LyCORIS takes is its own business.
        .allows(
          "kohya",
          """
          network_module = "lycoris.kohya"
          network_args = ["algo=lokr", "decompose_both=True"]
          """),
      ], backend: "kohya")
  ) { config, findings in
    let module = config.setting("network_module")
    guard let name = module.text, let known = config.backend.names(in: "networkArguments", of: name)
    else { return }
    for argument in config.networkArguments where argument.written != nil {
      let key = argument.key
      // sd-scripts itself looks for this one.
      guard !known.contains(key), key != "dropout", key == key.filter({ !$0.isWhitespace }) else {
        continue
      }
      let isSetting = config.root.facts[key] != nil
      let nearest = isSetting ? nil : Suggestion.nearest(to: key, in: known)
      let hint =
        isSetting
        ? ": it is a setting of its own" : nearest.map { ": did you mean '\($0)'?" } ?? ""
      findings.report(
        "\(name) does not read '\(key)'\(hint)", at: argument.keyPlace,
        related: [module.noted("the module")].compactMap(\.self),
        fixes: [
          nearest.flatMap { config.fix("write \($0)", .unsafe, .key, of: argument, to: $0) }
        ])
    }
  }

  static let networkArgumentRefused = Rule(
    RuleDescription(
      "network-argument-refused", .error, .crashesAtStart, .adapter,
      "A value in network_args, or a rank, that the module of the adapter stops at.",
      because: "the module converts what it is given and asserts how many values there are",
      sources: [
        Citation("kohya sd-scripts 48d368fa networks/lora.py:512-563"),
        Citation("kohya sd-scripts 48d368fa networks/lora_flux.py:493-560"),
        Citation("kohya sd-scripts 48d368fa networks/dylora.py:39, 196"),
      ],
      covers: [
        "kohya/K-NET-04", "kohya/K-NET-05", "kohya/K-NET-06", "kohya/K-NET-09",
      ],
      examples: [
        .flags(
          "kohya",
          """
          network_module = "networks.lora_flux"
          network_args = ["in_dims=⟪[4,2,2]⟫", "train_blocks=⟪middle⟫", "img_attn_dim=⟪four⟫"]
          """),
        .flags(
          "kohya",
          """
          network_module = "networks.dylora"
          network_dim = ⟦10⟧
          network_args = ["unit=⟪4⟫"]
          """),
        .flags(
          "kohya",
          """
          network_module = "networks.oft_flux"
          network_dim = ⟪5⟫
          network_alpha = 1e-3
          """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora_flux"
          network_args = ["in_dims=[4,2,2,2,4]", "train_blocks=single", "train_double_block_indices=0,1,8-12,18"]
          """),
      ], backend: "kohya")
  ) { config, findings in
    guard let module = config.setting("network_module").text else { return }
    for argument in config.networkArguments {
      guard let written = argument.written,
        config.backend.names(in: "networkArguments", of: module)?.contains(argument.key) ?? false,
        let problem = NetworkArgument(module, config).problem(argument.key, written)
      else { continue }
      findings.report(
        "\(argument.key) of '\(written)' stops \(module): \(problem.words)",
        at: argument.valuePlace, related: problem.related)
    }
    let rank = config.root.setting("network_dim")
    if module == "networks.oft_flux", let number = rank.number, number >= 1,
      3072.0.truncatingRemainder(dividingBy: number) != 0
    {
      findings.report(
        "a network_dim of \(Number.literal(number)) stops \(module): it is a number of blocks, which must divide 3072",
        at: rank)
    }
  }

  static let networkArgumentAdjusted = Rule(
    RuleDescription(
      "network-argument-adjusted", .warning, .changesTraining, .adapter,
      "A list in network_args of which the adapter drops or fills a part.",
      because: "sd-scripts prints a warning and goes on with what it can use",
      sources: [
        Citation("kohya sd-scripts 48d368fa networks/lora.py:640-667"),
        Citation("kohya sd-scripts 48d368fa networks/lora_flux.py:588-606"),
      ],
      covers: ["kohya/K-NET-07", "kohya/K-NET-11"],
      examples: [
        .flags(
          "kohya",
          """
          pretrained_model_name_or_path = "sd_xl_base_1.0.safetensors"
          network_module = "networks.lora"
          network_args = ["down_lr_weight=⟪1,1,1,1⟫"]
          """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora_flux"
          network_args = ["network_reg_lrs=⟪attn:1e-4⟫"]
          """),
        .allows(
          "kohya",
          """
          pretrained_model_name_or_path = "sd_xl_base_1.0.safetensors"
          network_module = "networks.lora"
          network_args = ["down_lr_weight=1,1,1,1,1,1,1,1,1", "mid_lr_weight=1,1,1"]
          """),
      ], backend: "kohya")
  ) { config, findings in
    guard let module = config.setting("network_module").text else { return }
    for argument in config.networkArguments {
      guard let written = argument.written,
        config.backend.names(in: "networkArguments", of: module)?.contains(argument.key) ?? false,
        let words = NetworkArgument(module, config).adjustment(argument.key, written)
      else { continue }
      findings.report(words, at: argument.valuePlace)
    }
  }

  static let networkOfAnotherModel = Rule(
    RuleDescription(
      "network-of-another-model", .error, .trainsNothing, .adapter,
      "An adapter module that is made for another model than the script trains.",
      because: """
        each module looks for the layers of its model by name; in another one it finds none, or only \
        text encoders
        """,
      sources: [Citation("kohya sd-scripts 48d368fa networks/*.py and the scripts' documents")],
      covers: ["kohya/K-NET-10"],
      silencedBy: ["adapter-of-another-model"],
      examples: [
        .flags(
          "kohya",
          """
          network_module = ⟪"networks.lora"⟫
          clip_l = "clip_l.safetensors"
          clip_g = "clip_g.safetensors"
          training_shift = 3.0
          """,
          fixed: """
            network_module = "networks.lora_sd3"
            clip_l = "clip_l.safetensors"
            clip_g = "clip_g.safetensors"
            training_shift = 3.0
            """),
        .allows(
          "kohya",
          """
          network_module = "lycoris.kohya"
          clip_l = "clip_l.safetensors"
          clip_g = "clip_g.safetensors"
          """),
      ], backend: "kohya")
  ) { config, findings in
    let module = config.setting("network_module")
    guard let name = module.text, name.hasPrefix("networks."),
      config.all({ $0.product == .adapter }),
      config.backend.names(in: "networkArguments", of: name) != nil,
      KohyaScriptChoice.scripts(forNetwork: name).isDisjoint(with: config.scripts)
    else { return }
    let own = config.script.ownNetwork
    findings.report(
      "\(name) is for another model than \(config.scriptWords) trains: \(own) fits", at: module,
      fixes: [findings.fix("set network_module to \(own)", .unsafe, .set(module, .text(own)))])
  }
}

extension KohyaScript {
  /// The plain LoRA of its model.
  fileprivate var ownNetwork: String {
    switch model {
    case .sd, .sdxl: "networks.lora"
    case .flux: "networks.lora_flux"
    case .sd3: "networks.lora_sd3"
    case .lumina: "networks.lora_lumina"
    case .hunyuan: "networks.lora_hunyuan_image"
    case .anima: "networks.lora_anima"
    }
  }
}
