/// The kernels with 8 bits of state, 256 numbers at a time: the averages of a block are unpacked,
/// brought forward, and packed again.
extension BitsandbytesRule {
  /// Each block has a scale: the largest magnitude of the new averages before they are quantized.
  func moveBlocks(
    _ parameter: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ memory: inout BitsandbytesMemory, count: Int, usesProcessor: Bool
  ) {
    withBlocks(parameter, gradient, &memory) { blocks in
      Sweep.each(count) { range in
        blocks.each(range) { block in
          let number = block.start / 256
          blocks.unpack(block, scale: number)
          blocks.move(block, storing: true)
          if usesProcessor {
            blocks.packOnGrid(block)
          } else {
            blocks.pack(block)
          }
        }
      }
    }
  }

  /// The largest magnitude of each new average in the tensor, and the norm of the update.
  func measure(
    _ parameter: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ memory: inout BitsandbytesMemory, count: Int
  ) -> (largest: BitsandbytesMoments, updateNorm: Float) {
    var largest = [SIMD4<Float>](repeating: .zero, count: (count + 255) / 256)
    let sum = withBlocks(parameter, gradient, &memory) { blocks in
      largest.withUnsafeMutableBufferPointer { largest in
        let write = largest
        return Sweep.sum(count) { range in
          var sum = 0.0
          blocks.each(range) { block in
            blocks.unpack(block, scale: 0)
            sum += blocks.updateSquares(block)
            blocks.move(block, storing: false)
            write[block.start / 256] = blocks.largest(block)
          }
          return sum
        }
      }
    }
    let most = largest.reduce(.zero) { pointwiseMax($0, $1) }
    return (BitsandbytesMoments(m: most.x, v: most.y, slow: most.z), Float(sum.squareRoot()))
  }

  /// One scale serves the tensor.
  func moveTensor(
    _ parameter: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ memory: inout BitsandbytesMemory, count: Int, largest: BitsandbytesMoments
  ) {
    withBlocks(parameter, gradient, &memory) { blocks in
      Sweep.each(count) { range in
        blocks.each(range) { block in
          blocks.unpack(block, scale: 0)
          blocks.move(block, storing: true)
          blocks.pack(block, largest)
        }
      }
    }
    memory.m.scales = [largest.m]
    if Self.moments > 1 { memory.v.scales = [largest.v] }
  }

  @inline(__always) private func withBlocks<Result>(
    _ parameter: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ memory: inout BitsandbytesMemory, _ body: (BitsandbytesBlocks<Self>) -> Result
  ) -> Result {
    @inline(__always) func call(
      _ m: UnsafeMutablePointer<UInt8>, _ mScales: UnsafeMutablePointer<Float>,
      _ v: UnsafeMutablePointer<UInt8>, _ vScales: UnsafeMutablePointer<Float>,
      _ slow: UnsafeMutablePointer<UInt8>, _ slowScales: UnsafeMutablePointer<Float>
    ) -> Result {
      DynamicMap.signKeeping.withTables { signed in
        DynamicMap.unsigned.withTables { unsigned in
          body(
            BitsandbytesBlocks(
              rule: self, parameter: parameter, gradient: gradient,
              m: .init(codes: m, scales: mScales, tables: signed),
              v: .init(codes: v, scales: vScales, tables: unsigned),
              slow: .init(codes: slow, scales: slowScales, tables: signed)))
        }
      }
    }
    return call(
      &memory.m.codes, &memory.m.scales, &memory.v.codes, &memory.v.scales, &memory.slow.codes,
      &memory.slow.scales)
  }
}

/// The blocks of a tensor and what is done with one.
struct BitsandbytesBlocks<Rule: BitsandbytesRule> {
  let rule: Rule
  let parameter: UnsafeMutablePointer<Rule.Element>
  let gradient: UnsafePointer<Rule.Element>
  let m: Packed
  let v: Packed
  let slow: Packed

  /// A quantized average.
  struct Packed {
    let codes: UnsafeMutablePointer<UInt8>
    let scales: UnsafeMutablePointer<Float>
    let tables: DynamicMap.Tables
  }

  /// Up to 256 numbers, with room for their averages.
  struct Block {
    let start: Int
    let count: Int
    let m: UnsafeMutablePointer<Float>
    var v: UnsafeMutablePointer<Float> { m + 256 }
    var slow: UnsafeMutablePointer<Float> { m + 512 }
  }

  /// - Parameter range: Starts at a border of blocks.
  @inline(__always) func each(_ range: Range<Int>, _ body: (Block) -> Void) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 768) { buffer in
      guard let room = buffer.baseAddress else { return }
      for start in stride(from: range.lowerBound, to: range.upperBound, by: 256) {
        body(Block(start: start, count: min(256, range.upperBound - start), m: room))
      }
    }
  }

  /// - Parameter scale: The place of the scale.
  @inline(__always) func unpack(_ block: Block, scale: Int) {
    unpack(block, m, block.m, scale)
    if Rule.moments > 1 { unpack(block, v, block.v, scale) }
    if Rule.moments > 2 { unpack(block, slow, block.slow, scale) }
  }

  @inline(__always) private func unpack(
    _ block: Block, _ packed: Packed, _ numbers: UnsafeMutablePointer<Float>, _ scale: Int
  ) {
    let codes = packed.codes + block.start
    let values = packed.tables.values
    let scale = packed.scales[scale]
    for i in 0..<block.count { numbers[i] = values[Int(codes[i])] * scale }
  }

  /// Brings the averages forward and, if storing, the parameter.
  @inline(__always) func move(_ block: Block, storing: Bool) {
    let theta = parameter + block.start
    let g = gradient + block.start
    let (m, v, slow) = (block.m, block.v, block.slow)
    for i in 0..<block.count {
      var s = rule.moments(i, m, v, slow)
      let moved = rule.move(theta[i].single, g[i].single, &s)
      if storing { theta[i] = Rule.Element(single: moved) }
      m[i] = s.m
      if Rule.moments > 1 { v[i] = s.v }
      if Rule.moments > 2 { slow[i] = s.slow }
    }
  }

  @inline(__always) func updateSquares(_ block: Block) -> Double {
    let theta = parameter + block.start
    let g = gradient + block.start
    var sum = 0.0
    for i in 0..<block.count {
      let s = rule.moments(i, block.m, block.v, block.slow)
      let u = rule.update(theta[i].single, g[i].single, s)
      sum = .summing(sum, Double(u * u))
    }
    return sum
  }

  /// The largest magnitudes of m, v and the slow average.
  @inline(__always) func largest(_ block: Block) -> SIMD4<Float> {
    SIMD4(
      Self.largest(block.m, block.count),
      Rule.moments > 1 ? Self.largest(block.v, block.count) : 0,
      Rule.moments > 2 ? Self.largest(block.slow, block.count) : 0, 0)
  }

  /// As whole numbers the patterns of magnitudes have the order of the magnitudes, and a loop over
  /// whole numbers is vectorised.
  @inline(__always) private static func largest(
    _ numbers: UnsafePointer<Float>, _ count: Int
  ) -> Float {
    var most: Int32 = 0
    for i in 0..<count { most = max(most, Int32(bitPattern: numbers[i].bitPattern & 0x7FFF_FFFF)) }
    return Float(bitPattern: UInt32(bitPattern: most))
  }

  /// Quantizes, with a scale for the block.
  @inline(__always) func pack(_ block: Block) {
    let largest = largest(block)
    let number = block.start / 256
    m.scales[number] = largest.x
    pack(block, m, block.m, largest: largest.x) { $0 / largest.x }
    if Rule.moments > 1 {
      v.scales[number] = largest.y
      pack(block, v, block.v, largest: largest.y) { $0 / largest.y }
    }
    if Rule.moments > 2 {
      slow.scales[number] = largest.z
      pack(block, slow, block.slow, largest: largest.z) { $0 / largest.z }
    }
  }

  /// Quantizes, with the scale of the tensor.
  @inline(__always) func pack(_ block: Block, _ largest: BitsandbytesMoments) {
    let (m1, v1) = (1 / largest.m, 1 / largest.v)
    pack(block, m, block.m, largest: largest.m) { $0 * m1 }
    if Rule.moments > 1 { pack(block, v, block.v, largest: largest.v) { $0 * v1 } }
  }

  @inline(__always) private func pack(
    _ block: Block, _ packed: Packed, _ numbers: UnsafeMutablePointer<Float>, largest: Float,
    _ scaled: (Float) -> Float
  ) {
    let codes = packed.codes + block.start
    if largest == 0 {
      // 0 / 0: the search ends at code 0, which has the wrong sign for +0 in a signed map; the
      // kernel steps back from it, to 255. The scale is 0, so that either means 0.
      let positive = packed.tables.values[0] < 0 ? UInt8(255) : 0
      for i in 0..<block.count { codes[i] = numbers[i].sign == .minus ? 0 : positive }
      return
    }
    for i in 0..<block.count { numbers[i] = scaled(numbers[i]) }
    for i in 0..<block.count { codes[i] = packed.tables.code(of: numbers[i]) }
  }

  /// Quantizes as the library does on processors.
  func packOnGrid(_ block: Block) {
    let largest = largest(block)
    let number = block.start / 256
    pack(block, m, block.m, largest: largest.x, number, .signed)
    if Rule.moments > 1 { pack(block, v, block.v, largest: largest.y, number, .unsigned) }
    if Rule.moments > 2 { pack(block, slow, block.slow, largest: largest.z, number, .signed) }
  }

  private func pack(
    _ block: Block, _ packed: Packed, _ numbers: UnsafePointer<Float>, largest: Float,
    _ number: Int, _ grid: QuantizationGrid
  ) {
    packed.scales[number] = largest
    let scale = largest == 0 ? 0 : 1 / largest
    for i in 0..<block.count {
      packed.codes[block.start + i] =
        largest == 0 ? 0 : grid.codes[QuantizationGrid.place(of: numbers[i] * scale)]
    }
  }
}
