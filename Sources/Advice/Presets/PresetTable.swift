internal import Knowledge
public import Reporting
public import SourceText

/// All rows of `Presets/presets.json`.
public struct PresetTable: Sendable {
  public var rows: [PresetRow]

  public init(_ rows: [PresetRow]) { self.rows = rows }

  /// Those that are part of the program.
  public static var embedded: PresetTable {
    let rows = EmbeddedFile("Presets/presets.json")?.document().root["rows"]
    return PresetTable(rows?.children.map { PresetRow($0) } ?? [])
  }

  /// What can be asked for: every trainer with every model and method it has a recipe for.
  public static var requests: [StartRequest] {
    Starter.backends.flatMap { backend in
      Starter.models(of: backend).flatMap { model in
        Starter.methods(backend, model).filter { $0 != .embedding }.map {
          StartRequest(backend: backend, model: model, method: $0, vram: 0)
        }
      }
    }
  }

  /// What is recommended for each card.
  public static func rows(
    _ request: StartRequest, _ verdicts: inout Verdicts, withDryRun: Bool = true
  ) -> [PresetRow] {
    guard let recipe = Recipe(request.backend), var search = StartSearch(request, recipe) else {
      return []
    }
    search.verdicts = verdicts
    let rows = PresetRow.cards.map { card in
      let found = search.find(into: card << 30, withDryRun: withDryRun)
      return PresetRow(
        request, card, found, least: found == nil ? search.smallest() : nil)
    }
    verdicts = search.verdicts
    return rows
  }

  /// The data file: a row a line.
  public var text: String {
    let lines = rows.map { "    " + $0.json.onOneLine }
    return """
      {
        "version": 1,
        "about": "Written by 'make presets': what 'tuneup recommend' says for 30 pictures; sizes in tenths of a GiB.",
        "rows": [
      \(lines.joined(separator: ",\n"))
        ]
      }

      """
  }

  /// The page of the documentation.
  public var page: Page {
    var blocks: [Page.Block] = [
      .paragraph(
        """
        What `tuneup recommend` finds for 30 pictures, a beginner and a first attempt: the optimizer, \
        the pictures in a step and their size, and what the run needs at most. Every one of these \
        configs lints without a finding, fits the card by the upper end of the memory estimate and \
        converges in the dry run; † marks settings that hurt what is learned. Where nothing fits, the \
        cell says what the smallest would need, in GiB as all sizes. Written by `make presets`.
        """)
    ]
    for backend in Starter.backends {
      let own = rows.filter { $0.backend == backend }
      guard !own.isEmpty else { continue }
      blocks.append(.heading(backend))
      let pairs = own.reduce(into: [(String, String)]()) { pairs, row in
        if pairs.last.map({ $0 != (row.model, row.method) }) ?? true {
          pairs.append((row.model, row.method))
        }
      }
      blocks.append(
        .table(
          ["model", "method"] + PresetRow.cards.map { "\($0) GiB" },
          pairs.map { model, method in
            [model, method]
              + PresetRow.cards.map { card in
                own.first { $0.model == model && $0.method == method && $0.card == card }?.cell
                  ?? ""
              }
          }))
    }
    return Page("Recommendations", blocks)
  }
}

extension PresetRow {
  fileprivate var cell: String {
    guard let config else {
      guard let least else { return "nothing" }
      return least <= card * 10
        ? "nothing converges" : "nothing: \(Self.size(least)) at least"
    }
    let isHarsh = config.givenUp.contains { $0.contains("learn") }
    return
      "\(config.optimizer.prefix { $0 != "(" }.trimmed), \(config.batch) × \(config.resolution)"
      + "\(isHarsh ? "†" : ""), \(Self.size(config.high))"
  }

  static func size(_ tenths: Int) -> String { "\(tenths / 10).\(tenths % 10)" }
}

extension Substring {
  fileprivate var trimmed: String {
    String(reversed().drop { $0 == " " }.reversed())
  }
}
