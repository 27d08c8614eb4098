import Foundation
import Inspection
import Knowledge
import Reporting
import SourceText
import TestSupport
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

/// Everything that can be listed is explained, in plain words first.
@Suite struct ExplanationCoverageTests {
  struct Entry: Sendable, CustomTestStringConvertible {
    let kind: String
    let id: String
    var testDescription: String { "\(kind) \(id)" }
  }

  /// What `tuneup list ⟨kind⟩` prints.
  static let entries: [Entry] = [
    ("optimizers", "optimizer", "id"), ("options", "option", "key"),
    ("schedulers", "scheduler", "id"), ("rules", "rule", "id"), ("backends", "backend", "id"),
  ].flatMap { list, kind, key in
    let json = Listing(list)?.json.serialized ?? ""
    let root = try? JSONReader.read(SourceFile(path: "list.json", text: json)).root
    return (root?[list]?.children ?? .none).map {
      Entry(kind: kind, id: $0[key]?.text ?? "")
    }
  }

  @Test func listsAreRead() {
    let counts = Dictionary(grouping: Self.entries, by: \.kind).mapValues(\.count)
    #expect(counts["optimizer"] == Catalogue.optimizers.count)
    #expect(
      counts["option"] == Catalogue.options.settings.count
        + Catalogue.libraryOptions.settings.count)
    #expect(counts["scheduler"] == Catalogue.schedulers.count)
    #expect(counts["backend"] == Inspector.backends.count)
    #expect((counts["rule"] ?? 0) > 100)
  }

  /// A page that begins with a sentence which says more than the name does.
  @Test(arguments: entries)
  func isExplained(_ entry: Entry) throws {
    let found = try #require(
      Explanation.all(of: entry.id).first { $0.kind == entry.kind && $0.id == entry.id })
    guard case .paragraph(let words)? = found.page.blocks.first else {
      Issue.record("no plain words")
      return
    }
    #expect(words.count >= 20, "\(words)")
    let name = Set(entry.id.lowercased().split { !$0.isLetter && !$0.isNumber })
    let said = Set(words.lowercased().split { !$0.isLetter && !$0.isNumber })
    if entry.kind == "rule" {
      // A rule is named after what it flags; the reason stands below.
      #expect(found.page.markdown.contains("## Why"))
    } else {
      #expect(said.subtracting(name).count >= 4, "only its name: \(words)")
    }
  }

  /// When to use it, and when not.
  @Test(arguments: entries.filter { $0.kind != "rule" })
  func saysWhen(_ entry: Entry) throws {
    let found = try #require(
      Explanation.all(of: entry.id).first { $0.kind == entry.kind && $0.id == entry.id })
    let text = found.page.markdown
    // Of the options of the other trainers' libraries what they do has to do.
    if entry.kind == "option", Catalogue.options[entry.id] == nil { return }
    #expect(text.contains("Use it when: "))
    #expect(text.contains("Avoid it when: "))
  }

  /// No two texts are the same: each is about its own thing.
  @Test func textsAreTheirOwn() {
    for kind in ["optimizer", "option", "scheduler", "rule", "backend"] {
      let texts = Self.entries.filter { $0.kind == kind }.compactMap { entry -> String? in
        guard
          case .paragraph(let words)? = Explanation.all(of: entry.id)
            .first(where: { $0.kind == kind && $0.id == entry.id })?.page.blocks.first
        else { return nil }
        return words
      }
      let repeated = Dictionary(grouping: texts) { $0 }.filter { $0.value.count > 1 }.keys
      #expect(repeated.sorted() == [], "\(kind)")
    }
  }

  /// Every option of the guide's list is an option here, with type and meaning.
  @Test(.enabled(if: SharedFiles.arePresent))
  func everyOptionOfTheGuideIsExplained() throws {
    let titles = try SharedFiles.guideOptions()
    #expect(titles.count == 43)
    for title in titles {
      let found = Explanation.all(of: title).filter { $0.kind == "option" }
      #expect(!found.isEmpty, "\(title)")
      #expect(found.allSatisfy { $0.page.markdown.contains("type: ") })
    }
  }
}
