import SourceText
import Testing

@testable import Knowledge

extension SettingFacts {
  /// Whether it can hold the value without a conversion.
  func takes(_ value: SettingValue) -> Bool {
    switch (value, type) {
    // A value that is made anew, or has to be given, has no default.
    case (.null, _): isNullable || node["generated"] != nil || node["required"] != nil
    case (.boolean, .boolean), (.text, .text): true
    case (.number(let number), .integer): number == number.rounded()
    case (_, .number): value.number.map { !$0.isNaN } ?? false
    case (.text(let name), .choice): choices.contains(name)
    case (.collection, .object), (.collection, .list), (.collection, .map): true
    default: false
    }
  }

  /// Whether it lies within the bounds, if there are any.
  func bounds(_ value: SettingValue) -> Bool {
    guard let range, let number = value.number else { return true }
    return range.contains(number)
  }
}

extension SettingValue {
  /// As a file states it.
  var written: StatedValue { StatedValue(self, isWritten: true) }
}

extension BackendFacts {
  /// The setting at a path such as `optimizer.beta1` or `*.train`, `*` being every part of a model.
  func setting(at path: SettingPath) -> SettingFacts? {
    switch path {
    case .plain(let key): root[key]
    case .ofParts(let key): objects["modelPart"]?[key]
    case .nested("optimizer_args", let key): Catalogue.option(key)
    case .nested(let object, let key):
      root[object]?.object.flatMap { objects[$0]?[key] } ?? objects[object]?[key]
    }
  }
}

/// An optimizer under one name of one trainer.
struct UseCase: Sendable, CustomTestStringConvertible {
  let optimizer: OptimizerFacts
  let use: OptimizerUse

  var testDescription: String { "\(use.backend) \(use.name)" }

  static let all: [UseCase] = Catalogue.optimizers.flatMap { optimizer in
    optimizer.backends.flatMap { backend in
      optimizer.uses(in: backend).map { UseCase(optimizer: optimizer, use: $0) }
    }
  }
}

/// The data itself, for what the types leave out.
enum Raw {
  static func optimizer(_ id: String) -> DocumentNode? { file("optimizers", id) }
  static func model(_ id: String) -> DocumentNode? { file("models", id) }

  private static func file(_ folder: String, _ id: String) -> DocumentNode? {
    let name = String(id.lowercased().map { $0 == "_" ? "-" : $0 })
    return EmbeddedFile("Schemas/\(folder)/\(name).json")?.document().root
  }

  /// The trainers whose settings are described.
  static let backends = EmbeddedFile.paths.filter { $0.hasPrefix("Schemas/backends/") }
    .map { String($0.dropFirst("Schemas/backends/".count).dropLast(".json".count)) }
  static func backend(_ id: String) -> DocumentNode? { file("backends", id) }
  static let oneTrainer = EmbeddedFile("Schemas/backends/onetrainer.json")?.document().root
  /// The rows of a trainer's list of constraints; none where it is not described.
  static func rows(of backend: String) -> [String] {
    EmbeddedFile("Schemas/coverage/\(backend).json")?.document().root["rows"]?.children
      .compactMap { $0["id"]?.text } ?? []
  }
  static let rows = rows(of: "onetrainer")
  static let simulation = EmbeddedFile("Schemas/simulation.json")?.document().root["backends"]
}

extension Sequence where Element: Hashable {
  /// The elements that stand more than once.
  var repeated: [Element] {
    var seen: Set<Element> = []
    return filter { !seen.insert($0).inserted }
  }
}
