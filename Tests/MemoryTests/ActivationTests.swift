import Knowledge
import Testing

@testable import Memory

@Suite struct ActivationTests {
  /// At the counted sizes the lookup gives the counted numbers.
  @Test(arguments: [
    "sdxl", "flux1_dev", "z_image", "qwen_image", "sd35_medium", "pixart_sigma_1024",
  ])
  func isExactAtItsPoints(name: String) throws {
    let table = try #require(Catalogue.activations(name))
    let lookup = ActivationLookup(
      table: table, isUNet: ["sdxl", "sd15"].contains(name), shared: 0)
    let rows = table.rows.filter { $0.includesBackward && $0.packing == .none && $0.rank == 16 }
    for row in rows where row.checkpointing == .off {
      for point in row.points {
        let load = Workload(
          tokens: point.tokens, textTokens: row.textTokens, batch: point.batch)
        let found = try #require(
          lookup.activations(
            load, method: row.method, packing: .none, hasDropout: row.dropout > 0,
            isAutocast: row.isAutocast))
        #expect(abs(found.off / Double(point.peak) - 1) < 0.001)
      }
    }
  }

  /// Counts by layers against counts on the classes themselves, without checkpointing.
  @Test(
    arguments: [
      "flux1_dev", "chroma1", "qwen_image", "z_image", "pixart_sigma", "wan21_1.3b", "sd3_medium",
      "hunyuan_video", "flux2_klein_4b", "auraflow",
    ])
  func layersAgreeWithTables(id: String) throws {
    let family = try #require(Catalogue.family(id))
    let component = try #require(family.denoiser.flatMap(Catalogue.component))
    let table = try #require(family.table.flatMap(Catalogue.activations))
    let count = try #require(BlockCount(component, blocks: family.blocks))
    let load = Workload(tokens: 4096, textTokens: family.textTokens, batch: 1)
    let lookup = ActivationLookup(table: table, isUNet: false, shared: 0)
    let counted = try #require(
      lookup.activations(
        load, method: .loraAll, packing: .none, hasDropout: false, isAutocast: true))
    let ours = 4096 * count.image + Double(family.textTokens) * count.text
    #expect(abs(ours / counted.off - 1) < 0.35, "\(ours / counted.off)")
  }

  @Test(
    arguments: [
      (Checkpointing.off, IntervalMeaning.segments, 100.0), (.everyBlock, .segments, 30),
      (.interval(2), .segments, 45), (.interval(2), .ignored, 30), (.interval(2), .alternate, 60),
      (.strided(interval: 2, stride: 4), .alternate, 60), (.interval(1), .segments, 30),
    ])
  func modes(_ mode: Checkpointing, _ meaning: IntervalMeaning, bytes: Double) {
    let activations = Activations(off: 100, saved: 10, region: 20, basis: .counted)
    #expect(activations.bytes(mode, meaning: meaning) == bytes)
  }
}
