import SourceText
import TestSupport
import Testing

@testable import Trials

/// Files that are no recorded cases say where and why.
@Suite struct CaseFileErrorTests {
  /// A change of the specimen, with the place that must be named drawn in the new text.
  static let changes: [(old: String, new: String, message: String)] = [
    (#""optimizer-golden-1""#, #"⟪"optimizer-golden-9"⟫"#, "'optimizer-golden-9' is no form"),
    (
      #""optimizer": "SGD", "variant""#, #""optimizer": ⟪"SDG"⟫, "variant""#,
      "there is no optimizer 'SDG'"
    ),
    (#""dtype": "float64""#, #""dtype": ⟪"float8"⟫"#, "'float8' is no number format"),
    (#""dtype": "float64""#, #""dtype": ⟪64⟫"#, "'cases[0].dtype' must be a text"),
    (#""dtype": "float64", "#, "", "the key 'dtype' is missing in 'cases[0]'"),
    (#"{"name": "rosen", "n": 2}"#, #"{"name": ⟪"rose"⟫, "n": 2}"#, "'rose' is no problem"),
    (#""n": 2}"#, #""n": ⟪1⟫}"#, "'cases[0].problem.n' must be a whole number from 2"),
    (#""n": 2}"#, #""n": ⟪2.5⟫}"#, "'cases[0].problem.n' must be a whole number from 2"),
    (#""n": 2}"#, #""n": ⟪1e99⟫}"#, "'cases[0].problem.n' must be a whole number from 2"),
    (#"{"lr": 0.001}"#, "⟪{⟫}", "the key 'lr' is missing in 'cases[0].hyper'"),
    (#"{"lr": 0.001}"#, #"{"lr": ⟪"fast"⟫}"#, "'cases[0].hyper.lr' must be a number"),
    (#"{"lr": 0.001}"#, #"⟪[0.001]⟫"#, "'cases[0].hyper' must be an object"),
    ("null", #"{"type": ⟪"square"⟫}"#, "'square' is no schedule"),
    ("null", #"{"type": "linear_warmup", "steps": ⟪0⟫}"#, "steps' must be a whole number from 1"),
    (#""loss": 24.2, "#, "", "the key 'loss' is missing in 'cases[0].records[0]'"),
    (#""loss": 24.2"#, #""loss": ⟪null⟫"#, "'cases[0].records[0].loss' must be a number"),
    ("[-1.2, 1.0]", "⟪[-1.2, 1.0, 3]⟫", "3 entries of a tensor of 2"),
    (#""step": 1,"#, #""step": ⟪-1⟫,"#, "step' must be a whole number from 0"),
    (#""step": 1,"#, #""step": 0,"#, "step 0 after step 0: records must ascend"),
  ]

  @Test(arguments: changes)
  func namesThePlace(old: String, new: String, message: String) throws {
    let place = try #require(Specimen.text.firstRange(of: old))
    let marked = MarkedText(
      String(Specimen.text[..<place.lowerBound]) + new + String(Specimen.text[place.upperBound...]))
    let error = try #require(throws: SyntaxError.self) {
      try Check.all(in: SourceFile(path: "case.json", text: marked.text))
    }
    #expect(error.message.contains(message), "\(error.message)")
    if !marked.ranges.isEmpty { #expect([error.bytes] == marked.ranges) }
  }

  /// Cut anywhere, a file is an error with a place inside it.
  @Test func survivesEveryCut() throws {
    let bytes = Array(Specimen.text.utf8)
    for length in 0..<bytes.count {
      let source = SourceFile(path: "case.json", bytes: Array(bytes[..<length]))
      let error = try #require(throws: SyntaxError.self) { try Check.all(in: source) }
      #expect(error.bytes.upperBound <= length)
    }
  }

  @Test(arguments: [
    "", "[]", "3", "{}", "\u{0}\u{1}", #"{"format": 1}"#, #"{"format": "bf16-1"}"#,
    #"{"format": "bf16-1", "x_hex": ["0"], "r": [], "sr_hex": [], "rn_hex": []}"#,
    #"{"format": "bf16-1", "x_hex": [], "r": [1], "sr_hex": [], "rn_hex": []}"#,
    #"{"format": "newton-schulz-1", "float64": [[1, 2], [3]], "bf16_library": [[1, 2], [3, 4]]}"#,
    #"{"format": "newton-schulz-1", "float64": [], "bf16_library": []}"#,
    #"{"format": "bnb-dynamic-map-1", "signed_hex": []}"#,
    #"{"format": "optimizer-golden-1", "defaults": {}, "cases": []}"#,
    "optimizer,options,library,\n", "optimizer,options,library,param_dtype\n\"a",
  ])
  func refuses(_ text: String) {
    #expect(throws: SyntaxError.self) {
      try Check.all(in: SourceFile(path: "case.json", text: text))
    }
  }
}
