internal import Knowledge

/// What of a part's weights is on the card when the rest waits in RAM.
enum Offloading {
  static func resident(
    _ part: MemoryRun.Part, _ component: ComponentShapes, _ run: MemoryRun
  ) -> Double {
    let all = Double(part.format.bytes(of: component))
    let lists = part.role == .denoiser ? run.family.blocks : []
    if part.swappedBlocks > 0 {
      return max(0, all - swapped(part.swappedBlocks, part, component, lists, run.backend))
    }
    guard part.offloadedShare > 0 else { return all }
    let blocks =
      lists.isEmpty
      ? Double(part.format.bytes(of: component)) : blockBytes(part, component, lists)
    return all - min(1, part.offloadedShare) * blocks
  }

  private static func blockBytes(
    _ part: MemoryRun.Part, _ component: ComponentShapes, _ lists: [String]
  ) -> Double {
    component.layers.filter { layer in lists.contains { layer.path.hasPrefix("\($0).*.") } }
      .reduce(0.0) { $0 + Double($1.count * part.format.bytes(of: $1)) }
  }

  /// Members of a module list and their bytes.
  private static func members(
    _ list: String, _ part: MemoryRun.Part, _ component: ComponentShapes
  ) -> (count: Int, bytes: Double) {
    let layers = component.layers.filter { $0.path.hasPrefix("\(list).*.") }
    let plain = layers.filter { $0.path.split(separator: "*").count == 2 }.map(\.count)
    return (
      plain.max() ?? layers.map(\.count).max() ?? 0,
      layers.reduce(0.0) { $0 + Double($1.count * part.format.bytes(of: $1)) }
    )
  }

  /// kohya swaps half as many double blocks and twice the rest of single blocks; the others count
  /// blocks from the first list on.
  private static func swapped(
    _ blocks: Int, _ part: MemoryRun.Part, _ component: ComponentShapes, _ lists: [String],
    _ backend: String
  ) -> Double {
    let kinds = lists.map { members($0, part, component) }
    func bytes(_ place: Int, _ count: Int) -> Double {
      guard kinds.indices.contains(place), kinds[place].count > 0 else { return 0 }
      let (all, total) = kinds[place]
      return total * Double(min(count, all)) / Double(all)
    }
    if backend == "kohya", kinds.count == 2 {
      return bytes(0, blocks / 2) + bytes(1, (blocks - blocks / 2) * 2)
    }
    var left = blocks
    return kinds.indices.reduce(0.0) { sum, place in
      let taken = min(left, kinds[place].count)
      left -= taken
      return sum + bytes(place, taken)
    }
  }
}
