import Inspection
import Reporting
import SourceText

extension [FileReport] {
  /// What was found in all of them.
  var diagnostics: [Diagnostic] { flatMap(\.diagnostics) }
}

extension Repair.Outcome {
  /// What is left in all files.
  var diagnostics: [Diagnostic] { reports.diagnostics }
}
