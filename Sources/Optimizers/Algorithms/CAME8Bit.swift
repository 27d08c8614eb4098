/// CAME with its momentum in 8 bits.
///
/// Xie et al., "SANA 1.5: Efficient Scaling of Training-Time and Inference-Time Compute in Linear
/// Diffusion Transformer", 2025, section 2.3, as OneTrainer has it
/// (`modules/util/optimizer/CAME8bit.py`): matrices, and 1×1 convolutions, of more than
/// `min_8bit_size` numbers are quantized evenly between the smallest and the largest number of a
/// block. A block is `quant_block_size` rows, not numbers. Unlike ``CAME``, other tensors of more
/// than one dimension are not factored.
struct CAME8Bit<Element: StoredNumber>: ParameterwiseOptimizer {
  /// What is not about the 8 bits.
  var came = CAME<Element>()
  var smallest8BitSize = 16384
  var blockRows = 2048

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.came.beta1, .share, "decay of the mean update"),
      Hyperparameter("beta2", \.came.beta2, .share, "decay of the mean squared gradient"),
      Hyperparameter("beta3", \.came.beta3, .share, "decay of the mean instability"),
      Hyperparameter("eps", \.came.epsilon1, .any, "added to the squared gradient"),
      Hyperparameter("eps2", \.came.epsilon2, .any, "added to the instability"),
      Hyperparameter("clip_threshold", \.came.clipThreshold, .any, "largest RMS of an update"),
      Hyperparameter("weight_decay", \.came.weightDecay, .any, "shrinks the weights, if above 0"),
      Hyperparameter("use_cautious", \.came.useCautious, "skips what moves against the gradient"),
      Hyperparameter("stochastic_rounding", \.came.stochasticRounding, "rounds bfloat16 at random"),
      Hyperparameter(
        "min_8bit_size", \.smallest8BitSize, 0...(.max), "matrices above this size are quantized"),
      Hyperparameter("quant_block_size", \.blockRows, 1...(.max), "rows that share a scale"),
    ]
  }

  struct Memory: Codable, Sendable {
    /// Without a momentum where `m` is one.
    var came: CAME<Element>.Memory
    /// Nil for what is not quantized.
    var m: QuantizedRows?
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    let format: NumberFormat = parameter.format == .float64 ? .float64 : .float32
    let isMatrix = Self.matrices(parameter.shape) != nil
    let (rows, columns) = isMatrix ? ([parameter.shape[0]], [parameter.shape[1]]) : ([], [])
    let squares =
      isMatrix
      ? [
        ("exp_avg_sq_row", rows), ("exp_avg_sq_col", columns), ("exp_avg_res_row", rows),
        ("exp_avg_res_col", columns),
      ] : [("exp_avg_sq", parameter.shape)]
    return [StateTensor("RMS", [], parameter.format)] + momentum(parameter.shape, format)
      + squares.map { StateTensor($0.0, $0.1, format) }
  }

  private func momentum(_ shape: [Int], _ format: NumberFormat) -> [StateTensor] {
    guard quantizes(shape) else { return [StateTensor("exp_avg", shape, format)] }
    return stride(from: 0, to: shape[0], by: blockRows).enumerated().flatMap { block, start in
      let rows = [min(blockRows, shape[0] - start)]
      return [
        StateTensor("exp_avg[\(block)].value", rows + shape.dropFirst(), .uint8),
        StateTensor("exp_avg[\(block)].scale", [], .float32),
        StateTensor("exp_avg[\(block)].min", [], .float32),
      ]
    }
  }

  /// What is factored: matrices, and convolutions with kernels of one point.
  private static func matrices(_ shape: [Int]) -> Matrices? {
    let isMatrix = shape.count == 2 || shape.count == 4 && shape[2] == 1 && shape[3] == 1
    return isMatrix ? Matrices(Array(shape.prefix(2))) : nil
  }

  /// A single number is kept as it is, whatever its size may be.
  private func quantizes(_ shape: [Int]) -> Bool {
    guard let matrices = Self.matrices(shape) else { return false }
    return matrices.elements > max(smallest8BitSize, 1)
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    let matrices = Self.matrices(parameter.shape)
    var memory = Memory(came: came.initialMemory(for: parameter, number: number, as: matrices))
    if let matrices, quantizes(parameter.shape) {
      memory.came.m = []
      memory.m = QuantizedRows(zerosFor: matrices, blockRows: blockRows)
    }
    return memory
  }

  func codes(_ state: [Memory], parameter: Int) -> [StateCodes] {
    guard let m = state[parameter].m else { return [] }
    return [
      StateCodes(name: "exp_avg", codes: m.codes, scales: m.grids.map(\.scale)),
      StateCodes(name: "exp_avg.min", codes: [], scales: m.grids.map(\.lowest)),
    ]
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) throws(OptimizerError) {
    let shape = parameter.shape
    if shape.count == 4, Self.matrices(shape) != nil, shape[0] == 1 || shape[1] == 1 {
      throw .refused("a convolution of shape \(shape) loses a dimension, and its mean fails")
    }
    var came = came
    came.weightDecay = max(came.weightDecay, 0)
    guard let matrices = Self.matrices(shape), memory.m != nil else {
      came.step(
        &parameter, gradient: gradient, memory: &memory.came, rate: rate,
        as: Self.matrices(shape))
      return
    }
    if came.stochasticRounding { memory.came.random.advance() }
    var m = memory.m ?? QuantizedRows(zerosFor: matrices, blockRows: blockRows)
    memory.m = nil  // So that m is not copied.
    came.stepQuantized(&parameter.values, gradient.values, &memory.came, &m, matrices, rate)
    memory.m = m
  }
}

extension CAME {
  /// As a step of ``CAME``, but that the new momentum is stored in 8 bits after it is used. No
  /// place holds it in full meanwhile: the second pass computes it again.
  fileprivate func stepQuantized(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ memory: inout Memory, _ m: inout QuantizedRows, _ matrices: Matrices, _ rate: Double
  ) {
    let update = FactoredUpdate(gradient, matrices)
    memory.squares.mix(update.squares(epsilon: epsilon1), of: matrices, decay: beta2)
    let roots = memory.squares.inverseRoots(matrices)
    let clip = update.clip(roots.rows, roots.columns, threshold: clipThreshold)
    var extremes = [QuantizedRows.Extremes](repeating: .init(), count: matrices.rows)
    withMomentum(&m.codes, m.grids, m.blockRows, gradient, roots.rows, roots.columns, clip) {
      Self.mix(
        &memory.instabilities, $0, &extremes, matrices, decay: beta3, epsilon: epsilon2)
    }
    let grids = m.grids(around: extremes)
    let calm = memory.instabilities.inverseRoots(matrices)
    withMomentum(&m.codes, m.grids, m.blockRows, gradient, roots.rows, roots.columns, clip) {
      move(theta, $0, grids, calm.rows, calm.columns, matrices, rate, memory.random)
    }
    m.grids = grids
  }

  private func withMomentum(
    _ codes: UnsafeMutablePointer<UInt8>, _ grids: UnsafePointer<QuantizedRows.Grid>,
    _ blockRows: Int, _ gradient: UnsafePointer<Element>, _ r: UnsafePointer<Element.Arithmetic>,
    _ c: UnsafePointer<Element.Arithmetic>, _ clip: Element.Arithmetic,
    _ body: (QuantizedMomentum<Element>) -> Void
  ) {
    body(
      QuantizedMomentum(
        codes: codes, grids: grids, blockRows: blockRows, gradient: gradient, r: r, c: c,
        clip: clip, beta1: Float(beta1), weight: .init(1 - beta1)))
  }

  private static func mix(
    _ instabilities: inout FactoredMean<Element.Arithmetic>, _ m: QuantizedMomentum<Element>,
    _ extremes: UnsafeMutablePointer<QuantizedRows.Extremes>, _ matrices: Matrices,
    decay: Double, epsilon: Double
  ) {
    instabilities.mix(
      QuantizedInstabilityTerms(m: m, extremes: extremes, epsilon2: .init(epsilon)), of: matrices,
      decay: decay)
  }

  private func move(
    _ theta: UnsafeMutablePointer<Element>, _ m: QuantizedMomentum<Element>,
    _ grids: [QuantizedRows.Grid], _ r: UnsafePointer<Element.Arithmetic>,
    _ c: UnsafePointer<Element.Arithmetic>, _ matrices: Matrices, _ rate: Double,
    _ random: RandomNumbers
  ) {
    typealias A = Element.Arithmetic
    var move = CautiousMove(
      theta, m.gradient, rate, decay: weightDecay, random, roundingAtRandom: stochasticRounding)
    if useCautious {
      move.mask = move.mask(matrices.elements) { range in
        var total = 0.0
        matrices.eachRow(in: range) { row, places, shift in
          let (r, part) = (r[row], m.row(row))
          total += move.agreeing(places) { i in
            r * c[i &+ shift] * A(m.next(part, i, m.update(part, i, i &+ shift)))
          }
        }
        return total
      }
    }
    Sweep.each(matrices.elements) { [move] range in
      matrices.eachRow(in: range) { row, places, shift in
        let (r, part, grid) = (r[row], m.row(row), grids[row / m.blockRows])
        move.along(places) { i in
          let next = m.next(part, i, m.update(part, i, i &+ shift))
          m.codes[i] = grid.code(next)
          return r * c[i &+ shift] * A(next)
        }
      }
    }
  }
}

/// The momentum in 8 bits, and the update that it is mixed with.
private struct QuantizedMomentum<Element: StoredNumber> {
  typealias A = Element.Arithmetic
  typealias Row = (r: A, grid: QuantizedRows.Grid)
  let codes: UnsafeMutablePointer<UInt8>
  let grids: UnsafePointer<QuantizedRows.Grid>
  let blockRows: Int
  let gradient: UnsafePointer<Element>
  let r: UnsafePointer<A>
  let c: UnsafePointer<A>
  let clip: A
  let beta1: Float
  let weight: A

  @inline(__always) func row(_ number: Int) -> Row { (r[number], grids[number / blockRows]) }

  /// U, clipped.
  @inline(__always) func update(_ row: Row, _ i: Int, _ column: Int) -> A {
    row.r * c[column] * gradient[i].wide / clip
  }

  /// The new momentum: what float32 holds of it, even for weights in float64.
  @inline(__always) func next(_ row: Row, _ i: Int, _ update: A) -> Float {
    Float(A(row.grid.value(codes[i]) * beta1) + weight * update)
  }
}

/// The instability around the new momentum; keeps the extremes of the latter.
private struct QuantizedInstabilityTerms<Element: StoredNumber>: MatrixTerms {
  let m: QuantizedMomentum<Element>
  let extremes: UnsafeMutablePointer<QuantizedRows.Extremes>
  let epsilon2: Element.Arithmetic

  struct Row {
    let part: QuantizedMomentum<Element>.Row
    var extremes = QuantizedRows.Extremes()
  }

  @inline(__always) func row(_ number: Int) -> Row { Row(part: m.row(number)) }
  @inline(__always)
  func term(_ row: inout Row, _ i: Int, _ column: Int) -> Element.Arithmetic {
    let update = m.update(row.part, i, column)
    let next = m.next(row.part, i, update)
    row.extremes.add(next)
    let stray = update - Element.Arithmetic(next)
    return stray * stray + epsilon2
  }
  @inline(__always) func end(_ row: Row, _ number: Int) { extremes[number] = row.extremes }
}

extension OptimizerFamily {
  static let came8Bit = OptimizerFamily(
    "CAME_8BIT", "CAME (8-bit)", library: "OneTrainer, CAME8bit.py",
    Citation("SANA 1.5", "https://arxiv.org/abs/2501.18427"),
    CAME8Bit<Float>.self, CAME8Bit<Double>.self, CAME8Bit<BFloat16>.self, CAME8Bit<Half>.self)
}
