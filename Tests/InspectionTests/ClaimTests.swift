import Foundation
import Inspection
import Knowledge
import Plans
import TestSupport
import Testing

/// What the guides claim follows from what is known today.
@Suite struct ClaimTests {
  static let claims = Claim.all

  @Test func areThere() {
    #expect(Self.claims.count > 150)
    #expect(Set(Self.claims.map(\.description)).count == Self.claims.count)
    for verdict in Claim.Verdict.allCases {
      #expect(Self.claims.contains { $0.verdict == verdict }, "\(verdict)")
    }
  }

  /// Whatever is referred to exists and is as it is said to be. Only defaults may differ: they are
  /// what some verdicts say.
  @Test(arguments: claims)
  func restsOnWhatIsSo(_ claim: Claim) {
    #expect(!claim.evidence.isEmpty)
    for evidence in claim.evidence {
      let outcome = evidence.outcome
      if case .standard = evidence { continue }
      #expect(outcome.isSo != false, "\(outcome.words)")
    }
  }

  /// What is said only to hold under a condition says under which.
  @Test(arguments: claims)
  func saysWhen(_ claim: Claim) {
    if claim.verdict == .holdsWhen || claim.verdict == .noLonger { #expect(claim.note != nil) }
  }

  /// A default that every trainer has holds, one that some have holds there, one that none has is of
  /// the past.
  @Test(arguments: claims)
  func verdictsOnDefaultsAreComputed(_ claim: Claim) {
    for evidence in claim.evidence {
      guard case .standard(_, _, _, let backend) = evidence, backend == nil else { continue }
      let outcome = evidence.outcome
      let computed: Claim.Verdict =
        outcome.isSo == true ? .holds : outcome.isMixed ? .holdsWhen : .noLonger
      // That a trainer lacks the option altogether is a condition as well.
      let isNarrower = claim.verdict == .holdsWhen && computed == .holds
      #expect(claim.verdict == computed || isNarrower, "\(outcome.words)")
    }
  }

  /// Tests that are named exist.
  @Test func testsExist() throws {
    let names = Self.claims.flatMap(\.evidence).compactMap { evidence -> String? in
      if case .test(let name) = evidence { name } else { nil }
    }
    let folder = Repository.root.appending(path: "Tests")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    let texts = (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
      .compactMap { try? String(contentsOf: $0, encoding: .utf8) }
    for name in names { #expect(texts.contains { $0.contains("func \(name)(") }, "\(name)") }
  }

  /// Every option of the guide's list has a row, and every optimizer that it names.
  @Test(.enabled(if: SharedFiles.arePresent)) func isComplete() throws {
    let titles = try SharedFiles.guideOptions()
    let keys = Self.claims.filter { $0.place == "all the options" }.flatMap(\.evidence)
      .compactMap { evidence -> String? in
        if case .option(let key, _) = evidence { key } else { nil }
      }
    for title in titles {
      let key = Catalogue.options.settings.first { $0.guideTitle == title }?.key
      #expect(keys.contains(key ?? ""), "\(title)")
    }
    #expect(keys.count == titles.count)
  }
}
