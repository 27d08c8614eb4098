/// Where a formula or a number comes from.
public struct Citation: Sendable, Hashable {
  public let title: String
  public let url: String

  public init(_ title: String, _ url: String) {
    self.title = title
    self.url = url
  }
}
