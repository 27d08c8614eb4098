internal import Knowledge
internal import Optimizers
internal import SourceText

/// What the columns of a measured row mean.
struct MeasuredReading {
  private let row: [String: String]
  private let options: [String: String]
  private let example: MeasuredExample?
  private let backend: String

  init(
    _ row: [String: String], _ options: [String: String],
    example: (String) -> MeasuredExample?
  ) {
    self.row = row
    self.options = options
    self.example = options["example"].flatMap(example)
    backend = (row["source"] ?? "").hasPrefix("ai-toolkit") ? "ai-toolkit" : "simpletuner"
  }

  private func text(_ key: String) -> String { row[key] ?? "" }

  func run() throws(MemoryUnknown) -> MemoryRun {
    let family = try family()
    var run = MemoryRun(
      backend: backend, family: family, method: try method(),
      parts: [
        .init(
          .denoiser, "denoiser", family.denoiser.flatMap(Catalogue.component),
          format: try format())
      ])
    run.parts[0].isTrained = true
    run.parts[0].checkpointing = try checkpointing()
    run.parts[0].swappedBlocks = options["musubi_blocks_to_swap"].flatMap { Int($0) } ?? 0
    if options["ramtorch"] == "True" {
      throw .model("what RamTorch leaves on the card is not known")
    }
    guard let batch = Int(text("batch")) else { throw .model("the batch size is not stated") }
    run.batch = batch
    try setSize(&run)
    run.parts[0].offloadsActivations = text("grad_checkpoint").contains("unsloth backend")
    run.addAssistant(base: text("model"))
    run.offloadsAttention = text("grad_checkpoint").contains("attention activation offload")
    run.isCompiled =
      options["dynamo_backend"] != nil
      || options.keys.contains { $0.hasPrefix("torch.compile") }
    run.recordsGraphs = options.keys.contains { $0.contains("reduce-overhead") }
    run.joinsProjections = options["fused QKV"] != nil
    // SimpleTuner refuses Stable Cascade in less than 32 bits (stable_cascade/model.py:472).
    if backend == "simpletuner", family.id.hasPrefix("stable_cascade") {
      run.computesIn16Bits = false
      run.parts[0].format = .float32
    }
    if !statesRank, case .adapter(let adapter) = run.method {
      run.assumptions.append("rank \(adapter.rank), the trainer's own, as none is stated")
    }
    run.trainedFormat =
      backend == "simpletuner" && run.computesIn16Bits ? .bfloat16 : .float32
    run.gpu = GPU(named: options["gpu"] ?? "") ?? .unknown
    // SimpleTuner keeps its average in RAM unless told otherwise.
    if options["ema"] == "True" { run.average = run.trainedFormat }
    try setOptimizer(&run)
    return run
  }

  // MARK: Columns

  /// Models that pages call otherwise than the trainer does.
  private static let names = ["flux.1": "flux"]

  private func family() throws(MemoryUnknown) -> ModelFamily {
    let words = text("model").split(separator: " ")
    guard let first = words.first else { throw .model("no model is named") }
    let name = Self.names[String(first)] ?? String(first)
    let base = words.dropFirst().joined(separator: " ")
    if let found = Catalogue.family(named: name, base: base, in: backend) { return found }
    throw .model("the shapes of '\(text("model"))' are not known")
  }

  private func method() throws(MemoryUnknown) -> MemoryRun.Method {
    let rank = text("rank")
    let method = text("method")
    if method.contains("full") { return .full }
    guard method.contains("LoRA") || method.contains("LyCORIS") else {
      throw .model("'\(method)' is no training of a whole model")
    }
    if rank.hasPrefix("lokr factor") { return .adapter(try lycoris(rank)) }
    let number = Int(rank.prefix { $0.isNumber }) ?? usualRank
    guard backend == "simpletuner" else {
      return .adapter(AdapterShape(.lora, rank: number, targets: .everyLayer))
    }
    // SimpleTuner's own layers, with dropout 0.1.
    let name = text("model").split(separator: " ").first.map(String.init) ?? ""
    let facts = AdapterTargetFacts(of: Self.names[name] ?? name)
    var adapter = AdapterShape(.lora, rank: number, targets: .named(facts.names))
    adapter.fusesProjections = facts.areJoined
    adapter.dropout = 0.1
    return .adapter(adapter)
  }

  /// As the file of the example says, which the row names; else on attention and feed-forward layers.
  private func lycoris(_ rank: String) throws(MemoryUnknown) -> AdapterShape {
    if let file = example?.lycoris { return try AdapterShape(lycoris: file.root) }
    var adapter = AdapterShape(.lokr, rank: 10000, targets: .modules(["Attention", "FeedForward"]))
    adapter.factor = rank.split(separator: " ").compactMap { Int($0) }.first ?? -1
    adapter.isFullMatrix = true
    return adapter
  }

  /// Whether the row says how deep the adapter is.
  var statesRank: Bool { !text("method").contains("LoRA") || text("rank").first?.isNumber ?? false }

  /// What the trainers take where nothing is said (`lora_rank`, `network.linear`).
  private var usualRank: Int { backend == "simpletuner" ? 16 : 4 }

  private func format() throws(MemoryUnknown) -> WeightFormat {
    let formats: [String: WeightFormat] = [
      "bf16": .bfloat16, "bf16-upcast": .bfloat16, "fp32": .float32,
      "int8-sdnq-hadamard": .int8SDNQ, "int8-sdnq": .int8SDNQ, "fp8-torchao": .float8Dynamic,
      "fp8wo-torchao": .float8WeightOnly, "int8-torchao": .int8, "int8-quanto": .int8,
      "int4-quanto": .int4, "int2-quanto": .int2, "nf4-bnb": .nf4, "fp8-native": .float8,
      "transformer quantised qfloat8": .float8, "transformer bf16": .bfloat16,
      "transformer quantised uint3": .int3, "fp8-torchao via pipeline (native fp8)": .float8,
    ]
    // What is said after a plus or a comma is how the numbers were found.
    let name =
      text("weight_precision").split { ";+,".contains($0) }.first.map { word in
        String(word.reversed().drop { $0 == " " }.reversed())
      } ?? ""
    guard let format = formats[name] else {
      throw .model("'\(name)' does not say how the weights are kept")
    }
    return format
  }

  private func checkpointing() throws(MemoryUnknown) -> Checkpointing {
    var words = text("grad_checkpoint").split { ", +".contains($0) }.map(String.init)
    guard let first = words.first else { throw .model("checkpointing is not stated") }
    if first == "off" { return .off }
    guard first == "on" else { throw .model("'\(text("grad_checkpoint"))' is not modelled") }
    words.removeFirst()
    func number(after word: String) -> Int? {
      words.firstIndex(of: word).flatMap { $0 + 1 < words.count ? Int(words[$0 + 1]) : nil }
    }
    guard let interval = number(after: "interval") else { return .everyBlock }
    return number(after: "stride").map { .strided(interval: interval, stride: $0) }
      ?? .interval(interval)
  }

  /// The data set's size where the example says it, else what the row says.
  private func setSize(_ run: inout MemoryRun) throws(MemoryUnknown) {
    let words = text("resolution")
    let numbers = words.split { !$0.isNumber }.compactMap { Int($0) }
    if words.contains(", "), numbers.count > 2, let frames = numbers.last { run.frames = frames }
    if let side = example?.pixels {
      (run.width, run.height) = (side, side)
      return
    }
    if backend == "ai-toolkit", let largest = numbers.max() {
      (run.width, run.height) = (largest, largest)
      return
    }
    guard let width = numbers.first, width >= 64 else {
      throw .model("the size of the pictures is not stated")
    }
    // SimpleTuner's usual `resolution_type`, pixel_area, takes a video's size as the side of a square.
    if backend == "simpletuner", numbers.count > 2 {
      (run.width, run.height) = (min(width, numbers[1]), min(width, numbers[1]))
      return
    }
    run.width = width
    run.height = words.contains("x") && numbers.count > 1 ? numbers[1] : width
  }

  private func setOptimizer(_ run: inout MemoryRun) throws(MemoryUnknown) {
    let name = text("optimizer").split(separator: " ").first.map(String.init) ?? ""
    // Where a page does not name it, the adapter's state is a small part of the whole.
    let known = name == "not" || name.isEmpty ? "adamw_bf16" : name
    guard
      let simulation = Catalogue.simulations.first(where: {
        $0.backend == backend && $0.name == known
      }), let choice = simulation.algorithm.flatMap({ OptimizerChoice.named($0) })
    else { throw .optimizer("'\(name)' is not simulated") }
    run.optimizer = choice
    run.optimizer?.isPaged = name.contains("paged")
  }
}
