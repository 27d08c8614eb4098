/// A piece of a tensor, short enough for the nearest cache; of a factored tensor, part of one row.
struct AdvancedPiece {
  /// Place of its first number in the tensor.
  let start: Int
  let count: Int
  var row = 0
  /// Of its first number.
  var column = 0
  /// Rows of one group are gone through by one thread.
  var group = 0
}

/// The pieces of a tensor of adv_optm 2.2.3.
///
/// Its optimizers have many options, each of them a few operations on whole tensors. Here each
/// operation is a short loop over a piece (``AdvancedStages``), so that memory is passed over once.
struct AdvancedGrid {
  let count: Int
  /// Length of a row if the tensor is factored.
  let width: Int?
  /// Sums over columns are made for each group of rows, so that they do not depend on the number of
  /// threads.
  let groups: Int

  init(count: Int, width: Int?) {
    self.count = count
    self.width = width
    groups = count < 1 << 19 ? 1 : 16
  }

  /// Calls the body with every piece and with room for some numbers of it.
  func each<A: TensorArithmetic>(
    buffers: Int, of type: A.Type, _ body: (AdvancedPiece, UnsafeMutablePointer<A>) -> Void
  ) {
    Sweep.each(count) { range in
      if let width {
        let height = count / width
        Sweep.pieces(of: 0..<1, buffers: buffers, of: A.self) { _, room in
          for group in 0..<groups {
            let rows = height * group / groups..<height * (group + 1) / groups
            guard range.contains(rows.lowerBound * width) else { continue }
            for row in rows { pieces(ofRow: row, width, group: group) { body($0, room) } }
          }
        }
      } else {
        Sweep.pieces(of: range, buffers: buffers, of: A.self) { piece, room in
          body(AdvancedPiece(start: piece.lowerBound, count: piece.count), room)
        }
      }
    }
  }

  /// Adds up what the body returns for every piece.
  func sum<A: TensorArithmetic>(
    buffers: Int, of type: A.Type,
    _ body: (AdvancedPiece, UnsafeMutablePointer<A>) -> A
  ) -> Double {
    Sweep.sum(count) { range in
      var sum = 0.0
      if let width {
        let rows = (range.lowerBound + width - 1) / width..<(range.upperBound + width - 1) / width
        Sweep.pieces(of: 0..<1, buffers: buffers, of: A.self) { _, room in
          for row in rows { pieces(ofRow: row, width, group: 0) { sum += Double(body($0, room)) } }
        }
      } else {
        Sweep.pieces(of: range, buffers: buffers, of: A.self) { piece, room in
          sum += Double(body(AdvancedPiece(start: piece.lowerBound, count: piece.count), room))
        }
      }
      return sum
    }
  }

  @inline(__always) private func pieces(
    ofRow row: Int, _ width: Int, group: Int, _ body: (AdvancedPiece) -> Void
  ) {
    var column = 0
    while column < width {
      let count = min(Sweep.piece, width - column)
      body(
        AdvancedPiece(
          start: row * width + column, count: count, row: row, column: column, group: group))
      column += count
    }
  }
}
