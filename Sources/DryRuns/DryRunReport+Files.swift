internal import Reporting
internal import SourceText
internal import Trials

/// Formats for other programs.
extension DryRunReport {
  /// For the test reports of build servers: one case, which fails where the gate does.
  public func junit(_ threshold: DryRunVerdict.Threshold) -> String {
    func escaped(_ text: String) -> String { VectorPlot.escaped(text) }
    let fails = verdict.fails(threshold)
    let name = escaped(path)
    var lines = [
      #"<?xml version="1.0" encoding="UTF-8"?>"#,
      #"<testsuites tests="1" failures="\#(fails ? 1 : 0)" errors="0">"#,
      #"  <testsuite name="tuneup dry-run" tests="1" failures="\#(fails ? 1 : 0)" errors="0">"#,
    ]
    let head = #"    <testcase classname="\#(escaped(backend))" name="\#(name)""#
    if fails {
      let words =
        [reason] + (responsible.map { [Self.sentence($0, parts.first?.assessment)] } ?? [])
      lines += [
        head + ">",
        #"      <failure type="\#(verdict.rawValue)" message="\#(escaped(reason))">"#
          + escaped(words.joined(separator: "\n")) + "</failure>",
        "    </testcase>",
      ]
    } else {
      lines += [
        head + ">",
        "      <system-out>" + escaped("\(verdict.rawValue): \(reason)") + "</system-out>",
        "    </testcase>",
      ]
    }
    lines += ["  </testsuite>", "</testsuites>"]
    return lines.joined(separator: "\n") + "\n"
  }

  /// The curves of the deciding part, a line for each step.
  public var csv: String {
    var text = "step,loss,drift,learning_rate,adapted_rate\n"
    guard let main = parts.first else { return text }
    let run = main.trajectory
    for place in run.rate.indices {
      let adapted = place < run.adaptedRate.count ? Figures.text(run.adaptedRate[place], 6) : ""
      let step = Int(Double(place) * main.stride)
      let numbers = [run.loss[place], run.drift[place], run.rate[place] / main.rateScale]
      text +=
        "\(step),"
        + numbers.map { $0.isFinite ? Figures.text($0, 6) : "" }.joined(separator: ",")
        + ",\(adapted)\n"
    }
    return text
  }

  /// A page that needs nothing else: curves, numbers, light and dark.
  public var html: String {
    let title = VectorPlot.escaped("\(path): \(verdict.rawValue)")
    return """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(title)</title>
      <style>
      :root{color-scheme:light dark;--ground:#fff;--text:#222;--dim:#666;--line:#ddd}
      @media (prefers-color-scheme: dark){:root{--ground:#16181c;--text:#e4e4e4;--dim:#a0a0a0;--line:#3a3d42}}
      body{background:var(--ground);color:var(--text);font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
      table{border-collapse:collapse;margin:1rem 0}th,td{text-align:left;padding:.2rem .8rem .2rem 0;border-bottom:1px solid var(--line)}
      th,.dim{color:var(--dim);font-weight:400}svg{width:100%;height:auto}code{font-family:ui-monospace,monospace}
      \(VectorPlot.rules)
      </style>
      <h1>\(title)</h1>
      \(htmlBody.joined(separator: "\n"))
      </html>

      """
  }

  private var htmlBody: [String] {
    func escaped(_ text: String) -> String { VectorPlot.escaped(text) }
    var lines = ["<p>\(escaped(reason))</p>"]
    if let responsible {
      lines.append("<p>\(escaped(Self.sentence(responsible, parts.first?.assessment)))</p>")
    }
    for finding in findings {
      lines.append(
        "<p><code>\(escaped(finding.keyPath))</code>: \(escaped(finding.message)) [\(finding.rule)]</p>"
      )
    }
    if !charts.isEmpty {
      lines.append(
        VectorPlot(title: "\(path): \(verdict.rawValue)", charts: charts).text(isDocument: false))
    }
    for block in page.blocks {
      switch block {
      case .heading(let words): lines.append("<h2>\(escaped(words))</h2>")
      case .item(let words): lines.append("<p class=\"dim\">\(escaped(words))</p>")
      case .table(let heads, let rows):
        let head =
          heads.allSatisfy(\.isEmpty)
          ? "" : "<tr>" + heads.map { "<th>\(escaped($0))</th>" }.joined() + "</tr>"
        lines.append(
          "<table>" + head
            + rows.map { row in
              "<tr>" + row.map { "<td>\(escaped($0))</td>" }.joined() + "</tr>"
            }.joined(separator: "\n") + "</table>")
      // Said above, and drawn.
      case .paragraph, .code: break
      }
    }
    return lines
  }
}
