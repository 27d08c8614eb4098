import Knowledge

/// Sizes of pictures as trainers write them.
enum Resolution {
  /// The largest of `512`, `512,768`, `512x768`, `1024x1024,768`.
  static func largest(_ text: String) -> (width: Int, height: Int) {
    let sizes = text.split { $0 == "," || $0 == ";" }.compactMap { item -> (Int, Int)? in
      let sides = item.lowercased().split { $0 == "x" || $0 == " " }.compactMap { Int($0) }
      return sides.first.map { ($0, sides.count > 1 ? sides[1] : $0) }
    }
    return sizes.max { $0.0 * $0.1 < $1.0 * $1.1 } ?? (512, 512)
  }
}

/// What to say of a model whose shapes are not known.
enum UnknownModel {
  static func words(_ name: String, base: String, in backend: String) -> String {
    if name.isEmpty { return "unknown model: the config names none" }
    let several = Catalogue.families(named: name, in: backend)
    guard !several.isEmpty else { return "unknown model '\(name)'" }
    let sizes = several.map(\.id).joined(separator: ", ")
    return "unknown model: '\(name)' from '\(base)' can be \(sizes)"
  }
}
