/// What a person's own measurements say of our estimates: how far off they are in the middle, and in
/// which interval nine of ten lie.
public struct Calibration: Sendable {
  /// Measured over estimated, in the middle.
  public let factor: Double
  public let low: Double
  public let high: Double
  public let count: Int

  /// Nil with fewer than three runs that can be estimated.
  public init?(_ runs: [MeasuredRun]) {
    let ratios = Accuracy(runs).pairs.map { $0.measured / $0.ours }.sorted()
    guard ratios.count >= 3 else { return nil }
    count = ratios.count
    factor = ratios[ratios.count / 2]
    let margin = ratios.count / 20
    low = ratios[margin]
    high = ratios[ratios.count - 1 - margin]
  }

  public func applied(to estimate: MemoryEstimate) -> MemoryEstimate {
    estimate.scaled(
      by: factor, low: low, high: high,
      because: "scaled by \(fixed(factor, 3)), the middle of \(count) measured runs")
  }
}

extension MemoryEstimate {
  fileprivate func scaled(
    by factor: Double, low: Double, high: Double, because words: String
  ) -> MemoryEstimate {
    func times(_ bytes: Int, _ factor: Double) -> Int { Int(Double(bytes) * factor) }
    let peak = times(peakBytes, factor)
    let difference = peak - peakBytes
    var components = components
    if let place = components.firstIndex(where: { $0.name == .activations }) {
      let old = components[place]
      components[place] = Component(
        name: old.name, bytes: old.bytes + difference, detail: old.detail + ", calibrated")
    }
    return MemoryEstimate(
      run: run, allocatedBytes: times(allocatedBytes, factor),
      allocatedInterval: times(allocatedBytes, low)...times(allocatedBytes, high), peakBytes: peak,
      lowBytes: min(peak, times(peakBytes, low)), highBytes: max(peak, times(peakBytes, high)),
      gradientBytes: gradientBytes, activationBytes: activationBytes + difference, traits: traits,
      confidence: confidence, moment: moment, components: components,
      assumptions: assumptions + [words])
  }
}
