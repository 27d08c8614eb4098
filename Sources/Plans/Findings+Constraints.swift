public import Knowledge
internal import SourceText

extension Findings {
  /// Reports a sentence of the data that does not hold, under the running rule.
  ///
  /// - Parameters:
  ///   - part: The part of the model it is asked of, where it is asked of each.
  ///   - words: What stands for more than `{value}`: `{script}`.
  ///   - find: The setting at a path as the trainer uses it; nil if there is none.
  public mutating func check(
    _ constraint: Constraint, of part: String? = nil, words: [String: String] = [:],
    find: (SettingPath) -> Setting?
  ) {
    guard let setting = find(constraint.key),
      constraint.isBroken(by: setting.stated, others: { find($0)?.stated })
    else { return }
    var message = constraint.message.replacing("{value}", with: setting.value.literal)
    var why = constraint.why
    for (mark, text) in words {
      message = message.replacing("{\(mark)}", with: text)
      why = why.replacing("{\(mark)}", with: text)
    }
    let related = constraint.conditionKeys.compactMap { key -> (any Located, String)? in
      guard let other = find(key), other.isWritten, other.keyPath != setting.keyPath else {
        return nil
      }
      // What the trainer makes of the file is not what stands there.
      if key.text.hasPrefix("@") { return other.isOn ? (other, "because of this") : nil }
      return (other, "\(other.shownPath) is \(other.value.literal)")
    }
    var fixes: [Fix?] = []
    if let value = constraint.proposal {
      let title = "set \(setting.shownPath) to \(value.literal)"
      fixes.append(fix(title, constraint.safety, .set(setting, value)))
    } else if constraint.removes, setting.isWritten {
      fixes.append(fix("remove \(setting.shownPath)", constraint.safety, .remove(setting)))
    }
    report(
      part.map { "\($0): \(message)" } ?? message, at: setting, why: why,
      severity: constraint.severity, consequence: constraint.consequence, related: related,
      fixes: fixes)
  }
}

extension Traced where Value == SettingValue {
  /// The value, and whether the file states it.
  public var stated: StatedValue { StatedValue(value, isWritten: isWritten) }
}

extension String {
  /// Without Foundation, which a lint must not load.
  fileprivate func replacing(_ mark: String, with text: String) -> String {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(mark) {
        return String(self[..<start]) + text + self[index(start, offsetBy: mark.count)...]
      }
      start = index(after: start)
    }
    return self
  }
}
