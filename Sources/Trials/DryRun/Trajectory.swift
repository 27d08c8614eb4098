/// What a run did, step by step.
public struct Trajectory: Sendable {
  /// L = e / e₀ before each step, and after the last: 1 at the start.
  public var loss: [Double] = []
  /// √(tr(X C Xᵀ) / m): by which share the weights' change moves the layer's output.
  public var drift: [Double] = []
  /// The learning rate of each step.
  public var rate: [Double] = []
  /// What the optimizer makes of it, where it has a step size of its own: d × rate.
  public var adaptedRate: [Double] = []
  /// The share of weights that had a gradient and were stored unchanged, on average over the steps.
  public var lostUpdates = 0.0
  /// L of the weights that are saved, where those are not the ones that are trained.
  public var savedLoss: Double?
  /// The library's own words, where it stopped.
  public var stopped: String?

  /// Steps that were made.
  public var steps: Int { rate.count }
}
