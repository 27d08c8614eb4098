/// An output format: a function of what was found.
public struct Reporter: Sendable, Identifiable {
  /// As `--format` takes it.
  public let id: String
  public let summary: String
  public let render: @Sendable (Report, Style) -> String

  public init(
    id: String, summary: String, render: @escaping @Sendable (Report, Style) -> String
  ) {
    self.id = id
    self.summary = summary
    self.render = render
  }

  public static let all: [Reporter] = [
    .pretty, .concise, .json, .sarif, .github, .gitlab, .junit, .checkstyle, .markdown,
  ]

  /// How text may look.
  public struct Style: Sendable {
    public var isColoured: Bool
    /// Columns of the terminal.
    public var width: Int

    public init(isColoured: Bool = false, width: Int = 100) {
      self.isColoured = isColoured
      self.width = max(40, width)
    }
  }
}

extension Reporter.Style {
  enum Colour: String {
    case red = "31"
    case green = "32"
    case yellow = "33"
    case blue = "34"
    case cyan = "36"
    case bold = "1"
    case dim = "2"
  }

  func paint(_ text: String, _ colours: Colour...) -> String {
    guard isColoured, !text.isEmpty else { return text }
    return "\u{1B}[\(colours.map(\.rawValue).joined(separator: ";"))m\(text)\u{1B}[0m"
  }
}
