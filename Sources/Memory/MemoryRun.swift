public import Knowledge
public import Optimizers

/// A training run, as far as its memory goes: nothing of a trainer's own spelling is left.
public struct MemoryRun: Sendable {
  /// A part of the model.
  public struct Part: Sendable {
    public enum Role: Sendable, Hashable { case denoiser, encoder, autoencoder, control }
    public var role: Role
    /// The trainer's key: `text_encoder_2`.
    public var name: String
    public var component: ComponentShapes?
    public var format: WeightFormat
    /// Whether its weights, or an adapter on them, are trained.
    public var isTrained = false
    /// Whether it is on the card while training.
    public var isResident = true
    /// The share of the blocks' weights that waits in RAM.
    public var offloadedShare = 0.0
    /// Blocks that wait in RAM.
    public var swappedBlocks = 0
    public var checkpointing: Checkpointing = .off
    /// Whether the inputs of checkpointed blocks go to RAM.
    public var offloadsActivations = false

    public init(
      _ role: Role, _ name: String, _ component: ComponentShapes?, format: WeightFormat
    ) {
      self.role = role
      self.name = name
      self.component = component
      self.format = format
    }
  }

  public enum Method: Sendable, Hashable {
    case full
    case adapter(AdapterShape)
    case embedding
  }

  /// The trainer.
  public var backend: String
  public var family: ModelFamily
  public var method: Method
  public var parts: [Part]
  public var width = 512
  public var height = 512
  /// Frames of a video; 1 for images.
  public var frames = 1
  /// Pictures that run through the model beside each sample.
  public var references = 0
  public var batch = 1
  /// Of text per image; nil for what the model pads to.
  public var textTokens: Int?
  public var accumulation = 1
  /// Whether the run computes in 16 bits.
  public var computesIn16Bits = true
  /// Whether norms stay in float32 within it.
  public var isAutocast = true
  /// The format of what is trained.
  public var trainedFormat: NumberFormat = .float32
  public var optimizer: OptimizerChoice?
  /// Why the optimizer's state is not known; nil if it is.
  public var unknownOptimizer: String?
  public var hasFusedBackPass = false
  /// The format of a running average on the card; nil for none there.
  public var average: NumberFormat?
  /// Whether what attention keeps goes to RAM.
  public var offloadsAttention = false
  public var isCompiled = false
  /// Whether compiled graphs are recorded with memory of their own (CUDA graphs).
  public var recordsGraphs = false
  /// Whether queries, keys and values also stand joined in one layer, beside their own.
  public var joinsProjections = false
  /// An adapter that is loaded to train a distilled model and is not trained.
  public var assistant: AdapterShape?
  public var gpu = GPU.unknown
  /// What was taken for granted where the config does not say.
  public var assumptions: [String] = []

  public init(backend: String, family: ModelFamily, method: Method, parts: [Part]) {
    self.backend = backend
    self.family = family
    self.method = method
    self.parts = parts
  }

  /// Takes the assistant of the model's distilled flavour, if the base weights are that.
  public mutating func addAssistant(base: String) {
    guard let rank = family.assistantRank, base.lowercased().contains("turbo"),
      case .adapter = method
    else { return }
    assistant = AdapterShape(.lora, rank: rank, targets: .blocks(Array(family.blocks.prefix(1))))
    assumptions.append("the assistant adapter of the distilled model has rank \(rank)")
  }

  /// Whether each gradient is used and freed in the backward pass; accumulation keeps them all.
  public var freesGradients: Bool { hasFusedBackPass && accumulation == 1 }

  public var denoiser: Part? { parts.first { $0.role == .denoiser } }

  /// What goes through the denoiser at once.
  public var workload: Workload {
    let side = Double(family.pixelsPerToken)
    let perFrame = max(1, Int((Double(width) / side * (Double(height) / side)).rounded()))
    let latentFrames = family.framesPerLatent.map { (max(frames, 1) - 1) / $0 + 1 } ?? 1
    return Workload(
      tokens: perFrame * latentFrames * (1 + references),
      textTokens: textTokens ?? family.textTokens, batch: batch)
  }

  /// What is trained, tensor by tensor.
  public var trained: TrainedTensors {
    var tensors = TrainedTensors()
    for part in parts where part.isTrained {
      switch (method, part.component) {
      case (.full, .some(let component)): tensors.add(component, format: trainedFormat)
      case (.adapter(let adapter), .some(let component)):
        var adapter = adapter
        // The choice of layers is the denoiser's.
        if part.role == .encoder { adapter.targets = .everyLayer }
        tensors.add(adapter, on: component, format: trainedFormat)
      case (.adapter(let adapter), nil):
        // Only the sum is known, of adapters on the attention layers.
        if adapter.kind == .lora || adapter.kind == .dora,
          let perRank = family.table.flatMap(Catalogue.activations)?.adapterParametersPerRank
        {
          tensors.add(parameters: perRank * adapter.rank, format: trainedFormat)
        }
      default: break
      }
    }
    return tensors
  }
}

extension NumberFormat {
  /// The format of gradients and copies of weights kept in this way.
  public init(_ format: WeightFormat) {
    switch format {
    case .float32: self = .float32
    case .float16: self = .float16
    default: self = .bfloat16
    }
  }
}
