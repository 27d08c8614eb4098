internal import Knowledge
internal import SourceText

/// An optimizer that the guides recommend, with its rates: `Presets/optimizers.json`.
struct OptimizerChoice: Sendable {
  let id: String
  let title: String
  /// The learning rate by method, in digits.
  private let rates: [String: String]
  /// Why: by topic (`optimizer`, `options`, `rate`, `schedule`).
  let reasons: [String: String]
  /// Where that is said.
  let source: String

  /// The rate as it is written, and as a number.
  func rate(_ method: Method) -> (digits: String, value: Double) {
    let digits = rates[method.rawValue] ?? "0.0001"
    return (digits, Number.parse(digits) ?? 1e-4)
  }

  static func all() -> [OptimizerChoice] {
    guard let file = EmbeddedFile("Presets/optimizers.json") else { return [] }
    return file.document().root["optimizers"]?.children.map(OptimizerChoice.init) ?? []
  }

  private init(_ node: DocumentNode) {
    func texts(_ key: String) -> [String: String] {
      Dictionary(
        node[key]?.children.map { ($0.key ?? "", $0.text) } ?? [],
        uniquingKeysWith: { first, _ in first })
    }
    id = node["id"]?.text ?? ""
    title = node["title"]?.text ?? ""
    rates = texts("rates")
    reasons = texts("reasons")
    source = node["source"]?.text ?? ""
  }
}
