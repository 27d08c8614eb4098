internal import SourceText

/// Reading values that must be there, with an error that says where they are not.
extension DocumentNode {
  func error(_ message: String) -> SyntaxError { SyntaxError(message, at: span.bytes) }

  private var name: String {
    let path = keyPath
    return path.isEmpty ? "the file" : "'\(path)'"
  }

  /// The value of a key that must not be missing.
  func member(_ key: String) throws(SyntaxError) -> DocumentNode {
    guard kind == .mapping else { throw error("\(name) must be an object with the key '\(key)'") }
    guard let node = self[key] else {
      let start = span.bytes.lowerBound
      throw SyntaxError("the key '\(key)' is missing in \(name)", at: start..<(start + 1))
    }
    return node
  }

  /// The value of a key that may be missing or null.
  func optional(_ key: String) -> DocumentNode? {
    self[key].flatMap { $0.kind == .null ? nil : $0 }
  }

  func number() throws(SyntaxError) -> Double {
    guard kind == .integer || kind == .float, let value = Number.parse(text) else {
      throw error("\(name) must be a number")
    }
    return value
  }

  /// A whole number.
  func count(from least: Int, to most: Int = 1 << 24) throws(SyntaxError) -> Int {
    guard kind == .integer || kind == .float, let value = Number.parse(text),
      let count = Int(exactly: value), (least...most).contains(count)
    else { throw error("\(name) must be a whole number from \(least) to \(most)") }
    return count
  }

  func string() throws(SyntaxError) -> String {
    guard kind == .string else { throw error("\(name) must be a text") }
    return text
  }

  func list() throws(SyntaxError) -> [DocumentNode] {
    guard kind == .sequence else { throw error("\(name) must be an array") }
    return Array(children)
  }

  func entries() throws(SyntaxError) -> [DocumentNode] {
    guard kind == .mapping else { throw error("\(name) must be an object") }
    return Array(children)
  }

  /// - Parameter count: How many there must be; nil for any number.
  func numbers(count: Int? = nil) throws(SyntaxError) -> [Double] {
    var result: [Double] = []
    for node in try list() { result.append(try node.number()) }
    try checkCount(result.count, count)
    return result
  }

  func checkCount(_ found: Int, _ wanted: Int?) throws(SyntaxError) {
    if let wanted, found != wanted { throw error("\(found) entries where \(wanted) belong") }
  }
}
