extension Sweep {
  /// Numbers of a piece: so few that a few buffers of them stay in the nearest cache.
  static let piece = 512

  /// Calls the body with the pieces of a range in turn, and with room for some numbers of each.
  ///
  /// An algorithm with many options is a row of short loops over such a piece, one for each of its
  /// operations; memory is still passed over once.
  ///
  /// - Parameter buffers: For how many numbers of each element there is room: `piece` of the first,
  ///   then `piece` of the second.
  @inline(__always) static func pieces<A: TensorArithmetic>(
    of range: Range<Int>, buffers: Int, of type: A.Type,
    _ body: (Range<Int>, UnsafeMutablePointer<A>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: A.self, capacity: buffers * piece) { room in
      guard let room = room.baseAddress else { return }
      var start = range.lowerBound
      while start < range.upperBound {
        let end = min(start + piece, range.upperBound)
        body(start..<end, room)
        start = end
      }
    }
  }
}
