public import Knowledge
import Optimizers
import Reporting
import SourceText

extension Explanation {
  /// Bytes for each trained number, by the algorithm that runs here under each name.
  static func memory(of facts: OptimizerFacts) -> [Page.Block] {
    let rows = Catalogue.trainers.flatMap { trainer in
      facts.uses(in: trainer).compactMap { use -> [String]? in
        guard let state = StateSize(use) else { return nil }
        return [
          title(of: trainer), use.name, Self.words(state.float32), Self.words(state.bfloat16),
        ]
      }
    }
    guard !rows.isEmpty else {
      return [.heading("Memory"), .paragraph("Not known exactly: it is not simulated here.")]
    }
    return [
      .heading("Memory"),
      .paragraph(
        "Bytes that it keeps for each trained number, counted on a matrix of 1280 x 1280 and on the "
          + "two of a LoRA of rank 16 beside it (in brackets), with the trainer's defaults."),
      .table(["trainer", "name", "float32 weights", "bfloat16 weights"], rows),
    ]
  }

  private static func words(_ sizes: StateSize.Sizes?) -> String {
    sizes.map { "\(number($0.full)) (\(number($0.adapter)))" } ?? "–"
  }

  private static func number(_ bytes: Double) -> String {
    Number.literal((bytes * 100).rounded() / 100)
  }
}

/// What an optimizer keeps for each trained number, in bytes, with the defaults of a trainer.
public struct StateSize: Sendable {
  public struct Sizes: Sendable {
    /// Of a matrix of the model.
    public let full: Double
    /// Of the two matrices of a LoRA beside it.
    public let adapter: Double
  }

  /// By the format of the weights; nil where the optimizer does not take it.
  public let float32: Sizes?
  public let bfloat16: Sizes?

  /// Nil for what is not simulated.
  public init?(_ use: OptimizerUse) {
    guard
      let simulation = Catalogue.simulations.first(where: {
        $0.backend == use.backend && $0.name == use.name
      }), let id = simulation.algorithm, let family = OptimizerFamily[id: id]
    else { return nil }
    var options: [String: HyperparameterValue] = [:]
    func set(_ key: String, _ value: SettingValue) {
      guard let own = family.hyperparameters.first(where: { $0.name == key }) else { return }
      if case .flag = own.standard {
        if value != .null { options[key] = .flag(value.isTruthy) }
      } else if value == .null {
        if own.range.hasSuffix("or null") { options[key] = HyperparameterValue.none }
      } else if let number = value.number {
        options[key] = .number(number)
      } else if let text = value.text {
        options[key] = .text(text)
      }
    }
    for option in use.options where option.ignored == nil {
      set(
        option.key, option.tableDefault == .null ? option.whenNull ?? .null : option.tableDefault)
    }
    for (key, value) in simulation.options { set(key, value) }
    let wide = try? family.optimizer(storing: Float.self, options)
    let narrow = try? family.optimizer(storing: BFloat16.self, options)
    float32 = wide.flatMap { Self.sizes(.float32, $0.layout) }
    bfloat16 = narrow.flatMap { Self.sizes(.bfloat16, $0.layout) }
    if float32 == nil, bfloat16 == nil { return nil }
  }

  private static func sizes(
    _ format: NumberFormat, _ layout: (ParameterShape) -> [StateTensor]
  ) -> Sizes {
    func perNumber(_ shapes: [ParameterShape]) -> Double {
      let bytes = shapes.flatMap(layout).reduce(0) { $0 + $1.bytes }
      return Double(bytes) / Double(shapes.reduce(0) { $0 + $1.count })
    }
    return Sizes(
      full: perNumber([ParameterShape([1280, 1280], format: format)]),
      adapter: perNumber([
        ParameterShape([16, 1280], format: format),
        ParameterShape([1280, 16], format: format, startsAtZero: true),
      ]))
  }
}
