internal import SourceText

/// The layers that SimpleTuner puts a LoRA on where the config names none.
public struct AdapterTargetFacts: Sendable {
  /// Names as PEFT takes them.
  public let names: [String]
  /// Whether the model's own class joins the projections of attention into one layer.
  public let areJoined: Bool

  /// - Parameters:
  ///   - family: The trainer's name of the model.
  ///   - option: What the option says that chooses the layers for this family, if it has one.
  public init(of family: String, option: String? = nil) {
    let root = EmbeddedFile.required("Schemas/adapter-targets.json").document().root
    let own = root["families"]?[family]
    areJoined = own?["joined"]?.text == "true"
    if let choice = own?["option"]?.text {
      let choices = root["options"]?[choice]
      names = Self.list(choices?[option ?? "all"] ?? choices?["all"])
    } else {
      names = Self.list(own?["targets"] ?? root["usual"])
    }
  }

  /// The layers that suit a slider.
  public static func slider(of family: String) -> [String] {
    let facts = EmbeddedFile.required("Schemas/adapter-targets.json").document().root["slider"]
    return list(facts?["families"]?[family] ?? facts?["usual"])
  }

  /// The layers of a ControlNet that is made of a UNet.
  public static var controlNet: [String] {
    list(EmbeddedFile.required("Schemas/adapter-targets.json").document().root["controlNet"])
  }

  private static func list(_ node: DocumentNode?) -> [String] {
    node?.children.map(\.text) ?? []
  }
}
