/// Kahan summation as torch-optimi 0.3.3 does it: what rounding took from a weight is kept beside
/// the weight, in the weight's format, and joins the next step.
enum KahanSum<Element: StoredNumber> {
  typealias A = Element.Arithmetic

  /// Whether the library sums like this when it is asked to: not where float32 is enough.
  static func applies(to format: NumberFormat = Element.format) -> Bool {
    format == .bfloat16 || format == .float16
  }

  /// The weight after a step, by tensors that go through memory between the operations.
  @inline(__always) static func sum(_ weight: A, _ step: A, _ missing: inout Element) -> Element {
    let owed = Element.rounded(missing.wide + step)
    let moved = Element(rounding: weight + owed)
    missing = Element(rounding: owed + Element.rounded(weight - moved.wide))
    return moved
  }

  /// The weight after a step, by a kernel that rounds what is missing when it stores it.
  @inline(__always) static func sumInKernel(
    _ weight: A, _ step: A, _ missing: inout Element
  ) -> Element {
    let owed = missing.wide + step
    let moved = Element(rounding: weight + Element.rounded(owed))
    missing = Element(rounding: owed + weight - moved.wide)
    return moved
  }
}
