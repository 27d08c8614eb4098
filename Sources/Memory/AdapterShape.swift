public import Knowledge

/// An adapter: what is trained beside each of its layers.
public struct AdapterShape: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable {
    case lora, loha, lokr, oft
    /// LoRA whose weight is split into size and direction.
    case dora
  }

  public var kind: Kind
  public var rank: Int
  /// Rank on convolutions larger than 1; nil for the same.
  public var convolutionRank: Int?
  /// LoKr: the first factor's size; negative for the most even split.
  public var factor = -1
  /// LoKr: the first factor's size on attention and on feed-forward layers, where it differs.
  public var attentionFactor: Int?
  public var feedForwardFactor: Int?
  /// LoKr: the second factor whole, not as a product.
  public var isFullMatrix = false
  /// LoKr: the first factor as a product too.
  public var decomposesBoth = false
  public var targets: AdapterTargets
  /// Whether layers that the original model has as one are one here: kohya's FLUX and SD3.
  public var fusesProjections = false
  public var dropout: Double = 0

  public init(_ kind: Kind, rank: Int, targets: AdapterTargets) {
    self.kind = kind
    self.rank = rank
    self.targets = targets
  }

  /// The layers that get an adapter.
  public func layers(of component: ComponentShapes) -> [ComponentShapes.Layer] {
    let chosen = targets.layers(of: component)
    return fusesProjections ? FusedProjections.merge(chosen) : chosen
  }

  /// The trained tensors of one layer.
  public func tensors(of layer: ComponentShapes.Layer) -> [(shape: [Int], startsAtZero: Bool)] {
    let isWide = layer.kernel.contains { $0 > 1 }
    let rank = isWide ? convolutionRank ?? rank : rank
    guard rank > 0 else { return [] }
    let one = layer.kernel.map { _ in 1 }
    switch kind {
    case .lora, .dora:
      let pair = [
        ([rank, layer.inputs] + layer.kernel, false), ([layer.outputs, rank] + one, true),
      ]
      return kind == .dora ? pair + [([1, layer.inputs] + one, false)] : pair
    case .loha:
      let wide = layer.inputs * layer.kernel.reduce(1, *)
      return [
        ([layer.outputs, rank], false), ([rank, wide], false), ([layer.outputs, rank], true),
        ([rank, wide], false),
      ]
    case .lokr: return kronecker(layer, rank)
    case .oft:
      // One skew-symmetric matrix per block of so many outputs.
      let blocks = max(1, layer.outputs / rank)
      return [([blocks, rank * (rank - 1) / 2], true)]
    }
  }

  /// LyCORIS: w1 is (out₁ × in₁), w2 (out₂ × in₂), each whole or a product of two.
  private func kronecker(
    _ layer: ComponentShapes.Layer, _ rank: Int
  ) -> [(shape: [Int], startsAtZero: Bool)] {
    let own = layer.role == .attention ? attentionFactor : feedForwardFactor
    let factor = own ?? factor
    let (inSmall, inLarge) = Self.split(layer.inputs, factor)
    let (outSmall, outLarge) = Self.split(layer.outputs, factor)
    let isSmall = Double(rank) >= Double(max(outLarge, inLarge)) / 2
    var tensors: [(shape: [Int], startsAtZero: Bool)] = []
    if decomposesBoth, !isFullMatrix, Double(rank) < Double(max(outSmall, inSmall)) / 2 {
      tensors += [([outSmall, rank], false), ([rank, inSmall], false)]
    } else {
      tensors.append(([outSmall, inSmall], false))
    }
    if isFullMatrix || isSmall {
      tensors.append(([outLarge, inLarge] + layer.kernel, true))
    } else {
      tensors += [
        ([outLarge, rank], true), ([rank, inLarge * layer.kernel.reduce(1, *)], false),
      ]
    }
    return tensors
  }

  /// The two factors of a size: the largest divisor up to `factor`, or the most even pair
  /// (LyCORIS, functional/general.py, `factorization`).
  static func split(_ size: Int, _ factor: Int) -> (Int, Int) {
    if factor > 0, size % factor == 0 {
      return (min(factor, size / factor), max(factor, size / factor))
    }
    let limit = factor > 0 ? factor : size
    var (m, n) = (1, size)
    var length = m + n
    while m < n {
      var next = m + 1
      while next <= size, size % next != 0 { next += 1 }
      let other = size / next
      if next + other > length || next > limit { break }
      (m, n) = (next, other)
      length = m + n
    }
    return (min(m, n), max(m, n))
  }
}

/// Layers that diffusers splits and the original code has as one.
enum FusedProjections {
  static func merge(_ layers: [ComponentShapes.Layer]) -> [ComponentShapes.Layer] {
    var order: [String] = []
    var groups: [String: [ComponentShapes.Layer]] = [:]
    for layer in layers {
      let key = key(layer.path)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(layer)
    }
    return order.compactMap { groups[$0] }.flatMap { group -> [ComponentShapes.Layer] in
      guard let first = group.first, group.count > 1 else { return group }
      return [
        .init(
          path: first.path, count: first.count, inputs: first.inputs,
          outputs: group.reduce(0) { $0 + $1.outputs }, hasBias: first.hasBias, role: first.role,
          ancestors: first.ancestors)
      ]
    }
  }

  private static func key(_ path: String) -> String {
    guard let dot = path.lastIndex(of: ".") else { return path }
    let (parent, name) = (path[..<dot], path[path.index(after: dot)...])
    let isSingle = path.hasPrefix("single_transformer_blocks.")
    switch name {
    case "to_q", "to_k", "to_v": return isSingle ? "single.*.linear1" : "\(parent).qkv"
    case "proj_mlp": return isSingle ? "single.*.linear1" : path
    case "add_q_proj", "add_k_proj", "add_v_proj": return "\(parent).add_qkv"
    default: return path
    }
  }
}
