internal import Knowledge

/// How far off the parts of an estimate may be, by how each was come by.
///
/// What is a product of shapes and formats is known to a per cent. What is kept for the backward pass is
/// as sure as the way it was found: every circumstance of that has a width, and widths multiply. Their
/// proportions were chosen by judgement, counting by layers with what such a count is off against counts
/// on the models' own classes (`ActivationTests.layersAgreeWithTables`); their common scale is held
/// against measured runs, each model left out once (Documentation/Accuracy.md, "Intervals").
struct Uncertainty: Sendable {
  /// Factors between which a part should lie.
  struct Spread: Sendable {
    let low: Double
    let high: Double

    init(_ low: Double, _ high: Double) { (self.low, self.high) = (low, high) }

    func times(_ other: Spread) -> Spread { Spread(low * other.low, high * other.high) }
  }

  /// What makes a number less sure.
  enum Trait: String, Sendable, CaseIterable {
    case counted = "counted on the model's class, in this format"
    case transferred = "carried over from another format, adapter or relative"
    case perBlock = "counted by the layers of a block"
    case otherAdapter = "an adapter other than LoRA"
    case video = "a video, whose bucket is not known to the pixel"
    case partial = "checkpoints of some blocks only"
    case attentionOffload = "what attention keeps goes to RAM"
    case inputOffload = "inputs of blocks go to RAM"
    case compiled = "compiled"
    case packed = "packed weights"
    case nominal = "a model whose size is known as far as it is rounded"
    case movedBlocks = "blocks of weights in RAM"

    /// Of what is kept for the backward pass, or of the weights.
    var spread: Spread {
      switch self {
      case .counted: Spread(0.93, 1.08)
      case .transferred: Spread(0.82, 1.22)
      case .perBlock: Spread(0.7, 1.45)
      case .otherAdapter: Spread(0.92, 1.15)
      case .video: Spread(0.9, 1.15)
      case .partial: Spread(0.96, 1.05)
      case .attentionOffload: Spread(0.8, 1.25)
      case .inputOffload: Spread(0.85, 1.2)
      case .compiled: Spread(0.7, 1.5)
      case .packed: Spread(0.97, 1.04)
      case .nominal: Spread(0.98, 1.02)
      // Read in the trainers' code, never measured.
      case .movedBlocks: Spread(0.8, 1.3)
      }
    }

    fileprivate var isOfWeights: Bool { [.packed, .nominal, .movedBlocks].contains(self) }
  }

  let traits: [Trait]
  let weights: Spread
  let activations: Spread
  /// Adapters, gradients, state.
  let counted = Spread(0.99, 1.01)

  init(_ run: MemoryRun, _ activations: Activations) {
    var traits: [Trait] =
      switch activations.basis {
      case .counted: [.counted]
      case .transferred: [.transferred]
      case .perBlock: [.perBlock]
      }
    if case .adapter(let adapter) = run.method, adapter.kind != .lora, adapter.kind != .dora {
      traits.append(.otherAdapter)
    }
    if run.frames > 1 { traits.append(.video) }
    if run.isCompiled { traits.append(.compiled) }
    if run.offloadsAttention { traits.append(.attentionOffload) }
    if let part = run.denoiser {
      switch part.checkpointing {
      case .off, .everyBlock: break
      case .interval, .strided: traits.append(.partial)
      }
      if part.offloadsActivations { traits.append(.inputOffload) }
      if part.format.isPacked, part.format != .float8Cast { traits.append(.packed) }
      if part.component?.verified != .exact { traits.append(.nominal) }
      if part.swappedBlocks > 0 || part.offloadedShare > 0 { traits.append(.movedBlocks) }
    }
    self.traits = traits
    weights = traits.filter(\.isOfWeights).reduce(Spread(0.99, 1.01)) { $0.times($1.spread) }
    self.activations = traits.filter { !$0.isOfWeights }.reduce(Spread(1, 1)) {
      $0.times($1.spread)
    }
  }
}
