import SourceText
import TestSupport
import Testing

@testable import Inspection

@Suite struct SchemaStoreTests {
  static let paths = Repository.files(below: "Schemas/editor", ending: ".schema.json")

  /// Each schema once, at the place that its own file has.
  @Test func listsTheSchemasThatAreThere() {
    let urls = SchemaStoreEntry.catalogue.elements.compactMap { $0["url"]?.string }
    let places = Self.paths.map {
      "\(SchemaStoreEntry.place)/\($0.dropFirst("Schemas/editor/".count))"
    }
    #expect(Set(urls) == Set(places))
    #expect(urls.count == places.count)
  }

  @Test(arguments: SchemaStoreEntry.all.map(\.schema))
  func isLikeTheOthersThere(_ schema: String) throws {
    let entry = try #require(SchemaStoreEntry.all.first { $0.schema == schema })
    // Descriptions there end without a full stop; patterns match names of these files alone.
    #expect(!entry.description.hasSuffix("."))
    #expect(!entry.fileMatch.isEmpty)
    for pattern in entry.fileMatch {
      #expect(!["*.json", "*.toml", "*.yaml", "*.yml", "config.json"].contains(pattern))
    }
    let root = try JSONValue.reading(Repository.text("Schemas/editor/\(schema).schema.json"))
    #expect(root["$schema"]?.string == "http://json-schema.org/draft-07/schema#")
    #expect(root["title"]?.string?.isEmpty == false)
  }

  @Test func namesAreDistinct() {
    let names = SchemaStoreEntry.all.map(\.name)
    #expect(Set(names).count == names.count)
  }
}
