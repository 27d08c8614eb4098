internal import Optimizers
internal import SourceText

/// What a library was seen to keep for one parameter: a row of `state-bytes.csv`.
struct MeasuredState: Sendable {
  let optimizer: String
  /// As the file words them.
  let options: String
  let library: String
  let format: NumberFormat
  let shape: [Int]
  let bytes: Bytes
  let tensors: [StateTensor]
  let line: Int

  /// Sums as the file has them.
  struct Bytes: Sendable, Hashable {
    /// Tensors that are no single number.
    var tensors = 0
    var scalars = 0
    var scalarCount = 0
    /// The tables of 8-bit codes.
    var codeTables = 0
    var group = 0
  }
}

extension MeasuredState {
  private static let columns = [
    "optimizer", "options", "library", "param_dtype", "shape", "state_bytes_tensors",
    "state_bytes_scalar_tensors", "n_scalar_tensors", "shared_qmap_bytes_once_per_optimizer",
    "param_group_tensor_bytes", "state_tensors",
  ]

  /// Whether a file begins as these do.
  static func isHead(of source: SourceFile) -> Bool {
    let start = source.hasByteOrderMark ? 3 : 0
    return source.bytes[start...].starts(with: Array("optimizer,options,library,".utf8))
  }

  /// - Throws: A ``SyntaxError`` with the place of the field that is not what it must be.
  static func read(_ source: SourceFile) throws(SyntaxError) -> [MeasuredState] {
    let rows = try CSVReader.read(source)
    guard let head = rows.first else {
      throw SyntaxError("the file is empty: a line of column names belongs here", at: 0..<0)
    }
    var places: [String: Int] = [:]
    for (place, field) in head.enumerated() { places[field.text] = place }
    for name in columns where places[name] == nil {
      throw SyntaxError("there is no column '\(name)'", at: head[0].bytes)
    }
    let lines = LineTable(of: source)
    var states: [MeasuredState] = []
    for row in rows.dropFirst() {
      guard row.count == head.count else {
        let bytes = row[0].bytes.lowerBound..<(row.last ?? row[0]).bytes.upperBound
        throw SyntaxError(
          "\(row.count) fields where the first line has \(head.count)", at: bytes)
      }
      let fields = Row(fields: row, places: places)
      states.append(
        try MeasuredState(fields, line: lines.position(of: row[0].bytes.lowerBound).line))
    }
    return states
  }

  private struct Row {
    let fields: [CSVReader.Field]
    let places: [String: Int]

    subscript(name: String) -> CSVReader.Field { fields[places[name] ?? 0] }

    func count(_ name: String) throws(SyntaxError) -> Int {
      guard let count = Int(self[name].text), count >= 0 else {
        throw SyntaxError("'\(self[name].text)' must be a number of bytes", at: self[name].bytes)
      }
      return count
    }
  }

  private init(_ row: Row, line: Int) throws(SyntaxError) {
    optimizer = row["optimizer"].text
    options = row["options"].text
    library = row["library"].text
    format = try Self.format(row["param_dtype"].text, row["param_dtype"])
    shape = try Self.shape(row["shape"].text[...], row["shape"])
    bytes = Bytes(
      tensors: try row.count("state_bytes_tensors"),
      scalars: try row.count("state_bytes_scalar_tensors"),
      scalarCount: try row.count("n_scalar_tensors"),
      codeTables: try row.count("shared_qmap_bytes_once_per_optimizer"),
      group: try row.count("param_group_tensor_bytes"))
    tensors = try Self.tensors(row["state_tensors"])
    self.line = line
  }

  private static func format(
    _ name: String, _ field: CSVReader.Field
  ) throws(SyntaxError) -> NumberFormat {
    guard let format = NumberFormat(rawValue: name) else {
      throw SyntaxError("'\(name)' is no number format", at: field.bytes)
    }
    return format
  }

  /// `320x320`; `scalar` for a single number.
  private static func shape(
    _ text: Substring, _ field: CSVReader.Field
  ) throws(SyntaxError) -> [Int] {
    if text == "scalar" { return [] }
    var shape: [Int] = []
    for part in text.split(separator: "x", omittingEmptySubsequences: false) {
      guard let length = Int(part), (0...(1 << 32)).contains(length) else {
        throw SyntaxError("'\(text)' is no shape such as 320x320", at: field.bytes)
      }
      shape.append(length)
    }
    return shape
  }

  /// `name:shape:format;…`
  private static func tensors(_ field: CSVReader.Field) throws(SyntaxError) -> [StateTensor] {
    var tensors: [StateTensor] = []
    for entry in field.text.split(separator: ";") {
      let parts = entry.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 3 else {
        throw SyntaxError(
          "'\(entry)' is no tensor such as exp_avg:320x320:float32", at: field.bytes)
      }
      tensors.append(
        StateTensor(
          String(parts[0]), try shape(parts[1], field), try format(String(parts[2]), field)))
    }
    return tensors
  }
}
