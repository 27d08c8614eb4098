internal import SourceText

/// Puts numbers into the values of a recipe.
struct Filling {
  let numbers: RunNumbers
  /// The part that denoises.
  let part: String
  /// Words that stand for themselves: `script`.
  var words: [String: String] = [:]

  func path(_ path: String) -> String { path.filled { $0 == "part" ? part : nil } }

  func value(_ value: EditValue) -> EditValue {
    switch value {
    case .text(let text): filled(text)
    case .list(let values): .list(values.map(self.value))
    case .mapping(let entries): .mapping(entries.map { .init($0.key, self.value($0.value)) })
    default: value
    }
  }

  /// `{rate}` alone becomes a number; within more text, or as `{rate:text}`, the digits. Python's
  /// words for yes and no, as such texts are Python.
  private func filled(_ text: String) -> EditValue {
    if text.hasPrefix("{"), text.hasSuffix("}"), let number = numbers.value(inner(text)) {
      return number
    }
    return .text(text.filled { name in word(name) })
  }

  private func inner(_ text: String) -> String { String(text.dropFirst().dropLast()) }

  func word(_ name: String) -> String? {
    let plain = name.hasSuffix(":text") ? String(name.dropLast(5)) : name
    if plain == "part" { return part }
    switch numbers.value(plain) {
    case .numeral(let digits): return digits
    case .boolean(let flag): return flag ? "True" : "False"
    default: return words[plain]
    }
  }
}

extension String {
  /// With every `{name}` that is known replaced.
  func filled(_ word: (String) -> String?) -> String {
    var result = ""
    var rest = self[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      result += rest[..<open]
      let name = String(rest[rest.index(after: open)..<close])
      result += word(name) ?? String(rest[open...close])
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }
}
