internal import Knowledge
public import SourceText

extension AdapterShape {
  /// An adapter as a file for LyCORIS describes it: `algo`, `linear_dim`, `factor`, and under
  /// `apply_preset` the classes that it goes to.
  /// - Throws: What is not known of it.
  public init(lycoris file: DocumentNode) throws(MemoryUnknown) {
    let kinds: [String: Kind] = [
      "lora": .lora, "locon": .lora, "loha": .loha, "lokr": .lokr, "dora": .dora,
      "diag-oft": .oft, "boft": .oft,
    ]
    let algorithm = file["algo"]?.text ?? "lokr"
    guard let kind = kinds[algorithm] else {
      throw .model("the size of a LyCORIS adapter '\(algorithm)' is not known")
    }
    func count(_ node: DocumentNode?) -> Int? {
      node.flatMap { SettingValue($0).number }.flatMap { $0 >= 1 && $0 < 1e9 ? Int($0) : nil }
    }
    let preset = file["apply_preset"]
    let classes = preset?["target_module"]?.children.map(\.text) ?? []
    self.init(
      kind, rank: count(file["linear_dim"]) ?? 16,
      targets: classes.isEmpty ? .modules(["Attention", "FeedForward"]) : .modules(classes))
    convolutionRank = count(file["conv_dim"])
    factor = count(file["factor"]) ?? -1
    // LyCORIS asks for true itself.
    isFullMatrix = file["full_matrix"].map { SettingValue($0) } == .boolean(true)
    let byClass = preset?["module_algo_map"]
    attentionFactor = count(byClass?["Attention"]?["factor"])
    feedForwardFactor = count(byClass?["FeedForward"]?["factor"])
    if let only = classes.first, classes.count == 1, let own = count(byClass?[only]?["factor"]) {
      (attentionFactor, feedForwardFactor, factor) = (own, own, own)
    }
  }
}
