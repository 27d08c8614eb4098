public import Knowledge
import Memory
public import Reporting
import SourceText

extension MemoryInspection {
  /// The ids of all models that are known.
  public static var models: [String] { Catalogue.families.map(\.id) }

  /// The denoiser that a weights file or a manifest lists.
  public static func component(at path: String) throws(ReadFailure) -> ComponentShapes {
    if path.lowercased().hasSuffix(".gguf") { return try gguf(at: path) }
    let source: SourceFile
    if path.lowercased().hasSuffix(".safetensors") {
      let start = try FileInput.beginning(of: path, count: 8)
      guard let length = WeightsFile.headerLength(start) else {
        throw ReadFailure(path: path, message: "its first eight bytes state no header")
      }
      let bytes = try FileInput.beginning(of: path, count: 8 + length)
      guard bytes.count == 8 + length else {
        throw ReadFailure(path: path, message: "the file ends within its header")
      }
      source = SourceFile(path: path + ".json", bytes: Array(bytes.dropFirst(8)))
    } else {
      source = try FileInput.read(path)
    }
    let root: DocumentNode
    do throws(SyntaxError) {
      root = try JSONReader.read(source).root
    } catch {
      throw ReadFailure(path: path, message: error.message, source: source, bytes: error.bytes)
    }
    do throws(WeightsFile.Problem) {
      if let found = try WeightsFile.component(root, id: path) { return found }
    } catch {
      throw ReadFailure(path: path, message: error.message)
    }
    throw ReadFailure(path: path, message: "it lists no tensors with their shapes")
  }

  /// The header of a GGUF file, whose length nothing states: more is read until it is whole.
  private static func gguf(at path: String) throws(ReadFailure) -> ComponentShapes {
    var count = 1 << 18
    while true {
      let bytes = try FileInput.beginning(of: path, count: count)
      do throws(GGUFFile.Problem) {
        return try GGUFFile(Array(bytes)).component(id: path)
      } catch {
        switch error {
        case .invalid(let words):
          throw ReadFailure(path: path, message: "its header cannot be read: \(words)")
        case .incomplete where bytes.count < count || count >= 1 << 27:
          throw ReadFailure(path: path, message: "the file ends within its header")
        case .incomplete: count *= 4
        }
      }
    }
  }
}
