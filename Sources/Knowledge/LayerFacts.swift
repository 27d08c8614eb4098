internal import SourceText

/// The usual layer of a model's denoiser.
public struct LayerFacts: Sendable {
  /// Inputs and outputs.
  public let width: Int
  /// Numbers in the whole denoiser.
  public let parameters: Double
}

extension Catalogue {
  /// The usual layer of a model, by the name of its family or architecture; nil if it is not known.
  public static func layer(ofModel name: String) -> LayerFacts? {
    let models = EmbeddedFile.required("Schemas/layers.json").document().root["models"]
    let found = models?.children.first { entry in
      entry["names"]?.children.contains { $0.text == name } ?? false
    }
    guard let found, let width = found["width"].flatMap({ Int($0.text) }),
      let parameters = found["parameters"].flatMap({ Double($0.text) })
    else { return nil }
    return LayerFacts(width: width, parameters: parameters)
  }
}
