import Knowledge
import Plans
import SourceText

/// What the program makes of several settings together: the names with `@` in the data.
extension AIToolkitProcess {
  func concluded(_ name: String) -> Setting? {
    let facts = context.facts
    switch name {
    case "@arch": return model("arch").map { _ in .text(context.architecture) }
    case "@transformer": return facts.map { place(.boolean($0.isTransformer)) }
    case "@quantizes": return facts.map { place(.boolean($0.quantizes)) }
    case "@offloads": return facts.map { place(.boolean($0.offloads)) }
    case "@scheduler":
      return facts.map { place(.text($0.takesSchedulerFromConfig ? "setting" : "own")) }
    case "@video": return facts.map { place(.boolean($0.makes == "video")) }
    case "@trainsModel": return place(.boolean(trainsModel))
    case "@network": return place(.boolean(hasNetwork))
    case "@adapter": return place(.boolean(trainsAdapter))
    case "@needsImages": return place(.boolean(needsImages))
    case "@jobFolder": return place(.boolean(hasFolderOfJob))
    case "@trigger": return place(.boolean(hasTrigger))
    case "@fromInterface": return place(.boolean(isFromInterface))
    case "@cachesText": return cachedText ?? place(.boolean(false))
    case "@bypass": return bypass
    case "@recovery": return recovery
    case "@packing": return packing
    case "@qtypeForEncoder":
      return place(.boolean(facts?.encoderPacking == "qtype" && packsEncoder.isOn))
    case "@optimizer": return optimizer.name.map { _ in .text(optimizer.built) }
    case "@ratePlain":
      return place(.boolean(!optimizer.isAdaptive && !optimizer.isAutomagic))
    case "@swaps":
      return place(.boolean(["adafactor", "automagic"].contains(optimizer.built)))
    case "@sumMatters": return place(.boolean(train("max_grad_norm").isWritten))
    case "@rank": return rank
    case "@rankCounts": return place(.boolean(rankCounts))
    default: return nil
    }
  }

  /// Something that no single setting says.
  private func place(_ value: SettingValue) -> Setting {
    Setting(value, .defaulted(anchor: block("process").anchor, by: .bare), keyPath: path)
  }

  // MARK: What is trained

  var hasNetwork: Bool { block("network").node != nil }

  /// Nothing is added to the model: it is trained itself (BaseSDTrainProcess.py:235-237).
  var trainsModel: Bool {
    !hasNetwork && block("embedding").node == nil && block("decorator").node == nil
      && !trainsAdapter
  }

  var trainsAdapter: Bool {
    block("adapter").node != nil && setting("adapter", "train").isOn
  }

  /// Whether each step takes a batch of the datasets.
  var needsImages: Bool {
    ![
      "slider", "slider_old", "ultimate_slider_trainer", "image_reference_slider_trainer",
    ].contains(type)
  }

  var hasTrigger: Bool {
    !setting("process", "trigger_word").isNull
      || datasets.contains { !$0.setting("trigger_word").isNull }
  }

  /// Whether the web interface wrote it, which writes settings that have no effect as well.
  var isFromInterface: Bool {
    setting("process", "sqlite_db_path").isWritten || setting("logging", "use_ui_logger").isOn
  }

  // MARK: The adapter

  /// toolkit/config_modules.py:174-183.
  var rank: Setting {
    let old = network("rank")
    if !old.isNull || old.isMistaken { return old }
    let linear = network("linear")
    return linear.isNull && !linear.isMistaken ? linear.with(.number(4), linear.origin) : linear
  }

  var networkType: String { network("type").text?.lowercased() ?? "lora" }

  /// Whether the adapter has the rank that the file states.
  var rankCounts: Bool {
    switch networkType {
    case "lorm", "fullrank": false
    case "lokr": !network("lokr_full_rank").isOn
    default: true
    }
  }

  /// toolkit/config_modules.py:185-186: `alpha` where it is not given.
  var alpha: Setting {
    let own = network("linear_alpha")
    return own.isWritten
      ? own : network("alpha").isWritten ? network("alpha") : own.with(.number(1), own.origin)
  }

  // MARK: Text and packing

  /// Where it is said that captions are encoded once; nil if they are not.
  var cachedText: Setting? {
    let all = train("cache_text_embeddings")
    if all.isOn { return all }
    return datasets.map { $0.setting("cache_text_embeddings") }.first { $0.isOn }
  }

  var bypass: Setting {
    let own = train("bypass_guidance_embedding")
    let forced = model("use_flux_cfg")
    return forced.isOn && context.architecture == "flux" ? forced : own
  }

  /// toolkit/config_modules.py:738-742: also behind the `|` of qtype.
  var recovery: Setting {
    let qtype = model("qtype")
    if qtype.text?.contains("|") ?? false { return qtype.map { _ in .boolean(true) } }
    let own = model("accuracy_recovery_adapter")
    return own.map { .boolean($0 != .null) }
  }

  /// How the model is packed, without the adapter behind it.
  var packing: Setting {
    model("qtype").map { value in value.text.map { .text(String($0.prefix { $0 != "|" })) } ?? value
    }
  }

  /// Whether the text encoder is packed: as `quantize` says where it is not given.
  var packsEncoder: Setting {
    let own = model("quantize_te")
    return own.isWritten ? own : model("quantize")
  }
}
