import Memory
public import Reporting

extension MemoryReport {
  /// As a terminal shows it.
  public func text(_ style: Reporter.Style) -> String {
    switch outcome {
    case .failure(let unknown):
      return MemoryText.title("\(path): I don't know: \(unknown.description)", style)
    case .success(let estimate):
      return estimate.text(path, style) + optimizersText(style) + savingsText(style)
    }
  }

  private func optimizersText(_ style: Reporter.Style) -> String {
    guard !optimizers.isEmpty else { return "" }
    let page = Page(
      "The same run with another optimizer",
      [
        .table(
          ["state", "gradients", "needs", "optimizer"],
          optimizers.map {
            [
              Size.text($0.stateBytes), Size.text($0.gradientBytes), Size.text($0.peakBytes),
              $0.name + ($0.isCurrent ? " (as it is)" : ""),
            ]
          })
      ])
    return "\n" + page.text(style)
  }

  private func savingsText(_ style: Reporter.Style) -> String {
    guard !savings.isEmpty else { return "" }
    let page = Page(
      "What would save memory, each by itself",
      [
        .table(
          ["saves", "change", "what it costs"],
          savings.prefix(10).map { [Size.text($0.bytes), $0.change, $0.cost] })
      ])
    return "\n" + page.text(style)
  }
}

extension MemoryEstimate {
  fileprivate func text(_ path: String, _ style: Reporter.Style) -> String {
    let width = min(style.width, 80)
    let narrow = Reporter.Style(width: width)
    var text = MemoryText.title(
      "\(path): \(Size.text(peakBytes)) of video memory, as nvidia-smi shows it", narrow)
    text += MemoryText.lines(
      "between \(Size.text(lowBytes)) and \(Size.text(highBytes)) in nine of ten runs (\(basis))",
      narrow)
    text += MemoryText.lines(
      "of it \(Size.text(allocatedBytes)) in PyTorch's allocator, most \(moment.rawValue)", narrow)
    text += "\n"
    let most = components.map(\.bytes).max() ?? 1
    let names = components.map(\.name.rawValue.count).max() ?? 0
    let room = width - names - 16
    for part in components {
      let share = Double(part.bytes) / Double(max(most, 1))
      let cells = max(1, Int((share * Double(room)).rounded()))
      let name =
        part.name.rawValue + String(repeating: " ", count: names - part.name.rawValue.count)
      let size = Size.text(part.bytes)
      let padding = String(repeating: " ", count: max(0, 10 - size.count))
      text += "  \(name)  \(padding)\(size)  " + String(repeating: "█", count: cells) + "\n"
    }
    let notes =
      components.filter { !$0.detail.isEmpty }.map { "\($0.name.rawValue): \($0.detail)" }
      + assumptions.map { "assumed: \($0)" }
    return text + "\n" + MemoryText.items(notes, narrow)
  }

  private var basis: String {
    switch confidence {
    case .counted: "counted on this model"
    case .transferred: "carried over from what was counted"
    case .rough: "a rough count from the sizes of layers"
    }
  }
}

/// Lines that fit into the terminal.
enum MemoryText {
  static func title(_ words: String, _ style: Reporter.Style) -> String {
    words.wrapped(to: style.width - 2).enumerated().map { ($0 == 0 ? "" : "  ") + $1 + "\n" }
      .joined()
  }

  static func lines(_ words: String, _ style: Reporter.Style) -> String {
    words.wrapped(to: style.width - 2).map { "  \($0)\n" }.joined()
  }

  static func items(_ notes: [String], _ style: Reporter.Style) -> String {
    let page = Page("", notes.map { .item($0) }).text(style)
    return String(page.drop { $0 == "\n" })
  }
}
