import Foundation
import TestSupport
import Testing

/// `tuneup verify` and `tuneup bench`, from outside.
@Suite struct VerifyCommandTests {
  static let specimen = """
    {"format": "optimizer-golden-1", "optimizer": "ADAMW",
     "defaults": {"weight_decay": 0},
     "cases": [
      {"id": "ADAMW/none", "optimizer": "ADAMW", "variant": "none",
       "problem": {"name": "rosen", "n": 2}, "dtype": "float64", "lr_schedule": null, "steps": 0,
       "hyper": {"lr": 0.001}, "impl": "by hand",
       "records": [
        {"step": 0, "loss": 24.2, "params": [{"first8": [-1.2, 1.0], "l2": 1.56204993518133, "sum": -0.2}],
         "lr": 0.001, "drift": 0.0, "drift_loss": 0.0}]}]}
    """
  static let flawed = specimen.replacing("24.2", with: "24.3")

  /// What is called, on what `case.json` holds, and how it must end.
  static let calls: [(arguments: String, text: String, status: Int32)] = [
    ("verify case.json", specimen, 0), ("verify case.json", flawed, 1),
    ("verify --tolerance 1e15 case.json", flawed, 0),
    ("verify --format json case.json", flawed, 1), ("verify -", specimen, 0),
    ("verify", specimen, 2), ("verify --tolerance 0 case.json", specimen, 2),
    ("verify --tolerance x case.json", specimen, 2),
    ("verify --format xml case.json", specimen, 2),
    ("verify no-such.json", specimen, 2), ("verify .", specimen, 2),
    ("verify case.json no-such.json", specimen, 2), ("verify case.json", "{", 2),
    ("verify case.json", "\u{0}\u{1}", 2), ("verify case.json", "", 2),
    ("verify case.json", String(specimen.dropLast(20)), 2),
    ("verify case.json", specimen.replacing("ADAMW", with: "ADAMX"), 2),
    ("verify --help", "", 0), ("bench --help", "", 0),
    ("bench ADAMW --parameters 1000 --steps 1 --threads 1", "", 0),
    ("bench ADAMX", "", 2), ("bench ADAMW --steps 0", "", 2),
    ("bench ADAMW --threads 0", "", 2), ("bench ADAMW --parameters 0", "", 2),
    ("bench ADAMW --option beta1", "", 2), ("bench ADAMW --option beta1=2", "", 2),
    ("bench --option beta1=0", "", 2),
  ]

  @Test(arguments: calls)
  func endsAsDocumented(arguments: String, text: String, status: Int32) throws {
    try TemporaryFolder.with(["case.json": text]) { folder in
      let outcome = try Program.run(
        arguments.split(separator: " ").map(String.init), input: text, in: folder)
      #expect(outcome.status == status, "\(outcome.output)\(outcome.errors)")
      #expect(outcome.errors.isEmpty == (status != 2))
    }
  }

  @Test func namesTheDeviation() throws {
    let outcome = try Program.run("verify", "-", input: Self.flawed)
    #expect(outcome.output.contains("FAIL  ADAMW/none"))
    #expect(outcome.output.contains("step 0 loss: recorded 24.3, here 24.199999999999996"))
    #expect(outcome.output.contains("0 of 1 cases pass"))
  }

  @Test func namesThePlaceOfAnError() throws {
    let outcome = try Program.run(
      "verify", "-",
      input: Self.specimen.replacing("\"steps\": 0,", with: "")
        .replacing("\"dtype\": \"float64\", ", with: ""))
    #expect(outcome.errors.contains("stdin:4:3: error: the key 'dtype' is missing in 'cases[0]'"))
  }

  @Test func jsonHasTheDocumentedKeys() throws {
    let outcome = try Program.run("verify", "--format", "json", "-", input: Self.flawed)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(object["version"] as? Int == 1)
    let cases = try #require(object["cases"] as? [[String: Any]])
    #expect(cases.count == 1)
    #expect(
      Set(cases[0].keys) == [
        "id", "file", "optimizer", "status", "largestDeviation", "shareOfTolerance", "step",
        "quantity", "recorded", "found", "records", "codesRoundedOtherwise", "deviations",
      ])
    #expect(cases[0]["status"] as? String == "failed")
    #expect(cases[0]["quantity"] as? String == "loss")
    let summary = try #require(object["summary"] as? [String: Any])
    #expect(
      Set(summary.keys) == [
        "files", "cases", "passed", "failed", "largestDeviation", "shareOfTolerance", "case",
      ])
    #expect(summary["failed"] as? Int == 1)
  }

  @Test func benchWritesJSON() throws {
    let outcome = try Program.run(
      "bench", "ADAMW", "--parameters", "1000", "--steps", "2", "--format", "json")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(object["version"] as? Int == 1)
    let optimizers = try #require(object["optimizers"] as? [[String: Any]])
    #expect(optimizers.map { $0["id"] as? String } == ["ADAMW"])
    #expect(optimizers[0]["stepsTimed"] as? Int == 2)
    #expect(optimizers[0]["nanosecondsPerParameter"] as? Double ?? 0 > 0)
  }

  @Test func tablesFitTheTerminal() throws {
    let outcome = try Program.run("bench", "ADAMW", "SGD", "--parameters", "1000", "--steps", "1")
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }
}
