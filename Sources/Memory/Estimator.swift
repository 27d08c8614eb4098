internal import Knowledge
internal import Optimizers

/// Adds up what a run needs.
struct Estimator {
  let run: MemoryRun
  let trained: TrainedTensors
  let adapterBytes: Int
  let stateBytes: Int
  let activations: Activations
  let encoderActivations: Int
  var assumptions: [String]

  init(_ run: MemoryRun) throws(MemoryUnknown) {
    self.run = run
    trained = run.trained
    assumptions = run.assumptions
    if case .adapter = run.method { adapterBytes = trained.bytes } else { adapterBytes = 0 }
    guard let optimizer = run.optimizer else {
      throw .optimizer(run.unknownOptimizer ?? "the optimizer's state is not known")
    }
    if case .adapter(let adapter) = run.method, run.denoiser?.component == nil,
      trained.groups.isEmpty
    {
      throw .model(
        "the layers of \(run.family.title) are not known, so neither is a \(adapter.kind.rawValue)")
    }
    do {
      stateBytes = try optimizer.stateBytes(trained)
    } catch {
      throw .optimizer("the optimizer refuses its options: \(error)")
    }
    if run.recordsGraphs {
      throw .activations("what CUDA graphs of compiled models hold is not worked out")
    }
    activations = try ActivationFinder.denoiser(run, &assumptions)
    encoderActivations = ActivationFinder.encoders(run)
  }

  func estimate() -> MemoryEstimate {
    let weights = Int(denoiserBytes) + assistantBytes + joinedBytes + bytes(of: .control)
    let encoders = bytes(of: .encoder)
    let autoencoder = bytes(of: .autoencoder)
    let average = run.average.map { trained.parameters * $0.width } ?? 0
    let gradients = gradientBytes
    let workspace = 2 * run.gpu.workspace
    let kept = weights + adapterBytes + encoders + autoencoder + stateBytes + average + workspace
    // Gradients of the last step are freed before the next forward pass, unless they accumulate.
    let whilePassing = run.accumulation > 1 ? trained.bytes : extraGradients(gradients)
    let passing = activationBytes + encoderActivations + castBytes + whilePassing
    let stepping = gradients + (run.optimizer?.stepBytes(trained) ?? 0)
    let backward = gradients + Int(activations.region)
    let isStep = max(stepping, backward) > passing
    let allocated = kept + max(passing, stepping, backward)
    let uncertainty = Uncertainty(run, activations)
    func total(_ bound: KeyPath<Uncertainty.Spread, Double>) -> Int {
      let moving = { (bytes: Int) in Int(Double(bytes) * uncertainty.activations[keyPath: bound]) }
      let rest = Double(kept - weights) * uncertainty.counted[keyPath: bound]
      let most = max(
        moving(passing - whilePassing) + whilePassing, stepping,
        gradients + moving(Int(activations.region)))
      return Int(Double(weights) * uncertainty.weights[keyPath: bound] + rest) + most
    }
    let (lowAllocated, highAllocated) = (total(\.low), total(\.high))
    // The counts of adapters go through the backward pass and have their gradients in them.
    let held = isStep ? gradients : gradientsWhilePassing(whilePassing)
    let activationPart = (isStep ? max(stepping, backward) : passing) - held
    let slack = Int(Double(allocated) * GPU.slack)
    let peak = allocated + GPU.context + slack
    let confidence = confidence
    // The context is known no better than by half.
    let lowBytes = lowAllocated + GPU.context / 2
    let highBytes = highAllocated + GPU.context * 3 / 2 + 2 * slack
    typealias Component = MemoryEstimate.Component
    let components = [
      Component(name: .weights, bytes: weights, detail: weightsDetail),
      Component(
        name: .adapter, bytes: adapterBytes,
        detail: "\(trained.parameters.grouped) parameters in \(run.trainedFormat.rawValue)"),
      Component(
        name: .gradients, bytes: held,
        detail: run.freesGradients
          ? "of the largest tensor: each is used and freed in the backward pass"
          : run.accumulation > 1
            ? "kept over \(run.accumulation) batches" : "one per trained tensor"),
      Component(
        name: .optimizerState, bytes: stateBytes,
        detail:
          "\(run.optimizer?.family.title ?? ""), exact for \(trained.tensorCount.grouped) tensors"
      ),
      Component(
        name: .activations, bytes: activationPart,
        detail: stepping > max(passing, backward) ? "temporaries of the step" : activationsDetail),
      Component(name: .ema, bytes: average, detail: "a copy of what is trained"),
      Component(name: .textEncoders, bytes: encoders, detail: names(of: .encoder)),
      Component(name: .vae, bytes: autoencoder, detail: names(of: .autoencoder)),
      Component(
        name: .runtime, bytes: workspace + GPU.context + slack,
        detail: "CUDA context, cuBLAS, what the allocator holds in reserve"),
    ].filter { $0.bytes > 0 }
    return MemoryEstimate(
      run: run, allocatedBytes: allocated, allocatedInterval: lowAllocated...highAllocated,
      peakBytes: peak, lowBytes: lowBytes, highBytes: highBytes, gradientBytes: gradients,
      activationBytes: activationPart, traits: uncertainty.traits, confidence: confidence,
      moment: stepping > max(passing, backward) ? .step : .forwardAndBackward,
      components: components,
      assumptions: assumptions + [
        "the CUDA context takes 0.5 GiB and the allocator holds 3 % in reserve"
      ])
  }

  // MARK: Weights

  private var denoiserBytes: Double {
    guard let part = run.denoiser else { return 0 }
    guard let component = part.component else {
      guard let table = run.family.table.flatMap(Catalogue.activations),
        let total = table.weightBytes, let packable = table.packableParameters
      else { return 0 }
      let bytes = Double(part.format.bytes(ofTotal: total, packable: packable))
      return bytes * (1 - part.offloadedShare)
    }
    return Offloading.resident(part, component, run)
  }

  private var assistantBytes: Int {
    guard let assistant = run.assistant, let component = run.denoiser?.component else { return 0 }
    var tensors = TrainedTensors()
    tensors.add(assistant, on: component, format: .bfloat16)
    return tensors.bytes
  }

  /// diffusers' `fuse_projections` leaves the separate layers where they are.
  private var joinedBytes: Int {
    guard run.joinsProjections, let part = run.denoiser, let component = part.component else {
      return 0
    }
    let names = [".to_q", ".to_k", ".to_v", ".add_q_proj", ".add_k_proj", ".add_v_proj"]
    return component.layers.filter { layer in names.contains { layer.path.hasSuffix($0) } }
      .reduce(0) { $0 + $1.count * part.format.bytes(of: $1) }
  }

  private func bytes(of role: MemoryRun.Part.Role) -> Int {
    run.parts.filter { $0.role == role && $0.isResident }.reduce(0) { sum, part in
      sum + Int(part.component.map { Offloading.resident(part, $0, run) } ?? 0)
    }
  }

  /// Copies in 16 bits of float32 weights under autocast. Those of trained weights are kept until the
  /// forward pass ends (aten/src/ATen/autocast_mode.cpp, `cached_cast`: leaves that require a gradient);
  /// those of frozen ones as long as the backward pass needs them, which with checkpointing is one block
  /// at a time.
  private var castBytes: Int {
    guard run.computesIn16Bits, run.isAutocast else { return 0 }
    let copies = run.parts.reduce(0) { sum, part in
      guard part.isResident, part.format == .float32, let component = part.component,
        part.isTrained || part.role == .denoiser
      else { return sum }
      let weights = component.layers.reduce(0) { $0 + $1.count * $1.weightCount }
      let isKept = run.method == .full && part.isTrained || !part.checkpointing.isOn
      let blocks = BlockCount(component, blocks: run.family.blocks)?.blocks ?? 16
      return sum + (isKept ? weights : weights / max(1, blocks))
    }
    let adapter = run.trainedFormat == .float32 && adapterBytes > 0 ? trained.parameters : 0
    return 2 * (copies + adapter)
  }

  // MARK: Passes

  /// What the optimizer's step finds.
  private var gradientBytes: Int { run.freesGradients ? trained.largestBytes : trained.bytes }

  /// Gradients that appear while activations are still there. Those of adapters all do, in the
  /// counted numbers of 16 bits; of a model that is trained itself the counts have none.
  private func extraGradients(_ gradients: Int) -> Int {
    guard adapterBytes > 0, run.denoiser?.checkpointing.isOn ?? false else { return 0 }
    return max(0, gradients - Int(activations.gradientsIncluded))
  }

  private func gradientsWhilePassing(_ extra: Int) -> Int {
    guard adapterBytes > 0, run.denoiser?.checkpointing.isOn ?? false else { return extra }
    return run.accumulation > 1
      ? extra : min(trained.bytes, extra + Int(activations.gradientsIncluded))
  }

  private var activationBytes: Int {
    guard let part = run.denoiser else { return 0 }
    var own = activations
    if part.offloadsActivations { own.saved = 0 }
    let mode: Checkpointing =
      run.family.checkpointsNothingIn.contains(run.backend) ? .off : part.checkpointing
    var bytes = own.bytes(mode, meaning: meaning)
    if run.offloadsAttention {
      if case .strided = mode { bytes *= 0.57 } else if mode.isOn { bytes += 1.4 * own.saved }
    }
    // Workspaces of kernels and float32 copies of the latents that the tables do not have.
    return Int(bytes * 1.03) + (50 << 20)
  }

  private var meaning: IntervalMeaning {
    guard run.backend == "simpletuner" else { return .ignored }
    return run.family.interval.flatMap(IntervalMeaning.init) ?? .segments
  }

  private var confidence: MemoryEstimate.Confidence {
    guard let part = run.denoiser else { return .rough }
    if run.isCompiled || activations.basis == .perBlock || part.swappedBlocks > 0
      || part.offloadedShare > 0
    {
      return .rough
    }
    if activations.basis == .transferred || run.offloadsAttention || run.frames > 1
      || part.component?.verified != .exact
    {
      return .transferred
    }
    if case .adapter(let adapter) = run.method, adapter.kind != .lora, adapter.kind != .dora {
      return .transferred
    }
    return .counted
  }

  // MARK: Words

  private var weightsDetail: String {
    guard let part = run.denoiser else { return "" }
    let count = part.component.map { "\($0.parameters.grouped) parameters" } ?? "parameters"
    let moved =
      part.swappedBlocks > 0
      ? ", \(part.swappedBlocks) blocks in RAM"
      : part.offloadedShare > 0 ? ", \(Int(part.offloadedShare * 100)) % of the blocks in RAM" : ""
    let branch = run.parts.first { $0.role == .control }
      .map { ", \($0.name): \(($0.component?.parameters ?? 0).grouped) in \($0.format.rawValue)" }
    return "\(part.name): \(count) in \(part.format.rawValue)\(moved)\(branch ?? "")"
  }

  private func names(of role: MemoryRun.Part.Role) -> String {
    run.parts.filter { $0.role == role && $0.isResident }
      .map { "\($0.name) in \($0.format.rawValue)" }.joined(separator: ", ")
  }

  private var activationsDetail: String {
    let load = run.workload
    let size = "\(run.width)x\(run.height)" + (run.frames > 1 ? ", \(run.frames) frames" : "")
    let mode = run.denoiser?.checkpointing.isOn ?? false ? "checkpointed" : "not checkpointed"
    return "batch \(load.batch) of \(size), \(load.tokens.grouped) tokens each, \(mode)"
  }
}

extension MemoryEstimate {
  /// - Throws: What is not known of the run, in words.
  public init(_ run: MemoryRun) throws(MemoryUnknown) {
    self = try Estimator(run).estimate()
  }
}

extension Int {
  /// With commas: 1,234,567.
  var grouped: String {
    var digits = Array(String(magnitude))
    for place in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(",", at: place) }
    return (self < 0 ? "-" : "") + String(digits)
  }
}
