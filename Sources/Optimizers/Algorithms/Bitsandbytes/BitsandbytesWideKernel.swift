/// The kernels with 32 bits of state: one pass.
extension BitsandbytesRule {
  func move(
    _ parameter: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ memory: inout BitsandbytesMemory, count: Int
  ) {
    move(
      parameter, gradient, &memory.m.numbers, &memory.v.numbers, &memory.slow.numbers, count: count)
  }

  private func move(
    _ parameter: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafeMutablePointer<Float>, _ v: UnsafeMutablePointer<Float>,
    _ slow: UnsafeMutablePointer<Float>, count: Int
  ) {
    Sweep.each(count) { range in
      for i in range {
        var s = moments(i, m, v, slow)
        parameter[i] = Element(single: move(parameter[i].single, gradient[i].single, &s))
        m[i] = s.m
        if Self.moments > 1 { v[i] = s.v }
        if Self.moments > 2 { slow[i] = s.slow }
      }
    }
  }

  /// The norm of the update that ``move(_:_:_:count:)`` is about to make.
  func updateNorm(
    _ parameter: UnsafePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ memory: BitsandbytesMemory
  ) -> Float {
    updateNorm(
      parameter, gradient, memory.m.numbers, memory.v.numbers, memory.slow.numbers,
      count: memory.m.numbers.count)
  }

  private func updateNorm(
    _ parameter: UnsafePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafePointer<Float>, _ v: UnsafePointer<Float>, _ slow: UnsafePointer<Float>, count: Int
  ) -> Float {
    let sum = Sweep.sum(count) { range in
      var sum = 0.0
      // Updates by themselves: beside sums in `Double` half as many would be made at a time.
      Sweep.pieces(of: range, buffers: 1, of: Float.self) { piece, u in
        let start = piece.lowerBound
        let (parameter, gradient) = (parameter + start, gradient + start)
        let (m, v, slow) = (m + start, v + start, slow + start)
        for i in 0..<piece.count {
          u[i] = update(parameter[i].single, gradient[i].single, moments(i, m, v, slow))
        }
        for i in 0..<piece.count { sum = .summing(sum, Double(u[i] * u[i])) }
      }
      return sum
    }
    return Float(sum.squareRoot())
  }

  @inline(__always) func moments(
    _ i: Int, _ m: UnsafePointer<Float>, _ v: UnsafePointer<Float>, _ slow: UnsafePointer<Float>
  ) -> BitsandbytesMoments {
    BitsandbytesMoments(
      m: m[i], v: Self.moments > 1 ? v[i] : 0, slow: Self.moments > 2 ? slow[i] : 0)
  }
}
