/// What is trained on a ``FoldedLayer``, and how its gradients come about.
protocol FoldedProblem: Sendable {
  var layer: FoldedLayer { get }
  /// The shapes of the parameters, in the order of the optimizer's list.
  var shapes: [[Int]] { get }
  /// The parameters to begin with, of the size of real ones.
  var start: [[Float]] { get }
  /// Memory for ``evaluate(_:noise:gradients:workspace:)``.
  associatedtype Workspace
  func workspace() -> Workspace

  /// - Parameters:
  ///   - parameters: Of the shapes of ``shapes``.
  ///   - noise: Nil for the loss alone.
  ///   - gradients: Are overwritten.
  func evaluate(
    _ parameters: [[Float]], noise: Noise?, gradients: inout [[Float]],
    workspace: inout Workspace
  ) -> FoldedLoss
}

/// The noise of one step.
struct Noise {
  /// [n₀, n₀]
  let rows: UnsafePointer<Float>
  /// ν, with the sign of the step.
  let scale: Double
}

/// How far a run is.
struct FoldedLoss: Sendable {
  /// e = tr((X - D) C (X - D)ᵀ).
  let error: Double
  /// tr(X C Xᵀ): what the change X of the weights does to the output.
  let change: Double
}
