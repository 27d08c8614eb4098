/// How weights are stored: to the nearest, or at random.
struct StochasticStore<Element: StoredNumber> {
  typealias A = Element.Arithmetic

  let isRandom: Bool
  let random: RandomNumbers
  /// How many places the random numbers of one tensor take.
  let count: Int

  init(_ options: ProdigyPlusScheduleFree<Element>, _ random: RandomNumbers, count: Int) {
    isRandom = options.roundsStochastically && Element.format == .bfloat16
    self.random = random
    self.count = count
  }

  /// Gives the body what rounds a number for a place in the first or the second tensor.
  @inline(__always)
  func withRounding(_ body: ((Float, _ place: Int, _ tensor: Int) -> Element) -> Void) {
    if isRandom {
      body { Element(rounding: A($0), random: random.word($1 + $2 * count)) }
    } else {
      body { value, _, _ in Element(rounding: A(value)) }
    }
  }
}

/// The step of the schedule-free paper's Algorithm 1, as the library has it: y is moved as if x
/// were held.
struct ScheduleFreeMove<Element: StoredNumber> {
  enum Direction { case plain, cautious, grams }

  let direction: Direction
  /// What cautious updates are multiplied by: 1 by the share that is left.
  var share: Float = 1
  let y, z: UnsafeMutablePointer<Element>
  let storing: StochasticStore<Element>
  /// From which end y goes towards z, and how far.
  private let startsAtZ: Bool
  private let lerp: Float
  private let c, stepOfY, stepOfZ: Float
  private let decays: Bool
  /// Decay as a part of the update, and beside it.
  private let decay, decayOfZ, decayOfY: Float

  init(
    _ options: ProdigyPlusScheduleFree<Element>, _ step: ProdigyPlusStep,
    y: UnsafeMutablePointer<Element>, z: UnsafeMutablePointer<Element>,
    storing: StochasticStore<Element>
  ) {
    (self.y, self.z, self.storing) = (y, z, storing)
    direction = options.isCautious ? .cautious : options.takesSigns ? .grams : .plain
    c = Float(step.c)
    startsAtZ = c >= 0.5
    lerp = startsAtZ ? c - 1 : c
    stepOfY = Float(step.dlr * step.towardsUpdate)
    stepOfZ = Float(step.dlr)
    decays = options.weightDecay != 0
    decay = options.scalesDecayByRate ? Float(options.weightDecay) : 0
    let beside = options.scalesDecayByRate ? 0 : options.weightDecay
    decayOfZ = Float(beside)
    decayOfY = Float(beside * step.towardsUpdate)
  }

  func callAsFunction(_ updates: UnsafePointer<Float>, _ part: Range<Int>) {
    switch direction {
    case .plain:
      move(updates, part) { u, y, z in
        (startsAtZ ? z : y).plus(lerp, times: z - y).plus(-stepOfY, times: u)
      }
    case .cautious:
      move(updates, part) { u, y, z in
        let way = way(u, y, z)
        return y - way * (u * way > 0 ? share : 0)
      }
    case .grams: move(updates, part) { u, y, z in y - way(u, y, z).magnitude * u.signum }
    }
  }

  /// - Parameter newY: From the update and the old y and z.
  @inline(__always)
  private func move(
    _ updates: UnsafePointer<Float>, _ part: Range<Int>,
    _ newY: (_ u: Float, _ y: Float, _ z: Float) -> Float
  ) {
    let start = part.lowerBound
    let y = y + start
    let z = z + start
    storing.withRounding { rounded in
      if decays {
        for j in 0..<part.count {
          let oldY = Float(y[j].wide)
          let oldZ = Float(z[j].wide)
          let u = updates[j].plus(decay, times: oldY)
          let newZ = oldZ.plus(-stepOfZ, times: u).plus(-decayOfZ, times: oldY)
          let newY = newY(u, oldY, oldZ).plus(-decayOfY, times: oldY)
          z[j] = rounded(newZ, start + j, 1)
          y[j] = rounded(newY, start + j, 0)
        }
      } else {
        for j in 0..<part.count {
          let u = updates[j]
          let oldY = Float(y[j].wide)
          let oldZ = Float(z[j].wide)
          z[j] = rounded(oldZ.plus(-stepOfZ, times: u), start + j, 1)
          y[j] = rounded(newY(u, oldY, oldZ), start + j, 0)
        }
      }
    }
  }

  /// In how many places the way of y goes with the update.
  func agreements(_ updates: UnsafePointer<Float>, _ part: Range<Int>) -> SIMD4<Double> {
    let y = y + part.lowerBound
    let z = z + part.lowerBound
    var sum: Float = 0
    for j in 0..<part.count {
      let oldY = Float(y[j].wide)
      let u = updates[j].plus(decay, times: oldY)
      sum = .summing(sum, u * way(u, oldY, Float(z[j].wide)) > 0 ? 1 : 0)
    }
    return SIMD4(Double(sum), 0, 0, 0)
  }

  /// The way that y would go.
  @inline(__always) private func way(_ u: Float, _ y: Float, _ z: Float) -> Float {
    ((y - z) * c).plus(stepOfY, times: u)
  }
}

/// Weights without the schedule-free part.
struct ProdigyMove<Element: StoredNumber> {
  let y: UnsafeMutablePointer<Element>
  let storing: StochasticStore<Element>
  /// What is left of the weights.
  let keeping: Float
  let rate: Float

  func callAsFunction(_ updates: UnsafePointer<Float>, _ part: Range<Int>) {
    let start = part.lowerBound
    let y = y + part.lowerBound
    storing.withRounding { rounded in
      for j in 0..<part.count {
        let kept = Float(y[j].wide) * keeping
        y[j] = rounded(kept.plus(-rate, times: updates[j]), start + j, 0)
      }
    }
  }
}
