public import Knowledge

/// How the weights of a part are kept on the card.
public enum WeightFormat: String, Sendable, Hashable, CaseIterable {
  case float32, bfloat16, float16
  /// Eight-bit floats for linear layers, 16 bits for the rest.
  case float8
  /// torchao's float8 with dynamic quantization of the inputs.
  case float8Dynamic = "fp8-torchao"
  /// torchao's float8 for weights only.
  case float8WeightOnly = "fp8wo-torchao"
  /// Everything in eight bits by a plain cast, as kohya's fp8_base does.
  case float8Cast
  case int8
  /// SDNQ: one scale per row; layers outside the blocks stay as they are.
  case int8SDNQ = "int8-sdnq"
  /// bitsandbytes: 4 bits, a constant per 64, those in 8 bits with a float32 per 256 of them.
  case nf4
  case int6, int5, int4, int3, int2
  /// GGUF by the type that most tensors of the file have.
  case ggufQ8 = "gguf-q8_0"
  case ggufQ6K = "gguf-q6_k"
  case ggufQ5K = "gguf-q5_k"
  case ggufQ5 = "gguf-q5_0"
  case ggufQ51 = "gguf-q5_1"
  case ggufQ4K = "gguf-q4_k"
  case ggufQ4 = "gguf-q4_0"
  case ggufQ41 = "gguf-q4_1"
  case ggufIQ4NL = "gguf-iq4_nl"
  case ggufIQ4XS = "gguf-iq4_xs"
  case ggufQ3K = "gguf-q3_k"
  case ggufQ2K = "gguf-q2_k"

  /// By the name of a GGUF file; nil if it does not tell.
  public init?(ggufFile name: String) {
    guard let type = GGUFType(fileName: name) else { return nil }
    switch type {
    case .f32: self = .float32
    case .f16: self = .float16
    case .bf16: self = .bfloat16
    default: self.init(rawValue: "gguf-\(type)".lowercased())
    }
  }

  /// GGUF's own name of the packing; nil for other formats.
  var gguf: GGUFType? {
    switch self {
    case .ggufQ8: .q8_0
    case .ggufQ6K: .q6_K
    case .ggufQ5K: .q5_K
    case .ggufQ5: .q5_0
    case .ggufQ51: .q5_1
    case .ggufQ4K: .q4_K
    case .ggufQ4: .q4_0
    case .ggufQ41: .q4_1
    case .ggufIQ4NL: .iq4_NL
    case .ggufIQ4XS: .iq4_XS
    case .ggufQ3K: .q3_K
    case .ggufQ2K: .q2_K
    default: nil
    }
  }

  /// Bytes of one number of a layer that is not packed, and of a gradient.
  public var plainWidth: Int { self == .float32 ? 4 : 2 }

  /// Bytes of one packed weight, constants apart.
  var packedWidth: Double {
    switch self {
    case .float32: 4
    case .bfloat16, .float16: 2
    case .float8, .float8Dynamic, .float8WeightOnly, .float8Cast, .int8, .int8SDNQ: 1
    // bitsandbytes 0.49 QuantState: absmax uint8 per 64, nested float32 per 256 blocks.
    case .nf4: 0.5 + 1.0 / 64 + 4.0 / 16384
    case .int6: 0.75
    case .int5: 0.625
    case .int4: 0.5
    case .int3: 0.375
    case .int2: 0.25
    case .ggufQ8, .ggufQ6K, .ggufQ5K, .ggufQ5, .ggufQ51, .ggufQ4K, .ggufQ4, .ggufQ41, .ggufIQ4NL,
      .ggufIQ4XS, .ggufQ3K, .ggufQ2K:
      gguf.map { Double($0.block.bytes) / Double($0.block.values) } ?? 1
    }
  }

  public var isPacked: Bool { packedWidth != Double(plainWidth) }

  /// Bytes of constants beside a packed weight of this shape.
  private func constants(outputs: Int, inputs: Int) -> Int {
    switch self {
    case .int8SDNQ, .int8: 4 * outputs
    case .int6, .int5, .int4, .int3, .int2: 4 * outputs * ((inputs + 127) / 128)
    default: 0
    }
  }

  /// Whether a layer's weight is packed.
  func packs(_ layer: ComponentShapes.Layer) -> Bool {
    guard isPacked, !layer.isConvolution else { return self == .float8Cast }
    switch self {
    // torchao's filter: rows and columns that the kernel can multiply.
    case .float8Dynamic, .float8WeightOnly:
      return layer.inputs % 16 == 0 && layer.outputs % 16 == 0
    // SDNQ: small layers and those that its list of modules to skip names.
    case .int8SDNQ: return layer.weightCount >= 16384 && layer.isInBlock
    default: return true
    }
  }

  /// Bytes of one layer's weight.
  func bytes(of layer: ComponentShapes.Layer) -> Int {
    guard packs(layer) else { return layer.weightCount * plainWidth }
    if let gguf {
      return gguf.bytes(rows: layer.outputs, columns: layer.inputs)
        ?? gguf.fallback.bytes(rows: layer.outputs, columns: layer.inputs)
        ?? layer.weightCount * plainWidth
    }
    return Int((Double(layer.weightCount) * packedWidth).rounded())
      + constants(outputs: layer.outputs, inputs: layer.inputs)
  }

  /// Bytes of a part: weights, biases, loose tensors and buffers.
  public func bytes(of component: ComponentShapes) -> Int {
    if gguf != nil, let stored = component.storedBytes { return stored }
    let rest = self == .float8Cast ? 1 : plainWidth
    let layers = component.layers.reduce(0) { sum, layer in
      sum + layer.count * (bytes(of: layer) + (layer.hasBias ? layer.outputs * rest : 0))
    }
    let loose = component.tensors.reduce(0) { $0 + $1.shape.reduce(1, *) * $1.count * rest }
    return layers + loose + component.buffers * plainWidth
  }

  /// Bytes of a part of which only sums are known.
  func bytes(ofTotal total16: Int, packable: Int) -> Int {
    let rest = (total16 / 2 - packable) * plainWidth
    return rest + Int((Double(packable) * packedWidth).rounded())
  }

  /// The rows of the activation tables that fit.
  var packing: ActivationTable.Packing {
    switch self {
    case .float8Dynamic: .fp8
    case .float8WeightOnly, .float8, .float8Cast, .int8, .int6, .int5, .int4, .int3, .int2: .fp8wo
    case .int8SDNQ: .sdnq
    case .float32, .bfloat16, .float16, .nf4: .none
    // Layers are unpacked when they are used, and what comes of it is kept for the backward pass.
    case .ggufQ8, .ggufQ6K, .ggufQ5K, .ggufQ5, .ggufQ51, .ggufQ4K, .ggufQ4, .ggufQ41, .ggufIQ4NL,
      .ggufIQ4XS, .ggufQ3K, .ggufQ2K:
      .fp8wo
    }
  }
}
