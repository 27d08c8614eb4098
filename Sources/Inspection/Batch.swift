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
  /// How folders are searched.
  public var search = FileSearch()
  /// What holds for each file.
  public var house: HouseRules?

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
    /// What was found in it, then in the files that it names.
    public var reports: [FileReport] = []
    public var failure: ReadFailure?
    public var original: SourceFile?
    public var repaired: SourceFile?
    public var appliedFixes = 0
    public var isStandardInput = false
    var isRepaired: Bool { appliedFixes > 0 }
  }

  /// - Parameter paths: Files, folders, patterns, `-`.
  /// - Returns: One result per config, in the order of the paths; files that were found in folders
  ///   and are no configs are left out.
  /// - Throws: A ``ReadFailure`` if a pattern matches nothing, or if settings cannot be read: without them nothing is judged.
  public mutating func run(_ paths: [String]) throws(ReadFailure) -> [Result] {
    var targets: [(path: String, isNamed: Bool)] = []
    for path in paths {
      if path != "-", FileInput.isFolder(path) {
        targets += search.configs(below: path).map {
          (path == "." ? String($0.dropFirst(2)) : $0, false)
        }
      } else if path != "-", FileSearch.isPattern(path), !FileInput.exists(path) {
        let found = search.files(matching: path)
        if found.isEmpty {
          throw ReadFailure(path: path, message: "no file matches this pattern")
        }
        targets += found.map { ($0, false) }
      } else {
        targets.append((path, true))
      }
    }
    var works: [Work] = []
    works.reserveCapacity(targets.count)
    for (path, isNamed) in targets {
      let name = path == "-" ? standardInputName ?? "stdin" : path
      let settings = try settings(for: name)
      works.append(Work(path: path, isNamed: isNamed, settings: settings))
    }
    let batch = self
    let results = Parallel.map(works) { batch.check($0) }.compactMap(\.self)
    return Self.eachFileOnce(results)
  }

  /// A file that a config names is judged with that config, and not on its own as well.
  private static func eachFileOnce(_ results: [Result]) -> [Result] {
    let named = Set(results.flatMap { $0.reports.first?.others.map(\.path) ?? [] })
    if named.isEmpty { return results }
    var seen: Set<String> = []
    return results.compactMap { result in
      var result = result
      if let own = result.reports.first, !result.isRepaired, named.contains(own.source.path) {
        return nil
      }
      // Two configs may name the same file.
      let others = result.reports.dropFirst().filter { seen.insert($0.source.path).inserted }
      result.reports = result.reports.prefix(1) + others
      return result
    }
  }

  /// What holds for a file.
  public mutating func settings(for path: String) throws(ReadFailure) -> Settings {
    try house?.settings(for: path) ?? .standard
  }

  /// A file and what holds for it.
  private struct Work: Sendable {
    let path: String
    let isNamed: Bool
    let settings: Settings
  }

  private func check(_ work: Work) -> Result? {
    let (path, isNamed) = (work.path, work.isNamed)
    let inspector = inspector.with(work.settings)
    var result = Result()
    result.isStandardInput = path == "-"
    do throws(ReadFailure) {
      let source = try FileInput.read(path, as: path == "-" ? standardInputName : nil)
      do throws(ReadFailure) {
        try check(source, inspector, into: &result)
      } catch {
        // Of what only lies in a folder, files that are clearly not ours are passed over.
        if !isNamed, error.isOtherKind || !Self.looksLikeConfig(source) { return nil }
        throw error
      }
    } catch {
      result.failure = error
    }
    return result
  }

  private func check(
    _ source: SourceFile, _ inspector: Inspector, into result: inout Result
  ) throws(ReadFailure) {
    let neighbours = FileInput.neighbours(of: source.path)
    guard repairs else {
      result.reports = try inspector.inspect(source, neighbours: neighbours)
      return
    }
    let repair = Repair(inspector, includesUnsafe: includesUnsafe)
    guard writes, !result.isStandardInput else {
      let outcome = try repair.repair(source, neighbours: neighbours)
      result.original = source
      result.repaired = outcome.source
      result.appliedFixes = outcome.applied.count
      result.reports =
        result.isStandardInput
        ? outcome.reports : try inspector.inspect(source, neighbours: neighbours)
      return
    }
    var source = source
    // Somebody else may write the file in between: then what they wrote is repaired.
    for _ in 0..<Self.maximumAttempts {
      let outcome = try repair.repair(source, neighbours: neighbours)
      if outcome.source.bytes == source.bytes {
        result.reports = outcome.reports
        return
      }
      // What cannot be written is still there to be reported.
      result.reports = try inspector.inspect(source, neighbours: neighbours)
      if try FileOutput.replaceIfUnchanged(
        source.path, original: source.bytes, with: outcome.source.bytes)
      {
        result.original = source
        result.repaired = outcome.source
        result.appliedFixes = outcome.applied.count
        result.reports = outcome.reports
        return
      }
      source = try FileInput.read(source.path)
    }
    throw ReadFailure(
      path: source.path, message: "it changes faster than it can be repaired: left as it is")
  }

  private static let maximumAttempts = 8

  /// Whether a file that cannot be used speaks of training at all.
  private static func looksLikeConfig(_ source: SourceFile) -> Bool {
    let text = String(decoding: source.bytes.prefix(1 << 16), as: UTF8.self)
    // A job of ai-toolkit names its trainer.
    return [
      "\"learning_rate\"", "\"training_method\"", "\"optimizer\"", "\"model_type\"", "sd_trainer",
      "diffusion_trainer",
      "network_module", "optimizer_type",
    ].contains { text.contains($0) }
  }
}
