/// The gradients of several batches on their way to one optimizer step.
///
/// torch adds each batch to what is there in the format of the gradients, so that bfloat16 rounds
/// at every addition and small gradients vanish beside a large sum.
///
/// No trainer rounds these additions stochastically. OneTrainer's `gradient_reduce_precision` is
/// about the mean over several GPUs.
public struct GradientAccumulation<Element: StoredNumber>: Sendable {
  public let rule: GradientAccumulationRule
  /// Batches of an optimizer step.
  public let batches: Int
  /// What has been added up.
  public private(set) var sum: [Tensor<Element>] = []
  /// Batches that have been added.
  public private(set) var count = 0

  public init(_ rule: GradientAccumulationRule, batches: Int) {
    precondition(batches > 0, "an optimizer step of \(batches) batches")
    self.rule = rule
    self.batches = batches
  }

  /// Whether the next optimizer step is due.
  public var isComplete: Bool { count == batches }

  /// Adds the gradients of a batch.
  ///
  /// The loss is divided before the back pass, so that what is added is divided and rounded.
  public mutating func add(_ gradients: [Tensor<Element>]) {
    count += 1
    let divisor = rule == .mean ? Element.Arithmetic(batches) : 1
    let startsAnew = rule == .last || sum.isEmpty
    if startsAnew { sum = gradients }
    for place in gradients.indices {
      let n = gradients[place].count
      if startsAnew {
        Self.divide(&sum[place].values, by: divisor, count: n)
      } else {
        Self.add(gradients[place].values, over: divisor, to: &sum[place].values, count: n)
      }
    }
  }

  /// The gradients of the optimizer step; starts anew.
  ///
  /// Before ``isComplete``, as at the end of kohya's epochs, the mean is still over all batches
  /// that a step should have.
  public mutating func take() -> [Tensor<Element>] {
    defer {
      sum = []
      count = 0
    }
    return sum
  }

  private static func divide(
    _ g: UnsafeMutablePointer<Element>, by divisor: Element.Arithmetic, count: Int
  ) {
    if divisor == 1 { return }
    Sweep.each(count) { range in
      for i in range { g[i] = Element(rounding: g[i].wide / divisor) }
    }
  }

  private static func add(
    _ g: UnsafePointer<Element>, over divisor: Element.Arithmetic,
    to sum: UnsafeMutablePointer<Element>, count: Int
  ) {
    Sweep.each(count) { range in
      for i in range {
        sum[i] = Element(rounding: sum[i].wide + Element.rounded(g[i].wide / divisor))
      }
    }
  }
}

/// What a trainer makes of the batches of an optimizer step.
public enum GradientAccumulationRule: String, Hashable, Sendable, CaseIterable {
  /// OneTrainer, kohya sd-scripts and SimpleTuner: the loss is divided by the number of batches.
  case mean
  /// ai-toolkit's `gradient_accumulation`: nothing is divided, so that more batches make longer
  /// steps with optimizers that see the size of gradients.
  case sum
  /// ai-toolkit's `gradient_accumulation_steps`: gradients are cleared before each batch, so that
  /// only the last counts.
  case last
}
