import Advice
import DryRuns
import Inspection
import Memory
import Plans
import Reporting
import SourceText
import TestSupport
import Testing

@Suite struct StartTests {
  @Test func knowsTheTrainers() {
    #expect(Starter.backends == ["onetrainer", "kohya", "kohya-gui", "simpletuner", "ai-toolkit"])
  }

  @Test(arguments: [
    ("sdxl", "sdxl"), ("SDXL", "sdxl"), ("Flux", "flux1_dev"), ("sd3.5-medium", "sd35_medium"),
    ("sd15", "sd15"), ("sd1.5", "sd15"), ("qwen image", "qwen_image"), ("flux1_dev", "flux1_dev"),
  ])
  func findsModelsByTheirNames(_ name: String, _ id: String) {
    #expect(KnownModel(named: name)?.id == id)
  }

  @Test func suggestsTheNearestModel() {
    #expect(KnownModel(named: "sdlx") == nil)
    #expect(KnownModel.nearest(to: "sdlx") == "sdxl")
    #expect(KnownModel.nearest(to: "something else") == nil)
  }

  static func request(
    _ backend: String, _ model: String, _ method: Advice.Method, _ gib: Int
  ) throws -> StartRequest {
    StartRequest(
      backend: backend, model: try #require(KnownModel(named: model)), method: method,
      vram: gib << 30)
  }

  /// A run of each trainer, all the way, as far as there is time in a debug build; the dry runs of all others stand in
  /// `Presets/presets.json`, whose settings `PresetTests` holds against the recipes.
  @Test(arguments: Starter.backends.map { ($0, Method.lora, 12) } + [("kohya", .full, 24)])
  func isReadyToRun(_ backend: String, _ method: Advice.Method, _ card: Int) throws {
    let request = try Self.request(backend, "sdxl", method, card)
    guard case .config(let found) = Starter().outcome(request) else {
      Issue.record("nothing found")
      return
    }
    #expect(found.dryRun?.verdict == .converges)
    #expect(found.estimate.highBytes <= card << 30)
    // As somebody who saved the files would check them.
    try Self.check(found, backend)
  }

  /// Files as written are recognised as the trainer's, and nothing is found in them.
  static func check(_ found: StartingConfig, _ backend: String) throws {
    let companions = found.files.companions
    let neighbours = Neighbours { path in companions.first { $0.path == path } }
    let inspector = Inspector(options: ReadingOptions(script: found.script))
    let reports = try inspector.inspect(found.files.config, neighbours: neighbours)
    #expect(reports.first?.backend == backend)
    #expect(reports.flatMap(\.diagnostics).map { "\($0.rule): \($0.message)" } == [])
  }

  @Test func usesTheGuidesOptimizers() throws {
    func optimizer(_ change: (inout StartRequest) -> Void) throws -> String? {
      var request = try Self.request("onetrainer", "sd15", .embedding, 12)
      change(&request)
      guard case .config(let found) = Starter().outcome(request) else { return nil }
      return found.optimizer
    }
    #expect(try optimizer { _ in } == "Prodigy")
    #expect(try optimizer { $0.goal = .refine } == "AdamW")
    #expect(try optimizer { ($0.goal, $0.experience) = (.saveMemory, .advanced) } == "Lion")
    #expect(try optimizer { ($0.goal, $0.experience) = (.saveMemory, .beginner) } == "AdamW")
  }

  @Test func saysWhatWouldFit() throws {
    // Of an embedding, as nothing is run for those.
    let request = try Self.request("onetrainer", "flux", .embedding, 4)
    guard case .nothing(let nothing) = Starter().outcome(request) else {
      Issue.record("something fits")
      return
    }
    let smallest = try #require(nothing.smallest)
    #expect(smallest.estimate.highBytes > 4 << 30)
    let text = nothing.page.text(.init())
    #expect(text.contains("nothing fits into 4.0 GiB"))
    #expect(text.contains("a card with"))
    #expect(nothing.models.contains { $0.id == "sd15" })
  }

  @Test func saysWhatIsNotSupported() throws {
    let request = try Self.request("kohya", "qwen-image", .lora, 24)
    guard case .unsupported(let unsupported) = Starter().outcome(request) else {
      Issue.record("supported")
      return
    }
    #expect(unsupported.methods == [])
    #expect(unsupported.backends == ["onetrainer", "simpletuner", "ai-toolkit"])
    #expect(unsupported.models.map(\.name).contains("sdxl"))
  }

  @Test func takesAsManyStepsAsAsked() throws {
    var request = try Self.request("kohya", "sd15", .lora, 12)
    request.steps = 700
    guard case .config(let found) = Starter().outcome(request) else {
      Issue.record("nothing found")
      return
    }
    let text = String(decoding: found.files.config.bytes, as: UTF8.self)
    #expect(text.contains("\nmax_train_steps = 700\n"))
    #expect(text.contains("700 updates, as asked for"))
  }
}
