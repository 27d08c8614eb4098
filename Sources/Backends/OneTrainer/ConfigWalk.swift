import Knowledge
import SourceText

extension OneTrainerConfig {
  /// The root and every object below it whose keys are known.
  /// - Parameter made: Objects that have been read already.
  static func objects(below root: ConfigObject, made: [ConfigObject]) -> [ConfigObject] {
    let made = Dictionary(
      made.compactMap { object in object.node.map { ($0.id, object) } },
      uniquingKeysWith: { first, _ in first })
    let facts = Catalogue.oneTrainer
    var found: [ConfigObject] = [root]
    var place = 0
    while place < found.count {
      let object = found[place]
      place += 1
      for entry in object.known {
        let (setting, node) = (entry.facts, entry.node)
        guard let name = setting.object, let kind = facts.object(name) else { continue }
        // Of an object that is read for two settings, only the one whose name it has.
        if let key = node.key, key != setting.key, object.facts[key] != nil { continue }
        switch setting.type {
        case .object where node.kind == .mapping:
          found.append(made[node.id] ?? make(kind, node, object.childPath(setting.key)))
        case .list where node.kind == .sequence, .map where node.kind == .mapping:
          for (place, child) in node.children.enumerated() where child.kind == .mapping {
            let key = child.key.map { ".\($0)" } ?? "[\(place)]"
            found.append(made[child.id] ?? make(kind, child, object.childPath(setting.key) + key))
          }
        default: break
        }
      }
    }
    return found
  }

  private static func make(
    _ kind: ObjectFacts, _ node: DocumentNode, _ path: String
  ) -> ConfigObject {
    ConfigObject(kind, node: node, path: path, anchor: node.span)
  }
}
