import Backends
import Knowledge
import Plans
public import Reporting
public import SourceText

/// What `tuneup list` can list.
public struct Listing: Sendable {
  public let kind: String
  public let page: Page
  public let json: JSONValue

  public static let kinds = [
    "optimizers", "options", "schedulers", "rules", "models", "backends", "presets", "coverage",
    "simulations",
  ]

  public init?(_ kind: String) {
    switch kind {
    case "optimizers": self = Self.optimizers
    case "options": self = Self.options
    case "schedulers": self = Self.schedulers
    case "rules": self = Self.rules
    case "models": self = Self.models
    case "backends": self = Self.backends
    case "presets": self = Self.presets
    case "coverage": self = Coverage.listing
    case "simulations": self = Self.simulations
    default: return nil
    }
  }

  init(_ kind: String, _ page: Page, _ entries: [JSONValue]) {
    self.kind = kind
    self.page = page
    json = .object([.init("version", 1), .init(kind, .array(entries))])
  }

  private static var optimizers: Listing {
    let all = Catalogue.optimizers
    let trainers = Catalogue.trainers
    return Listing(
      "optimizers",
      Page(
        "\(all.count) optimizers",
        [
          .table(
            ["id"] + trainers.map { Explanation.title(of: $0) } + ["what it is"],
            all.map { facts in
              [facts.id] + trainers.map { facts.presence(in: $0) } + [facts.summary]
            })
        ]), all.map(\.json))
  }

  private static var simulations: Listing {
    let all = Catalogue.simulations
    var blocks: [Page.Block] = []
    for trainer in Catalogue.trainers {
      blocks += [
        .heading(trainer),
        .table(
          ["optimizer", "runs here as", "remark"],
          all.filter { $0.backend == trainer }.map {
            [$0.name, $0.algorithm ?? "not simulated", $0.remark]
          }),
      ]
    }
    let run = all.count { $0.algorithm != nil }
    return Listing(
      "simulations", Page("\(run) of \(all.count) optimizers of the trainers can be run", blocks),
      all.map { simulation in
        [
          "backend": .text(simulation.backend), "name": .text(simulation.name),
          "runs": simulation.algorithm.map { .text($0) } ?? .null,
          "remark": .text(simulation.remark),
        ]
      })
  }

  private static var options: Listing {
    let own = Catalogue.options.settings
    let others = Catalogue.libraryOptions.settings
    func table(_ options: [SettingFacts]) -> Page.Block {
      .table(
        ["key", "title", "type", "what it does"],
        options.map { [$0.key, $0.guideTitle ?? $0.title, $0.type.rawValue, $0.meaning] })
    }
    return Listing(
      "options",
      Page(
        "\(own.count + others.count) optimizer options",
        [
          .heading("In OneTrainer's optimizer object, many in the other trainers too"), table(own),
          .heading("In other trainers only"), table(others),
        ]), (own + others).map { $0.json(kind: "option") })
  }

  private static var schedulers: Listing {
    let all = Catalogue.schedulers
    let trainers = Catalogue.trainers
    return Listing(
      "schedulers",
      Page(
        "\(all.count) learning rate schedulers",
        [.table(["id", "what it does"], all.map { [$0.id, $0.summary] })]
          + trainers.flatMap { trainer in
            [
              .heading(Explanation.title(of: trainer)),
              .table(
                ["name", "is", ""],
                all.flatMap { facts in
                  facts.uses(in: trainer).map {
                    [$0.name, facts.id, $0.isBroken == nil ? "" : "does not work"]
                  }
                }),
            ]
          }), all.map(\.json))
  }

  private static var rules: Listing {
    let all = Inspector.rules
    var blocks: [Page.Block] = []
    for subject in RuleDescription.Subject.allCases {
      let rules = all.filter { $0.subject == subject }
      if rules.isEmpty { continue }
      blocks += [
        .heading(subject.title),
        .table(
          ["rule", "severity", "what is flagged"],
          rules.map { [$0.id, $0.severity.rawValue, $0.summary] }),
      ]
    }
    return Listing(
      "rules", Page("\(all.count) rules", blocks), all.map { Explanation.rule($0).json })
  }

  private static var models: Listing {
    let all = Catalogue.models(of: "onetrainer")
    return Listing(
      "models",
      Page(
        "\(all.count) models",
        [
          .table(
            ["id", "model", "trained by"],
            all.map { [$0.id, $0.title, $0.methods.joined(separator: ", ")] })
        ]), all.map { Explanation.model($0).json })
  }

  private static var backends: Listing {
    Listing(
      "backends",
      Page(
        "\(allBackends.count) \(allBackends.count == 1 ? "trainer" : "trainers")",
        [.table(["id", "trainer"], allBackends.map { [$0.id, $0.title] })]),
      allBackends.map { ["id": .text($0.id), "title": .text($0.title)] })
  }

  private static var presets: Listing {
    let rows = EmbeddedFile("Presets/presets.json")?.document().root["rows"]?.children
    let all = (rows.map(Array.init) ?? []).filter { $0["optimizer"] != nil }
    func text(_ row: DocumentNode, _ key: String) -> String { row[key]?.text ?? "" }
    /// Sizes are kept in tenths of a GiB.
    func size(_ row: DocumentNode) -> String {
      let tenths = Int(text(row, "high")) ?? 0
      return "\(tenths / 10).\(tenths % 10) GiB"
    }
    return Listing(
      "presets",
      Page(
        "\(all.count) starting configs, each written by tuneup recommend --backend … --model …",
        [
          .table(
            ["trainer", "model", "method", "card", "at most", "optimizer", "pictures"],
            all.map { row in
              ["backend", "model", "method"].map { text(row, $0) } + [
                "\(text(row, "card")) GiB", size(row), text(row, "optimizer"),
                "\(text(row, "batch")) of \(text(row, "resolution"))",
              ]
            })
        ]),
      all.map { row in
        [
          "backend": .text(text(row, "backend")), "model": .text(text(row, "model")),
          "method": .text(text(row, "method")), "vramGiB": .integer(Int(text(row, "card")) ?? 0),
          "optimizer": .text(text(row, "optimizer")),
          "batch": .integer(Int(text(row, "batch")) ?? 0),
          "resolution": .integer(Int(text(row, "resolution")) ?? 0),
          "steps": .integer(Int(text(row, "steps")) ?? 0),
          "highTenthsOfGiB": .integer(Int(text(row, "high")) ?? 0),
          "verdict": .text(text(row, "verdict")), "reason": .text(text(row, "reason")),
        ]
      })
  }
}

extension OptimizerFacts {
  /// Whether a trainer has it and runs it; empty if it has it not.
  fileprivate func presence(in trainer: String) -> String {
    let uses = uses(in: trainer)
    if uses.isEmpty { return "" }
    return uses.allSatisfy { $0.isBroken != nil } ? "broken" : "yes"
  }
}
