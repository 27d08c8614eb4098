/// A value to be written into a document, in the way its format writes it.
public indirect enum EditValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  /// Where TOML and YAML hold a float, it stays one: 1 is written as `1.0` there.
  case number(Double)
  /// A number in the user's own digits, kept if the format reads a number in them.
  case numeral(String)
  case text(String)
  case list([EditValue])
  case mapping([Entry])

  public static func texts(_ texts: [String]) -> EditValue { .list(texts.map(EditValue.text)) }

  /// A mapping with one entry.
  public static func entry(_ key: String, _ value: EditValue) -> EditValue {
    .mapping([Entry(key, value)])
  }

  public struct Entry: Hashable, Sendable {
    public let key: String
    public let value: EditValue

    public init(_ key: String, _ value: EditValue) {
      self.key = key
      self.value = value
    }
  }
}
