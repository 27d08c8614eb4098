public import SourceText

/// What was found in one file.
public struct FileReport: Sendable {
  public let source: SourceFile
  /// The trainer whose config it is.
  public let backend: String
  /// What was found in this file; notes may point into ``others``.
  public var diagnostics: [Diagnostic]
  /// The files that were read with it.
  public let others: [SourceFile]
  /// The exceptions of the settings that met a finding of this file or of those read with it.
  public var exceptions: Set<ExceptionUse> = []
  /// The severity from which on a finding of this file makes the call fail; nil if none does.
  public var threshold: Severity? = .error

  /// Whether something in it makes the call fail.
  public var fails: Bool {
    threshold.map { limit in diagnostics.contains { $0.severity >= limit } } ?? false
  }

  public init(
    source: SourceFile, backend: String, diagnostics: [Diagnostic], others: [SourceFile] = []
  ) {
    self.source = source
    self.backend = backend
    self.diagnostics = diagnostics
    self.others = others
  }

  /// A config with the files that it names: one report for the config, and one for each of the others
  /// in which something was found.
  public static func reports(
    on source: SourceFile, backend: String, diagnostics: [Diagnostic], others: [SourceFile]
  ) -> [FileReport] {
    let files = [source] + others
    return files.compactMap { file in
      let own = diagnostics.filter { $0.span.file == file.id }
      if own.isEmpty, file.id != source.id { return nil }
      return FileReport(
        source: file, backend: backend, diagnostics: own,
        others: files.filter { $0.id != file.id })
    }
  }

  /// Where a note lies outside this file: `data.toml:3:1`.
  func place(of note: Diagnostic.Note) -> String? {
    guard note.span.file != source.id, let file = others.first(where: { $0.id == note.span.file })
    else { return nil }
    let at = LineTable(of: file).position(of: note.span.bytes.lowerBound)
    return "\(file.path):\(at.line):\(at.column)"
  }
}

/// A file that could not be checked.
public struct ReadFailure: Error, Sendable {
  public let path: String
  /// Lower case, no full stop.
  public let message: String
  /// The place, where the file could be read but not understood.
  public let source: SourceFile?
  public let bytes: Range<Int>?
  /// Whether the file is fine as what it is, which is no training config.
  public let isOtherKind: Bool

  public init(
    path: String, message: String, source: SourceFile? = nil, bytes: Range<Int>? = nil,
    isOtherKind: Bool = false
  ) {
    self.path = path
    self.message = message
    self.source = source
    self.bytes = bytes
    self.isOtherKind = isOtherKind
  }
}

/// The outcome of a run over files.
public struct Report: Sendable {
  public var files: [FileReport]
  public var failures: [ReadFailure]
  /// What is known of a rule, for formats that carry it.
  public var help: @Sendable (_ rule: String) -> RuleHelp?
  /// A path as the repository names it, for formats that are read there.
  public var repositoryPath: @Sendable (_ path: String) -> String

  public init(
    files: [FileReport], failures: [ReadFailure] = [],
    help: @escaping @Sendable (String) -> RuleHelp? = { _ in nil },
    repositoryPath: @escaping @Sendable (String) -> String = { $0 }
  ) {
    self.files = files
    self.failures = failures
    self.help = help
    self.repositoryPath = repositoryPath
  }

  public func count(_ severity: Severity) -> Int {
    files.reduce(0) { $0 + $1.diagnostics.count { $0.severity == severity } }
  }

  public var fixable: Int {
    files.reduce(0) { $0 + $1.diagnostics.count { !$0.fixes.isEmpty } }
  }
}
