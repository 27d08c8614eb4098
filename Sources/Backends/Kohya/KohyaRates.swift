import Knowledge
import Plans
import SourceText

/// What is trained at which learning rate.
///
/// kohya sd-scripts 48d368fa: `train_network.py:729-760` and `networks/lora*.py`, `sdxl_train.py:344-362`,
/// `sd3_train.py:406-424`, `train_db.py:189-200`, `fine_tune.py:219-230`, `anima_train.py:268-278`,
/// `sdxl_train_control_net.py:262`.
extension KohyaConfig {
  /// A part and the setting that its rate comes from.
  struct Route: Sendable {
    let part: String
    let rate: Setting
  }

  /// The parts that every script this can be for trains, each with its rate.
  var routes: [Route] {
    let all = scripts.scripts.map { routes(of: $0) }
    guard let first = all.first else { return [] }
    return first.filter { route in
      all.allSatisfy { $0.contains { $0.rate.keyPath == route.rate.keyPath } }
    }
  }

  /// Parts with a rate of 0 are left out by the trainer, unless that leaves nothing.
  func routes(of script: KohyaScript) -> [Route] {
    let all = allRoutes(of: script)
    let trained = all.filter { $0.rate.number != 0 }
    return trained.isEmpty ? all : trained
  }

  private func allRoutes(of script: KohyaScript) -> [Route] {
    let base = root.setting("learning_rate")
    func own(_ key: String) -> Setting {
      let setting = root.setting(key)
      return setting.isNull && !setting.isMistaken ? base : setting
    }
    switch script {
    case .trainNetwork, .sdxlTrainNetwork, .fluxTrainNetwork, .sd3TrainNetwork,
      .luminaTrainNetwork, .hunyuanImageTrainNetwork, .animaTrainNetwork:
      return adapterRoutes(of: script, base)
    case .trainDB:
      let stop = root.setting("stop_text_encoder_training").number ?? 0
      return [Route(part: "unet", rate: base)]
        + (stop >= 0 ? [Route(part: "text_encoder", rate: own("learning_rate_te"))] : [])
    case .fineTune, .sdxlTrain, .sd3Train:
      return modelRoutes(of: script, base, own)
    case .fluxTrain, .luminaTrain: return [Route(part: "transformer", rate: base)]
    case .animaTrain:
      let keys = ["self_attn_lr", "cross_attn_lr", "mlp_lr", "mod_lr", "llm_adapter_lr"]
      return [Route(part: "transformer", rate: base)]
        + keys.map { Route(part: String($0.dropLast("_lr".count)), rate: own($0)) }
    case .trainTextualInversion, .sdxlTrainTextualInversion:
      return [Route(part: "token", rate: base)]
    case .sdxlTrainControlNet:
      return [
        Route(part: "control_net", rate: root.setting("control_net_lr")),
        Route(part: "unet", rate: base),
      ]
    case .trainControlNet, .fluxTrainControlNet, .sdxlTrainControlNetLLLite,
      .sdxlTrainControlNetLLLiteOld:
      return [Route(part: "control_net", rate: base)]
    }
  }

  private func modelRoutes(
    of script: KohyaScript, _ base: Setting, _ own: (String) -> Setting
  ) -> [Route] {
    var routes = [Route(part: script == .sd3Train ? "transformer" : "unet", rate: base)]
    if script == .sdxlTrain, let blocks = blockRates, base.number != 0 {
      routes = blocks.enumerated().map { Route(part: "block \($0)", rate: $1) }
    }
    guard root.setting("train_text_encoder").isOn else { return routes }
    if script == .fineTune {
      return routes + [Route(part: "text_encoder", rate: own("learning_rate_te"))]
    }
    routes.append(Route(part: "text_encoder_1", rate: own("learning_rate_te1")))
    routes.append(Route(part: "text_encoder_2", rate: own("learning_rate_te2")))
    if script == .sd3Train, root.setting("train_t5xxl").isOn {
      routes.append(Route(part: "text_encoder_3", rate: own("learning_rate_te3")))
    }
    return routes
  }

  /// The rates of `block_lr`; nil if it is not set or cannot be read.
  var blockRates: [Setting]? {
    let setting = root.setting("block_lr")
    guard let text = setting.text, !text.isEmpty else { return nil }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Number.parse(String($0)) }
    return numbers.count == parts.count
      ? numbers.map { number in setting.map { _ in .number(number) } } : nil
  }

  // MARK: Adapters

  private func adapterRoutes(of script: KohyaScript, _ base: Setting) -> [Route] {
    var routes: [Route] = []
    if !root.setting("network_train_text_encoder_only").isOn {
      let own = root.setting("unet_lr")
      let part = script.model.isFlow ? "transformer" : "unet"
      routes.append(Route(part: part, rate: own.isNull && !own.isMistaken ? base : own))
      routes += patternRoutes(of: script)
    }
    if !root.setting("network_train_unet_only").isOn {
      for (part, place) in textEncoders(of: script) {
        routes.append(Route(part: part, rate: textRate(place) ?? base))
      }
    }
    return routes
  }

  /// The text encoders that an adapter trains, with the place of each rate in `text_encoder_lr`.
  private func textEncoders(of script: KohyaScript) -> [(String, Int)] {
    let trainsT5 =
      networkArgument("train_t5xxl")?.written.map { $0.lowercased() == "true" } ?? false
    switch script.model {
    case .sd, .sdxl, .lumina, .anima: return [("text_encoder", 0)]
    case .flux:
      let clip = root.setting("model_type").text == "chroma" ? [] : [("text_encoder_1", 0)]
      return clip + (trainsT5 ? [("text_encoder_2", 1)] : [])
    case .sd3:
      return [("text_encoder_1", 0), ("text_encoder_2", 1)]
        + (trainsT5 ? [("text_encoder_3", 2)] : [])
    // Its adapter has no modules for them.
    case .hunyuan: return []
    }
  }

  /// The rate at a place of `text_encoder_lr`; missing ones are the last that is there.
  private func textRate(_ place: Int) -> Setting? {
    let rates = textRates
    if rates.isEmpty {
      let whole = root.setting("text_encoder_lr")
      return whole.isMistaken ? whole : nil
    }
    return rates[min(place, rates.count - 1)]
  }

  /// `network_reg_lrs`: rates for the parts whose names match a pattern.
  private func patternRoutes(of script: KohyaScript) -> [Route] {
    guard [.flux, .hunyuan, .anima].contains(script.model),
      let argument = networkArgument("network_reg_lrs"), let text = argument.written
    else { return [] }
    return text.split(separator: ",").compactMap { pair in
      let sides = pair.split(separator: "=", maxSplits: 1)
      guard sides.count == 2, let rate = Number.parse(String(sides[1])) else { return nil }
      return Route(part: String(sides[0]), rate: argument.setting(.number(rate)))
    }
  }
}
