import Knowledge
import Optimizers
import SourceText

/// What has to be known of a process before its settings can be judged one by one.
struct AIToolkitContext: Sendable {
  /// The model's architecture, as the program takes it; `sd1` where the file does not say.
  let architecture: String
  let facts: ArchitectureFacts?
  let noiseScheduler: String?
  let timestepType: String?
  let packsModel: Bool
  let makesSamples: Bool

  /// - Parameter process: The process in the file; nil for what stands in none.
  init(_ process: DocumentNode?) {
    let model = process?["model"]
    let train = process?["train"]
    func text(_ node: DocumentNode?) -> String? { node.flatMap { LoadedValue($0).setting.text } }
    func isOn(_ node: DocumentNode?, else standard: Bool = false) -> Bool {
      node.map { LoadedValue($0).setting.isTruthy } ?? standard
    }
    architecture = Self.architecture(model) { isOn(model?[$0]) }
    facts = Catalogue.architecture(architecture, of: "ai-toolkit")
    noiseScheduler = train?["noise_scheduler"].map { text($0) } ?? "ddpm"
    timestepType = train?["timestep_type"].map { text($0) } ?? "sigmoid"
    packsModel = isOn(model?["quantize"]) || isOn(model?["quantize_te"])
    makesSamples = !isOn(train?["disable_sampling"])
  }

  /// toolkit/config_modules.py:770-824: the part behind a colon is cut off, `flex1` is `flux`, and
  /// without `arch` the old flags are asked one after the other.
  private static func architecture(
    _ model: DocumentNode?, _ isOn: (String) -> Bool
  ) -> String {
    if let written = model?["arch"].flatMap({ LoadedValue($0).setting.text }) {
      let name = String(written.prefix { $0 != ":" })
      return name == "flex1" ? "flux" : name
    }
    let flags = [
      ("is_v2", "sd2"), ("is_v3", "sd3"), ("is_xl", "sdxl"), ("is_pixart", "pixart"),
      ("is_pixart_sigma", "pixart_sigma"), ("is_auraflow", "auraflow"), ("is_flux", "flux"),
      ("is_lumina2", "lumina2"), ("is_vega", "vega"), ("is_ssd", "ssd"),
    ]
    return flags.first { isOn($0.0) }?.1 ?? "sd1"
  }

  /// Whether a name is one that the program has for a setting.
  func knows(_ name: String, of facts: SettingFacts) -> Bool {
    switch facts.key {
    case "arch": return facts.choices.contains(String(name.prefix { $0 != ":" }))
    case "qtype", "qtype_te":
      // The interface writes an empty one for none; a path behind `|` is an adapter.
      return name.isEmpty || facts.choices.contains(String(name.prefix { $0 != "|" }))
    case "optimizer":
      // Those that are known and cannot be built are another finding.
      return Catalogue.optimizer(named: name, in: "ai-toolkit") != nil
        || Catalogue.optimizerNames(of: "ai-toolkit").refusal(of: name) != nil
    default:
      return facts.choices.contains(facts.takesAnyCase ? name.lowercased() : name)
        || facts.namesJudgedElsewhere.contains(name)
    }
  }

  /// What comes of a name that it does not have.
  func outcome(ofUnknown name: String, of facts: SettingFacts) -> (Severity, Consequence) {
    let usual = facts.unknownName
    let stated = (usual?.severity ?? .warning, usual?.consequence ?? .silentlyIgnored)
    let ignored = (Severity.warning, Consequence.silentlyIgnored)
    switch facts.key {
    case "noise_scheduler": return self.facts?.takesSchedulerFromConfig ?? true ? stated : ignored
    case "sampler":
      let asks = self.facts?.takesSchedulerFromConfig ?? true
      return asks && makesSamples ? (.error, .crashesAtStart) : (.info, .silentlyIgnored)
    case "timestep_type": return noiseScheduler == "flowmatch" ? stated : (.info, .silentlyIgnored)
    case "content_or_style":
      let drawsItself = ["two_step", "four_step", "eight_step", "next_sample", "one_step"]
      return drawsItself.contains(timestepType ?? "") ? (.info, .silentlyIgnored) : stated
    case "qtype", "qtype_te": return packsModel ? stated : (.info, .silentlyIgnored)
    case "arch", "type":
      guard facts.key == "arch" || facts.choices.contains("sd_trainer") else { return stated }
      // Folders of one's own below extensions/ may bring more.
      let isNear = Suggestion.nearest(to: name, in: facts.choices) != nil
      return isNear ? stated : (.warning, stated.1)
    default: return stated
    }
  }
}
