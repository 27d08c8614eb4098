import Foundation
import Testing

@testable import RunLogs

/// Where the estimate of a run came to rest.
@Suite struct SettledRateTests {
  static func settled(_ writer: EventWriter) throws -> [(RateSeries, SettledRate)] {
    var found: [(RateSeries, SettledRate)] = []
    try Logs.folder { folder in
      try Logs.write(writer, to: folder)
      let runs = try RunLog.runs(below: folder.path())
      found = (runs.first?.rates ?? []).map { ($0, SettledRate($0)) }
    }
    return found
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let log: EventWriter
    let state: SettledRate.State
    /// Within a hundredth; nil where there is none.
    var rate: Double?
    var basis = SettledRate.Basis.scheduleDividedOut
    var parts = ["unet"]

    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(name: "sd-scripts, cosine", log: Logs.kohya(), state: .steady, rate: 3.4e-4),
    Case(
      name: "sd-scripts through tensorboardX, which cleans tags",
      log: Logs.kohya(tag: "lr/d_lr/unet"), state: .steady, rate: 3.4e-4),
    Case(
      name: "sd-scripts, constant, a rate of 0.5",
      log: Logs.log([
        "lr/d*lr/unet": { 0.5 * Logs.estimate($0, rest: 2e-4) }, "lr/unet": { _ in 0.5 },
      ]), state: .steady, rate: 1e-4),
    Case(
      name: "sd-scripts, text encoder and numbered groups beside the names",
      log: Logs.log([
        "lr/d*lr/unet": { Logs.estimate($0, rest: 2e-4) }, "lr/unet": { _ in 1 },
        "lr/d*lr/textencoder 1 ": { Logs.estimate($0, rest: 2e-4) },
        "lr/textencoder 1 ": { _ in 1 },
        "lr/d*lr/group0": { Logs.estimate($0, rest: 2e-4) }, "lr/group0": { _ in 1 },
      ]), state: .steady, rate: 2e-4, parts: ["textencoder_1", "unet"]),
    Case(
      name: "sd-scripts, one product for all",
      log: Logs.log([
        "lr/d*lr": { Logs.estimate($0, rest: 2e-4) * Logs.cosine($0, of: 1000) },
        "lr/unet": { Logs.cosine($0, of: 1000) },
      ]), state: .steady, rate: 2e-4, parts: [""]),
    Case(
      name: "OneTrainer, constant",
      log: Logs.log(["lr/unet_lora": { Logs.estimate($0, rest: 1e-4) }]),
      state: .steady, rate: 1e-4, basis: .highestApplied, parts: ["unet_lora"]),
    Case(
      name: "OneTrainer, cosine",
      log: Logs.log([
        "lr/unet_lora": { Logs.estimate($0, rest: 1e-4) * Logs.cosine($0, of: 1000) }
      ]), state: .steady, rate: 0.985e-4, basis: .highestApplied, parts: ["unet_lora"]),
    Case(
      name: "SimpleTuner",
      log: Logs.log([
        "prodigy_d": { Logs.estimate($0, rest: 5e-4) },
        "prodigy_effective_lr": { Logs.estimate($0, rest: 5e-4) },
        "learning_rate": { Logs.estimate($0, rest: 5e-4) },
      ]), state: .steady, rate: 5e-4, parts: [""]),
    Case(
      name: "ai-toolkit", log: Logs.log(["lr": { Logs.estimate($0, rest: 5e-5) }]), state: .steady,
      rate: 5e-5, basis: .highestApplied, parts: [""]),
    Case(
      name: "still growing",
      log: Logs.log([
        "lr/d*lr/unet": { 1e-6 * pow(1.006, Double($0)) }, "lr/unet": { _ in 1 },
      ]), state: .growing),
    Case(
      name: "never grew",
      log: Logs.log(["lr/d*lr/unet": { _ in 1e-6 }, "lr/unet": { _ in 1 }]), state: .neverGrew),
    Case(
      name: "a rate of 1e-4 under Prodigy",
      log: Logs.log(["lr/d*lr/unet": { _ in 1e-10 }, "lr/unet": { _ in 1e-4 }]),
      state: .neverGrew),
    Case(
      name: "the schedule alone", log: Logs.log(["lr/unet": { Logs.cosine($0, of: 1000) }]),
      state: .scheduleOnly, basis: .highestApplied),
    Case(
      name: "AdamW with a warm-up",
      log: Logs.log(["lr/unet": { min(1e-4, 1e-6 * Double($0 + 1)) }]), state: .scheduleOnly,
      basis: .highestApplied),
    Case(
      name: "AdamW with a warm-up and a cosine",
      log: Logs.log([
        "lr/unet": { 1e-4 * min(1, Double($0 + 1) / 200) * Logs.cosine($0, of: 1000) }
      ]), state: .scheduleOnly, basis: .highestApplied),
    Case(
      name: "AdamW", log: Logs.log(["lr/unet": { _ in 1e-4 }]), state: .scheduleOnly,
      basis: .highestApplied),
    Case(
      name: "resumed", log: Logs.log(["lr/d*lr/unet": { _ in 2e-4 }, "lr/unet": { _ in 1 }]),
      state: .flat, rate: 2e-4),
    Case(
      name: "nine points",
      log: Logs.log(steps: 9, ["lr/d*lr/unet": { _ in 2e-4 }, "lr/unet": { _ in 1 }]),
      state: .tooFew),
    Case(
      name: "noise of a fifth",
      log: Logs.log([
        "lr/d*lr/unet": { Logs.estimate($0, rest: 2e-4) * ($0 % 2 == 0 ? 1 : 1.01) },
        "lr/unet": { _ in 1 },
      ]), state: .steady, rate: 2.01e-4),
  ]

  @Test(arguments: cases)
  func isFound(_ test: Case) throws {
    let found = try Self.settled(test.log)
    #expect(found.map(\.0.part) == test.parts)
    for (_, settled) in found {
      #expect(settled.state == test.state, "\(settled)")
      #expect(settled.basis == test.basis)
      if let rate = test.rate { #expect(abs(settled.rate / rate - 1) < 0.011, "\(settled.rate)") }
    }
  }

  @Test func sharesAreOfTheRun() throws {
    // From 1e-6 to 0.9 × 3.4e-4 it doubles 8.26 times.
    let settled = try #require(try Self.settled(Logs.kohya()).first?.1)
    #expect(settled.settledAt == 83)
    #expect(abs(settled.growingShare - 0.083) < 0.001)
    #expect(settled.spread < 0.11)
    #expect(settled.lastShare < 0.001)
  }

  @Test func numbersThatAreNone() throws {
    let log = Logs.log([
      "lr/d*lr/unet": { $0 < 900 ? Logs.estimate($0, rest: 2e-4) : .nan }, "lr/unet": { _ in 1 },
    ])
    let settled = try #require(try Self.settled(log).first?.1)
    #expect(settled.unusable == 100)
    #expect(settled.state == .steady)
  }

  @Test(arguments: [
    (3.42e-4, 3.5e-4), (1.04e-4, 1e-4), (9.7e-5, 1e-4), (6.6e-5, 7e-5), (4.8e-4, 5e-4), (0, 0),
    (1.3e-4, 1.5e-4),
  ])
  func isRoundedAsPeopleWriteIt(_ rate: Double, _ written: Double) {
    #expect(SettledRate.rounded(rate) == written)
  }
}
