import Foundation
import SourceText
import TOMLKit
import TestSupport
import Testing

/// The reader against TOMLKit, which reads with toml++.
@Suite struct TOMLOracleTests {
  @Test(.enabled(if: SharedFiles.arePresent, "the trainers' configs are not beside the checkout"))
  func configsOfTheTrainers() throws {
    let files = SharedFiles.all(["toml"])
    #expect(!files.isEmpty)
    for file in files {
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(Reading(ours: text) == Reading(theirs: text), "\(file.path())")
    }
  }

  @Test func generatedDocuments() {
    for seed in 0..<2000 as Range<UInt64> {
      var generator = TOMLGenerator(seed: seed)
      let text = generator.document()
      let reading = Reading(ours: text)
      #expect(reading != .refused, "seed \(seed):\n\(text)")
      #expect(reading == Reading(theirs: text), "seed \(seed):\n\(text)")
    }
  }

  @Test func definitionsOfTables() {
    var refused = 0
    for seed in 0..<4000 as Range<UInt64> {
      var generator = TOMLGenerator(seed: seed)
      let text = generator.definitions()
      let reading = Reading(ours: text)
      if reading == .refused { refused += 1 }
      #expect(reading == Reading(theirs: text), "seed \(seed):\n\(text)")
    }
    #expect(1000...3000 ~= refused, "\(refused) of 4000 refused")
  }
}

/// What a reader makes of a document.
private enum Reading: Equatable {
  case refused
  case table([String: Value])

  init(ours text: String) {
    guard let document = try? TOMLReader.read(SourceFile(path: "a.toml", text: text)),
      case .table(let entries) = Value(document.root)
    else {
      self = .refused
      return
    }
    self = .table(entries)
  }

  init(theirs text: String) {
    guard let table = try? TOMLTable(string: text), case .table(let entries) = Value(table) else {
      self = .refused
      return
    }
    self = .table(entries)
  }
}

/// A value without its place and spelling.
private indirect enum Value: Equatable {
  case string(String)
  case boolean(Bool)
  case integer(Int?)
  /// By its bits, so that not-a-number and -0 are told apart.
  case float(UInt64?)
  case date(String)
  case time(String)
  case dateTime(String)
  case array([Value])
  case table([String: Value])

  init(_ node: DocumentNode) {
    let digits = node.text.replacing("_", with: "")
    switch node.kind {
    case .boolean: self = .boolean(node.text == "true")
    case .integer:
      let radix = ["0x": 16, "0o": 8, "0b": 2][digits.prefix(2)]
      self = .integer(Int(digits.dropFirst(radix == nil ? 0 : 2), radix: radix ?? 10))
    case .float: self = .float(Double(digits).map(Self.bits))
    case .dateTime: self = Self.moment(node.text.uppercased().replacing(" ", with: "T"))
    case .sequence: self = .array(node.children.map(Value.init))
    case .mapping:
      let entries = node.children.map { ($0.key ?? "", Value($0)) }
      self = .table(Dictionary(uniqueKeysWithValues: entries))
    default: self = .string(node.text)
    }
  }

  init(_ value: any TOMLValueConvertible) {
    switch value.type {
    case .string: self = .string(value.string ?? "")
    case .bool: self = .boolean(value.bool ?? false)
    case .int: self = .integer(value.int)
    case .double: self = .float(value.double.map(Self.bits))
    case .date: self = .date(value.date.map(Self.text) ?? "")
    case .time: self = .time(value.time.map(Self.text) ?? "")
    case .dateTime:
      let moment = value.dateTime
      let local = moment.map { Self.text($0.date) + " " + Self.text($0.time) } ?? ""
      self = .dateTime(local + (moment?.offset.map { " \($0.offset)" } ?? ""))
    case .array: self = .array(value.array.map { $0.map { Value($0) } } ?? [])
    case .table:
      let table = value.table
      var entries: [String: Value] = [:]
      for key in table?.keys ?? [] { entries[key] = table?[key].map { Value($0) } }
      self = .table(entries)
    }
  }

  private static func bits(_ number: Double) -> UInt64 {
    (number.isNaN ? Double.nan : number).bitPattern
  }

  private static func text(_ date: TOMLDate) -> String { "\(date.year)-\(date.month)-\(date.day)" }

  private static func text(_ time: TOMLTime) -> String {
    "\(time.hour):\(time.minute):\(time.second).\(time.nanoSecond)"
  }

  /// Reads `1979-05-27T07:32:00.5Z` or a part of it.
  private static func moment(_ text: String) -> Value {
    let parts = text.split(separator: "T")
    guard let last = parts.last else { return .date("") }
    let day = parts[0].split(separator: "-").compactMap { Int($0) }
    let date = day.count == 3 ? Self.text(TOMLDate(year: day[0], month: day[1], day: day[2])) : ""
    if parts.count == 1, !date.isEmpty { return .date(date) }

    let clock = last.prefix { $0 != "Z" && $0 != "+" && $0 != "-" }
    let fields = clock.split(separator: ":").compactMap { Double($0) }
    let time = Self.text(
      TOMLTime(
        hour: Int(fields[0]), minute: Int(fields[1]), second: Int(fields[2]),
        nanoSecond: Int(((fields[2] - fields[2].rounded(.down)) * 1e9).rounded())))
    if parts.count == 1 { return .time(time) }

    let zone = last.dropFirst(clock.count)
    guard let sign = zone.first else { return .dateTime("\(date) \(time)") }
    let offset = zone.dropFirst().split(separator: ":").compactMap { Int($0) }
    let minutes = sign == "Z" ? 0 : (offset[0] * 60 + offset[1]) * (sign == "-" ? -1 : 1)
    return .dateTime("\(date) \(time) \(minutes)")
  }
}
