/// Where a kernel rounds to the format of its tensors.
///
/// A type and not a flag, so that the loops are compiled once for each.
protocol Rounding {
  /// An intermediate result as the next operation reads it.
  static func passed<Element: StoredNumber>(
    _ value: Element.Arithmetic, by: Element.Type
  ) -> Element.Arithmetic
}

/// After each operation: tensors go through memory between the operations of a library.
enum RoundingEachOperation: Rounding {
  @inline(__always) static func passed<Element: StoredNumber>(
    _ value: Element.Arithmetic, by: Element.Type
  ) -> Element.Arithmetic { Element.rounded(value) }
}

/// Only when a result is stored: a fused kernel keeps the rest in registers.
enum RoundingStores: Rounding {
  @inline(__always) static func passed<Element: StoredNumber>(
    _ value: Element.Arithmetic, by: Element.Type
  ) -> Element.Arithmetic { value }
}
