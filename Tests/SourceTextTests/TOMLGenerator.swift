import TestSupport

/// Writes TOML documents, the same for the same seed: all ways to write a thing, in any order.
struct TOMLGenerator {
  private var random: SplitMix64
  private let lineBreak: String
  private var names = 0

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    lineBreak = random.oneIn(3) ? "\r\n" : "\n"
  }

  /// A valid document: every table and every key has a name of its own, but for arrays of tables.
  mutating func document() -> String {
    var text = random.oneIn(8) ? "\u{FEFF}" : ""
    text += body()
    var paths: [String] = []
    var arrays: [String] = []
    for _ in 0..<Int.random(in: 0...6, using: &random) {
      let isTop = paths.isEmpty || random.oneIn(2)
      let parent = isTop ? "" : random.pick(paths) + blank() + "." + blank()
      if !arrays.isEmpty, random.oneIn(3) {
        text += "[[\(random.pick(arrays))]]" + lineEnd()
      } else if random.oneIn(3) {
        arrays.append(parent + key())
        text += "[[\(blank())\(arrays[arrays.count - 1])\(blank())]]" + lineEnd()
      } else {
        paths.append(parent + key() + (random.oneIn(4) ? ".\(key())" : ""))
        text += blank() + "[\(blank())\(paths[paths.count - 1])\(blank())]" + lineEnd()
      }
      text += body()
    }
    return random.oneIn(4) ? text + "# the end" : text
  }

  /// Headers and dotted keys over few names, so that most documents define something twice.
  mutating func definitions() -> String {
    func path(_ length: Int, _ random: inout SplitMix64) -> String {
      (0..<length).map { _ in random.pick(["a", "b", "c"]) }.joined(separator: ".")
    }
    return (0..<Int.random(in: 1...5, using: &random)).map { _ in
      switch Int.random(in: 0..<6, using: &random) {
      case 0, 1: "[\(path(random.pick([1, 2, 2, 3]), &random))]\n"
      case 2: "[[\(path(random.pick([1, 2]), &random))]]\n"
      case 3: "\(path(1, &random)) = {\(path(2, &random)) = 1, \(path(2, &random)) = 2}\n"
      default: "\(path(random.pick([1, 2, 3]), &random)) = \(random.pick(["1", "[]", "[{}]"]))\n"
      }
    }.joined()
  }

  private mutating func body() -> String {
    var text = ""
    var dotted: [String] = []
    for _ in 0..<Int.random(in: 0...5, using: &random) {
      var name = key()
      if random.oneIn(4) {
        if dotted.isEmpty || random.oneIn(2) { dotted.append(key()) }
        name = random.pick(dotted) + blank() + "." + blank() + name
      }
      text += blank() + name + blank() + "=" + blank() + value(depth: 0) + lineEnd()
    }
    return text
  }

  private mutating func key() -> String {
    names += 1
    return random.pick([
      "k\(names)", "\(names)", "-\(names)_", "\"k \(names)\"", "'k.\(names)'",
      "\"\\u00e9#\\\"\(names)\"", "'é\(names)\\'", "\"日\(names)=\"",
    ])
  }

  private mutating func value(depth: Int) -> String {
    let isLeaf = depth > 3 || !random.oneIn(3)
    guard !isLeaf else { return random.oneIn(3) ? text() : scalar() }
    let count = Int.random(in: 0...3, using: &random)
    if random.oneIn(2) {
      let entries = (0..<count).map { _ in
        (random.oneIn(4) ? key() + "." : "") + key() + blank() + "=" + blank()
          + value(depth: depth + 1)
      }
      return "{" + blank() + entries.joined(separator: blank() + "," + blank()) + blank() + "}"
    }
    var text = "["
    for place in 0..<count {
      text += space() + value(depth: depth + 1) + space()
      if place < count - 1 || random.oneIn(3) { text += "," }
    }
    return text + space() + "]"
  }

  private mutating func scalar() -> String {
    let sign = random.pick(["", "", "-", "+"])
    let number = Int.random(in: 0...(1 << random.pick([3, 10, 40, 62])), using: &random)
    let date = "\(1900 + number % 200)-" + random.pick(["01-01", "02-28", "09-30", "12-31"])
    let time =
      random.pick(["00:", "19:", "23:"]) + random.pick(["00:00", "59:59.5", "07:07.12345"])
    return switch Int.random(in: 0..<9, using: &random) {
    case 0: sign + "\(number)"
    case 1: sign + "\(number % 1000 + 1)_000"
    case 2: random.pick(["0x", "0x00"]) + String(number, radix: 16, uppercase: number % 2 == 0)
    case 3: random.oneIn(2) ? "0o" + String(number, radix: 8) : "0b" + String(number, radix: 2)
    case 4: sign + "\(number)." + random.pick(["0", "5", "25_0", "0e-4", "5E+1_0"])
    case 5: sign + random.pick(["inf", "nan", "1e-4", "0e0", "0.0"])
    case 6: random.pick(["true", "false"])
    case 7: random.pick([date, time])
    default:
      date + random.pick(["T", " ", "t"]) + time + random.pick(["", "Z", "-07:30", "+23:59"])
    }
  }

  private mutating func text() -> String {
    var parts = (0..<Int.random(in: 0...4, using: &random)).map { _ in
      random.pick([
        "a", "é", "日😀", " ", "\t", "# no comment", "=", "[a]", "\"", "'", "\\", "\n", "/x/",
      ])
    }
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return "'" + parts.filter { $0 != "'" && $0 != "\n" }.joined() + "'"
    case 1:
      if random.oneIn(2) { parts.append("\n") } else { parts.append(".") }
      return "'''" + parts.filter { $0 != "'" }.joined().replacing("\n", with: lineBreak) + "'''"
    case 2:
      let escaped = parts.map { ["\"": "\\\"", "\\": "\\\\", "\n": "\\n"][$0] ?? $0 }
      let end = random.pick(["", "\\u00e9", "\\U0001F600", "\\t\\b\\f\\r"])
      return "\"" + escaped.joined() + end + "\""
    default:
      parts.append(random.pick([".", "\\\""]))
      let escaped = parts.map { ["\\": "\\\\", "\n": lineBreak][$0] ?? $0 }
      let start = random.pick(["", lineBreak, "\\" + lineBreak + " " + lineBreak + "\t"])
      let text = escaped.joined().replacing("\"\"\"", with: "\"\"\\\"")
      return "\"\"\"" + start + text + random.pick(["", "\"", "\"\""]) + "\"\"\""
    }
  }

  private mutating func blank() -> String { random.pick(["", "", " ", "\t "]) }

  private mutating func lineEnd() -> String {
    blank() + random.pick(["", "", "# c ]\"é", "#"]) + lineBreak
      + random.pick(["", "", lineBreak, " # c" + lineBreak])
  }

  /// What may stand between the elements of an array.
  private mutating func space() -> String {
    random.pick(["", " ", "\t", lineBreak, " # ],\(lineBreak)"])
  }
}
