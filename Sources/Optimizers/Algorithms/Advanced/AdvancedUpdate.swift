/// The last operations of a step of adv_optm 2.2.3 (`util/param_update.py`): weight decay and the
/// update itself.
struct AdvancedUpdate<Element: StoredNumber> {
  typealias B = Element.Arithmetic
  private let theta: UnsafeMutablePointer<Element>
  /// Minus what is taken of the weights: λ times the size of the step.
  private let shrink: B
  private let decays: Bool
  /// Whether only weights shrink that the update moves towards zero.
  private let isCautious: Bool
  private let random: RandomNumbers?

  /// - Parameters:
  ///   - size: The learning rate, after bias correction.
  ///   - random: For stochastic rounding, which only bfloat16 knows.
  init(
    _ theta: UnsafeMutablePointer<Element>, weightDecay: Double, size: Double, cautious: Bool,
    random: RandomNumbers?
  ) {
    self.theta = theta
    shrink = B(-(weightDecay * size))
    decays = weightDecay != 0
    isCautious = cautious
    self.random = Element.format == .bfloat16 ? random : nil
  }

  /// Moves a piece of the weights.
  ///
  /// - Parameter update: What is taken from them.
  @inline(never) func apply<Number: StoredNumber>(
    _ piece: AdvancedPiece, _ update: UnsafeMutablePointer<Number.Arithmetic>, of: Number.Type
  ) {
    let theta = theta + piece.start
    if let random {
      for i in 0..<piece.count {
        let u = B(update[i])
        let w = theta[i].wide
        let decayed = w + (decays && (!isCautious || u * w >= 0) ? shrink * w : 0)
        theta[i] = Element(rounding: decayed - u, random: random.word(piece.start + i))
      }
      return
    }
    if decays, isCautious {
      for i in 0..<piece.count {
        let w = theta[i].wide
        let agrees = Number.rounded(update[i] * Number.Arithmetic(w)) >= 0
        theta[i] = Element(rounding: w + (agrees ? shrink * w : 0))
      }
    } else if decays {
      for i in 0..<piece.count {
        let w = theta[i].wide
        theta[i] = Element(rounding: w + shrink * w)
      }
    }
    for i in 0..<piece.count { theta[i] = Element(rounding: theta[i].wide - B(update[i])) }
  }
}
