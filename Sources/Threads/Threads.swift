#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Plain threads: the pool of the concurrency runtime takes longer to start than a small job takes.
public enum Threads {
  /// The processors of this machine that are on.
  public static var processors: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// Runs the work on `count` threads, this one among them, and waits for all.
  ///
  /// - Parameter work: Gets the number of its thread, from 0. What two threads write must be apart;
  ///   the compiler does not see that.
  public static func run(_ count: Int, _ work: (_ thread: Int) -> Void) {
    guard count > 1 else { return work(0) }
    withoutActuallyEscaping(work) { work in
      var others: [pthread_t] = []
      var undone = [0]
      for number in 1..<count {
        if let thread = start(Job { work(number) }) {
          others.append(thread)
        } else {
          undone.append(number)
        }
      }
      for number in undone { work(number) }
      for thread in others { pthread_join(thread, nil) }
    }
  }

  private final class Job {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }

  /// - Returns: Nil if the system gives no thread.
  private static func start(_ job: Job) -> pthread_t? {
    let held = Unmanaged.passRetained(job)
    #if canImport(Glibc)
      var thread = pthread_t()
      let status = pthread_create(
        &thread, nil,
        { argument in
          if let argument { Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().body() }
          return nil
        }, held.toOpaque())
      let started: pthread_t? = thread
    #else
      var started: pthread_t?
      let status = pthread_create(
        &started, nil,
        { argument in
          Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().body()
          return nil
        }, held.toOpaque())
    #endif
    if status == 0 { return started }
    held.release()
    return nil
  }
}
