/// A script of sd-scripts that trains.
enum KohyaScript: String, CaseIterable, Sendable {
  case trainNetwork = "train_network"
  case sdxlTrainNetwork = "sdxl_train_network"
  case fluxTrainNetwork = "flux_train_network"
  case sd3TrainNetwork = "sd3_train_network"
  case luminaTrainNetwork = "lumina_train_network"
  case hunyuanImageTrainNetwork = "hunyuan_image_train_network"
  case animaTrainNetwork = "anima_train_network"
  case trainDB = "train_db"
  case fineTune = "fine_tune"
  case sdxlTrain = "sdxl_train"
  case fluxTrain = "flux_train"
  case sd3Train = "sd3_train"
  case luminaTrain = "lumina_train"
  case animaTrain = "anima_train"
  case trainTextualInversion = "train_textual_inversion"
  case sdxlTrainTextualInversion = "sdxl_train_textual_inversion"
  case trainControlNet = "train_control_net"
  case sdxlTrainControlNet = "sdxl_train_control_net"
  case sdxlTrainControlNetLLLite = "sdxl_train_control_net_lllite"
  case sdxlTrainControlNetLLLiteOld = "sdxl_train_control_net_lllite_old"
  case fluxTrainControlNet = "flux_train_control_net"

  /// The model it trains.
  enum Model: String, Sendable {
    /// Stable Diffusion 1 and 2.
    case sd
    case sdxl, flux, sd3, lumina, hunyuan, anima

    /// Whether the model predicts a flow, and so has no signal-to-noise ratio.
    var isFlow: Bool { self != .sd && self != .sdxl }
  }

  /// What comes out of it.
  enum Product: String, Sendable {
    case adapter, model, embedding, controlNet
  }

  var model: Model {
    switch self {
    case .trainNetwork, .trainDB, .fineTune, .trainTextualInversion, .trainControlNet: .sd
    case .sdxlTrainNetwork, .sdxlTrain, .sdxlTrainTextualInversion, .sdxlTrainControlNet,
      .sdxlTrainControlNetLLLite, .sdxlTrainControlNetLLLiteOld:
      .sdxl
    case .fluxTrainNetwork, .fluxTrain, .fluxTrainControlNet: .flux
    case .sd3TrainNetwork, .sd3Train: .sd3
    case .luminaTrainNetwork, .luminaTrain: .lumina
    case .hunyuanImageTrainNetwork: .hunyuan
    case .animaTrainNetwork, .animaTrain: .anima
    }
  }

  var product: Product {
    switch self {
    case .trainNetwork, .sdxlTrainNetwork, .fluxTrainNetwork, .sd3TrainNetwork,
      .luminaTrainNetwork, .hunyuanImageTrainNetwork, .animaTrainNetwork:
      .adapter
    case .trainDB, .fineTune, .sdxlTrain, .fluxTrain, .sd3Train, .luminaTrain, .animaTrain: .model
    case .trainTextualInversion, .sdxlTrainTextualInversion: .embedding
    case .trainControlNet, .sdxlTrainControlNet, .sdxlTrainControlNetLLLite,
      .sdxlTrainControlNetLLLiteOld, .fluxTrainControlNet:
      .controlNet
    }
  }

  var isLLLite: Bool { self == .sdxlTrainControlNetLLLite || self == .sdxlTrainControlNetLLLiteOld }

  /// The script by the name of its file: `sdxl_train.py`, `C:\sd-scripts\sdxl_train.py`,
  /// `train_controlnet.py`, an older name.
  init?(file: some StringProtocol) {
    let name = file.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map { String($0) } ?? ""
    let stem = name.hasSuffix(".py") ? String(name.dropLast(3)) : name
    self.init(rawValue: stem == "train_controlnet" ? "train_control_net" : stem)
  }
}

/// Several scripts.
struct KohyaScripts: OptionSet, Hashable, Sendable {
  let rawValue: UInt32

  init(rawValue: UInt32) { self.rawValue = rawValue }

  init(_ scripts: some Sequence<KohyaScript>) {
    let all = KohyaScript.allCases
    rawValue = scripts.reduce(0) { bits, script in
      all.firstIndex(of: script).map { bits | 1 << UInt32($0) } ?? bits
    }
  }

  static let all = KohyaScripts(KohyaScript.allCases)
  static let adapters = of { $0.product == .adapter }

  private static func of(_ condition: (KohyaScript) -> Bool) -> KohyaScripts {
    KohyaScripts(KohyaScript.allCases.filter(condition))
  }

  /// A script or a set of them as the data names it: `sdxl_train`, `adapters`, `flux`.
  init?(named name: some StringProtocol) {
    switch name {
    case "adapters": self = .adapters
    case "models": self = .of { $0.product == .model }
    case "embeddings": self = .of { $0.product == .embedding }
    case "controlNets": self = .of { $0.product == .controlNet && !$0.isLLLite }
    case "lllite": self = .of(\.isLLLite)
    case "flux", "sd3", "lumina", "anima": self = .of { $0.model.rawValue == name }
    default:
      guard let script = KohyaScript(rawValue: String(name)) else { return nil }
      self = KohyaScripts([script])
    }
  }

  /// Those that a list of the data names; all for none, and all but those that stand with `-`.
  init(listed names: [String]) {
    var included: KohyaScripts = []
    var excluded: KohyaScripts = []
    for name in names {
      if name.hasPrefix("-") {
        excluded.formUnion(KohyaScripts(named: name.dropFirst()) ?? [])
      } else {
        included.formUnion(KohyaScripts(named: name) ?? [])
      }
    }
    self = (included.isEmpty ? .all : included).subtracting(excluded)
  }

  /// In the order of ``KohyaScript``.
  var scripts: [KohyaScript] {
    KohyaScript.allCases.enumerated().compactMap { place, script in
      rawValue & 1 << UInt32(place) == 0 ? nil : script
    }
  }

  var count: Int { rawValue.nonzeroBitCount }
  /// The only one.
  var single: KohyaScript? { count == 1 ? scripts.first : nil }
}
