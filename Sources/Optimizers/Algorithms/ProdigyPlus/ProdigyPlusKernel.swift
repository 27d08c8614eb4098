/// The passes of Prodigy Plus over one parameter.
///
/// The library makes whole tensors of what it computes on the way. Here each pass makes it anew, a
/// ``ProdigyPlusTile`` at a time: the update before clipping for its norm, the clipped one for the
/// step.
struct ProdigyPlusKernel<Element: StoredNumber> {
  typealias A = Element.Arithmetic
  /// Goes through a stretch of the tensor for the estimate of d, before the weights are moved.
  typealias Estimate = (Range<Int>) -> SIMD4<Double>

  let options: ProdigyPlusScheduleFree<Element>
  let step: ProdigyPlusStep
  let count: Int
  let gradient: UnsafePointer<Element>
  /// y, or the weights without the schedule-free part.
  let y: UnsafeMutablePointer<Element>
  /// z, or exp_avg.
  let companion: UnsafeMutablePointer<Element>
  let divisor: ProdigyPlusDivisor<Element>
  let storing: StochasticStore<Element>

  /// The weights that gradient and update are compared with: z, or those trained.
  var weights: UnsafeMutablePointer<Element> { options.isScheduleFree ? companion : y }

  /// What is known of the update, and which pass this is.
  private struct Progress {
    var projection: OrthogonalProjection?
    var clip: Float = 1
    var isFirst = true
    var isLast = false
  }

  /// Moves the weights; returns the sums of the estimate.
  func run(_ estimate: Estimate) -> SIMD4<Double> {
    var progress = Progress()
    if options.usesOrthoGrad {
      let products = sums(progress) { tile, part in
        tile.products(part.count, weights + part.lowerBound)
      }
      progress.isFirst = false
      progress.projection = OrthogonalProjection(products)
      let left = sums(progress) { tile, part in tile.squareSum(part.count) }
      progress.projection?.scale(by: left.x)
    }
    if options.clips {
      let squares = sums(progress) { tile, part in tile.squareSum(part.count) }
      progress.isFirst = false
      let norm = Float(squares.x.squareRoot()) / Float(Double(count).squareRoot())
      progress.clip = 1 / max(norm, 1).squareRoot()
    }
    return options.isScheduleFree ? moveAverage(progress, estimate) : descend(progress, estimate)
  }

  private func descend(_ progress: Progress, _ estimate: Estimate) -> SIMD4<Double> {
    var progress = progress
    progress.isLast = true
    let decay = options.weightDecay * (options.scalesDecayByRate ? step.dlr : 1)
    let move = ProdigyMove(
      y: y, storing: storing, keeping: Float(1 - decay), rate: Float(step.dlr))
    return sums(progress) { tile, part in
      let terms = estimate(part)
      move(tile.u, part)
      return terms
    }
  }

  private func moveAverage(_ progress: Progress, _ estimate: Estimate) -> SIMD4<Double> {
    var progress = progress
    var move = ScheduleFreeMove(options, step, y: y, z: companion, storing: storing)
    if move.direction == .cautious {
      let agreed = sums(progress) { tile, part in move.agreements(tile.u, part) }
      progress.isFirst = false
      move.share = 1 / max(Float(agreed.x / Double(count)), 1e-3)
    }
    progress.isLast = true
    return sums(progress) { tile, part in
      let terms = estimate(part)
      move(tile.u, part)
      return terms
    }
  }

  /// The first step of ADOPT: the second moment alone.
  func average() {
    Sweep.each(count) { divisor.average(gradient, weights, $0) }
  }

  /// Adds up what the body returns for tiles that hold the update.
  private func sums(
    _ progress: Progress, _ body: (ProdigyPlusTile, Range<Int>) -> SIMD4<Double>
  ) -> SIMD4<Double> {
    Sweep.sums(count) { range in
      ProdigyPlusTile.withMemory { tile in
        let length = ProdigyPlusTile.length
        var total = SIMD4<Double>.zero
        for start in stride(from: range.lowerBound, to: range.upperBound, by: length) {
          let part = start..<min(start + length, range.upperBound)
          fill(tile, part, progress)
          total += body(tile, part)
        }
        return total
      }
    }
  }

  /// Puts the update into a tile, as far as it is known.
  private func fill(_ tile: ProdigyPlusTile, _ part: Range<Int>, _ progress: Progress) {
    let u = tile.u
    let w = weights + part.lowerBound
    let n = part.count
    if progress.isFirst && !options.usesAdopt { divisor.average(gradient, weights, part) }
    if !options.isScheduleFree {
      fillMean(tile, part, averages: progress.isFirst)
    } else {
      let g = gradient + part.lowerBound
      if step.isYoung {
        for j in 0..<n { u[j] = Float(g[j].wide) }
      } else {
        let d = Float(step.d)
        divisor.divide(tile, w, part) { Float(g[$0].wide) * d }
      }
    }
    if progress.isLast && options.usesAdopt { divisor.average(gradient, weights, part) }
    progress.projection?.apply(u, w, n)
    if progress.clip != 1 {
      for j in 0..<n { u[j] *= progress.clip }
    }
  }

  /// The update of Prodigy, from the mean gradient.
  private func fillMean(_ tile: ProdigyPlusTile, _ part: Range<Int>, averages: Bool) {
    let u = tile.u
    let n = part.count
    let start = part.lowerBound
    let g = gradient + start
    let m = companion + start
    let w = y + start
    if options.usesAdopt {
      divisor.divide(tile, w, part) { Float(g[$0].wide) }
      let limit = Float(Double(step.k).squareRoot().squareRoot())
      for j in 0..<n { u[j] = min(max(u[j], -limit), limit) }
    } else {
      for j in 0..<n { u[j] = Float(g[j].wide) }
    }
    if averages {
      let beta1 = A(options.beta1)
      let weight = A((1 - options.beta1) * step.d)
      for j in 0..<n {
        let decayed = Element.rounded(m[j].wide * beta1)
        m[j] = Element(rounding: decayed.plus(weight, times: A(u[j])))
      }
    }
    if options.isCautious {
      for j in 0..<n { u[j] = Float(A(u[j]) * m[j].wide) }
    } else if options.takesSigns {
      for j in 0..<n { u[j] = u[j].signum * Float(m[j].wide.magnitude) }
    } else {
      for j in 0..<n { u[j] = Float(m[j].wide) }
    }
    if !options.usesAdopt { divisor.divide(tile, w, part) { u[$0] } }
  }
}
