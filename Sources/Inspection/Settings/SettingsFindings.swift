import Plans
public import Reporting
import SourceText

/// What is said of the settings after a run: what is wrong in them, and which exceptions met nothing.
public struct SettingsFindings: Sendable {
  let house: HouseRules
  /// The folders that were searched, as absolute paths.
  let folders: [String]
  /// The files that were checked, as absolute paths.
  let checked: Set<String>
  let uses: Set<ExceptionUse>

  /// - Parameters:
  ///   - paths: What the call names.
  ///   - reports: On all files, before a baseline takes some away.
  public init(_ house: HouseRules, paths: [String], reports: [FileReport]) {
    self.house = house
    folders = paths.filter { $0 != "-" && FileInput.isFolder($0) }.map(AbsolutePath.of)
    checked = Set(house.files.isEmpty ? [] : reports.map { AbsolutePath.of($0.source.path) })
    uses = Set(reports.flatMap(\.exceptions))
  }

  /// One for each file of settings in which something was found.
  /// - Parameter known: The reports so far; on settings that were named themselves nothing is repeated.
  public func added(to known: [FileReport]) -> [FileReport] {
    var reports = known
    var house = house
    for file in house.files {
      guard let settings = try? house.settings(for: file.source.path) else { continue }
      let path = AbsolutePath.of(file.source.path)
      let own = reports.firstIndex { AbsolutePath.of($0.source.path) == path }
      // Repaired, its places are others.
      if let own, reports[own].source.bytes != file.source.bytes { continue }
      var report =
        own.map { reports[$0] }
        ?? FileReport(
          source: file.source, backend: SettingsBackend.name, diagnostics: file.diagnostics)
      report.diagnostics = settings.apply(
        to: report.diagnostics + found(in: file, settings), of: [file.source]
      ).left.sorted { $0.span.bytes.lowerBound < $1.span.bytes.lowerBound }
      report.threshold = settings.threshold
      if let own {
        reports[own] = report
      } else if !report.diagnostics.isEmpty {
        reports.append(report)
      }
    }
    return reports
  }

  private func found(in file: SettingsFile, _ settings: Settings) -> [Diagnostic] {
    let said = Set(file.diagnostics.map(\.span))
    let exceptions = file.layers.flatMap(\.exceptions).filter { !said.contains($0.span) }
    return exceptions.compactMap { exception in
      if uses.contains(exception.use(lacksReason: true)) {
        return finding(
          Suppressions.withoutReason,
          "a finding of '\(exception.rule)' loses the run: it is left out only with a reason",
          exception)
      }
      guard file.kind == .project, !exception.isLevel, settings.isAskedFor(exception.rule),
        isMissed(exception, in: file)
      else { return nil }
      return finding(
        Suppressions.unused,
        "'\(exception.rule)' is found in none of these files: nothing is left out", exception)
    }
  }

  /// Whether every file that an exception could mean was looked at, and it met nothing.
  private func isMissed(_ exception: SettingsException, in file: SettingsFile) -> Bool {
    if uses.contains(exception.use(lacksReason: false)) { return false }
    let isSearched = folders.contains { folder in
      folder == file.base || folder == "/" || file.base.hasPrefix(folder + "/")
    }
    return isSearched
      || exception.isOfOneFile
        && checked.contains {
          exception.patterns?.contains(file: AbsolutePath.path($0, from: file.base)) ?? false
        }
  }

  private func finding(
    _ rule: RuleDescription, _ message: String, _ exception: SettingsException
  ) -> Diagnostic {
    Diagnostic(
      rule: rule.id, severity: rule.severity, consequence: rule.consequence, message: message,
      why: rule.rationale, keyPath: exception.keyPath, span: exception.span,
      url: RuleDescription.page(of: rule.id))
  }
}

extension Settings {
  /// Whether the call or its environment asks for a rule: what is not asked for cannot be missed.
  func isAskedFor(_ rule: String) -> Bool {
    !layers.contains { layer in
      guard layer.isOfCall else { return false }
      return layer.ignored[rule] != nil || layer.select.map { !$0.value.contains(rule) } ?? false
    }
  }
}
