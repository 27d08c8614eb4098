internal import Knowledge
internal import SourceText

/// A model by the names that people give it: `Presets/models.json`.
public struct KnownModel: Sendable {
  /// As in `Schemas/families.json`.
  public let id: String
  /// What it is called on the command line, the usual name first.
  public let names: [String]
  /// The side of the pictures it was made for, in pixels.
  public let resolution: Int

  public var title: String { Catalogue.family(id)?.title ?? id }

  /// All of them, the most common first.
  public static var all: [KnownModel] {
    guard let file = EmbeddedFile("Presets/models.json") else { return [] }
    return file.document().root["models"]?.children.map { node in
      KnownModel(
        id: node["id"]?.text ?? "", names: node["names"]?.children.map(\.text) ?? [],
        resolution: node["resolution"].flatMap { Int($0.text) } ?? 1024)
    } ?? []
  }

  /// A model by any of its names or its id; case and marks between words do not count.
  public init?(named name: String, among models: [KnownModel] = KnownModel.all) {
    let plain = Self.plain(name)
    guard let found = models.first(where: { ([$0.id] + $0.names).map(Self.plain).contains(plain) })
    else { return nil }
    self = found
  }

  init(id: String, names: [String], resolution: Int) {
    self.id = id
    self.names = names
    self.resolution = resolution
  }

  public var name: String { names.first ?? id }

  private static func plain(_ name: String) -> String {
    String(name.lowercased().filter { $0.isLetter || $0.isNumber })
  }

  /// The nearest name of a model, where one is near.
  public static func nearest(to name: String) -> String? {
    let all = all
    guard let near = Suggestion.nearest(to: name, in: all.flatMap(\.names)) else { return nil }
    return KnownModel(named: near, among: all)?.name
  }
}
