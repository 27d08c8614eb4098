import Knowledge
import Reporting

extension Claim {
  /// The guides, by the file names of their data.
  static let guides = [
    "choosing-your-optimizer": "Choosing your optimizer",
    "onetrainer-optimizers": "OneTrainer's page on optimizers",
  ]

  /// Documentation/Claims.md.
  static var page: Page {
    let all = Claim.all
    let counts = Verdict.allCases.map { verdict in
      ["\(verdict.words)", String(all.count { $0.verdict == verdict })]
    }
    var blocks: [Page.Block] = [
      .paragraph(
        "What two guides to optimizers say, sentence by sentence and row by row, in our own words, with what became of it. Written by `make regenerate` from `Schemas/claims.json`; defaults, types, names and sizes are computed each time, and a test fails where a verdict no longer follows from them."
      ),
      .table(["verdict", "claims"], counts),
    ]
    for (id, title) in guides.sorted(by: { $0.key < $1.key }) {
      blocks += [
        .heading(title),
        .table(
          ["place", "claim", "verdict", "evidence"],
          all.filter { $0.guide == id }.map { claim in
            [
              claim.place, claim.claim,
              claim.verdict.words + (claim.note.map { ": \($0)" } ?? ""),
              claim.evidence.map(\.outcome.words).joined(separator: "; "),
            ]
          }),
      ]
    }
    let versions = Catalogue.backendIDs.map { Catalogue.backend($0).source }
    blocks += [.heading("Versions"), .paragraph(versions.joined(separator: "; ") + ".")]
    return Page("Claims", blocks)
  }
}
