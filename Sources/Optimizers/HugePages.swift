#if canImport(Glibc)
  internal import Glibc
#endif

/// Memory in pages of 2 MB, which Linux gives to those who ask.
///
/// A pass over millions of numbers is up to a third faster: there are fewer addresses to translate,
/// and the processor, which fetches ahead to the end of a page, fetches further.
public enum HugePages {
  private static let size = 1 << 21

  /// Asks for them, before the memory is first written to.
  public static func request(for memory: UnsafeMutableRawBufferPointer) {
    #if canImport(Glibc)
      // Fewer bytes may hold no whole page.
      guard memory.count >= 2 * size, let start = memory.baseAddress else { return }
      let page = 4096
      // What is refused costs time and nothing else.
      _ = madvise(start.alignedUp(toMultipleOf: page), memory.count - page, MADV_HUGEPAGE)
    #endif
  }

  /// An array in such pages, if it is large.
  static func array<Number>(repeating number: Number, count: Int) -> [Number] {
    array(count) { $0.initialize(repeating: number) }
  }

  static func copy<Number>(of numbers: [Number]) -> [Number] {
    array(numbers.count) { _ = $0.initialize(fromContentsOf: numbers) }
  }

  private static func array<Number>(
    _ count: Int, _ fill: (UnsafeMutableBufferPointer<Number>) -> Void
  ) -> [Number] {
    [Number](unsafeUninitializedCapacity: count) { memory, initialized in
      let memory = UnsafeMutableBufferPointer(rebasing: memory[..<count])
      request(for: UnsafeMutableRawBufferPointer(memory))
      fill(memory)
      initialized = count
    }
  }
}

extension StoredNumber {
  public static func zeros(_ count: Int) -> [Self] {
    HugePages.array(repeating: .zero, count: count)
  }
  public static func copy(of numbers: [Self]) -> [Self] { HugePages.copy(of: numbers) }
}
