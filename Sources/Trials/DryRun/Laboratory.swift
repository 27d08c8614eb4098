public import Optimizers
internal import Threads

/// The layer and the noise that all runs of one comparison share.
public struct Laboratory: Sendable {
  let layer: FoldedLayer
  let noise: GradientNoise
  let seed: UInt64

  /// Images whose gradients scatter as much as they agree, early in the training of small image tasks:
  /// the simple noise scale of McCandlish et al. 2018, https://arxiv.org/abs/1812.06162, argued and not
  /// measured for diffusion models.
  static let noiseScale = 32.0
  /// The norm of the first gradient over all trained numbers: a guess that only clipping, ε and SGD see.
  static let gradientNorm = 0.1

  /// - Parameters:
  ///   - width: n of the model's usual layer.
  ///   - isFine: Whether the finer folding is needed: an estimate that is a maximum over sums, as d of
  ///     Prodigy and D-Adaptation, comes out too large where there are few numbers.
  public init(width: Int, method: TrialSettings.Method, isFine: Bool, seed: UInt64) {
    let rank: Int =
      switch method {
      case .adapter(let rank, _): min(4, max(1, rank))
      case .full: 4
      }
    layer = FoldedLayer(
      width: width, size: isFine ? 128 : 64, targetRank: rank, seed: seed)
    noise = GradientNoise(layer, seed: seed)
    self.seed = seed
  }

  /// Runs the settings.
  ///
  /// - Throws: What the optimizer refuses.
  public func run(_ settings: TrialSettings) throws(HyperparameterError) -> Trajectory {
    switch settings.format {
    case .bfloat16: try run(settings, storing: BFloat16.self)
    case .float16: try run(settings, storing: Half.self)
    default: try run(settings, storing: Float.self)
    }
  }

  private func run<Element: StoredNumber>(
    _ settings: TrialSettings, storing: Element.Type
  ) throws(HyperparameterError) -> Trajectory where Element.Arithmetic == Float {
    guard let family = OptimizerFamily[id: settings.optimizer] else {
      throw .unknown(option: settings.optimizer, known: OptimizerFamily.all.map(\.id))
    }
    let optimizer = try family.optimizer(storing: Element.self, settings.options)
    switch settings.method {
    case .adapter(let rank, let scale):
      let problem = AdapterProblem(
        layer: layer, rank: rank, scale: scale, gradientSize: gradientSize(settings), seed: seed)
      return TrialRun(self, settings, problem, optimizer).trajectory()
    case .full:
      let problem = FullProblem(
        layer: layer, gradientSize: gradientSize(settings), seed: seed,
        rounded: { Element(rounding: Float($0)).wide })
      return TrialRun(self, settings, problem, optimizer).trajectory()
    }
  }

  /// κ: such that an entry of the first gradient, at a scale of 1 and with its noise, has the size
  /// g₀ / √N.
  private func gradientSize(_ settings: TrialSettings) -> Double {
    let wanted = Self.gradientNorm / settings.trainedNumbers.squareRoot()
    let n = Double(layer.size)
    let square = layer.gradientSquare * (1 + Self.noiseScale / settings.samplesPerStep)
    switch settings.method {
    case .full: return wanted / (layer.fold * (square / (n * n)).squareRoot())
    case .adapter:
      // B's gradient is that of the weights times Aᵀ, whose entries are uniform in ±1/√width; half of
      // the numbers, A's, have none yet.
      let spread = 1 / (3 * Double(layer.width))
      return wanted / (layer.fold * (square * spread / n / 2).squareRoot())
    }
  }

  /// ν, of gradients over so many samples.
  func noiseScale(_ settings: TrialSettings) -> Double {
    let n = Double(layer.size)
    let samples = max(1, settings.samplesPerStep * settings.scale)
    // Dropped inputs scatter the gradient of every sample once more.
    let dropped = settings.dropout < 1 ? settings.dropout / (1 - settings.dropout) : 0
    let scale = (Self.noiseScale + dropped) / samples
    return (scale * layer.gradientSquare).squareRoot() / n
  }
}
