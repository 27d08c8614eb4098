import Knowledge
import SourceText
import Testing

/// The shapes of models, their families and their activations.
@Suite struct ModelSizeTests {
  static let components = EmbeddedFile.paths.filter { $0.hasPrefix("Schemas/shapes/") }

  @Test(arguments: components)
  func tensorsAddUp(path: String) throws {
    let id = try #require(EmbeddedFile(path)?.document().root["id"]?.text)
    let component = try #require(Catalogue.component(id))
    let sum = component.allTensors.reduce(0) { $0 + $1.shape.reduce(1, *) * $1.count }
    #expect(sum == component.parameters)
  }

  /// Published numbers.
  @Test(
    arguments: [
      ("sd15/unet", 859_520_964, 0), ("sdxl/unet", 2_567_463_684, 0),
      ("flux1_dev/transformer", 11_901_408_320, 0), ("text/clip_l", 123_060_480, 0),
      ("sd35_medium/transformer", 2_243_171_520, 226_492_416),
      ("text/t5_xxl_encoder", 4_762_310_656, 0),
    ])
  func knownCounts(id: String, parameters: Int, buffers: Int) throws {
    let component = try #require(Catalogue.component(id))
    #expect(component.parameters == parameters)
    #expect(component.buffers == buffers)
    #expect(component.verified == .exact)
  }

  @Test func nominalAndUnverifiedAreToldApart() {
    #expect(Catalogue.component("sana_600m/transformer")?.verified == .nominal)
    #expect(Catalogue.component("wuerstchen_v2/decoder")?.verified == .unverified)
    #expect(Catalogue.component("nothing/at_all") == nil)
  }

  @Test func familiesNameWhatIsThere() {
    let families = Catalogue.families
    #expect(Set(families.map(\.id)).count == families.count)
    for family in families {
      for part in [family.denoiser, family.autoencoder, family.tableOf].compactMap(\.self)
        + family.encoders
      {
        #expect(Catalogue.component(part) != nil, "\(family.id): \(part)")
      }
      if let table = family.table { #expect(Catalogue.activations(table) != nil, "\(table)") }
      #expect(family.denoiser != nil || family.table != nil, "\(family.id)")
      let paths = family.denoiser.flatMap(Catalogue.component)?.layers.map(\.path) ?? []
      for block in family.blocks where !paths.isEmpty {
        #expect(paths.contains { $0.hasPrefix("\(block).*.") }, "\(family.id): \(block)")
      }
    }
  }

  @Test(
    arguments: [
      ("onetrainer", "STABLE_DIFFUSION_XL_10_BASE", "any/thing", "sdxl"),
      ("onetrainer", "FLUX_2", "black-forest-labs/FLUX.2-dev", "flux2_dev"),
      ("onetrainer", "FLUX_2", "black-forest-labs/FLUX.2-klein-base-4B", "flux2_klein_4b"),
      ("onetrainer", "STABLE_DIFFUSION_35", "my.safetensors", nil),
      ("ai-toolkit", "wan21", "Wan-AI/Wan2.1-T2V-14B-Diffusers", "wan21_14b"),
      ("ai-toolkit", "wan21", "elsewhere", nil), ("simpletuner", "z_image", "", "z_image"),
      ("simpletuner", "sd3", "", "sd35_medium"),
      ("kohya", "flux", "schnell.safetensors", "flux1_schnell"),
      ("kohya", "nothing", "", nil),
    ] as [(String, String, String, String?)])
  func namesOfTrainers(backend: String, name: String, base: String, id: String?) {
    #expect(Catalogue.family(named: name, base: base, in: backend)?.id == id)
  }

  @Test func namesOfOneTrainerAreItsModels() {
    let models = Set(Catalogue.models(of: "onetrainer").map(\.id))
    for family in Catalogue.families {
      #expect(models.isSuperset(of: family.names(in: "onetrainer")), "\(family.id)")
    }
  }

  @Test func activationsGrowWithTheSize() throws {
    for path in EmbeddedFile.paths where path.hasPrefix("Schemas/activations/") {
      let name = try #require(EmbeddedFile(path)?.document().root["model"]?.text)
      let table = try #require(Catalogue.activations(name))
      #expect(!table.rows.isEmpty)
      for row in table.rows {
        #expect(!row.points.isEmpty && row.points.allSatisfy { $0.saved <= $0.peak })
      }
    }
  }
}
