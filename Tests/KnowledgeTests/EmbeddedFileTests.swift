import Knowledge
import Testing

@Suite struct EmbeddedFileTests {
  @Test func areAllFilesOnDisk() {
    let (embedded, onDisk) = (EmbeddedFile.paths, Checkout.dataFiles)
    #expect(Set(embedded).symmetricDifference(onDisk) == [], "run Scripts/embed")
    #expect(embedded == embedded.sorted())
    #expect(embedded.count == onDisk.count)
  }

  @Test(arguments: EmbeddedFile.paths)
  func areWhatIsOnDisk(path: String) throws {
    let file = try #require(EmbeddedFile(path))
    #expect(file.path == path)
    let isSame = try file.bytes == Checkout.bytes(path)
    #expect(isSame, "run Scripts/embed and build again")
  }

  @Test(arguments: [
    "", "A", "Schemas", "Schemas/", "Schemas/options.jso", "Schemas/options.json2", "zzz",
    "schemas/options.json",
  ])
  func areFoundByTheirWholePathOnly(path: String) {
    #expect(EmbeddedFile(path) == nil)
  }
}
