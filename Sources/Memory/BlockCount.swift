public import Knowledge

/// What the blocks of a transformer keep for the backward pass, counted from their layers: the input
/// of every layer (one for layers that share it), its output, and what norms and gates keep.
///
/// Against the models that were counted on their own classes it is right within about 20 %.
public struct BlockCount: Sendable {
  /// Bytes per image token over all blocks, and per text token.
  public var image = 0.0
  public var text = 0.0
  /// Bytes per token of the largest block.
  public var largest = 0.0
  /// Bytes per token of the inputs of all blocks.
  public var inputs = 0.0
  public var blocks = 0

  /// - Parameter lists: The module lists that hold the blocks.
  public init?(_ component: ComponentShapes, blocks lists: [String]) {
    for list in lists {
      let layers = component.layers.filter { $0.path.hasPrefix("\(list).*.") }
      guard let members = Self.members(layers) else { continue }
      let width = Self.width(layers)
      let sides = layers.reduce(into: (image: 0.0, text: 0.0)) { sum, layer in
        let bytes = Self.bytes(layer, of: layers) * Double(layer.count)
        if Self.isText(layer.path) { sum.text += bytes } else { sum.image += bytes }
      }
      // Norms: input and result in float32 under autocast; gates; norms of queries and keys.
      let rest = Double(members) * 14 * 2 * Double(width)
      image += sides.image + rest
      text += sides.text > 0 ? sides.text + rest : sides.image + rest
      inputs += Double(members) * 2 * Double(width)
      largest = max(largest, (sides.image + rest) / Double(members))
      blocks += members
    }
    if blocks == 0 { return nil }
  }

  /// How many blocks a list has: what most of its layers occur as often as.
  private static func members(_ layers: [ComponentShapes.Layer]) -> Int? {
    let counts = layers.filter { $0.role == .attention && $0.path.split(separator: "*").count == 2 }
      .map(\.count)
    return counts.max() ?? layers.map(\.count).max()
  }

  /// The width of the tokens: the inputs of the queries.
  private static func width(_ layers: [ComponentShapes.Layer]) -> Int {
    (layers.first { $0.role == .attention } ?? layers.first)?.inputs ?? 0
  }

  private static func bytes(
    _ layer: ComponentShapes.Layer, of layers: [ComponentShapes.Layer]
  ) -> Double {
    // Depthwise convolutions run over the tokens as linear layers do.
    if layer.groups > 1 { return 2 * Double(layer.inputs + layer.outputs) }
    // Modulation is computed once per sample.
    if layer.role == .other || layer.path.contains("norm") || layer.path.contains("mod") {
      return 0
    }
    let name = layer.path.split(separator: ".").last ?? ""
    // Queries, keys and values read one tensor; so do the two halves of a gated feed-forward layer.
    let isSharing = ["to_k", "to_v", "add_k_proj", "add_v_proj", "w3"].contains(name)
    // Of the experts, each token goes to two.
    let share = layer.path.contains("experts") ? 0.5 : 1
    return share * 2 * Double(layer.outputs + (isSharing ? 0 : layer.inputs))
  }

  private static func isText(_ path: String) -> Bool {
    ["add_", "to_added", "txt", "_t.", "context"].contains { path.contains($0) }
  }
}
