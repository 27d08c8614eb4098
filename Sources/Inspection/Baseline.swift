public import Reporting
internal import SourceText

/// Findings that were there when a team began to look: they are not reported again. Each is known by its
/// fingerprint, which does not change when lines move.
public struct Baseline: Sendable {
  /// How often each fingerprint may be met.
  private let known: Set<String>

  /// - Throws: A ``ReadFailure`` with the place, if the file is no baseline.
  public init(reading path: String) throws(ReadFailure) {
    let source = try FileInput.read(path)
    let document: Document
    do throws(SyntaxError) {
      document = try DocumentReader.read(source)
    } catch {
      throw ReadFailure(path: path, message: error.message, source: source, bytes: error.bytes)
    }
    let findings = document.root["findings"]
    guard document.root["version"]?.text == "1", let findings, findings.kind == .sequence else {
      throw ReadFailure(
        path: path, message: "no baseline: --write-baseline writes one", source: source,
        bytes: 0..<0)
    }
    var known: Set<String> = []
    for entry in findings.children {
      guard let fingerprint = entry["fingerprint"], fingerprint.kind == .string else {
        throw ReadFailure(
          path: path, message: "a finding of the baseline has no fingerprint", source: source,
          bytes: entry.span.bytes)
      }
      known.insert(fingerprint.text)
    }
    self.known = known
  }

  /// What a run found, without what is known.
  ///
  /// - Returns: How many findings were known, and how many of the baseline are gone.
  public func remove(from report: inout Report) -> (known: Int, gone: Int) {
    var fingerprint = Fingerprint()
    var met: Set<String> = []
    for place in report.files.indices {
      let file = report.files[place]
      let path = report.repositoryPath(file.source.path)
      report.files[place].diagnostics = file.diagnostics.filter { diagnostic in
        let own = fingerprint.next(diagnostic, in: file, path: path)
        guard known.contains(own) else { return true }
        met.insert(own)
        return false
      }
    }
    return (met.count, known.count - met.count)
  }

  /// A baseline of all findings, in the order of the report.
  public static func text(of report: Report) -> String {
    var fingerprint = Fingerprint()
    let findings = report.files.flatMap { file in
      let path = report.repositoryPath(file.source.path)
      return file.diagnostics.map { diagnostic -> JSONValue in
        [
          "path": .text(path), "rule": .text(diagnostic.rule),
          "keyPath": .text(diagnostic.keyPath), "message": .text(diagnostic.message),
          "fingerprint": .text(fingerprint.next(diagnostic, in: file, path: path)),
        ]
      }
    }
    let document: JSONValue = ["version": 1, "findings": .array(findings)]
    return document.serialized
  }
}
