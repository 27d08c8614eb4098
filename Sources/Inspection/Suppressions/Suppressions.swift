import Plans
import Reporting
import SourceText

/// Leaves out what comments of the files suppress, and reports comments that do not do what they say.
struct Suppressions {
  /// Whether a rule is reported in this run: what is not asked for cannot be missed.
  let isReported: (String) -> Bool

  func apply(to diagnostics: [Diagnostic], of files: [SourceFile]) -> [Diagnostic] {
    var left = diagnostics
    // The list of all rules is made only where it is needed.
    var known: Set<String>?
    for file in files where Self.mayHaveSome(file) {
      guard let document = try? DocumentReader.read(file) else { continue }
      let comments = Suppression.all(in: document)
      if comments.isEmpty { continue }
      let lines = LineTable(of: file)
      let rules = known ?? Set(Inspector.descriptions.map(\.id))
      known = rules
      for comment in comments { apply(comment, rules, file, lines, &left) }
    }
    return left
  }

  /// A look at the bytes: hardly any file has comments of ours.
  private static func mayHaveSome(_ file: SourceFile) -> Bool {
    let word = Array("tuneup:".utf8)
    var rest = file.bytes[...]
    while let start = rest.firstIndex(of: word[0]) {
      if rest[start...].starts(with: word) { return true }
      rest = rest[(start + 1)...]
    }
    return false
  }

  private func apply(
    _ comment: Suppression, _ known: Set<String>, _ file: SourceFile, _ lines: LineTable,
    _ left: inout [Diagnostic]
  ) {
    guard let rules = comment.rules else {
      left.append(
        finding(
          Self.unknownRule,
          "'\(file.text(of: comment.bytes))' says nothing: write ignore[rule] reason",
          at: comment.bytes, in: file))
      return
    }
    for rule in rules {
      guard known.contains(rule.id) else {
        report(unknown: rule, known, in: file, &left)
        continue
      }
      guard isReported(rule.id) else { continue }
      let hits = left.indices.filter { place in
        let diagnostic = left[place]
        return diagnostic.rule == rule.id && diagnostic.span.file == file.id
          && lines.position(of: diagnostic.span.bytes.lowerBound).line == comment.line
      }
      if hits.isEmpty {
        let edit = rules.count == 1 ? TextEdit(SourceSpan(comment.removable, in: file.id), "") : nil
        left.append(
          finding(
            Self.unused, "'\(rule.id)' is not found here: nothing is suppressed", at: rule.bytes,
            in: file,
            fixes: edit.map { [Fix(title: "remove the comment", safety: .safe, edits: [$0])] }
              ?? []))
      } else if comment.reason.isEmpty, hits.contains(where: { left[$0].severity == .error }) {
        left.append(
          finding(
            Self.withoutReason, "'\(rule.id)' loses the run: it is suppressed only with a reason",
            at: rule.bytes, in: file))
      } else {
        for place in hits.reversed() { left.remove(at: place) }
      }
    }
  }

  private func report(
    unknown rule: (id: String, bytes: Range<Int>), _ known: Set<String>, in file: SourceFile,
    _ left: inout [Diagnostic]
  ) {
    let nearest = Suggestion.allNearest(to: rule.id, in: known.sorted())
    let hint =
      nearest.isEmpty
      ? "" : ": did you mean \(nearest.map { "'\($0)'" }.joined(separator: " or "))?"
    let fixes =
      nearest.count == 1
      ? [
        Fix(
          title: "write \(nearest[0])", safety: .safe,
          edits: [TextEdit(SourceSpan(rule.bytes, in: file.id), nearest[0])])
      ] : []
    left.append(
      finding(
        Self.unknownRule, "'\(rule.id)' is no rule\(hint)", at: rule.bytes, in: file, fixes: fixes))
  }

  private func finding(
    _ rule: RuleDescription, _ message: String, at bytes: Range<Int>, in file: SourceFile,
    fixes: [Fix] = []
  ) -> Diagnostic {
    Diagnostic(
      rule: rule.id, severity: rule.severity, consequence: rule.consequence, message: message,
      why: rule.rationale, keyPath: "", span: SourceSpan(bytes, in: file.id), fixes: fixes,
      url: RuleDescription.page(of: rule.id))
  }
}
