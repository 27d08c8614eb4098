public import SourceText

/// What was found in one file.
public struct FileReport: Sendable {
  public let source: SourceFile
  /// The trainer whose config it is.
  public let backend: String
  public let diagnostics: [Diagnostic]

  public init(source: SourceFile, backend: String, diagnostics: [Diagnostic]) {
    self.source = source
    self.backend = backend
    self.diagnostics = diagnostics
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

  public init(path: String, message: String, source: SourceFile? = nil, bytes: Range<Int>? = nil) {
    self.path = path
    self.message = message
    self.source = source
    self.bytes = bytes
  }
}

/// The outcome of a run over files.
public struct Report: Sendable {
  public var files: [FileReport]
  public var failures: [ReadFailure]

  public init(files: [FileReport], failures: [ReadFailure] = []) {
    self.files = files
    self.failures = failures
  }

  public func count(_ severity: Severity) -> Int {
    files.reduce(0) { $0 + $1.diagnostics.count { $0.severity == severity } }
  }

  public var fixable: Int {
    files.reduce(0) { $0 + $1.diagnostics.count { !$0.fixes.isEmpty } }
  }
}
