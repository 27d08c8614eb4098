import Optimizers
import SourceText
import TestSupport
import Testing

@testable import Trials

/// Tables of measured state: how they are read, and what is noticed.
@Suite struct StateSizeTests {
  static let head =
    "optimizer,options,library,param_dtype,shape,numel,state_bytes_tensors,"
    + "state_bytes_scalar_tensors,n_scalar_tensors,bytes_per_param,"
    + "shared_qmap_bytes_once_per_optimizer,param_group_tensor_bytes,state_tensors,note\r\n"
  static let row =
    "ADAMW,amsgrad,torch,bfloat16,3x4,12,72,4,1,6,0,0,"
    + "step:scalar:float32;exp_avg:3x4:bfloat16;exp_avg_sq:3x4:bfloat16;"
    + "max_exp_avg_sq:3x4:bfloat16,"
    + "\"a note, \"\"quoted\"\"\"\r\n"

  private func result(_ row: String) throws -> CheckResult {
    let source = SourceFile(path: "sizes.csv", text: Self.head + row)
    return try #require(try Check.all(in: source).first).result()
  }

  @Test func passesWhatIsRight() throws {
    let result = try result(Self.row)
    #expect(result.passes, "\(result)")
    #expect(result.id == "ADAMW | amsgrad | torch")
  }

  @Test(arguments: [
    (",72,", ",73,", "state_bytes_tensors in line 2"),
    (",72,4,", ",72,8,", "state_bytes_scalar_tensors in line 2"),
    (",4,1,", ",4,2,", "n_scalar_tensors in line 2"),
    (",6,0,0,", ",6,1024,0,", "shared_qmap_bytes_once_per_optimizer in line 2"),
    (",6,0,0,", ",6,0,8,", "param_group_tensor_bytes in line 2"),
  ])
  func noticesAnotherSize(old: String, new: String, name: String) throws {
    let result = try result(Self.row.replacing(old, with: new))
    #expect(result.deviations.large.map { "\($0.quantity)" } == [name])
    #expect(!result.passes)
  }

  @Test(arguments: [
    ("exp_avg:3x4", "exp_mean:3x4", "line 2: the tensors are step:scalar:float32;exp_mean:3x4"),
    ("amsgrad", "amsgrid", "line 2: 'amsgrid' is no option of ADAMW"),
    ("amsgrad", "amsgrad=2", "line 2: 'amsgrad' is 2.0 and must be true or false"),
    ("ADAMW", "ADAMX", "there is no optimizer 'ADAMX'"),
  ])
  func noRowIsSkipped(old: String, new: String, reason: String) throws {
    let result = try result(Self.row.replacing(old, with: new))
    #expect(result.refusal?.hasPrefix(reason) == true, "\(result)")
    #expect(!result.passes)
  }

  @Test(arguments: [
    ("bfloat16,3x4", "⟪float12⟫,3x4"), ("bfloat16,3x4", "bfloat16,⟪3y4⟫"),
    (",72,", ",⟪many⟫,"), (",72,", ",⟪-1⟫,"), ("\"a note", "⟪\"⟫a note"),
  ])
  func namesThePlace(old: String, new: String) throws {
    var text = Self.head + Self.row.replacing(old, with: new)
    // Without the quotes at its end, and the line break, the note is never closed.
    if old == "\"a note" { text.removeLast(4) }
    let marked = MarkedText(text)
    let error = try #require(throws: SyntaxError.self) {
      try Check.all(in: SourceFile(path: "sizes.csv", text: marked.text))
    }
    #expect([error.bytes] == marked.ranges, "\(error)")
  }

  @Test(arguments: [
    ("a,b\n", [["a", "b"]]), ("a,b\r\nc,d", [["a", "b"], ["c", "d"]]), ("\n\na\n\n", [["a"]]),
    ("\"a,b\",\"c\nd\"\n", [["a,b", "c\nd"]]), ("\"\"\"\",\n", [["\"", ""]]), ("", []),
    ("\u{FEFF}é,ü\n", [["é", "ü"]]),
  ])
  func readsFields(text: String, rows: [[String]]) throws {
    let found = try CSVReader.read(SourceFile(path: "a.csv", text: text))
    #expect(found.map { $0.map(\.text) } == rows)
  }
}
