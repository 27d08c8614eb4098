extension TensorArithmetic {
  /// self + a · b in one rounding: torch adds products (`add_` with `alpha`, `addcmul_`, `lerp_`)
  /// in fused operations, on processors as on graphics cards.
  ///
  /// By way of Double, which holds the product of two `Float`s: the processor that this is compiled
  /// for need not have the operation. Numbers that are Double themselves round twice. The estimate
  /// of d makes such differences grow by a factor a step.
  @inline(__always) func plus(_ a: Self, times b: Self) -> Self {
    Self(Double(self) + Double(a) * Double(b))
  }
}
