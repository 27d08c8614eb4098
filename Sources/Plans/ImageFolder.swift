/// A folder of images that a run is trained on.
public struct ImageFolder: Hashable, Sendable {
  /// As the config writes it.
  public var path: String
  /// How often each image is used in an epoch, for each time that the plan's length takes it to be.
  public var weight: Double
  public var includesSubfolders: Bool
  /// Whether the images lie in folders named `10_name`, to be used ten times each.
  public var hasNumberedFolders: Bool
  /// Images that an epoch takes, however many there are; nil for all.
  public var taken: Double?

  public init(
    path: String, weight: Double = 1, includesSubfolders: Bool = false,
    hasNumberedFolders: Bool = false, taken: Double? = nil
  ) {
    self.path = path
    self.weight = weight
    self.includesSubfolders = includesSubfolders
    self.hasNumberedFolders = hasNumberedFolders
    self.taken = taken
  }
}
