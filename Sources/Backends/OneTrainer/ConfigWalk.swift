import Knowledge
import SourceText

extension OneTrainerConfig {
  /// The root and every object below it whose keys are known.
  static func objects(below root: ConfigObject) -> [ConfigObject] {
    let facts = Catalogue.oneTrainer
    var found: [ConfigObject] = [root]
    var place = 0
    while place < found.count {
      let object = found[place]
      place += 1
      for (setting, node) in object.known {
        guard let name = setting.object, let kind = facts.objects[name] else { continue }
        // Of an object that is read for two settings, only the one whose name it has.
        if let key = node.key, key != setting.key, object.facts[key] != nil { continue }
        switch setting.type {
        case .object where node.kind == .mapping:
          found.append(make(kind, node, object.childPath(setting.key)))
        case .list where node.kind == .sequence, .map where node.kind == .mapping:
          for child in node.children where child.kind == .mapping {
            found.append(make(kind, child, child.keyPath))
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
