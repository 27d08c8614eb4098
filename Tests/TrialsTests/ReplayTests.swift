import Optimizers
import SourceText
import Testing

@testable import Trials

/// What a replay notices.
@Suite struct ReplayTests {
  @Test func passesWhatIsRight() throws {
    let results = try Specimen.results(Specimen.text)
    #expect(results.map(\.id) == ["SGD/by-hand"])
    #expect(results.allSatisfy { $0.passes }, "\(results.map(\.deviations))")
    #expect(results[0].deviations.records == 2)
  }

  /// A change of the text, and the quantity that must be named.
  static let changes: [(old: String, new: String, quantity: Deviation.Quantity)] = [
    ("[-0.9844, ", "[-0.98440000000001, ", .entry(tensor: 0, index: 0, saved: false)),
    ("1.088]", "1.08800000000001]", .entry(tensor: 0, index: 1, saved: false)),
    ("1.46723800386986", "1.46723800386", .norm(tensor: 0, saved: false)),
    ("\"sum\": 0.1036", "\"sum\": 0.10360000001", .sum(tensor: 0, saved: false)),
    ("5.35291158000896", "5.352911580", .loss),
    ("\"lr\": 0.001, \"drift\"", "\"lr\": 0.002, \"drift\"", .rate),
  ]

  @Test(arguments: changes)
  func noticesAChange(old: String, new: String, quantity: Deviation.Quantity) throws {
    let text = Specimen.text.replacing(old, with: new)
    #expect(text != Specimen.text)
    let result = try #require(try Specimen.results(text).first)
    #expect(!result.passes)
    #expect(result.deviations.large.contains { $0.quantity == quantity })
  }

  /// One unit in the last place of a parameter, and what it may cost.
  @Test func toleranceSetsWhatFails() throws {
    let text = Specimen.text.replacing("1.088]", with: "1.0880000000000005]")
    let share = try #require(try Specimen.results(text).first).deviations.share
    #expect(share > 0.1 && share < 1)
    #expect(try Specimen.results(text, tolerance: share).allSatisfy { $0.passes })
    #expect(try !Specimen.results(text, tolerance: share * 0.99).allSatisfy { $0.passes })
    #expect(try Specimen.results(text, tolerance: 1).allSatisfy { $0.passes })
  }

  /// Where a last bit changes the run, only the size of the loss counts.
  @Test(arguments: [("5.2", true), ("10.6", true), ("2.7", true), ("10.8", false), ("2.6", false)])
  func chaosIsComparedBySize(loss: String, passes: Bool) throws {
    let record = Specimen.text.replacing("[-0.9844, 1.088]", with: "[3, 4]")
      .replacing("5.35291158000896", with: loss)
    let places = record.ranges(of: "\"drift\": 0.0")
    let last = try #require(places.last)
    let text = record.replacingCharacters(in: last, with: "\"drift\": 0.01")
    #expect(try Specimen.results(text).allSatisfy { $0.passes } == passes)
  }

  @Test func whatIsNoNumberFails() throws {
    let text = Specimen.text.replacing("\"lr\": 0.001}", with: "\"lr\": 1e300}")
      .replacing("\"lr\": 0.001, ", with: "")
    let result = try #require(try Specimen.results(text).first)
    #expect(!result.passes)
    #expect(result.deviations.share == .infinity)
  }

  @Test func refusedOptionsAreNoCrash() throws {
    let unknown = try Specimen.results(
      Specimen.text.replacing("\"momentum\": 0", with: "\"momentun\": 0"))
    #expect(unknown[0].refusal?.contains("'momentun' is not an option here") == true)
    let negative = try Specimen.results(
      Specimen.text.replacing("\"momentum\": 0", with: "\"momentum\": -1"))
    #expect(negative[0].refusal?.contains("'momentum' is -1.0") == true)
    #expect(!negative[0].passes)
  }

  @Test(arguments: [
    (#"{"type": "linear_warmup", "steps": 4}"#, [0.25, 0.5, 0.75, 1, 1]),
    (#"{"type": "constant"}"#, [1, 1]),
  ])
  func scheduleIsAsWritten(schedule: String, factors: [Double]) throws {
    let text = Specimen.text.replacing("null", with: schedule)
    let root = try JSONReader.read(SourceFile(path: "case.json", text: text)).root
    let golden = try #require(try GoldenReader.read(root).first)
    #expect(factors.indices.map { golden.schedule.factor($0) } == factors)
  }

  @Test func cosineEndsAtZero() {
    #expect(GoldenSchedule.cosine.factor(0) == 1)
    #expect(abs(GoldenSchedule.cosine.factor(100) - 0.5) < 1e-15)
    #expect(abs(GoldenSchedule.cosine.factor(200)) < 1e-15)
  }

  /// Results stand in the order of the files, whichever thread was first.
  @Test func keepsTheOrder() throws {
    let checks = (0..<200).map { number in
      Check(id: "\(number)") { deviations in
        deviations.records = number
        deviations.add(
          Deviation(step: 0, .loss, reference: 0, found: Double(number), tolerance: 1000))
      }
    }
    let verification = Verification([("a", Array(checks[..<150])), ("b", Array(checks[150...]))])
    #expect(verification.files.map(\.path) == ["a", "b"])
    #expect(verification.results.map(\.id) == (0..<200).map(String.init))
    #expect(verification.results.map(\.deviations.records) == Array(0..<200))
    #expect(verification.worst?.result.id == "199")
    #expect(verification.passes)
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
    String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
  }
}
