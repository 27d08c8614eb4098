public import Inspection
internal import Knowledge
internal import Memory
internal import Optimizers
internal import Plans
public import Reporting
internal import SourceText
internal import Trials

/// What the guides say of settings and optimizers, measured: a page of the documentation.
public struct GuideMeasurements: Sendable {
  public init() {}

  public static let tableTitle = "Prodigy, AdamW and Lion side by side"

  /// Parts of the page, for ``page(progress:)``.
  public static let parts = GuideExperiment.all.count + 2

  /// - Parameter progress: Called with how many parts are done.
  public func page(progress: (Int) -> Void = { _ in }) throws(ReadFailure) -> Page {
    var blocks: [Page.Block] = [
      .paragraph(
        "Written by `make guides`: what the guides say of Prodigy, AdamW, Lion and Adafactor, tried on the problem of `tuneup dry-run` (a LoRA of rank 16 on a layer of SDXL unless another is named), several runs of each with other noise. Losses are medians at the end of the run, as shares of those at its start; d × rate is the highest of the run, the geometric mean over the runs. A small problem shows what an optimizer does and not how good pictures become."
      ),
      .heading(Self.tableTitle),
      .paragraph(
        "The guide calls Prodigy easy and moderate in memory and speed, AdamW low in memory and fast but in need of its rate, Lion lowest in memory, fast and harder to tune. Memory is that of SDXL at 1024 with batch 1 and checkpointing, optimizer state and all, by `tuneup memory`; a step is timed on one thread for each of ten million numbers; the basin is the range of rates that converge in 1,000 steps, and how many times the usual rate can be taken up or down."
      ),
      try table(),
    ]
    progress(1)
    blocks.append(.paragraph(try basins()))
    progress(2)
    for (place, experiment) in GuideExperiment.all.enumerated() {
      let comparison = try experiment.comparison()
      blocks += Self.blocks(experiment, comparison)
      progress(place + 3)
    }
    return Page("The guides, measured", blocks)
  }

  private static func blocks(
    _ experiment: GuideExperiment, _ comparison: Comparison
  ) -> [Page.Block] {
    let isAdaptive = comparison.entries.contains { GuideExperiment.peak($0) > 0 }
    let heads =
      ["", "verdict", "loss", "a quarter at"] + (isAdaptive ? ["d × rate"] : [])
    return [
      .heading(experiment.title),
      .paragraph(
        "Said: \(experiment.claim) Tried: \(comparison.problem), \(Figures.count(experiment.steps)) steps, \(experiment.seeds) runs of each."
      ),
      .table(
        heads,
        comparison.entries.map { entry in
          [
            entry.label, entry.outcome?.verdict?.rawValue ?? entry.refusal ?? "not run",
            entry.outcome.map { Figures.percent($0.end) } ?? "",
            entry.outcome?.quarterAt.map { Figures.count($0) } ?? "never",
          ] + (isAdaptive ? [Figures.text(GuideExperiment.peak(entry), 3)] : [])
        }),
      .paragraph(experiment.conclusion(comparison.entries)),
    ]
  }

  // MARK: Optimizers side by side

  private struct Row {
    let id: String
    let title: String
    let rate: String
    var settings: [String: String] = [:]
    var options: [String: HyperparameterValue] = [:]
  }

  private static let rows = [
    Row(
      id: "PRODIGY", title: "Prodigy", rate: "1", settings: ["optimizer.slice_p": "1"]),
    Row(
      id: "PRODIGY", title: "Prodigy, slice_p 11", rate: "1",
      settings: ["optimizer.slice_p": "11"], options: ["slice_p": .number(11)]),
    Row(id: "ADAMW", title: "AdamW", rate: "1e-4"),
    Row(id: "ADAMW_8BIT", title: "AdamW 8-bit", rate: "1e-4"),
    Row(id: "LION", title: "Lion", rate: "1e-5"),
    Row(
      id: "ADAFACTOR", title: "Adafactor, low memory", rate: "1e-4",
      settings: ["optimizer.relative_step": "false", "optimizer.scale_parameter": "false"],
      options: ["relative_step": .flag(false), "scale_parameter": .flag(false)]),
  ]

  private func table() throws(ReadFailure) -> Page.Block {
    let workload = Workload(count: 10_000_000)
    var cells: [[String]] = []
    for row in Self.rows {
      let lora = try memory(row, full: false)
      let full = try memory(row, full: true)
      let time = OptimizerFamily[id: row.id].flatMap {
        try? workload.time($0, options: row.options, steps: 7, threads: 1)
      }
      cells.append(
        [row.title] + lora + full + [
          time.map { Figures.text($0.nanosecondsPerParameter, 2) } ?? "–"
        ])
    }
    return .table(
      [
        "", "LoRA: state", "LoRA: in all", "full: state", "full: in all", "a step, ns",
      ], cells)
  }

  /// The optimizer's state, and all that the run needs.
  private func memory(_ row: Row, full: Bool) throws(ReadFailure) -> [String] {
    var settings = [
      "optimizer.optimizer": "\"\(row.id)\"", "learning_rate": row.rate,
      "gradient_checkpointing": "\"ON\"", "resolution": "\"1024\"",
    ].merging(row.settings) { $1 }
    if full {
      settings.merge([
        "training_method": "\"FINE_TUNE\"", "output_model_format": "\"SAFETENSORS\"",
        "unet": #"{"train": true, "weight_dtype": "BFLOAT_16"}"#,
      ]) { $1 }
    }
    let inspector = Inspector(backend: "onetrainer")
    let reading = try inspector.read(GuideExperiment.config(settings))
    guard let plan = reading.plans.first,
      case .success(let estimate) = MemoryInspection(inspector).estimate(plan)
    else { return ["–", "–"] }
    let state = estimate.components.first { $0.name.rawValue == "optimizer-state" }?.bytes ?? 0
    return [Size.text(state), Size.text(estimate.peakBytes)]
  }

  /// The width of each basin around the usual rate, in words.
  private func basins() throws(ReadFailure) -> String {
    var comparer = Comparer(inspector: Inspector())
    comparer.optimizers = ["PRODIGY", "ADAMW", "LION", "ADAFACTOR"]
    comparer.basinPoints = 37
    comparer.steps = 1000
    let comparison = try comparer.comparison(on: nil)
    let words = comparison.entries.compactMap { entry -> String? in
      guard let width = entry.outcome?.basin?.width else { return nil }
      let up = width.upperBound / entry.rate
      let down = entry.rate / width.lowerBound
      let how =
        down >= 1 && up >= 1
        ? "its usual rate can be \(Figures.text(up, 2)) times as high or \(Figures.text(down, 2)) times as low"
        : "its usual rate lies \(down < 1 ? "below" : "above") that"
      return "\(entry.label) at \(Figures.text(entry.rate)) converges from "
        + "\(Figures.text(width.lowerBound, 2)) to \(Figures.text(width.upperBound, 2)): \(how)"
    }
    let ends = comparison.entries.map {
      "\($0.label) \(Figures.percent(GuideExperiment.end($0)))"
    }
    return words.joined(separator: ". ") + ". At the usual rates the loss ends at "
      + ends.joined(separator: ", ") + "."
  }
}
