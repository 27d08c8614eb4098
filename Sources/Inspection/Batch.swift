public import Reporting
public import SourceText

/// Checks many files, and repairs them where asked to.
public struct Batch: Sendable {
  public var inspector: Inspector
  public var repairs: Bool
  public var includesUnsafe: Bool
  /// Whether repaired files are written back.
  public var writes: Bool
  public var standardInputName: String?

  public init(
    inspector: Inspector, repairs: Bool = false, includesUnsafe: Bool = false, writes: Bool = false,
    standardInputName: String? = nil
  ) {
    self.inspector = inspector
    self.repairs = repairs
    self.includesUnsafe = includesUnsafe
    self.writes = writes
    self.standardInputName = standardInputName
  }

  /// What became of one file.
  public struct Result: Sendable {
    public var report: FileReport?
    public var failure: ReadFailure?
    public var original: SourceFile?
    public var repaired: SourceFile?
    public var appliedFixes = 0
    public var isStandardInput = false
  }

  /// - Parameter paths: Files, folders, `-`.
  /// - Returns: One result per config, in the order of the paths; files that were found in folders
  ///   and are no configs are left out.
  public func run(_ paths: [String]) -> [Result] {
    var targets: [(path: String, isNamed: Bool)] = []
    for path in paths {
      if path != "-", FileInput.isFolder(path) {
        targets += FileInput.configs(below: path).map {
          (path == "." ? String($0.dropFirst(2)) : $0, false)
        }
      } else {
        targets.append((path, true))
      }
    }
    return Parallel.map(targets) { check($0.path, isNamed: $0.isNamed) }.compactMap(\.self)
  }

  private func check(_ path: String, isNamed: Bool) -> Result? {
    var result = Result()
    result.isStandardInput = path == "-"
    do throws(ReadFailure) {
      let source = try FileInput.read(path, as: path == "-" ? standardInputName : nil)
      do throws(ReadFailure) {
        try check(source, into: &result)
      } catch {
        // Of what only lies in a folder, files that are clearly not ours are passed over.
        if !isNamed, !Self.looksLikeConfig(source) { return nil }
        throw error
      }
    } catch {
      result.failure = error
    }
    return result
  }

  private func check(_ source: SourceFile, into result: inout Result) throws(ReadFailure) {
    guard repairs else {
      result.report = try inspector.inspect(source)
      return
    }
    let outcome = try Repair(inspector, includesUnsafe: includesUnsafe).repair(source)
    result.original = source
    result.repaired = outcome.source
    result.appliedFixes = outcome.applied.count
    result.report =
      writes || result.isStandardInput ? outcome.report : try inspector.inspect(source)
    if writes, !result.isStandardInput, outcome.source.bytes != source.bytes {
      try FileOutput.replace(source.path, original: source.bytes, with: outcome.source.bytes)
    }
  }

  /// Whether a file that cannot be used speaks of training at all.
  private static func looksLikeConfig(_ source: SourceFile) -> Bool {
    let text = String(decoding: source.bytes.prefix(1 << 16), as: UTF8.self)
    return ["\"learning_rate\"", "\"training_method\"", "\"optimizer\"", "\"model_type\""].contains
    {
      text.contains($0)
    }
  }
}
