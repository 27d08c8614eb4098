internal import Knowledge

/// Finds the activations of a run: in its model's table, in a relative's, or from its layers.
enum ActivationFinder {
  static func denoiser(
    _ run: MemoryRun, _ assumptions: inout [String]
  ) throws(MemoryUnknown) -> Activations {
    let load = run.workload
    guard let part = run.denoiser else {
      throw .model("\(run.family.title) has no part that is known to denoise")
    }
    let hasDropout: Bool
    if case .adapter(let adapter) = run.method {
      hasDropout = adapter.dropout > 0
    } else {
      hasDropout = false
    }
    if run.family.takesPromptLength, run.textTokens == nil {
      assumptions.append("prompts have about \(load.textTokens) tokens")
    }
    var result: Activations?
    if let name = run.family.table, let table = Catalogue.activations(name) {
      let lookup = ActivationLookup(
        table: table, isUNet: run.family.isUNet, shared: Double(run.family.sharedBytes))
      result = lookup.activations(
        load, method: method(run), packing: part.format.packing, hasDropout: hasDropout,
        isAutocast: run.isAutocast)
      if let relative = run.family.tableOf, let own = part.component,
        let base = Catalogue.component(relative)
      {
        result = result.flatMap { scaled($0, from: base, to: own, run) }
        assumptions.append("activations carried over from \(relative), by the sizes of its layers")
      }
    }
    if result == nil, let component = part.component,
      let count = BlockCount(component, blocks: run.family.blocks)
    {
      result = counted(count, load, run, part)
      assumptions.append(
        "activations worked out from the sizes of the layers, not counted on the model's class")
    }
    if run.parts.contains(where: { $0.role == .control }) {
      let basis = result?.basis ?? .perBlock
      result?.basis = max(basis, .transferred)
      assumptions.append(
        "a ControlNet with the frozen second half keeps as much as the whole model that is trained")
    }
    guard var found = result else {
      throw .activations("what \(run.family.title) keeps for the backward pass is not known")
    }
    // Dynamic float8 packs the input of each adapted layer a second time for the assistant.
    if part.format == .float8Dynamic, let assistant = run.assistant, let component = part.component
    {
      let inputs = assistant.layers(of: component).filter { !$0.path.contains("adaLN") }
        .reduce(0) { $0 + $1.count * $1.inputs }
      let extra = 10 * Double(inputs * load.batch * (load.tokens + load.textTokens))
      let blocks = max(1, BlockCount(component, blocks: run.family.blocks)?.blocks ?? 1)
      found.off += extra
      found.region += extra / Double(blocks)
    }
    if !run.computesIn16Bits {
      found.off *= 2
      found.saved *= 2
      found.region *= 2
    }
    return found
  }

  /// The tables' situation that a method is nearest to.
  private static func method(_ run: MemoryRun) -> ActivationTable.Method {
    guard case .adapter(let adapter) = run.method else { return .full }
    if adapter.kind == .lokr { return .lokr }
    switch adapter.targets {
    case .named: return .loraAttention
    case .everyLayer: return .loraAll
    default: return .loraAll
    }
  }

  /// By what the layers of both would keep.
  private static func scaled(
    _ activations: Activations, from base: ComponentShapes, to own: ComponentShapes,
    _ run: MemoryRun
  ) -> Activations? {
    guard let mine = BlockCount(own, blocks: run.family.blocks),
      let theirs = BlockCount(base, blocks: run.family.blocks)
    else { return nil }
    var result = activations
    result.off *= mine.image / theirs.image
    result.saved *= mine.inputs / theirs.inputs
    result.region *= mine.largest / theirs.largest
    result.basis = max(result.basis, .transferred)
    return result
  }

  private static func counted(
    _ count: BlockCount, _ load: Workload, _ run: MemoryRun, _ part: MemoryRun.Part
  ) -> Activations {
    let tokens = Double(load.batch * (load.tokens + load.textTokens))
    let usual = ActivationLookup.usual(part.format.packing)
    return Activations(
      off: Double(load.batch)
        * (Double(load.tokens) * count.image + Double(load.textTokens) * count.text) * usual.off,
      saved: tokens * count.inputs * 1.05 * usual.saved,
      region: tokens * count.largest * 1.3 * usual.region, basis: .perBlock)
  }

  /// Of the text encoders that are trained, in bytes.
  static func encoders(_ run: MemoryRun) -> Int {
    run.parts.filter { $0.role == .encoder && $0.isResident && $0.isTrained }.reduce(0) {
      sum, part in
      guard let component = part.component,
        let table = Catalogue.activations(component.id)
      else { return sum }
      let lookup = ActivationLookup(table: table, isUNet: true, shared: 0)
      let load = Workload(tokens: run.family.textTokens, textTokens: 0, batch: run.batch)
      let found = lookup.activations(
        load, method: run.method == .full ? .full : .loraAll, packing: .none, hasDropout: false,
        isAutocast: run.isAutocast)
      let bytes = found.map { part.checkpointing.isOn ? $0.saved + $0.region : $0.off } ?? 0
      return sum + Int(bytes)
    }
  }
}
