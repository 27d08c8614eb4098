extension DocumentNode {
  /// Where it begins, with its key.
  var start: Int { (keySpan ?? span).bytes.lowerBound }

  /// Whether there is a `#` in a collection that belongs to no key and no value.
  var hasComment: Bool {
    guard isCollection, !isAlias else { return false }
    var offset = span.bytes.lowerBound
    /// Whether there is one up to the next thing that is written.
    func pass(_ bytes: Range<Int>) -> Bool {
      defer { offset = max(offset, bytes.upperBound) }
      return offset < bytes.lowerBound
        && source.bytes[offset..<bytes.lowerBound].contains(UInt8(ascii: "#"))
    }
    var pending = Array(children.reversed())
    while let node = pending.popLast() {
      if let key = node.keySpan, pass(key.bytes) { return true }
      if node.isCollection, !node.isAlias {
        pending += node.children.reversed()
      } else if pass(node.span.bytes) {
        return true
      }
    }
    return pass(span.bytes.upperBound..<span.bytes.upperBound)
  }
}
