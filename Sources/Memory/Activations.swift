internal import Knowledge

/// What a run keeps for its backward pass.
public struct Activations: Sendable {
  /// How the numbers were come by, the surest first.
  public enum Basis: Int, Sendable, Comparable {
    /// Counted on the model's own class in this very number format.
    case counted
    /// Counted, and carried over to another number format or a relative of the model.
    case transferred
    /// From the sizes of the layers in a block.
    case perBlock

    public static func < (a: Basis, b: Basis) -> Bool { a.rawValue < b.rawValue }
  }

  /// Bytes at the peak without checkpointing.
  public var off: Double
  /// Bytes that stay after the forward pass when every block is checkpointed.
  public var saved: Double
  /// What the largest recomputed block adds.
  public var region: Double
  public var basis: Basis
  /// Bytes of adapter gradients that the numbers include.
  public var gradientsIncluded = 0.0

  /// Bytes at the peak under a way of checkpointing.
  func bytes(_ checkpointing: Checkpointing, meaning: IntervalMeaning) -> Double {
    switch (checkpointing, meaning) {
    case (.off, _): return off
    case (.everyBlock, _), (_, .ignored): return saved + region
    case (.interval(let k), .segments):
      return k <= 1 ? saved + region : saved / Double(k) + Double(k) * region
    case (.interval(let k), .alternate):
      return k <= 1 ? saved + region : (1 - 1 / Double(k)) * off + saved / Double(k) + region / 4
    case (.strided(let k, let stride), _):
      let share = min(1, Double(k) / Double(max(stride, 1)))
      let inner = meaning == .segments ? saved / Double(k) : saved
      let kept = (1 - share) * off + share * inner + region / 4
      let recomputed = saved * share / Double(k) + Double(k) * region
      return max(kept, recomputed)
    }
  }
}

/// The size of what goes through the model at once.
public struct Workload: Sendable, Hashable {
  /// Image tokens of a sample, or latent pixels of a UNet.
  public var tokens: Int
  public var textTokens: Int
  public var batch: Int

  public init(tokens: Int, textTokens: Int, batch: Int) {
    self.tokens = tokens
    self.textTokens = textTokens
    self.batch = batch
  }
}

/// Finds what fits a run in an activation table.
struct ActivationLookup {
  let table: ActivationTable
  let isUNet: Bool
  /// What is kept once and not for each sample, in bytes.
  let shared: Double

  func activations(
    _ load: Workload, method: ActivationTable.Method, packing: ActivationTable.Packing,
    hasDropout: Bool, isAutocast: Bool
  ) -> Activations? {
    guard let base = best(method, .none, hasDropout, isAutocast),
      let off = value(base.off, load), let all = value(base.all, load)
    else { return nil }
    var result = Activations(
      off: off.peak, saved: all.saved, region: all.peak - all.saved,
      basis: base.off.method == method || method == .lokr ? .counted : .transferred)
    // Of which the adapter of the table is 16 deep and its gradients have 16 bits.
    if base.all.includesBackward, let perRank = table.adapterParametersPerRank {
      result.gradientsIncluded = Double(2 * perRank * base.all.rank)
    }
    if packing != .none { pack(&result, packing, base, load) }
    return result
  }

  // MARK: Rows

  private typealias Pair = (off: ActivationTable.Row, all: ActivationTable.Row)

  /// The rows without and with checkpointing that are nearest to the run.
  private func best(
    _ method: ActivationTable.Method, _ packing: ActivationTable.Packing, _ hasDropout: Bool,
    _ isAutocast: Bool
  ) -> Pair? {
    let order: [ActivationTable.Method] =
      switch method {
      case .full: [.full, .loraAll, .loraAttention]
      case .lokr: [.lokr, .loraAttention, .loraAll]
      case .loraAll: [.loraAll, .full, .loraAttention]
      case .loraAttention: [.loraAttention, .lokr, .loraAll]
      }
    func distance(_ row: ActivationTable.Row) -> Int {
      let place = order.firstIndex(of: row.method) ?? 9
      let dropout = (row.dropout > 0) == hasDropout || row.method == .lokr ? 0 : 2
      return 8 * place + 4 * (row.isAutocast == isAutocast ? 0 : 1) + dropout
        + (row.includesBackward ? 0 : 1) + (row.points.count > 1 ? 0 : 1)
    }
    func nearest(_ mode: ActivationTable.Checkpointing) -> ActivationTable.Row? {
      table.rows.filter { $0.packing == packing && $0.checkpointing == mode }
        .min { distance($0) < distance($1) }
    }
    guard let off = nearest(.off) ?? nearest(.all), let all = nearest(.all) ?? nearest(.off) else {
      return nil
    }
    return (off, all)
  }

  // MARK: Sizes

  /// A row at another size: along the line through its points, or in proportion to the tokens.
  private func value(
    _ row: ActivationTable.Row, _ load: Workload
  ) -> (saved: Double, peak: Double)? {
    let points = row.points.sorted { ($0.batch, $0.tokens) < ($1.batch, $1.tokens) }
    let single = points.filter { $0.batch == points[0].batch }
    guard let first = single.first else { return nil }
    // Text runs through the same layers as the image, but not through a UNet.
    let extra = isUNet || row.textTokens == 0 ? 0 : load.textTokens - row.textTokens
    let tokens = Double(load.tokens + extra)
    let samples = Double(load.batch) / Double(first.batch)
    // Older counts leave copies of weights out.
    let shared = row.includesBackward ? shared : 0
    guard let last = single.last, last.tokens > first.tokens else {
      let own = Double(first.tokens + (isUNet ? 0 : row.textTokens))
      let factor = (Double(load.tokens + (isUNet ? 0 : load.textTokens)) / own) * samples
      func scaled(_ bytes: Int) -> Double {
        max(0, Double(bytes) - shared) * factor + min(Double(bytes), shared)
      }
      return (scaled(first.saved), scaled(first.peak))
    }
    func line(_ a: Int, _ b: Int) -> Double {
      let slope = Double(b - a) / Double(last.tokens - first.tokens)
      let one = Double(a) + slope * (tokens - Double(first.tokens))
      return max(0, one - shared) * samples + min(one, shared)
    }
    return (line(first.saved, last.saved), line(first.peak, last.peak))
  }

  // MARK: Packed weights

  /// What a way of packing changes: measured on this model where it was, else the middle of the
  /// models where it was.
  private func pack(
    _ result: inout Activations, _ packing: ActivationTable.Packing, _ base: Pair, _ load: Workload
  ) {
    func ratio(
      _ mode: ActivationTable.Checkpointing, _ number: (ActivationTable.Point) -> Double
    ) -> Double? {
      for row in table.rows where row.packing == packing && row.checkpointing == mode {
        guard let point = row.points.first else { continue }
        let size = Workload(
          tokens: point.tokens, textTokens: row.textTokens, batch: point.batch)
        guard let plain = best(row.method, .none, row.dropout > 0, row.isAutocast),
          let value = value(mode == .off ? plain.off : plain.all, size)
        else { continue }
        let reference = ActivationTable.Point(
          tokens: point.tokens, batch: point.batch, saved: Int(value.saved),
          peak: Int(value.peak))
        let own = number(reference)
        if own > 0 { return number(point) / own }
      }
      return nil
    }
    let usual = Self.usual(packing)
    let off = ratio(.off) { Double($0.peak) }
    let saved = ratio(.all) { Double($0.saved) }
    let region = ratio(.all) { Double($0.peak - $0.saved) }
    if off == nil || region == nil { result.basis = max(result.basis, .transferred) }
    // SDNQ leaves float32 between layers, which shows in a block as it does in the whole.
    let wider = packing == .sdnq ? region.map { max(usual.off, (1 + $0) / 2) } : nil
    result.off *= off ?? wider ?? usual.off
    result.saved *= saved ?? usual.saved
    result.region *= region ?? usual.region
  }

  /// Medians over the models in which a packing was counted.
  static func usual(
    _ packing: ActivationTable.Packing
  ) -> (off: Double, saved: Double, region: Double) {
    switch packing {
    case .none: (1, 1, 1)
    case .fp8: (2.84, 2.03, 2.74)
    case .fp8wo: (1.23, 1.1, 1.11)
    case .sdnq: (1.02, 1.01, 1.14)
    }
  }
}
