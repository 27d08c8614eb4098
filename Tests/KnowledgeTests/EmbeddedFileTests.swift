import Knowledge
import Testing

@Suite struct EmbeddedFileTests {
  @Test func areAllFilesOnDisk() {
    #expect(EmbeddedFile.paths == Checkout.dataFiles, "run Scripts/embed")
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
