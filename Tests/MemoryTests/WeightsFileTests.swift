import Knowledge
import SourceText
import Testing

@testable import Memory

@Suite struct WeightsFileTests {
  @Test(
    arguments: [
      ([16, 0, 0, 0, 0, 0, 0, 0], 16), ([0, 1, 0, 0, 0, 0, 0, 0], 256), ([16, 0, 0], nil),
      ([0, 0, 0, 0, 0, 0, 0, 0], nil), ([255, 255, 255, 255, 255, 255, 255, 255], nil),
    ] as [([UInt8], Int?)])
  func headers(bytes: [UInt8], length: Int?) {
    #expect(WeightsFile.headerLength(bytes) == length)
  }

  @Test func readsTensors() throws {
    let text = """
      {"__metadata__": {"format": "pt"},
       "model.diffusion_model.layers.0.attention.to_q.weight": {"dtype": "BF16", "shape": [8, 4]},
       "model.diffusion_model.layers.0.attention.to_q.bias": {"dtype": "BF16", "shape": [8]},
       "conv.weight": {"dtype": "F32", "shape": [3, 2, 3, 3]}}
      """
    let root = try JSONReader.read(SourceFile(path: "a.json", text: text)).root
    let component = try #require(try WeightsFile.component(root, id: "a"))
    #expect(component.parameters == 32 + 8 + 54)
    #expect(component.layers.map(\.path) == ["layers.*.attention.to_q", "conv"])
    #expect(component.layers.map(\.role) == [.attention, .other])
  }

  @Test(arguments: ["{}", #"{"a": 1}"#, #"{"__metadata__": {"shape": [1]}}"#])
  func findsNothing(text: String) throws {
    let root = try JSONReader.read(SourceFile(path: "a.json", text: text)).root
    #expect(try WeightsFile.component(root, id: "a") == nil)
  }

  @Test(
    arguments: [
      #"{"a": {"shape": ["x"]}}"#, #"{"a": {"shape": [0]}}"#, #"{"a": {"shape": [-1, 2]}}"#,
      #"{"a": {"shape": [9223372036854775807, 2]}}"#, #"{"a": {"shape": [1.5]}}"#,
      #"{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}"#,
      #"{"a": {"dtype": "F32", "shape": [2], "data_offsets": [8, 0]}}"#,
      #"{"a": {"dtype": "F32", "shape": [2], "data_offsets": [-8, 0]}}"#,
    ])
  func refuses(text: String) throws {
    let root = try JSONReader.read(SourceFile(path: "a.json", text: text)).root
    #expect(throws: WeightsFile.Problem.self) { try WeightsFile.component(root, id: "a") }
  }
}
