internal import Optimizers

extension GoldenCase {
  /// Runs the case again and compares.
  var check: Check {
    Check(id: id, optimizer: optimizer) { deviations throws(Refusal) in
      switch format {
      case .float64: try replay(Double.self, &deviations)
      case .bfloat16: try replay(BFloat16.self, &deviations)
      case .float16: try replay(Half.self, &deviations)
      default: try replay(Float.self, &deviations)
      }
    }
  }

  private func replay<Element: StoredNumber>(
    _: Element.Type, _ deviations: inout Deviations
  ) throws(Refusal) {
    guard let family = OptimizerFamily[id: optimizer] else {
      throw Refusal(reason: "there is no optimizer '\(optimizer)'")
    }
    var comparison = Comparison(self, deviations)
    defer { deviations = comparison.deviations }
    var references = records.makeIterator()
    do {
      var replay = try Replay<Element>(self, family)
      try replay.observe { observation in
        if let reference = references.next() { comparison.compare(reference, observation) }
      }
    } catch {
      throw Refusal(reason: "\(error)")
    }
  }
}
