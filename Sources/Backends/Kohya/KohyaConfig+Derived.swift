import Knowledge
import Plans
import SourceText

/// What the data asks of a run beyond single settings: names that begin with `@`.
extension KohyaConfig {
  func derived(_ name: String, in script: KohyaScript) -> Setting? {
    switch name {
    case "@script": whole(.text(script.rawValue))
    case "@model": whole(.text(script.model.rawValue))
    case "@trains": whole(.text(script.product.rawValue))
    case "@flow": whole(.boolean(script.model.isFlow))
    case "@interface": whole(.boolean(source == .interface))
    case "@command": whole(.boolean(source != .file && !arguments.isIncomplete))
    // A file without a model is a part of one, or completed on the command line.
    case "@complete":
      whole(
        .boolean(
          !arguments.isIncomplete
            && (source != .file || root.setting("pretrained_model_name_or_path").isWritten)))
    case "@length":
      whole(
        .boolean(
          root.setting("max_train_steps").isWritten || root.setting("max_train_epochs").isWritten
            || source == .interface || arguments.isIncomplete))
    case "@optimizer_type": optimizer.name.map { _ in .text(optimizer.type) }
    case "@adaptive": optimizer.name.map { _ in .boolean(optimizer.isAdaptive) }
    case "@schedule_free": optimizer.name.map { _ in .boolean(optimizer.isScheduleFree) }
    case "@relative_step":
      optimizer.option("relative_step").map { _ in .boolean(optimizer.hasRelativeStep) }
    case "@text_rate": textRates.first ?? root.setting("text_encoder_lr").map { _ in .null }
    case "@text_rates":
      root.setting("text_encoder_lr").map { _ in
        textRates.isEmpty ? .null : .number(Double(textRates.count))
      }
    case "@shared_rate": sharedRate(script)
    case "@equal_rates": equalRates(script)
    default: cacheOrShape(name, in: script)
    }
  }

  private func cacheOrShape(_ name: String, in script: KohyaScript) -> Setting? {
    switch name {
    case "@caches_texts": cachesTexts(script)
    case "@caches_latents":
      either("cache_latents", "cache_latents_to_disk")
    case "@checks_captions":
      whole(
        .boolean(
          ![.luminaTrainNetwork, .trainNetwork, .trainDB, .fineTune].contains(script)
            && script.product != .embedding))
    case "@attention":
      either("sdpa", "xformers", "mem_eff_attn", "diffusers_xformers")
    case "@scaled_by_alpha":
      whole(
        .boolean(!["networks.oft", "networks.oft_flux"].contains(setting("network_module").text)))
    case "@medium":
      whole(
        .boolean(
          setting("pretrained_model_name_or_path").text?.lowercased().contains("medium") ?? false))
    case "@sets_shift":
      setting("discrete_flow_shift", in: script).map { value in
        .boolean(
          root.setting("discrete_flow_shift").isWritten
            && value != root.facts["discrete_flow_shift"]?.defaultValue(in: KohyaScripts([script])))
      }
    default: nil
    }
  }

  /// Of the whole file.
  private func whole(_ value: SettingValue) -> Setting {
    Setting(value, .defaulted(anchor: root.anchor, by: .bare), keyPath: "")
  }

  /// The first switch that is on; if none is, the first.
  private func either(_ keys: String...) -> Setting? {
    let settings = keys.map { root.setting($0) }
    return settings.first(where: \.isOn) ?? settings.first
  }

  /// Whether captions are encoded once: keeping them on disk implies it.
  private func cachesTexts(_ script: KohyaScript) -> Setting? {
    let keys =
      ["cache_text_encoder_outputs", "cache_text_encoder_outputs_to_disk"]
      + (script == .sd3Train ? ["use_t5xxl_cache_only"] : [])
    let readable = keys.filter {
      root.facts[$0]?.readers.contains(KohyaScripts([script])) ?? false
    }
    let settings = readable.map { root.setting($0) }
    return settings.first(where: \.isOn)
      ?? root.setting("cache_text_encoder_outputs").map { _ in .boolean(false) }
  }

  /// The rates of `text_encoder_lr`, which may be one number or a list.
  var textRates: [Setting] {
    if let rates = arguments.textRates { return rates }
    let setting = root.setting("text_encoder_lr")
    if setting.isMistaken { return [] }
    if setting.number != nil { return [setting] }
    guard setting.value == .collection, let list = root.entry("text_encoder_lr") else { return [] }
    return list.children.enumerated().map { place, item in
      Setting(SettingValue(item), .written(item.span), keyPath: "\(setting.keyPath)[\(place)]")
    }
  }

  /// Whether the parts of an adapter have rates of their own, or there is but one part. Set apart where
  /// the file states the rate that both take.
  private func sharedRate(_ script: KohyaScript) -> Setting? {
    let rate = root.setting("learning_rate")
    let hasOwn =
      root.setting("unet_lr").isWritten || root.setting("text_encoder_lr").isWritten
      || root.setting("network_train_unet_only").isOn
      || root.setting("network_train_text_encoder_only").isOn
    let isTrained = script.product == .adapter && script.model != .hunyuan
    return rate.map { _ in
      .boolean(
        !isTrained || hasOwn || !rate.isWritten || optimizer.hasRelativeStep
          || (cachesTexts(script)?.isOn ?? false))
    }
  }

  /// Whether everything that is trained has one rate; the place of the odd one if not.
  private func equalRates(_ script: KohyaScript) -> Setting? {
    let rates = routes(of: script).map(\.rate).filter { ($0.number ?? 0) > 0 }
    let odd = rates.first { $0.number != rates.first?.number }
    return (odd ?? root.setting("learning_rate")).map { _ in .boolean(odd == nil) }
  }
}
