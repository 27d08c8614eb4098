public import Knowledge
public import SourceText

/// The tensors that the header of a `.safetensors` file lists, or a manifest.
///
/// A safetensors file begins with the length of its header in eight bytes, the lowest first; the
/// header is JSON: name → `dtype`, `shape`, `data_offsets`.
public enum WeightsFile {
  /// No header is larger (safetensors 0.5: 100 MB).
  public static let largestHeader = 100_000_000

  /// The length of the header that the first eight bytes state; nil if they state none.
  public static func headerLength(_ bytes: some Collection<UInt8>) -> Int? {
    guard bytes.count >= 8 else { return nil }
    var length: UInt64 = 0
    for (place, byte) in bytes.prefix(8).enumerated() { length |= UInt64(byte) << (8 * place) }
    return length > 1 && length <= UInt64(largestHeader) ? Int(length) : nil
  }

  /// A list of names with shapes: a header, or a manifest of that form.
  /// - Returns: Nil if it lists no tensor.
  public static func component(_ root: DocumentNode, id: String) -> ComponentShapes? {
    var layers: [ComponentShapes.Layer] = []
    var loose: [ComponentShapes.LooseTensor] = []
    var parameters = 0
    for entry in root.children {
      guard let name = entry.key, name != "__metadata__", let list = entry["shape"] else {
        continue
      }
      let shape = list.children.compactMap { Int($0.text) }
      guard shape.count == Array(list.children).count, shape.allSatisfy({ $0 > 0 && $0 < 1 << 40 })
      else { continue }
      parameters += shape.reduce(1, *)
      if name.hasSuffix(".weight"), shape.count == 2 || shape.count == 4 {
        layers.append(layer(String(name.dropLast(".weight".count)), shape))
      } else {
        loose.append(.init(kind: "param", shape: shape, count: 1))
      }
    }
    guard parameters > 0 else { return nil }
    return ComponentShapes(
      id: id, parameters: parameters, buffers: 0, verified: .exact, source: id, layers: layers,
      tensors: loose)
  }

  private static func layer(_ path: String, _ shape: [Int]) -> ComponentShapes.Layer {
    // Prefixes of whole checkpoints.
    let prefixes = ["model.diffusion_model.", "diffusion_model.", "model."]
    let prefix = prefixes.first { path.hasPrefix($0) } ?? ""
    let parts = path.dropFirst(prefix.count).split(separator: ".")
    let plain = parts.map { Int($0) == nil ? String($0) : "*" }.joined(separator: ".")
    let role: ComponentShapes.Role =
      plain.contains("attn") || plain.contains("attention")
      ? .attention : plain.contains("ff") || plain.contains("mlp") ? .feedForward : .other
    return .init(
      path: plain, inputs: shape[1], outputs: shape[0], kernel: Array(shape.dropFirst(2)),
      role: role)
  }
}
