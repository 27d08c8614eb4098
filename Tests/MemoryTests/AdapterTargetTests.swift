import Knowledge
import Optimizers
import SourceText
import Testing

@testable import Memory

/// Which layers get an adapter, by the names that trainers use.
@Suite struct AdapterTargetTests {
  static func parameters(_ names: [String], _ component: String) throws -> Int {
    let component = try #require(Catalogue.component(component))
    var tensors = TrainedTensors()
    tensors.add(
      AdapterShape(.lora, rank: 1, targets: .named(names)), on: component, format: .bfloat16)
    return tensors.parameters
  }

  /// FLUX: 19 double blocks and 38 single ones of width 3072.
  @Test(
    arguments: [
      // Queries, keys, values of both streams and their outputs; single blocks have no output.
      ("all", 2 * 3072 * (19 * 8 + 38 * 3)), ("context", 2 * 3072 * 19 * 4),
      ("tiny", 2 * (15360 + 3072)), ("nano", 15360 + 3072),
      (
        "all+ffs",
        2 * 3072 * (19 * 8 + 38 * 3) + 19 * 4 * (3072 + 12288)
          // proj_out also names the model's last layer.
          + 38 * (3072 + 12288 + 15360 + 3072) + 3072 + 64
      ),
    ])
  func flux(option: String, parameters: Int) throws {
    let facts = AdapterTargetFacts(of: "flux", option: option)
    #expect(try Self.parameters(facts.names, "flux1_dev/transformer") == parameters)
  }

  @Test func namesWithAllNumbersStandForOne() throws {
    let names = (0..<3).map { "transformer_blocks.\($0).attn.to_q" }
    #expect(try Self.parameters(names, "flux1_dev/transformer") == 3 * 2 * 3072)
    #expect(try Self.parameters(["attn.to_q"], "flux1_dev/transformer") == 57 * 2 * 3072)
    #expect(try Self.parameters(["nothing"], "flux1_dev/transformer") == 0)
  }

  /// The models' own lists against the adapters that were counted on their classes.
  @Test(arguments: [("auraflow", "auraflow_v03"), ("sd3", "sd35_medium"), ("z_image", "z_image")])
  func asCounted(name: String, model: String) throws {
    let table = try #require(Catalogue.activations(model))
    let counted = try #require(table.adapterParametersPerRank)
    let facts = AdapterTargetFacts(of: name)
    #expect(try Self.parameters(facts.names, "\(model)/transformer") == counted)
  }

  @Test func ideogramJoinsItsProjections() throws {
    let facts = AdapterTargetFacts(of: "ideogram")
    let component = try #require(Catalogue.component("ideogram4/transformer"))
    var adapter = AdapterShape(.lora, rank: 1, targets: .named(facts.names))
    adapter.fusesProjections = facts.areJoined
    let sum = adapter.layers(of: component).reduce(0) { $0 + $1.count * ($1.inputs + $1.outputs) }
    #expect(sum == 34 * (4608 * 4 + 4608 * 2 + 3 * (4608 + 12288)))
  }

  @Test(
    arguments: [
      (#"{"algo": "lokr", "factor": 4, "apply_preset": {"target_module": ["Attention"]}}"#, 160),
      (#"{"algo": "lokr", "factor": 4}"#, 160),
      (
        #"{"algo": "lokr", "factor": 4, "apply_preset": {"target_module": ["SanaTransformer2DModel"]}}"#,
        207
      ),
    ])
  func lycoris(file: String, count: Int) throws {
    let node = try JSONReader.read(SourceFile(path: "a.json", text: file)).root
    let adapter = try AdapterShape(lycoris: node)
    let component = try #require(Catalogue.component("sana_1600m/transformer"))
    #expect(adapter.layers(of: component).reduce(0) { $0 + $1.count } == count)
  }

  @Test func classesOfLycorisHaveFactorsOfTheirOwn() throws {
    let file = """
      {"algo": "lokr", "factor": 4, "full_matrix": true, "linear_dim": 10000, "apply_preset":
       {"target_module": ["Attention"], "module_algo_map": {"Attention": {"factor": 2}}}}
      """
    let node = try JSONReader.read(SourceFile(path: "a.json", text: file)).root
    let adapter = try AdapterShape(lycoris: node)
    let layer = ComponentShapes.Layer(path: "a", inputs: 64, outputs: 64, role: .attention)
    #expect(adapter.tensors(of: layer).map(\.shape) == [[2, 2], [32, 32]])
  }

  @Test func unknownAlgorithmsStayUnknown() throws {
    let node = try JSONReader.read(SourceFile(path: "a.json", text: #"{"algo": "full"}"#)).root
    #expect(throws: MemoryUnknown.self) { try AdapterShape(lycoris: node) }
  }
}
