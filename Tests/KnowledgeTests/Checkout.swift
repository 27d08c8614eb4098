import Foundation
import SourceText
import Testing

/// The repository these tests were built from.
enum Checkout {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: root.appending(path: path)))
  }

  /// The files that belong into the program, from the top of the repository, sorted.
  static let dataFiles: [String] =
    (files(in: "Schemas").filter { $0.hasSuffix(".json") && !$0.hasPrefix("Schemas/editor/") }
    + files(in: "Presets")).sorted()

  private static func files(in folder: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: root.appending(path: folder).path())
    return (names?.compactMap { $0 as? String } ?? []).map { "\(folder)/\($0)" }.filter {
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(
        atPath: root.appending(path: $0).path(), isDirectory: &isFolder)
      return exists && !isFolder.boolValue
    }
  }
}

/// What was read from the trainer's own source, where it lies beside the checkout.
enum Facts {
  private static let folder = Checkout.root.deletingLastPathComponent().appending(path: "shared")

  /// Tests of them are disabled where they are not.
  static let arePresent = ["facts/onetrainer", "guides"].allSatisfy {
    FileManager.default.fileExists(atPath: folder.appending(path: $0).path())
  }

  static func text(_ path: String) -> String {
    let data = FileManager.default.contents(atPath: folder.appending(path: path).path())
    return String(decoding: data ?? Data(), as: UTF8.self)
  }

  static func json(_ path: String) -> DocumentNode? {
    try? JSONReader.read(SourceFile(path: path, text: text(path))).root
  }

  static let optimizers = list("optimizers.json", "optimizers", name: "id")
  static let options = list("options.json", "options", name: "key")
  static let keys = list("train_config.json", "keys", name: "key")
  static let trainConfig = json("facts/onetrainer/train_config.json")
  static let models =
    trainConfig?["model_types"]?.children.map { Fact(name: $0.key ?? "", node: $0) } ?? []

  private static func list(_ file: String, _ list: String, name: String) -> [Fact] {
    json("facts/onetrainer/\(file)")?[list]?.children
      .map { Fact(name: $0[name]?.text ?? "", node: $0) } ?? []
  }
}

/// An entry of the facts.
struct Fact: Sendable, CustomTestStringConvertible {
  let name: String
  let node: DocumentNode

  var testDescription: String { name }

  subscript(key: String) -> DocumentNode? { node[key] }
  func flag(_ key: String) -> Bool { node[key]?.text == "true" }
  func text(_ key: String) -> String? { node[key].flatMap { $0.kind == .string ? $0.text : nil } }
  func texts(_ key: String) -> [String] { node[key]?.children.map(\.text) ?? [] }
}

extension Trait where Self == ConditionTrait {
  static var ifFactsArePresent: ConditionTrait {
    .enabled(if: Facts.arePresent, "no ../shared beside the checkout")
  }
}
