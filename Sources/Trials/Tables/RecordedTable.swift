internal import Optimizers
internal import SourceText

/// A table of numbers that one function of ours must repeat.
struct RecordedTable: Sendable {
  /// As the key `format` of the file names it.
  let format: String
  let check: @Sendable (DocumentNode) throws(SyntaxError) -> Check

  static let all: [RecordedTable] = [.rounding, .dynamicMap, .newtonSchulz]
}

extension Deviations {
  /// An entry of a table, which must be equal.
  mutating func add(_ table: String, _ index: Int, _ reference: Float, _ found: Float) {
    add(
      Deviation(
        step: 0, .table(table, index: index), reference: Double(reference), found: Double(found),
        tolerance: 0))
  }
}

extension DocumentNode {
  /// `float32` numbers by their bit patterns, in hexadecimal.
  ///
  /// - Parameter count: How many there must be; nil for any number.
  func patterns(count: Int? = nil) throws(SyntaxError) -> [Float] {
    var numbers: [Float] = []
    for node in try list() {
      let text = try node.string()
      guard text.utf8.count == 8, let pattern = UInt32(text, radix: 16) else {
        throw node.error("'\(text)' is no float32 of 8 hexadecimal digits")
      }
      numbers.append(Float(bitPattern: pattern))
    }
    try checkCount(numbers.count, count)
    return numbers
  }

  /// Whole numbers of a type.
  func numbers<Whole: FixedWidthInteger>(
    as: Whole.Type, count: Int? = nil
  ) throws(SyntaxError) -> [Whole] {
    var numbers: [Whole] = []
    for node in try list() {
      numbers.append(Whole(try node.count(from: 0, to: Int(clamping: Whole.max))))
    }
    try checkCount(numbers.count, count)
    return numbers
  }
}
