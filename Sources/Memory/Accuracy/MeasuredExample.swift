public import SourceText

/// An example of a trainer that a measured run was made with, as far as the row does not say it.
public struct MeasuredExample: Sendable {
  /// The side of its pictures.
  public var pixels: Int?
  /// The description of its LyCORIS adapter.
  public var lycoris: Document?

  public init(pixels: Int? = nil, lycoris: Document? = nil) {
    self.pixels = pixels
    self.lycoris = lycoris
  }
}
