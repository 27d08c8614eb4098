internal import Knowledge
internal import Synchronization
internal import Threads

/// Work on many values at once.
enum Parallel {
  /// Fewer are done before a second thread would have started.
  private static let smallestShare = 16

  /// Maps on all processors; results stand in the order of the values.
  static func map<Value: Sendable, Result: Sendable>(
    _ values: [Value], _ transform: @escaping @Sendable (Value) -> Result
  ) -> [Result] {
    let workers = min(Threads.processors, values.count / smallestShare)
    guard workers > 1 else { return values.map(transform) }
    let next = Atomic(0)
    let results = Mutex([(place: Int, result: Result)]())
    let work: @Sendable () -> Void = {
      var own: [(place: Int, result: Result)] = []
      while true {
        let start = next.add(smallestShare, ordering: .relaxed).oldValue
        if start >= values.count { break }
        for place in start..<min(start + smallestShare, values.count) {
          own.append((place, transform(values[place])))
        }
      }
      results.withLock { $0 += own }
    }
    Threads.run(workers) { _ in Catalogue.withOwnCopy(work) }
    return results.withLock { $0.sorted { $0.place < $1.place }.map(\.result) }
  }
}
