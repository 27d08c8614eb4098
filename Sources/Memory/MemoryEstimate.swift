public import Knowledge
internal import Optimizers

/// What a run needs on the card.
public struct MemoryEstimate: Sendable {
  public struct Component: Sendable {
    public enum Name: String, Sendable, CaseIterable {
      case weights, adapter, gradients
      case optimizerState = "optimizer-state"
      case activations, ema
      case textEncoders = "text-encoders"
      case vae, runtime
    }
    public let name: Name
    public let bytes: Int
    public let detail: String
  }

  /// How sure the estimate is.
  public enum Confidence: String, Sendable {
    /// Everything was counted for this very model.
    case counted
    /// Some of it was carried over from another format, model or size.
    case transferred
    /// From the sizes of layers, or with means whose effect is known only roughly.
    case rough
  }

  public let run: MemoryRun
  /// What the framework's allocator holds at most.
  public let allocatedBytes: Int
  /// Between what nine of ten runs should lie, by the allocator.
  public let allocatedInterval: ClosedRange<Int>
  /// With the driver's context and the allocator's slack, as `nvidia-smi` shows it.
  public let peakBytes: Int
  public let lowBytes: Int
  public let highBytes: Int
  /// Of all trained tensors, or of the largest where each is freed in the backward pass.
  public let gradientBytes: Int
  /// What of the peak is kept for the backward pass.
  let activationBytes: Int
  /// What makes it less sure.
  let traits: [Uncertainty.Trait]
  public let confidence: Confidence
  /// When the peak is reached.
  public let moment: Moment
  public let components: [Component]
  public let assumptions: [String]

  public enum Moment: String, Sendable {
    case forwardAndBackward = "during the backward pass"
    case step = "in the optimizer's step"
  }
}

/// Why nothing can be said.
public enum MemoryUnknown: Error, Sendable, CustomStringConvertible {
  case model(String)
  case optimizer(String)
  case activations(String)

  public var description: String {
    switch self {
    case .model(let words), .optimizer(let words), .activations(let words): words
    }
  }
}
