/// torch's `lerp`: the way from `a` to `b`, as far as a weight.
///
/// Computed from the nearer end, so that a weight of 1 gives `b` itself (`ATen/native/Lerp.h`).
struct Lerp<A: TensorArithmetic>: Sendable {
  private let startsAtB: Bool
  /// From where it starts; negative from `b`.
  private let share: A

  init(_ weight: Double) {
    let weight = A(weight)
    startsAtB = weight.magnitude >= 0.5
    share = startsAtB ? weight - 1 : weight
  }

  @inline(__always) func callAsFunction(_ a: A, _ b: A) -> A {
    (startsAtB ? b : a) + share * (b - a)
  }
}
