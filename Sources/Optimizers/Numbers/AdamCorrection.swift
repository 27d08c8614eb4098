#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The bias corrections of torch's Adam and AdamW: θ ← θ + pace · m / (scale · √v + offset).
///
/// torch 2.13.0, `torch/optim/adam.py`, the loop over tensors.
struct AdamCorrection<Element: StoredNumber> {
  let scale: Element.Arithmetic
  let offset: Element.Arithmetic
  let pace: Element.Arithmetic

  /// With β₁ᵗ and β₂ᵗ as Python's numbers: γ/(1 − β₁ᵗ) is multiplied with the quotient.
  init(t: Int, rate: Double, beta1: Double, beta2: Double, epsilon: Double) {
    scale = Element.Arithmetic(1 / (1 - pow(beta2, Double(t))).squareRoot())
    offset = Element.Arithmetic(epsilon)
    pace = Element.Arithmetic(-rate / (1 - pow(beta1, Double(t))))
  }

  /// With β₁ᵗ and β₂ᵗ as tensors of one float32 number, which makes a difference of 10⁻⁵ in the
  /// first steps: the rate is divided out of the denominator.
  ///
  /// - Parameter onDevice: Whether these tensors lie beside the weights (`capturable`); operations
  ///   with the weights then read them in the format of the weights.
  init(
    inFloatAt t: Int, rate: Double, beta1: Double, beta2: Double, epsilon: Double, onDevice: Bool
  ) {
    let step = Float(t)
    let negativeRate = -(1 / (1 - pow(Float(beta1), step)) * Float(rate))
    let divisor = (1 - pow(Float(beta2), step)).squareRoot() * negativeRate
    let addend = 1 / negativeRate * Float(epsilon)
    func read(_ number: Float) -> Element.Arithmetic {
      let number = Element.Arithmetic(number)
      return onDevice ? Element.rounded(number) : number
    }
    scale = 1 / read(divisor)
    offset = read(addend)
    pace = 1
  }
}
