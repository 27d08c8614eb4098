public import Knowledge

/// Which layers get an adapter.
public enum AdapterTargets: Sendable, Hashable {
  case everyLayer
  /// Paths that contain one of these.
  case containing([String])
  /// Paths in which one of these regular expressions finds something.
  case matching([String])
  /// Layers that are called so, or whose path ends so after a dot, as PEFT takes names: `to_q`,
  /// `to_out.0`, `single_transformer_blocks.7.proj_out`.
  case named([String])
  /// Linear layers and convolutions of 1 within modules of these classes.
  case within([String])
  /// All layers within modules of these classes, as LyCORIS takes them.
  case modules([String])
  /// Linear layers below these lists of modules.
  case blocks([String])

  /// The layers that get one, with how many of each do.
  func layers(of component: ComponentShapes) -> [ComponentShapes.Layer] {
    if case .named(let names) = self {
      let names = names.map { LayerName($0) }
      return component.layers.compactMap { layer in
        guard layer.groups == 1 else { return nil }
        let fitting = names.filter { $0.fits(layer.path) }
        if fitting.isEmpty { return nil }
        // A name with the numbers of all lists on the path stands for one layer.
        return fitting.allSatisfy { $0.isOne(of: layer.path) }
          ? layer.occurring(min(layer.count, fitting.count)) : layer
      }
    }
    return component.layers.filter(includes)
  }

  func includes(_ layer: ComponentShapes.Layer) -> Bool {
    switch self {
    case .everyLayer: layer.groups == 1
    case .containing(let parts): layer.groups == 1 && parts.contains { layer.path.contains($0) }
    case .matching(let patterns):
      layer.groups == 1
        && patterns.contains { pattern in
          (try? Regex(pattern)).map { layer.path.firstMatch(of: $0) != nil } ?? false
        }
    case .named(let names):
      layer.groups == 1 && names.contains { LayerName($0).fits(layer.path) }
    case .within(let classes):
      layer.kernel.allSatisfy { $0 == 1 } && layer.ancestors.contains { classes.contains($0) }
    case .modules(let classes):
      layer.groups == 1 && classes.contains { Self.isWithin($0, layer) }
    case .blocks(let lists):
      !layer.isConvolution && lists.contains { layer.path.hasPrefix("\($0).*.") }
    }
  }

  /// LyCORIS compares the names of classes. Libraries have renamed their attention since: what was
  /// `Attention` in the trainer's own copy is `FluxAttention` where our layers were counted.
  private static func isWithin(_ name: String, _ layer: ComponentShapes.Layer) -> Bool {
    name.hasSuffix("Transformer2DModel") || layer.ancestors.contains(name)
      || name == "Attention" && layer.role == .attention
        && layer.ancestors.contains { $0.hasSuffix("Attention") }
  }
}

/// A layer's name as a config writes it.
private struct LayerName {
  /// With `*` for numbers, as the paths of our layers have them.
  let pattern: String
  private let stars: Int

  init(_ name: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    pattern = parts.map { Int($0) == nil ? String($0) : "*" }.joined(separator: ".")
    // A star that the name itself has stands for any number.
    stars = parts.count { Int($0) != nil }
  }

  func fits(_ path: String) -> Bool { path == pattern || path.hasSuffix("." + pattern) }

  func isOne(of path: String) -> Bool {
    stars > 0 && stars == path.split(separator: ".").count { $0 == "*" }
  }
}

extension ComponentShapes.Layer {
  fileprivate func occurring(_ count: Int) -> Self {
    .init(
      path: path, count: count, inputs: inputs, outputs: outputs, kernel: kernel, groups: groups,
      hasBias: hasBias, role: role, ancestors: ancestors)
  }
}
