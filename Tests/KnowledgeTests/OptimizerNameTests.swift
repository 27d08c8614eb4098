import SourceText
import Testing

@testable import Knowledge

/// Names of optimizers lead to what the trainers build for them.
@Suite struct OptimizerNameTests {
  @Test(arguments: [
    ("kohya", "AdamW8bit", "ADAMW_8BIT", "AdamW8bit"),
    ("kohya", "adamw8bit", "ADAMW_8BIT", "AdamW8bit"),
    ("kohya", "ADAFACTOR", "ADAFACTOR", "AdaFactor"),
    ("kohya", "DAdaptAdamPreprint", "DADAPT_ADAM_PREPRINT", "DAdaptation"),
    ("kohya", "Adam", "ADAM", "Adam"),
    ("kohya", "torch.optim.Adam", "ADAM", "Adam"),
    (
      "kohya", "transformers.optimization.Adafactor", "ADAFACTOR",
      "transformers.optimization.Adafactor"
    ),
    ("kohya", "torch.optim.Adafactor", "ADAFACTOR_TORCH", "torch.optim.Adafactor"),
    ("simpletuner", "bnb-lion8bit-paged", "LION_8BIT", "bnb-lion8bit-paged"),
    ("simpletuner", "prodigy", "PRODIGY_PLUS_SCHEDULE_FREE", "prodigy"),
    ("ai-toolkit", "AdamW8Bit", "ADAMW_8BIT", "adamw8bit"),
    ("ai-toolkit", "prodigyplus", "PRODIGY", "prodigy"),
    ("ai-toolkit", "Prodigy8bit", "PRODIGY_8BIT", "prodigy8bit"),
    ("ai-toolkit", "dadaptationlion", "DADAPT_LION", "dadaptationlion"),
    ("onetrainer", "AdEMAMix_8BIT", "AdEMAMix_8BIT", "AdEMAMix_8BIT"),
  ])
  func areFound(backend: String, name: String, id: String, use: String) throws {
    let found = try #require(Catalogue.optimizer(named: name, in: backend))
    #expect(found.facts.id == id)
    #expect(found.use.name == use)
    #expect(Catalogue.optimizerNames(of: backend).refusal(of: name) == nil)
  }

  @Test(
    arguments: [
      ("kohya", "adam", "Adam"), ("kohya", "rmsprop", "RMSprop"), ("kohya", "DAdaptFoo", nil),
      ("kohya", "AdEMAMix8bit", "bitsandbytes.optim.AdEMAMix8bit"),
      ("simpletuner", "adafactor", "optimi-stableadamw"), ("simpletuner", "Prodigy", "prodigy"),
      ("ai-toolkit", "dadaptationsgd", "prodigy"), ("onetrainer", "adamw", "ADAMW"),
    ] as [(String, String, String?)])
  func areRefused(backend: String, name: String, instead: String?) throws {
    #expect(Catalogue.optimizer(named: name, in: backend) == nil)
    let refusal = try #require(Catalogue.optimizerNames(of: backend).refusal(of: name))
    #expect(refusal.instead == instead)
  }

  @Test(arguments: [("kohya", "my.module.Optimizer"), ("ai-toolkit", "sgd"), ("nobody", "adamw")])
  func areUnknown(backend: String, name: String) {
    #expect(Catalogue.optimizer(named: name, in: backend) == nil)
    #expect(Catalogue.optimizerNames(of: backend).refusal(of: name) == nil)
  }

  /// The index and the uses say the same.
  @Test(arguments: Catalogue.trainers)
  func areThoseOfTheUses(backend: String) {
    let uses = UseCase.all.filter { $0.use.backend == backend }
    for use in uses {
      for name in [use.use.name] + use.use.otherNames {
        let found = Catalogue.optimizer(named: name, in: backend)
        #expect(found?.facts.id == use.optimizer.id, "\(name)")
        #expect(found?.use === use.use, "\(name)")
      }
    }
    let names = Catalogue.optimizerNames(of: backend).spellings
    let known = Set(
      uses.flatMap { [$0.use.name] + $0.use.otherNames }.flatMap { [$0, $0.lowercased()] })
    #expect(names.filter { !known.contains($0) } == [])
    #expect(names.repeated == [])
  }

  /// What is proposed instead of a refused name is taken.
  @Test(arguments: Catalogue.trainers)
  func proposeWhatIsTaken(backend: String) throws {
    let refused = EmbeddedFile("Schemas/optimizer-names.json")?
      .document().root["backends"]?[backend]?["refused"]
    for entry in refused?.children ?? .none {
      guard let instead = entry["instead"]?.text else { continue }
      #expect(Catalogue.optimizer(named: instead, in: backend) != nil, "\(instead)")
    }
  }

  /// Arguments as a config gives them, for what they are worth to the class.
  @Test(arguments: [
    ("kohya", "Prodigy", "betas", "beta1 beta2"), ("kohya", "Prodigy", "d_coef", "d_coef"),
    ("kohya", "Prodigy", "lr", "refused"), ("kohya", "AdamW", "decouple", "unknown refused"),
    ("kohya", "SGDNesterov", "nesterov", "refused"), ("kohya", "SGD", "nesterov", "nesterov"),
    ("kohya", "pytorch_optimizer.CAME", "beta", "unknown swallowed"),
    ("kohya", "AdaFactor", "eps", "eps eps2"), ("kohya", "AdaFactor", "betas", "unknown refused"),
    ("kohya", "RAdamScheduleFree", "warmup_steps", "unknown refused"),
    ("simpletuner", "torch-adamw", "beta1", "unknown dropped"),
    ("simpletuner", "optimi-lion", "beta1", "unknown refused"),
    ("simpletuner", "prodigy", "lr", "lr"),
    ("simpletuner", "ao-adamw8bit", "block_size", "block_size"),
    ("simpletuner", "ao-adamw8bit", "bf16_stochastic_round", "stochastic_rounding"),
    ("ai-toolkit", "adamw", "eps", "refused"), ("ai-toolkit", "lion", "eps", "unknown refused"),
    ("ai-toolkit", "automagic3", "fused", "fused_back_pass"),
    ("ai-toolkit", "adamw8", "decouple", "refused"),
    ("ai-toolkit", "adam8", "decouple", "decouple"),
  ])
  func readArguments(backend: String, name: String, argument: String, reading: String) throws {
    let use = try #require(Catalogue.optimizer(named: name, in: backend)?.use)
    let found =
      switch use.reading(of: argument) {
      case .options(let options): options.map(\.key).joined(separator: " ")
      case .refused: "refused"
      case .unknown(let fate): "unknown \(fate.rawValue)"
      }
    #expect(found == reading)
  }

  @Test(arguments: [
    ("AdamW", "foreach", SettingValue.null, true), ("AdamW", "eps", .null, false),
    ("prodigyplus.ProdigyPlusScheduleFree", "eps", .null, true),
    ("AdamW", "amsgrad", .number(1), true), ("AdamW", "amsgrad", .text("False"), false),
    ("AdamW", "beta1", .text("0.9"), false), ("Prodigy", "slice_p", .number(11), true),
    ("Prodigy", "slice_p", .number(1.5), false), ("Prodigy", "growth_rate", .text("inf"), true),
    ("LBFGS", "line_search_fn", .text("strong_wolfe"), true),
    ("LBFGS", "line_search_fn", .text("wolfe"), false),
  ])
  func takeValues(name: String, key: String, value: SettingValue, isTaken: Bool) throws {
    let use = try #require(Catalogue.optimizer(named: name, in: "kohya")?.use)
    #expect(use[key]?.takes(value) == isTaken)
  }
}
