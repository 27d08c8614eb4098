/// β₂ that falls when the gradients of a layer jump.
///
/// Kassinos, "Kourkoutas-Beta: A Sunspike-Driven Adam Optimizer with Desert Flair", Algorithm 1, as
/// adv_optm 2.2.3 has it (`util/Kourkoutas.py`): a layer is all parameters of one shape, but for
/// matrices that look like trained embeddings; the spike is that of the step before.
struct Kourkoutas: Sendable {
  let beta2: Double
  let beta2Min: Double
  let emaAlpha: Double
  let tinySpike: Double
  let warmupSteps: Double

  /// What is kept with each parameter.
  struct Memory: Codable, Sendable {
    /// r, the mean norm of the layer's gradients.
    var mean: Float = 0
    /// Σ g² of this parameter in the last step.
    var square: Float = 0
    var beta2 = 0.0
  }

  /// Shapes by which parameters are one layer.
  struct Layer: Hashable {
    let shape: [Int]
    /// Of an embedding, which is a layer of its own.
    var number: Int?

    init(_ shape: [Int], number: Int) {
      self.shape = shape
      let isEmbedding =
        shape.count == 2 && 1...10 ~= shape[0] && [768, 1280, 4096].contains(shape[1])
      self.number = isEmbedding ? number : nil
    }
  }

  /// β₂ of this step for the parameters of one layer.
  ///
  /// - Parameter step: Steps made before.
  func prepare(_ layer: [Memory], step: Int) -> Memory {
    var square: Float = 0
    for parameter in layer { square += parameter.square }
    let norm = square.squareRoot()
    let old = layer.first?.mean ?? 0
    let mean = old * Float(emaAlpha) + Float(1 - emaAlpha) * norm
    if Double(step) < warmupSteps { return Memory(mean: mean, beta2: beta2) }
    let raw = norm / (mean + Float(tinySpike))
    let spike = raw / (1 + raw)
    return Memory(mean: mean, beta2: Double(Float(beta2) - Float(beta2 - beta2Min) * spike))
  }

  /// β₂ of this step for all parameters, layer by layer.
  func prepare<Element, State>(
    _ states: inout [State], _ path: WritableKeyPath<State, Memory>,
    _ parameters: [Tensor<Element>], step: Int
  ) {
    var layers: [Layer: [Int]] = [:]
    for (number, parameter) in parameters.enumerated() {
      layers[Layer(parameter.shape, number: number), default: []].append(number)
    }
    for members in layers.values {
      let next = prepare(members.map { states[$0][keyPath: path] }, step: step)
      for member in members { states[member][keyPath: path] = next }
    }
  }

  /// What the constructor of the library refuses.
  func check() throws(HyperparameterError) {
    if beta2 <= beta2Min {
      throw .combination(
        option: "kourkoutas_beta", value: .flag(true), needs: "'beta2' above 'beta2_min'")
    }
  }
}
