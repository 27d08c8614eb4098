import Memory
public import Reporting

extension MemoryReport {
  /// As a terminal shows it.
  public func text(_ style: Reporter.Style) -> String {
    switch outcome {
    case .failure(let unknown):
      return "\(path): I don't know: \(unknown.description)\n"
    case .success(let estimate):
      return estimate.text(path, style) + savingsText(style)
    }
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
    let title = "\(path): \(Size.text(peakBytes)) of video memory, as nvidia-smi shows it"
    var text = title + "\n"
    text +=
      "  between \(Size.text(lowBytes)) and \(Size.text(highBytes)) in nine of ten runs (\(basis))\n"
    text +=
      "  of it \(Size.text(allocatedBytes)) in PyTorch's allocator, most \(moment.rawValue)\n\n"
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
    return text + "\n" + Self.items(notes, width)
  }

  private static func items(_ notes: [String], _ width: Int) -> String {
    let style = Reporter.Style(width: width)
    let page = Page("", notes.map { .item($0) }).text(style)
    return String(page.drop { $0 == "\n" })
  }

  private var basis: String {
    switch confidence {
    case .counted: "counted on this model"
    case .transferred: "carried over from what was counted"
    case .rough: "a rough count from the sizes of layers"
    }
  }
}

/// Bytes in words.
public enum Size {
  /// In GiB or MiB with about three digits: `11.4 GiB`, `240 MiB`.
  public static func text(_ bytes: Int) -> String {
    let gib = Double(bytes) / Double(1 << 30)
    if abs(gib) >= 100 { return "\(Int(gib.rounded())) GiB" }
    if abs(gib) >= 0.995 {
      let digits = Int((abs(gib) * 10).rounded())
      return "\(gib < 0 ? "-" : "")\(digits / 10).\(digits % 10) GiB"
    }
    return "\(Int((Double(bytes) / Double(1 << 20)).rounded())) MiB"
  }

  /// `12GiB`, `12 GB`, `800MiB`; nil for anything else.
  public static func bytes(_ text: String) -> Int? {
    let plain = text.lowercased().filter { !$0.isWhitespace }
    let units: [(String, Double)] = [
      ("gib", 1_073_741_824), ("mib", 1_048_576), ("gb", 1e9), ("mb", 1e6), ("g", 1_073_741_824),
      ("m", 1_048_576),
    ]
    for (unit, factor) in units where plain.hasSuffix(unit) {
      let digits = String(plain.dropLast(unit.count))
      guard let number = Double(digits), number > 0, number < 1e6 else { return nil }
      return Int(number * factor)
    }
    return nil
  }
}
