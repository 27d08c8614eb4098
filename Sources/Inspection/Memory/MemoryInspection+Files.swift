public import Knowledge
import Memory
public import Reporting
import SourceText

extension MemoryInspection {
  /// The ids of all models that are known.
  public static var models: [String] { Catalogue.families.map(\.id) }

  /// The denoiser that a weights file or a manifest lists.
  public static func component(at path: String) throws(ReadFailure) -> ComponentShapes {
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
    do throws(SyntaxError) {
      let root = try JSONReader.read(source).root
      if let found = WeightsFile.component(root, id: path) { return found }
    } catch {
      throw ReadFailure(path: path, message: error.message, source: source, bytes: error.bytes)
    }
    throw ReadFailure(path: path, message: "it lists no tensors with their shapes")
  }
}
