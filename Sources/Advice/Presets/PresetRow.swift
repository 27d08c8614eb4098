internal import DryRuns
internal import Memory
public import SourceText

/// What is recommended for a trainer, a model, a method and a card, as `Presets/presets.json` keeps it.
public struct PresetRow: Sendable, Hashable {
  public let backend: String
  public let model: String
  public let method: String
  /// GiB of the card.
  public let card: Int
  /// Nil where nothing fits.
  public let config: Config?
  /// Where nothing fits, what the smallest would need, in tenths of a GiB; nil where there is none.
  public let least: Int?

  public struct Config: Sendable, Hashable {
    public let optimizer: String
    public let batch: Int
    public let accumulation: Int
    public let rank: Int
    public let resolution: Int
    public let steps: Int
    public let givenUp: [String]
    /// In tenths of a GiB.
    public let peak: Int
    public let high: Int
    /// `converges`; empty while nothing was run.
    public var verdict: String
    public let reason: String
  }

  /// Cards that people have, in GiB.
  public static let cards = [8, 12, 16, 24]

  static func tenths(_ bytes: Int) -> Int {
    Int((Double(bytes) / Double(1 << 30) * 10).rounded(.up))
  }

  init(_ request: StartRequest, _ card: Int, _ found: StartingConfig?, least: StartingConfig?) {
    backend = request.backend
    model = request.model.name
    method = request.method.rawValue
    self.card = card
    self.least = found == nil ? least.map { Self.tenths($0.estimate.highBytes) } : nil
    config = found.map { found in
      Config(
        optimizer: found.optimizer, batch: found.numbers.batch,
        accumulation: found.numbers.accumulation, rank: found.numbers.rank,
        resolution: found.numbers.resolution, steps: found.numbers.steps, givenUp: found.costs,
        peak: Self.tenths(found.estimate.peakBytes), high: Self.tenths(found.estimate.highBytes),
        verdict: found.dryRun?.verdict.rawValue ?? "", reason: found.summary)
    }
  }

  /// Everything but the verdict, for a look that runs nothing.
  public var withoutVerdict: PresetRow {
    var row = self
    if var config {
      config.verdict = ""
      row = PresetRow(
        backend: backend, model: model, method: method, card: card, config: config, least: least)
    }
    return row
  }

  private init(
    backend: String, model: String, method: String, card: Int, config: Config?, least: Int?
  ) {
    self.backend = backend
    self.model = model
    self.method = method
    self.card = card
    self.config = config
    self.least = least
  }
}

extension StartingConfig {
  /// Why it is this one, in one line.
  var summary: String {
    let choice = reasons.first { $0.reason.hasPrefix(optimizerWord) }?.reason ?? optimizer
    return ([choice] + costs).joined(separator: "; ")
  }

  private var optimizerWord: String { String(optimizer.prefix { $0 != " " }) }
}

extension PresetRow {
  public var json: JSONValue {
    var entries: [JSONValue.Entry] = [
      .init("backend", .text(backend)), .init("model", .text(model)),
      .init("method", .text(method)), .init("card", .integer(card)),
    ]
    if let config {
      entries += [
        .init("optimizer", .text(config.optimizer)), .init("batch", .integer(config.batch)),
        .init("accumulation", .integer(config.accumulation)), .init("rank", .integer(config.rank)),
        .init("resolution", .integer(config.resolution)), .init("steps", .integer(config.steps)),
        .init("givenUp", .array(config.givenUp.map { .text($0) })),
        .init("peak", .integer(config.peak)), .init("high", .integer(config.high)),
        .init("verdict", .text(config.verdict)), .init("reason", .text(config.reason)),
      ]
    } else {
      entries.append(.init("least", least.map { .integer($0) } ?? .null))
    }
    return .object(entries)
  }

  public init(_ node: DocumentNode) {
    func text(_ key: String) -> String { node[key]?.text ?? "" }
    func number(_ key: String) -> Int { Int(text(key)) ?? 0 }
    self.init(
      backend: text("backend"), model: text("model"), method: text("method"),
      card: number("card"),
      config: node["optimizer"].map { _ in
        Config(
          optimizer: text("optimizer"), batch: number("batch"),
          accumulation: number("accumulation"), rank: number("rank"),
          resolution: number("resolution"), steps: number("steps"),
          givenUp: node["givenUp"]?.children.map(\.text) ?? [], peak: number("peak"),
          high: number("high"), verdict: text("verdict"), reason: text("reason"))
      }, least: Int(text("least")))
  }
}
