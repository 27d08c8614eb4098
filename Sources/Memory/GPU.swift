/// A card, as far as it makes a difference.
public struct GPU: Sendable, Hashable {
  public let name: String
  /// What the driver leaves to programs, in bytes; nil where the size is not known.
  public let usable: Int?
  /// A cuBLAS workspace, of which a training process has two (PyTorch,
  /// aten/src/ATen/cuda/CublasHandlePool.cpp: 32 MiB from Hopper on, else about 8).
  public let workspace: Int

  static let gib = Double(1 << 30)

  private init(_ name: String, _ gibibytes: Double?, isHopper: Bool = false) {
    self.name = name
    usable = gibibytes.map { Int($0 * Self.gib) }
    workspace = (isHopper ? 32 : 8) << 20
  }

  /// A card of which nothing is said.
  public static let unknown = GPU("any", nil)

  /// By the names people use, without blanks and in lower case.
  public static let known: [GPU] = [
    GPU("h100", 79.2, isHopper: true), GPU("h200", 139.8, isHopper: true),
    GPU("b200", 178, isHopper: true), GPU("a100", 79.2), GPU("a100-40", 39.5), GPU("l40s", 44.5),
    GPU("l40", 44.5), GPU("a6000", 47.5), GPU("l4", 22.5), GPU("a10", 22.5), GPU("t4", 14.6),
    GPU("5090", 31.4, isHopper: true), GPU("5080", 15.5, isHopper: true),
    GPU("5070", 11.6, isHopper: true), GPU("4090", 23.6), GPU("4080", 15.6), GPU("4070", 11.7),
    GPU("4060", 7.6), GPU("3090", 23.6), GPU("3080", 9.6), GPU("3060", 11.7),
  ]

  public init?(named name: String) {
    let plain = name.lowercased().filter { $0 != " " && $0 != "_" }
    let short = ["nvidia", "geforce", "rtx"].reduce(plain) { text, prefix in
      text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
    }
    guard let found = Self.known.first(where: { $0.name == short }) else { return nil }
    self = found
  }

  /// Memory of the driver and its loaded kernels, in bytes. An assumption: it differs by driver and
  /// by what is loaded, from about 0.3 to 0.8 GiB.
  public static let context = 1 << 29
  /// What the allocator holds beyond what is in use, as a share; from runs for which both were
  /// reported.
  public static let slack = 0.03
}
