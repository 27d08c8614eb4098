internal import Knowledge

extension Accuracy {
  /// The page of the documentation.
  public var markdown: String {
    let pairs = pairs
    var text = """
      # How accurate the memory estimate is

      Written by `make accuracy` from tables of runs whose memory was measured or documented elsewhere.
      An error is the estimate against the measurement, as a share of the measurement; most rows state
      PyTorch's allocator, and are compared with that. The interval is the one the estimate itself gives.
      What is in these tables was partly known when the rules were made: what offloading of attention
      moves, how a model takes an interval between checkpoints, the size of an assistant adapter, and the
      width of the intervals were learned from them. Other runs will be met less well. A row that states
      no rank is estimated at the trainer's own, and its interval reaches from rank 1 to rank 128.


      """
    text += totals(pairs)
    text += section("By trainer", pairs) { $0.run.trainer }
    text += section("By model", pairs) { $0.estimate.run.family.title }
    text += section("By checkpointing", pairs) { $0.run.checkpointing }
    text += section("By format of the weights", pairs) { $0.run.packing }
    text += section("By how sure the estimate says it is", pairs) {
      $0.estimate.confidence.rawValue
    }
    text += intervals(pairs)
    text += worst(pairs)
    text += bounds
    text += unknowns
    return text
  }

  private func totals(_ pairs: [Pair]) -> String {
    guard let all = Summary(pairs) else { return "No row could be compared.\n" }
    let measured = runs.count { $0.kind == "measured" }
    return """
      | | |
      |---|---:|
      | measured rows | \(measured) |
      | of them estimated | \(all.count) |
      | median error | \(percent(all.median)) |
      | mean error | \(percent(all.mean)) |
      | nine of ten within | \(percent(all.ninth)) |
      | underestimates | \(percent(all.underestimates)) |
      | within the interval | \(percent(all.covered)) |

      """
  }

  private func percent(_ share: Double) -> String { "\(fixed(100 * share, 1)) %" }

  private func section(
    _ title: String, _ pairs: [Pair], by key: (Pair) -> String
  ) -> String {
    let groups = Dictionary(grouping: pairs, by: key)
    var text = """

      ## \(title)

      | | runs | median | mean | nine of ten | underestimates | within the interval |
      |---|---:|---:|---:|---:|---:|---:|

      """
    for (name, members) in groups.sorted(by: { $0.key < $1.key }) {
      guard let sum = Summary(members) else { continue }
      text +=
        "| \(name) | \(sum.count) | \(percent(sum.median)) | \(percent(sum.mean)) | "
        + "\(percent(sum.ninth)) | \(percent(sum.underestimates)) | \(percent(sum.covered)) |\n"
    }
    return text
  }

  /// One row for each model, format and way of checkpointing, so that cards do not repeat it.
  private func worst(_ pairs: [Pair]) -> String {
    var seen: Set<String> = []
    let sorted = pairs.sorted { abs($0.error) > abs($1.error) }.filter { pair in
      let run = pair.run
      return seen.insert("\(run.model)|\(run.packing)|\(run.checkpointing)").inserted
    }
    var text = """

      ## The ten worst

      | model | weights | checkpointing | measured | estimated | error | likely reason |
      |---|---|---|---:|---:|---:|---|

      """
    for pair in sorted.prefix(10) {
      let run = pair.run
      text +=
        "| \(run.model) | \(run.packing) | \(run.checkpointing) | "
        + "\(fixed(pair.measured, 2)) GiB | \(fixed(pair.ours, 2)) GiB | "
        + "\(pair.error > 0 ? "+" : "")\(percent(pair.error)) | \(pair.reason) |\n"
    }
    return text
  }

  /// Card sizes and runs out of memory: whether the estimate is on the same side.
  private var bounds: String {
    var right = 0
    var all = 0
    var lines = ""
    for run in runs {
      guard case .bound(let estimate, let isBelow, let bound) = run.outcome else { continue }
      let ours = Double(estimate.peakBytes) / GPU.gib
      // What a card of that name has for programs.
      let room = run.kind == "oom" ? bound * 0.96 : bound
      let agrees = isBelow ? ours <= room : ours >= room
      all += 1
      right += agrees ? 1 : 0
      if !agrees {
        lines +=
          "| \(run.model) | \(run.packing) | \(run.checkpointing) | \(run.reported) | "
          + "\(fixed(ours, 1)) GiB |\n"
      }
    }
    guard all > 0 else { return "" }
    var text = """

      ## Card sizes

      Statements such as "fits 24 GB" or "out of memory on 48 GB": \(right) of \(all) agree with the
      estimate.

      """
    if !lines.isEmpty {
      text +=
        "\n| disagrees | weights | checkpointing | stated | estimated |\n|---|---|---|---:|---:|\n"
      text += lines
    }
    return text
  }

  /// Rows that are not compared, by the reason.
  private var unknowns: String {
    var counts: [String: Int] = [:]
    for run in runs {
      if case .unknown(let reason) = run.outcome { counts[reason, default: 0] += 1 }
    }
    guard !counts.isEmpty else { return "" }
    var text = """

      ## Not compared

      | rows | why |
      |---:|---|

      """
    for (reason, count) in counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      text += "| \(count) | \(reason) |\n"
    }
    return text
  }
}

extension MeasuredRun {
  var trainer: String { source.hasPrefix("ai-toolkit") ? "ai-toolkit" : "SimpleTuner" }
}

extension Accuracy.Pair {
  /// What of the estimate is least sure here.
  fileprivate var reason: String {
    let run = estimate.run
    if run.isCompiled { return "compiled graphs keep more, or less, than is counted" }
    if run.offloadsAttention {
      return "which tensors of attention go to RAM is known from a few runs only"
    }
    if run.parts[0].swappedBlocks > 0 || run.parts[0].offloadedShare > 0 {
      return "what stays of blocks in RAM is not counted on the trainer's code"
    }
    switch estimate.confidence {
    case .rough: return "activations from the sizes of layers"
    case .transferred where run.frames > 1:
      return "a video: the true size of its bucket is not stated"
    case .transferred:
      if case .adapter(let adapter) = run.method, adapter.kind == .lokr {
        return "the row does not state the factors of the adapter's layers"
      }
      return "activations of another format or adapter, carried over"
    case .counted: return "not known"
    }
  }
}
