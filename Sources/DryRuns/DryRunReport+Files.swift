internal import Memory
internal import Reporting
internal import SourceText
internal import Trials

/// Formats for other programs.
extension DryRunReport {
  /// For the test reports of build servers: one case, which fails where the gate does.
  ///
  /// - Parameter limit: Bytes of video memory that a second case holds the run to.
  public func junit(_ threshold: DryRunVerdict.Threshold, limit: Int? = nil) -> String {
    let fails = verdict.fails(threshold)
    let name = path.escapedForXML
    let excess: String? = limit.flatMap { self.excess(over: $0) }
    let failures = (fails ? 1 : 0) + (excess == nil ? 0 : 1)
    let counts = #"tests="\#(limit == nil ? 1 : 2)" failures="\#(failures)" errors="0""#
    var lines = [
      #"<?xml version="1.0" encoding="UTF-8"?>"#,
      "<testsuites \(counts)>",
      "  <testsuite name=\"tuneup dry-run\" \(counts)>",
    ]
    let head = #"    <testcase classname="\#(backend.escapedForXML)" name="\#(name)""#
    if fails {
      let words =
        [reason] + (responsible.map { [Self.sentence($0, parts.first?.assessment)] } ?? [])
      lines += [
        head + ">",
        #"      <failure type="\#(verdict.rawValue)" message="\#(reason.escapedForXML)">"#
          + words.map(\.escapedForXML).joined(separator: "\n") + "</failure>",
        "    </testcase>",
      ]
    } else {
      lines += [
        head + ">",
        "      <system-out>" + "\(verdict.rawValue): \(reason)".escapedForXML + "</system-out>",
        "    </testcase>",
      ]
    }
    if let limit {
      lines.append(
        "    <testcase classname=\"\(backend.escapedForXML)\" name=\"\(name) fits into \(Size.text(limit))\">"
      )
      if let excess {
        lines.append(
          "      <failure type=\"memory\" message=\"\(excess.escapedForXML)\"></failure>")
      }
      lines.append("    </testcase>")
    }
    lines += ["  </testsuite>", "</testsuites>"]
    return lines.joined(separator: "\n") + "\n"
  }

  /// Why the run does not pass a gate of so many bytes: it needs more, or nobody knows what it needs.
  /// - Returns: Nil if it passes.
  public func excess(over limit: Int) -> String? {
    switch memory {
    case .success(let estimate):
      estimate.peakBytes <= limit
        ? nil
        : "needs \(Size.text(estimate.peakBytes)) of video memory, more than \(Size.text(limit))"
    case .failure(let unknown): "the video memory is not known: \(unknown.description)"
    case nil: "the video memory is not known: the trainer would not get so far"
    }
  }

  /// The curves of the deciding part, a line for each step.
  public var csv: String {
    var text = "step,loss,drift,learning_rate,adapted_rate\n"
    guard let main = parts.first else { return text }
    let run = main.trajectory
    for place in run.rate.indices {
      let adapted = place < run.adaptedRate.count ? Figures.text(run.adaptedRate[place], 6) : ""
      let step = Int(Double(place) * main.stride)
      let numbers = [run.loss[place], run.drift[place], run.rate[place]]
      text +=
        "\(step),"
        + numbers.map { $0.isFinite ? Figures.text($0, 6) : "" }.joined(separator: ",")
        + ",\(adapted)\n"
    }
    return text
  }

  /// A page that needs nothing else: curves, numbers, light and dark.
  public var html: String {
    let title = "\(path): \(verdict.rawValue)".escapedForXML
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
    var lines = ["<p>\(reason.escapedForXML)</p>"]
    if let responsible {
      lines.append("<p>\(Self.sentence(responsible, parts.first?.assessment).escapedForXML)</p>")
    }
    for finding in findings {
      lines.append(
        "<p><code>\(finding.keyPath.escapedForXML)</code>: \(finding.message.escapedForXML) [\(finding.rule)]</p>"
      )
    }
    if !charts.isEmpty {
      lines.append(
        VectorPlot(title: "\(path): \(verdict.rawValue)", charts: charts).text(isDocument: false))
    }
    if let estimate = try? memory?.get() { lines.append(Self.bar(estimate)) }
    for block in page.blocks {
      switch block {
      case .heading(let words): lines.append("<h2>\(words.escapedForXML)</h2>")
      case .item(let words): lines.append("<p class=\"dim\">\(words.escapedForXML)</p>")
      case .table(let heads, let rows):
        let head =
          heads.allSatisfy(\.isEmpty)
          ? "" : "<tr>" + heads.map { "<th>\($0.escapedForXML)</th>" }.joined() + "</tr>"
        lines.append(
          "<table>" + head
            + rows.map { row in
              "<tr>" + row.map { "<td>\($0.escapedForXML)</td>" }.joined() + "</tr>"
            }.joined(separator: "\n") + "</table>")
      // Said above, and drawn.
      case .paragraph, .code: break
      }
    }
    return lines
  }

  /// The parts of the memory side by side, each as wide as its share.
  private static func bar(_ estimate: MemoryEstimate) -> String {
    let parts = estimate.components.filter { $0.bytes > 0 }
    let total = Double(parts.reduce(0) { $0 + $1.bytes })
    let width = 720.0
    var x = 0.0
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 64\" role=\"img\" font-size=\"12\">",
      "<title>video memory: \(Size.text(estimate.peakBytes))</title>",
      "<text class=\"plot-text\" x=\"0\" y=\"14\" font-weight=\"600\">video memory: \(Size.text(estimate.peakBytes))</text>",
    ]
    for (place, part) in parts.enumerated() {
      let share = Double(part.bytes) / total * width
      let colour = VectorPlot.colours[place % VectorPlot.colours.count]
      lines.append(
        "<rect x=\"\(VectorPlot.number(x))\" y=\"24\" width=\"\(VectorPlot.number(share))\" height=\"18\" fill=\"\(colour)\">"
          + "<title>\(part.name.rawValue): \(Size.text(part.bytes))</title></rect>")
      // Narrow parts are named in the table below.
      if share > 90 {
        lines.append(
          "<text class=\"plot-dim\" x=\"\(VectorPlot.number(x))\" y=\"58\">\(part.name.rawValue)</text>"
        )
      }
      x += share
    }
    return (lines + ["</svg>"]).joined(separator: "\n")
  }
}
