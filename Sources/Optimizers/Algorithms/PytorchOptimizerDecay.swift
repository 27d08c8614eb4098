/// Weight decay as pytorch_optimizer 3.6.0 has it for all its optimizers
/// (`BaseOptimizer.apply_weight_decay`), before anything else is done with the gradient.
struct PytorchOptimizerDecay<Element: StoredNumber> {
  typealias A = Element.Arithmetic
  /// What the weights are multiplied by: 1 − λ·η, with a fixed decay 1 − λ; 1 if it is coupled.
  private let shrink: A
  /// What of the weights is added to the gradient: λ; 0 if it is decoupled.
  private let pull: A
  private let sign: A

  init(
    _ weightDecay: Double, decoupled: Bool, fixed: Bool, rate: Double, maximize: Bool
  ) {
    shrink = decoupled ? A(1 - weightDecay * (fixed ? 1 : rate)) : 1
    pull = decoupled ? 0 : A(weightDecay)
    sign = maximize ? -1 : 1
  }

  /// The gradient that the optimizer sees.
  @inline(__always) func gradient(_ g: Element, _ theta: Element) -> A {
    Element.rounded(sign * g.wide + pull * theta.wide)
  }

  /// The weight that the update is added to.
  @inline(__always) func weight(_ theta: Element) -> A { Element.rounded(theta.wide * shrink) }
}
