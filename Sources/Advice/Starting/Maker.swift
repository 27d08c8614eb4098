internal import SourceText

/// What is decided about a run before it is written down.
struct StartChoice: Sendable {
  let optimizer: Recipe.Block
  let facts: OptimizerChoice
  let savings: [Recipe.Block]
  /// How many times the usual length.
  var longer = 1.0
}

/// Writes a choice down as its trainer reads it.
struct Maker: Sendable {
  let recipe: Recipe
  let request: StartRequest
  let model: Recipe.Model

  /// The script that is started, where the trainer has several.
  var script: String? { model.methods[request.method.rawValue]?.script }

  func numbers(_ choice: StartChoice) -> RunNumbers {
    RunNumbers(
      request, rate: choice.facts.rate(request.method), savings: choice.savings,
      isFused: choice.optimizer.isFused, longer: choice.longer)
  }

  /// - Returns: Nil where the recipe says something that the format cannot express.
  func files(_ choice: StartChoice, named name: String? = nil) -> ConfigFiles? {
    let filling = filling(choice)
    let tree = tree(choice, filling)
    let reasons = reasons(choice, tree, filling)
    var writer = DocumentWriter(recipe.format)
    writer.comments = Dictionary(
      reasons.map { ($0.keyPath, $0.reason) }, uniquingKeysWith: { first, _ in first })
    writer.header = recipe.header.map { $0.filled { filling.word($0) } }
    guard let text = writer.text(tree.withoutPlaces(depth: recipe.placeDepth)) else { return nil }
    var companions: [SourceFile] = []
    for (name, content) in recipe.companions {
      let format: DocumentFormat = name.hasSuffix(".toml") ? .toml : .json
      guard let text = DocumentWriter(format).text(filling.value(content)) else { return nil }
      companions.append(SourceFile(path: name, text: text))
    }
    return ConfigFiles(
      config: SourceFile(path: name ?? recipe.fileName, text: text), companions: companions)
  }

  func filling(_ choice: StartChoice) -> Filling {
    Filling(
      numbers: numbers(choice), part: model.part,
      words: ["script": script ?? "", "model": request.model.title])
  }

  private func blocks(_ choice: StartChoice) -> [Recipe.Block] {
    let method = request.method.rawValue
    return [model.block, recipe.methods[method], model.methods[method], choice.optimizer]
      .compactMap(\.self) + [recipe.settings] + choice.savings
  }

  private func tree(_ choice: StartChoice, _ filling: Filling) -> ConfigTree {
    var tree = ConfigTree(recipe.base)
    for block in blocks(choice) {
      for (path, value) in block.settings {
        let path = recipe.root + filling.path(path)
        tree.set(path, to: filled(value, filling, tree))
      }
    }
    return tree
  }

  /// `=optimizer` is a copy of what stands at that path.
  private func filled(_ value: EditValue, _ filling: Filling, _ tree: ConfigTree) -> EditValue {
    switch value {
    case .text(let text) where text.hasPrefix("="):
      return tree.value(at: recipe.root + text.dropFirst()) ?? .null
    case .mapping(let entries):
      return .mapping(entries.map { .init($0.key, filled($0.value, filling, tree)) })
    default: return filling.value(value)
    }
  }

  // MARK: Reasons

  /// Why the settings have their values, in the order of the file.
  func reasons(_ choice: StartChoice) -> [SettingReason] {
    let filling = filling(choice)
    return reasons(choice, tree(choice, filling), filling)
  }

  private func reasons(
    _ choice: StartChoice, _ tree: ConfigTree, _ filling: Filling
  ) -> [SettingReason] {
    let words = Reasons(
      request: request, optimizer: choice.facts, numbers: filling.numbers,
      isFused: choice.optimizer.isFused)
    var found: [String: (String, String)] = [:]
    for (path, topic) in recipe.topics {
      let place = recipe.root + filling.path(path)
      if let reason = words.reason(topic) { found[place] = reason }
    }
    for block in blocks(choice) {
      for (path, reason) in block.reasons {
        found[recipe.root + filling.path(path)] = (reason.filled { filling.word($0) }, "")
      }
    }
    for saving in choice.savings {
      guard let first = saving.settings.first else { continue }
      found[recipe.root + filling.path(first.path)] = ("saves memory: \(saving.cost)", "")
    }
    return Self.paths(tree.withoutPlaces(depth: recipe.placeDepth)).compactMap { path in
      guard let (reason, source) = found[path], let value = tree.value(at: path) else { return nil }
      return SettingReason(
        keyPath: path, value: DocumentWriter.inline(value), reason: reason, source: source)
    }
  }

  /// All key paths, in the order of the file.
  private static func paths(_ value: EditValue, _ above: String = "") -> [String] {
    switch value {
    case .mapping(let entries):
      return entries.flatMap { entry -> [String] in
        let path = KeyPath.joined([above, entry.key].filter { !$0.isEmpty })
        return [path] + paths(entry.value, path)
      }
    case .list(let values):
      return values.enumerated().flatMap { paths($0.element, "\(above)[\($0.offset)]") }
    default: return []
    }
  }
}
