/// The step of one parameter of Prodigy_adv.
struct ProdigyAdvStep<Element: StoredNumber>: AdvancedStep {
  let options: ProdigyAdv<Element>
  let beta2: Double
  let d: Double
  /// d times the learning rate, scaled.
  let size: Double
  let random: RandomNumbers?

  /// Lines 8 and 9 ff., before the weights move: s, Σ g (θ₀ − θ) and Σ |s|, in float32.
  func slices<Number: StoredNumber>(
    _ theta: UnsafePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ memory: inout ProdigyAdv<Element>.Memory, count: Int, as: Number.Type
  ) -> (product: Float, magnitude: Float) {
    typealias B = Element.Arithmetic
    let gradient = AdvancedGradient<Element, Number>(
      gradient, theta, count: count, orthogonal: options.orthogonalGradient)
    let weight = B(d / options.d0 * (options.safeguardWarmup ? d : size))
    let decay = B(options.decay)
    var product = 0.0
    var magnitude = 0.0
    for k in memory.s.indices {
      let i = k * options.slice
      let g = gradient[i]
      let start = memory.start.isEmpty ? 0 : Float(memory.start[k].wide)
      product += Double(g * (start - Float(theta[i].wide)))
      let s = Element(rounding: Element.rounded(memory.s[k].wide * decay) + weight * B(g))
      memory.s[k] = s
      magnitude += Double(s.wide.magnitude)
    }
    return (Float(product), Float(Element.rounded(B(magnitude))))
  }

  /// - Returns: Σ g² for Kourkoutas-β.
  func run<Moment: AdvancedMoment>(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ work: AdvancedWork<Moment>
  ) -> Float {
    let kernel = ProdigyAdvKernel(
      options: options, step: self, work: work,
      gradient: AdvancedGradient(
        gradient, theta, count: work.grid.count, orthogonal: options.orthogonalGradient),
      update: AdvancedUpdate(
        theta, weightDecay: options.weightDecay, size: size, cautious: options.cautiousDecay,
        random: random))
    let square = options.kourkoutasBeta ? kernel.gradient.sumOfSquares() : 0
    kernel.run()
    return square
  }
}

/// The operations of a step on a piece.
private struct ProdigyAdvKernel<Element: StoredNumber, Moment: AdvancedMoment> {
  typealias Number = Moment.Number
  typealias Stages = AdvancedStages<Number>
  let options: ProdigyAdv<Element>
  let step: ProdigyAdvStep<Element>
  let work: AdvancedWork<Moment>
  let gradient: AdvancedGradient<Element, Number>
  let update: AdvancedUpdate<Element>

  private var isCautious: Bool {
    options.cautiousMask && !options.gramsMoment && !options.simplified && work.m != nil
  }

  func run() {
    let share =
      isCautious ? Stages.cautiousShare(of: work.grid, buffers: 2, average) : 1
    work.grid.each(buffers: 3, of: Number.Arithmetic.self) { piece, room in
      average(piece, room)
      finish(piece, room, share: share)
    }
  }

  /// g into the first buffer and m into the second.
  private func average(_ piece: AdvancedPiece, _ g: Stages.Buffer) {
    let u = g + Sweep.piece
    let n = piece.count
    gradient.load(piece, into: g)
    guard let m = work.m else {
      Stages.copy(u, from: g, n)
      return Stages.multiply(u, by: step.d, n)
    }
    m.load(piece, into: u)
    let weight = options.simplified ? step.d : step.d * (1 - options.beta1)
    Stages.accumulate(u, decay: options.beta1, g, weight: weight, n)
  }

  /// The rest, with the third buffer for the slow m and for v.
  private func finish(_ piece: AdvancedPiece, _ g: Stages.Buffer, share: Number.Arithmetic) {
    let u = g + Sweep.piece
    let w = u + Sweep.piece
    let n = piece.count
    let d = step.d
    if let m = work.m {
      m.store(piece, from: u)
      if options.gramsMoment, !options.simplified { Stages.takeSigns(u, of: g, n) }
      if isCautious { Stages.mask(u, by: g, share, n) }
    }
    if let slow = work.slow {
      slow.load(piece, into: w)
      Stages.accumulate(w, decay: options.beta3EMA, g, weight: d * (1 - options.beta3EMA), n)
      slow.store(piece, from: w)
      Stages.add(u, options.alpha, w, n)
    }
    if options.simplified { Stages.add(u, options.alphaGrad * d, g, n) }
    work.v?.load(piece, into: w)
    Stages.accumulateSquares(w, decay: step.beta2, g, weight: d * d * (1 - step.beta2), n)
    work.v?.store(piece, from: w)
    if options.useAtan2, !options.simplified {
      Stages.takeAngle(u, overRoot: w, correction: 1, n)
      Stages.multiply(u, by: step.size * (4 / Double.pi), n)
    } else {
      Stages.divide(u, byRoot: w, correction: 1, epsilon: d * options.epsilon, n)
      Stages.multiply(u, by: step.size, n)
    }
    update.apply(piece, u, of: Number.self)
  }
}
