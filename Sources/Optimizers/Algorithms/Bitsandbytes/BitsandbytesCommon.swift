/// What the kernels of bitsandbytes have in common.
struct BitsandbytesCommon<Element: StoredNumber>: Sendable {
  private let gradientScale: Float
  /// Rounds what the kernel keeps in the format of the parameter on its way.
  private let roundsOften: Bool
  /// Whether the clipped gradient is such a thing.
  private let roundsGradient: Bool
  private let guardsGradient: Bool
  private let before, after: Float
  /// An oddity of the tensor-wise kernel: with weight decay, the bound of the update shrinks the
  /// parameter too.
  private let boundsParameter: Bool
  private var tensorwiseScale: Float = 1
  private let coupledDecay: Float

  /// - Parameters:
  ///   - weightDecay: Decoupled from the gradient.
  ///   - coupledDecay: Added to the gradient.
  ///   - guardsGradient: Whether the 8-bit kernel, block by block, leaves a number alone whose
  ///     gradient is not finite.
  init(
    _ step: BitsandbytesStep, weightDecay: Double = 0, coupledDecay: Double = 0,
    guardsGradient: Bool = false
  ) {
    gradientScale = step.gradientScale
    self.coupledDecay = Float(coupledDecay)
    roundsOften = !step.usesProcessor
    roundsGradient = !step.usesProcessor && !step.isNarrow
    self.guardsGradient =
      guardsGradient && step.isNarrow && !step.isTensorwise && !step.usesProcessor
    // For graphics cards the parameter is shrunk after the update, for processors before.
    let decay = 1 - step.rate * Float(weightDecay)
    before = step.usesProcessor ? decay : 1
    after = step.usesProcessor ? 1 : decay
    boundsParameter = step.isTensorwise && weightDecay > 0
  }

  mutating func bound(by scale: Float) { if boundsParameter { tensorwiseScale = scale } }

  @inline(__always) func clipped(_ raw: Float) -> Float {
    let clipped = gradientScale * raw
    return roundsGradient ? Element.stored(clipped) : clipped
  }

  /// The clipped gradient with the coupled weight decay.
  @inline(__always) func decayed(_ raw: Float, _ p: Float) -> Float {
    let decayed = clipped(raw) + p * coupledDecay
    return roundsGradient ? Element.stored(decayed) : decayed
  }

  @inline(__always) func accepts(_ raw: Float) -> Bool { !guardsGradient || raw - raw == 0 }

  /// The averages, or zeros for a gradient that is not accepted.
  @inline(__always) func kept(
    _ s: BitsandbytesMoments, if accepts: Bool
  ) -> BitsandbytesMoments {
    BitsandbytesMoments(
      m: accepts ? s.m : 0, v: accepts ? s.v : 0, slow: accepts ? s.slow : 0)
  }

  @inline(__always) func decayedBefore(_ p: Float) -> Float { p * before }

  @inline(__always) func decayedAfter(_ p: Float) -> Float {
    tensorwiseScale * (rounded(p) * after)
  }

  @inline(__always) func rounded(_ value: Float) -> Float {
    roundsOften ? Element.stored(value) : value
  }
}
