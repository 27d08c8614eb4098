/// The numbers that one record of an event file states.
struct Scalars {
  /// Seconds since 1970.
  var time = 0.0
  var step = 0
  var values: [(tag: String, value: Double)] = []

  /// - Parameters:
  ///   - record: An `Event` (tensorflow/core/util/event.proto).
  ///   - isWanted: Asked of each tag; images and histograms are passed over in any case.
  /// - Returns: Nil if the record is no event.
  init?(_ record: [UInt8], isWanted: (String) -> Bool) {
    var event = Message(record[...])
    while let field = event.next() {
      switch (field.number, field.value) {
      case (1, .fixed64(let bits)): time = Double(bitPattern: bits)
      case (2, .variable(let number)): step = Int(truncatingIfNeeded: number)
      case (5, .bytes(let summary)):
        var fields = Message(summary)
        while let field = fields.next() {
          guard field.number == 1, case .bytes(let value) = field.value else { continue }
          if let value = Self.value(value, isWanted) { values.append(value) }
        }
        if fields.isBroken { return nil }
      default: break
      }
    }
    if event.isBroken { return nil }
  }

  /// `Summary.Value` (tensorflow/core/framework/summary.proto): a tag with `simple_value`, or with a
  /// tensor of one element, as newer writers have it.
  private static func value(
    _ bytes: ArraySlice<UInt8>, _ isWanted: (String) -> Bool
  ) -> (tag: String, value: Double)? {
    var tag = ""
    var number: Double?
    var fields = Message(bytes)
    while let field = fields.next() {
      switch (field.number, field.value) {
      case (1, .bytes(let text)): tag = String(decoding: text, as: UTF8.self)
      case (2, .fixed32(let bits)): number = Double(Float(bitPattern: bits))
      case (8, .bytes(let tensor)): number = Self.element(of: tensor)
      default: break
      }
    }
    guard let number, isWanted(tag) else { return nil }
    return (tag, number)
  }

  /// The only element of a `TensorProto` (tensorflow/core/framework/tensor.proto); nil for more than
  /// one, and for what are no numbers.
  private static func element(of tensor: ArraySlice<UInt8>) -> Double? {
    var type: UInt64 = 0
    var content: ArraySlice<UInt8> = []
    var fields = Message(tensor)
    while let field = fields.next() {
      switch (field.number, field.value) {
      case (1, .variable(let number)): type = number
      case (4, .bytes(let bytes)): content = bytes
      // float_val and double_val, packed or one by one.
      case (5, .bytes(let bytes)) where bytes.count == 4: content = bytes
      case (6, .bytes(let bytes)) where bytes.count == 8: content = bytes
      case (5, .fixed32(let bits)): return Double(Float(bitPattern: bits))
      case (6, .fixed64(let bits)): return Double(bitPattern: bits)
      default: break
      }
    }
    switch (type, content.count) {
    case (1, 4): return Double(Float(bitPattern: UInt32(content.littleEndian)))
    case (2, 8): return Double(bitPattern: content.littleEndian)
    default: return nil
    }
  }
}
