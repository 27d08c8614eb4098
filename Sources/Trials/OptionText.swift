public import Optimizers
internal import SourceText

extension HyperparameterValue {
  /// A value as Python or JSON writes it: `True`, `null`, `1e-3`; what is neither is a text.
  public init(text: String) {
    self =
      switch text {
      case "True", "true": .flag(true)
      case "False", "false": .flag(false)
      case "None", "null": .none
      default: Number.parse(text).map { .number($0) } ?? .text(text)
      }
  }
}
