import Backends
import Knowledge
import Memory
import Plans
import Reporting
import SourceText

/// Tries changes of settings on the file itself: each is written into it, and the result is read as
/// the trainer reads it.
struct LeverSearch {
  let inspection: MemoryInspection
  let reading: Reading
  let place: Int
  let neighbours: Neighbours
  let start: MemoryEstimate

  var plan: TrainingPlan { reading.plans[place] }
  var trainer: String {
    reading.backend.id == "kohya-gui" ? "kohya" : reading.backend.id
  }

  private var levers: [Lever] {
    let method: String
    switch start.run.method {
    case .adapter: method = "adapter"
    case .full: method = "full"
    case .embedding: method = "embedding"
    }
    return Catalogue.levers(of: trainer).filter { $0.only == nil || $0.only == method }
  }

  /// What each change alone would save, the most first.
  func savings() -> [Saving] {
    levers.compactMap { lever in
      guard let tried = attempt(lever, on: reading),
        start.peakBytes - tried.estimate.peakBytes >= least
      else { return nil }
      return tried.saving(from: start)
    }.sorted { $0.bytes > $1.bytes }
  }

  /// Less is not worth a line: 8 MiB.
  private var least: Int { 8 << 20 }

  /// The fewest changes that fit, of those the cheapest.
  func fit(into bytes: Int) -> FitOutcome {
    var level: [(last: Int, steps: [Attempt])] = [(-1, [])]
    var smallest: [Attempt] = []
    let levers = levers
    // As many as people will read, and a file is read in about a millisecond.
    for _ in 0..<6 {
      var next: [(last: Int, steps: [Attempt])] = []
      for (last, steps) in level {
        for number in levers.indices where number > last {
          let reading = steps.last?.reading ?? reading
          let before = steps.last?.estimate.peakBytes ?? start.peakBytes
          guard let tried = attempt(levers[number], on: reading),
            before - tried.estimate.peakBytes >= least
          else { continue }
          let all = steps + [tried]
          if tried.estimate.peakBytes <= bytes { return outcome(all) }
          if tried.estimate.peakBytes < (smallest.last?.estimate ?? start).peakBytes {
            smallest = all
          }
          next.append((number, all))
        }
      }
      // The most promising ones, in the order of their cost.
      let kept = next.sorted { size($0.steps) < size($1.steps) }.prefix(16)
      level = kept.sorted { $0.last < $1.last }
    }
    let steps = savings(of: smallest)
    return .tooLarge(steps, smallest.last?.estimate ?? start)
  }

  private func size(_ steps: [Attempt]) -> Int { steps.last?.estimate.peakBytes ?? .max }

  private func outcome(_ steps: [Attempt]) -> FitOutcome {
    guard let last = steps.last else { return .fits(start) }
    return .found(savings(of: steps), last.estimate, last.reading.document.source)
  }

  private func savings(of steps: [Attempt]) -> [Saving] {
    var before = start
    return steps.map { step in
      defer { before = step.estimate }
      return step.saving(from: before)
    }
  }

  // MARK: One change

  struct Attempt {
    let change: String
    let keyPath: String
    let cost: String
    let reading: Reading
    let estimate: MemoryEstimate

    func saving(from start: MemoryEstimate) -> Saving {
      Saving(
        change: change, keyPath: keyPath, bytes: start.peakBytes - estimate.peakBytes, cost: cost,
        changed: reading.document.source, estimate: estimate)
    }
  }

  func attempt(_ lever: Lever, on reading: Reading) -> Attempt? {
    let document = reading.document
    var changes: [Change] = []
    var words: [String] = []
    var first = ""
    for (key, value) in lever.settings {
      let path = path(key)
      guard let value = value == .text("half") ? half(path, document) : value else { return nil }
      let node = document.node(at: path)
      if node.map({ SettingValue($0) }) == value { continue }
      let span = node?.span ?? plan.file.span
      changes.append(.set(Place(keyPath: path, span: span), value))
      words.append("\(shown(path)) to \(value.literal)")
      if first.isEmpty { first = path }
    }
    guard !changes.isEmpty, let edits = reading.backend.edits(changes, in: document) else {
      return nil
    }
    let result = document.source.applying([Fix(title: "", safety: .unsafe, edits: edits)])
    guard result.applied.count == 1 else { return nil }
    let changed = SourceFile(path: document.source.path, bytes: result.bytes)
    guard let next = try? inspection.read(changed, neighbours), next.plans.indices.contains(place),
      case .success(let estimate) = inspection.estimate(
        next.plans[place], options: lever.hyperparameters)
    else { return nil }
    return Attempt(
      change: "set " + words.joined(separator: ", "), keyPath: first, cost: lever.cost,
      reading: next, estimate: estimate)
  }

  /// Where a key stands in the file: below the process in a job of ai-toolkit, below what the file is
  /// wrapped in elsewhere.
  func path(_ key: String) -> String {
    let name = start.run.denoiser?.name ?? "unet"
    let path = key.hasPrefix("{denoiser}") ? name + key.dropFirst("{denoiser}".count) : key
    let above = plan.file.keyPath
    return above.isEmpty ? path : "\(above).\(path)"
  }

  private func shown(_ path: String) -> String {
    let above = plan.file.keyPath
    return !above.isEmpty && path.hasPrefix(above + ".")
      ? String(path.dropFirst(above.count + 1)) : path
  }

  private func half(_ path: String, _ document: Document) -> SettingValue? {
    guard let number = document.node(at: path).flatMap({ SettingValue($0).number }), number >= 8
    else { return nil }
    return .number((number / 2).rounded(.down))
  }
}
