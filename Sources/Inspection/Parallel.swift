internal import Knowledge
internal import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Work on many values at once.
enum Parallel {
  /// Fewer are done before a second thread would have started.
  private static let smallestShare = 16

  /// Maps on all processors; results stand in the order of the values.
  static func map<Value: Sendable, Result: Sendable>(
    _ values: [Value], _ transform: @escaping @Sendable (Value) -> Result
  ) -> [Result] {
    let workers = min(processors, values.count / smallestShare)
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
    Threads.run(workers) { Catalogue.withOwnCopy(work) }
    return results.withLock { $0.sorted { $0.place < $1.place }.map(\.result) }
  }

  private static var processors: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}

/// Plain threads: the pool of the concurrency runtime takes longer to start than a lint takes.
private enum Threads {
  private final class Job: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Runs the work on `count` threads, this one among them, and waits for all.
  static func run(_ count: Int, _ work: @escaping @Sendable () -> Void) {
    var threads: [pthread_t] = []
    for _ in 1..<count {
      let job = Unmanaged.passRetained(Job(work))
      #if canImport(Glibc)
        var thread = pthread_t()
        let isStarted =
          pthread_create(
            &thread, nil,
            { argument in
              if let argument { Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().body() }
              return nil
            }, job.toOpaque()) == 0
        if isStarted { threads.append(thread) } else { job.release() }
      #else
        var thread: pthread_t?
        let isStarted =
          pthread_create(
            &thread, nil,
            { argument in
              Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().body()
              return nil
            }, job.toOpaque()) == 0
        if isStarted, let thread { threads.append(thread) } else { job.release() }
      #endif
    }
    work()
    for thread in threads { pthread_join(thread, nil) }
  }
}
