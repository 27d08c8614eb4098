import Inspection
import Knowledge
import Reporting
import SourceText
import Testing

/// What `tuneup explain` says of optimizers and schedules.
@Suite struct ExplanationTests {
  private static func text(_ explanation: Explanation) -> String {
    explanation.page.text(Reporter.Style(isColoured: false, width: 80))
  }

  static let uses = Catalogue.optimizers.flatMap { facts in
    Catalogue.trainers.flatMap { facts.uses(in: $0) }.map { (facts.id, $0) }
  }

  /// Whatever a trainer calls an optimizer leads to its page, which says what each calls it. A name
  /// that is an id leads to that optimizer, whose page names the other.
  @Test(arguments: uses.map { ($0.1.backend, $0.1.name) })
  func findsEverySpelling(_ backend: String, _ name: String) throws {
    let found = Explanation.all(of: name).filter { $0.kind == "optimizer" }
    let id = try #require(Catalogue.optimizer(named: name, in: backend)?.facts.id)
    #expect(found.contains { $0.id == id || Self.text($0).contains("is another one: \(id)") })
  }

  @Test(arguments: Catalogue.optimizers.map(\.id))
  func namesEveryTrainersSpelling(_ id: String) throws {
    let found = Explanation.all(of: id).filter { $0.kind == "optimizer" }
    #expect(found.map(\.id) == [id])
    let page = try Self.text(#require(found.first))
    for (_, use) in Self.uses
    where Catalogue.optimizer(named: use.name, in: use.backend)?.facts.id == id {
      #expect(page.contains(use.name), "\(use.name)")
      #expect(use.isBroken == nil || page.contains("does not run"))
      #expect(use.needs.allSatisfy { page.contains($0) })
    }
  }

  /// No line is longer than the terminal but for words that have no place to break.
  @Test(arguments: Catalogue.optimizers.map(\.id) + Catalogue.schedulers.map(\.id))
  func fitsIntoEightyColumns(_ id: String) {
    for explanation in Explanation.all(of: id) {
      for line in Self.text(explanation).split(separator: "\n") where line.count > 80 {
        #expect(line.split(separator: " ").count <= 2, "\(line)")
      }
    }
  }

  @Test(
    arguments: Catalogue.schedulers.flatMap { facts in
      Catalogue.trainers.flatMap { facts.uses(in: $0) }.map { ($0.backend, $0.name) }
    })
  func findsEverySchedule(_ backend: String, _ name: String) throws {
    let id = try #require(Catalogue.scheduler(named: name, in: backend)?.facts.id)
    let found = Explanation.all(of: name).filter { $0.kind == "scheduler" }
    #expect(found.contains { $0.id == id })
  }

  /// One table says what each trainer starts with.
  @Test func comparesDefaults() throws {
    let page = try Self.text(#require(Explanation.all(of: "prodigy").first))
    let lines = page.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(lines.contains(["option", "OneTrainer", "kohya", "ai-toolkit"]))
    #expect(lines.contains(["eps", "*", "1e-08", "1e-08", "1e-06,", "fixed"]))
    #expect(lines.contains(["slice_p", "*", "11", "1", "1"]))
    #expect(lines.contains(["d0", "1e-06", "1e-06", "1e-06"]))
    #expect(page.contains("what SimpleTuner calls prodigy is another one"))
  }

  @Test(arguments: Catalogue.trainers)
  func explainsTrainers(_ id: String) throws {
    let found = Explanation.all(of: id).filter { $0.kind == "backend" }
    #expect(found.map(\.id) == [id])
  }

  @Test(arguments: [
    "kahan_sum", "momentum_decay", "bf16_stochastic_round", "beta1", "warmup_steps",
  ])
  func explainsOptions(_ key: String) {
    let found = Explanation.all(of: key).filter { $0.kind == "option" }
    // By its key alone: what a library calls it stands in its page.
    #expect(found.isEmpty == (key == "bf16_stochastic_round"))
  }
}
