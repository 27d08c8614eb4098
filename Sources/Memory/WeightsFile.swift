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

  /// What is wrong with a list of tensors, in words.
  public struct Problem: Error, Sendable {
    public let message: String
  }

  /// Bytes of a number by safetensors' names of formats.
  private static let widths = [
    "F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2,
    "U16": 2, "F8_E4M3": 1, "F8_E5M2": 1, "I8": 1, "U8": 1, "BOOL": 1,
  ]

  /// A list of names with shapes: a header, or a manifest of that form.
  /// - Returns: Nil if it lists no tensor.
  /// - Throws: What is wrong with a tensor that it does list.
  public static func component(
    _ root: DocumentNode, id: String
  ) throws(Problem) -> ComponentShapes? {
    var tensors: [(name: String, shape: [Int])] = []
    for entry in root.children {
      guard let name = entry.key, name != "__metadata__", let list = entry["shape"] else {
        continue
      }
      let shape = list.children.compactMap { Int($0.text) }
      guard shape.count == list.children.count(where: { _ in true }), shape.allSatisfy({ $0 > 0 }),
        let numbers = numbers(shape)
      else { throw Problem(message: "the shape of '\(name)' is none that a tensor has") }
      if let offsets = entry["data_offsets"] {
        let bounds = offsets.children.compactMap { Int($0.text) }
        let width = entry["dtype"].flatMap { widths[$0.text] }
        guard bounds.count == 2, bounds[0] >= 0, bounds[1] >= bounds[0],
          width.map({ $0 * numbers == bounds[1] - bounds[0] }) ?? true
        else { throw Problem(message: "the offsets of '\(name)' do not fit its shape") }
      }
      tensors.append((name, shape))
    }
    let found = component(tensors, id: id)
    return found.parameters > 0 ? found : nil
  }

  /// How many numbers a tensor has; nil if no file holds so many.
  private static func numbers(_ shape: [Int]) -> Int? {
    shape.reduce(1) { product, size in
      let (next, isTooLarge) = (product ?? 0).multipliedReportingOverflow(by: size)
      return product == nil || isTooLarge || next > 1 << 44 ? nil : next
    }
  }

  static func component(_ tensors: [(name: String, shape: [Int])], id: String) -> ComponentShapes {
    var layers: [ComponentShapes.Layer] = []
    var loose: [ComponentShapes.LooseTensor] = []
    var parameters = 0
    for (name, shape) in tensors {
      parameters += shape.reduce(1, *)
      if name.hasSuffix(".weight"), shape.count == 2 || shape.count == 4 {
        layers.append(layer(String(name.dropLast(".weight".count)), shape))
      } else {
        loose.append(.init(kind: "param", shape: shape, count: 1))
      }
    }
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
