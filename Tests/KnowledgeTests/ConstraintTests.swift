import SourceText
import Testing

@testable import Knowledge

/// What the predicates of constraints mean.
@Suite struct ConstraintTests {
  private static func node(_ text: String) throws -> DocumentNode {
    try JSONReader.read(SourceFile(path: "a.json", text: text)).root
  }

  @Test(
    arguments: [
      // Bounds are for numbers; null and words are other findings' business.
      (
        #"{"minimum": 0, "exclusiveMaximum": 1}"#,
        ["0", "0.5", "-0.0", "null", #""a""#, "true", "{}"],
        ["1", "-0.1", #""inf""#, #""-inf""#, "1e400"]
      ),
      (#"{"exclusiveMinimum": 0, "maximum": 1}"#, ["1", "1e-30", "null"], ["0", "-0.0", "1.5"]),
      (#"{"minimum": 0}"#, [#""inf""#], [#""-inf""#]),
      (#"{"maximum": "inf"}"#, [#""inf""#, "1e300"], []),
      (#"{"notNull": true}"#, ["0", "false", #""""#, "{}"], ["null"]),
      (#"{"notNull": false}"#, ["null", "0"], []),
      // Numbers are the same however they are written.
      (#"{"equals": 1}"#, ["1", "1.0", "10e-1"], ["0", "null", #""1""#, "true"]),
      (#"{"notEquals": 0}"#, ["1", "null", #""0""#, "false"], ["0", "0.0", "-0"]),
      (#"{"equals": "OFF"}"#, [#""OFF""#], [#""off""#, "null", "false", #""""#]),
      (#"{"notEquals": "OFF"}"#, [#""off""#, "null"], [#""OFF""#]),
      (#"{"equals": null}"#, ["null"], ["0", "false", #""""#]),
      (#"{"notEquals": null}"#, ["0", "false"], ["null"]),
      // Booleans are tested as Python tests them.
      (#"{"equals": true}"#, ["true", "1", #""false""#, "[]"], ["false", "null", "0", #""""#]),
      (#"{"equals": false}"#, ["false", "null", "0", #""""#], ["true", #""false""#, "-1"]),
      (#"{"notEquals": true}"#, ["false", "null", "0"], ["true", #""no""#]),
      (#"{"oneOf": [8, 32]}"#, ["8", "32.0"], ["16", "null", #""8""#]),
      (#"{"oneOf": ["A", null]}"#, [#""A""#, "null"], [#""B""#, "0"]),
      (#"{"oneOf": []}"#, [], ["null", "1"]),
      // All predicates have to hold.
      (#"{"minimum": 0, "notNull": true, "notEquals": 3}"#, ["0", "4"], ["null", "-1", "3"]),
      (#"{"noneOf": [1, "a"]}"#, ["2", #""b""#, "null"], ["1", #""a""#]),
      (#"{"written": true}"#, ["null", "1"], []),
      (#"{"written": false}"#, [], ["null", "1"]),
      ("{}", ["null", "1", #""a""#, "[]"], []),
    ] as [(String, [String], [String])])
  func hold(predicate: String, holding: [String], broken: [String]) throws {
    let condition = Condition(try Self.node(predicate))
    func holds(_ text: String) throws -> Bool {
      condition.holds(for: SettingValue(try Self.node(text)).written)
    }
    #expect(try holding.filter { try !holds($0) } == [])
    #expect(try broken.filter(holds) == [])
  }

  @Test(
    arguments: [
      ("epochs", .plain("epochs")), ("*.train", .ofParts("train")),
      ("optimizer.beta1", .nested("optimizer", "beta1")),
    ] as [(String, SettingPath)])
  func pathsAreReadAndWritten(text: String, path: SettingPath) {
    #expect(SettingPath(text) == path)
    #expect(path.text == text)
  }

  @Test func noPredicateAlwaysHolds() {
    #expect(Condition(nil).holds(for: SettingValue.null.written))
  }

  private static let constraint = """
    {"key": "a", "rule": "r", "must": {"notEquals": 0}, "severity": "error", "rows": ["B1", "C2"],
     "when": [{"key": "b", "equals": true}, {"key": "c", "notNull": true}],
     "consequence": "diverges", "message": "m", "why": "w", "set": 1, "safety": "safe"}
    """

  @Test(
    arguments: [
      ("0", ["b": "true", "c": "1"], true),
      ("1", ["b": "true", "c": "1"], false),
      ("0", ["b": "false", "c": "1"], false),
      ("0", ["b": "true", "c": "null"], false),
      // A setting that does not exist fulfils no condition.
      ("0", ["b": "true"], false),
      ("0", [:], false),
    ] as [(String, [String: String], Bool)])
  func applyWhereAllConditionsHold(value: String, others: [String: String], isBroken: Bool) throws {
    let constraint = Constraint(try Self.node(Self.constraint))
    let values = try others.mapValues { SettingValue(try Self.node($0)) }
    let value = SettingValue(try Self.node(value))
    #expect(constraint.isBroken(by: value.written) { values[$0.text]?.written } == isBroken)
  }

  @Test func areReadWhole() throws {
    let constraint = Constraint(try Self.node(Self.constraint))
    #expect(constraint.key == .plain("a") && constraint.rule == "r")
    #expect(constraint.rows == ["B1", "C2"])
    #expect(constraint.severity == .error && constraint.consequence == .diverges)
    #expect(constraint.message == "m" && constraint.why == "w")
    #expect(constraint.proposal == .number(1) && constraint.safety == .safe)
    #expect(constraint.conditionKeys == [.plain("b"), .plain("c")])
    #expect(!constraint.isAboutNull)
    #expect(Constraint(try Self.node(#"{"must": {"notNull": true}}"#)).isAboutNull)
  }

  /// A few of the data, as their libraries were seen to behave.
  @Test(
    arguments: [
      ("LARS", "momentum", "C1", .number(0), [:], true),
      ("LARS", "momentum", "C1", .number(0.9), [:], false),
      ("AdEMAMix", "beta3", "C11", .null, ["beta1": .number(0.9)], true),
      ("AdEMAMix", "beta3", "C11", .null, ["beta1": .null], false),
      ("AdEMAMix", "optim_bits", "C12", .number(16), [:], true),
      ("AdEMAMix", "optim_bits", "C12", .number(8), [:], false),
      ("PRODIGY", "beta1", "C13", .null, [:], false),
      ("PRODIGY", "beta1", "C13", .number(1), [:], true),
      ("PRODIGY", "d0", "C16", .number(0), [:], true),
      ("PRODIGY", "fsdp_in_use", "C44", .null, [:], false),
      ("PRODIGY", "fsdp_in_use", "C44", .text("false"), [:], true),
      ("PRODIGY", "slice_p", "C32", .null, [:], true),
      (nil, "clip_grad_norm", "C37", .number(0), ["clip_grad_norm": .number(0)], true),
      (nil, "clip_grad_norm", "C37", .null, ["clip_grad_norm": .null], false),
      (nil, "train_device", "F39", .text("cuda:1"), ["multi_gpu": .boolean(true)], true),
      (nil, "train_device", "F39", .text("cuda"), ["multi_gpu": .boolean(true)], false),
      (nil, "train_device", "F39", .text("cuda:1"), ["multi_gpu": .null], false),
      (nil, "train_dtype", "E16", .text("NFLOAT_4"), [:], true),
    ] as [(String?, String, String, SettingValue, [String: SettingValue], Bool)])
  func holdInTheData(
    optimizer: String?, key: String, row: String, value: SettingValue,
    others: [String: SettingValue], isBroken: Bool
  ) throws {
    let constraints =
      try optimizer.map { try #require(Catalogue.optimizer($0)).constraints }
      ?? Catalogue.oneTrainer.constraints
    let meant = constraints.filter { $0.key.text == key && $0.rows.contains(row) }
    #expect(!meant.isEmpty)
    #expect(
      meant.contains { $0.isBroken(by: value.written) { others[$0.text]?.written } } == isBroken)
  }
}
