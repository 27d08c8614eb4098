import Knowledge
import Plans
import SourceText

/// Which script a run is started with, as far as that can be told.
struct KohyaScriptChoice: Sendable {
  /// Those it can be; one where it is known.
  let scripts: KohyaScripts
  let source: Source

  enum Source: Sendable {
    /// The command line names it, or the interface starts it.
    case named
    /// `--script` says so.
    case asked
    /// What the file states fits these.
    case guessed
  }

  init(_ scripts: KohyaScripts, _ source: Source) {
    self.scripts = scripts
    self.source = source
  }

  /// What a file that names no script can be for: the scripts that most of what it states fits. Its
  /// adapter weighs as much as two settings that only some scripts read, the name of its model as
  /// three.
  init(fitting settings: SettingsObject) {
    var weights: [KohyaScript: Int] = [:]
    func weigh(_ scripts: KohyaScripts, _ weight: Int) {
      for script in scripts.scripts { weights[script, default: 0] += weight }
    }
    for key in settings.statedKeys {
      if let readers = settings.facts[key]?.readers, readers != .all { weigh(readers, 1) }
    }
    if let module = settings.setting("network_module").text {
      weigh(Self.scripts(forNetwork: module), 2)
    }
    if let name = settings.setting("pretrained_model_name_or_path").text,
      let model = Self.model(named: name)
    {
      weigh(KohyaScripts(KohyaScript.allCases.filter { $0.model == model }), 3)
    }
    if settings.setting("model_type").text == "chroma" {
      weigh(KohyaScripts([.fluxTrainNetwork]), 1)
    }
    let most = weights.values.max() ?? 0
    self.init(
      KohyaScripts(KohyaScript.allCases.filter { weights[$0, default: 0] == most }), .guessed)
  }

  /// The scripts whose model an adapter module is for; all adapter scripts for one that is not known.
  static func scripts(forNetwork module: String) -> KohyaScripts {
    switch module {
    case "networks.lora", "networks.lora_fa", "networks.dylora", "networks.oft":
      KohyaScripts([.trainNetwork, .sdxlTrainNetwork])
    case "networks.loha", "networks.lokr": KohyaScripts([.sdxlTrainNetwork, .animaTrainNetwork])
    case "networks.lora_flux", "networks.oft_flux": KohyaScripts([.fluxTrainNetwork])
    case "networks.lora_sd3": KohyaScripts([.sd3TrainNetwork])
    case "networks.lora_lumina": KohyaScripts([.luminaTrainNetwork])
    case "networks.lora_hunyuan_image": KohyaScripts([.hunyuanImageTrainNetwork])
    case "networks.lora_anima": KohyaScripts([.animaTrainNetwork])
    default: .adapters
    }
  }

  /// The model that a file or repository of that name most likely holds.
  private static func model(named path: String) -> KohyaScript.Model? {
    let name = path.lowercased().split { $0 == "/" || $0 == "\\" }.suffix(2).joined(separator: "/")
    func has(_ words: String...) -> Bool { words.contains { name.contains($0) } }
    if has("sdxl", "sd_xl", "sd-xl", "-xl-", "_xl_", "xl_base", "xl-base") { return .sdxl }
    if has("flux1", "flux.1", "flux-1", "flux_1", "chroma") { return .flux }
    if has("sd3", "sd_3", "sd-3", "stable-diffusion-3") { return .sd3 }
    if has("lumina") { return .lumina }
    if has("hunyuanimage", "hunyuan-image", "hunyuan_image") { return .hunyuan }
    if has("anima-", "anima_", "/anima") { return .anima }
    if has(
      "v1-5", "v1-4", "sd15", "sd-15", "sd1.5", "stable-diffusion-v1", "stable-diffusion-2",
      "v2-1", "512-base", "768-v")
    {
      return .sd
    }
    return nil
  }
}
