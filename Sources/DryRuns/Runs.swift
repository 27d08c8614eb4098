internal import Optimizers
internal import Synchronization
internal import Threads
internal import Trials

/// Runs of one comparison, on all processors: the same layer and the same noise for each.
struct Runs: Sendable {
  private let laboratories: Laboratories

  init(_ laboratories: Laboratories) { self.laboratories = laboratories }

  typealias Outcome = Result<Trajectory, HyperparameterError>

  /// - Parameter progress: Is told how many are done, from any thread.
  func all(
    _ settings: [TrialSettings], progress: @Sendable (Int) -> Void = { _ in }
  ) -> [Outcome] {
    let next = Atomic(0)
    let done = Atomic(0)
    let outcomes = Mutex([Outcome?](repeating: nil, count: settings.count))
    // What a laboratory needs is made before, so that no thread waits for another.
    for one in settings { laboratories.prepare(for: one) }
    Threads.run(min(Threads.processors, max(1, settings.count))) { _ in
      while true {
        let place = next.add(1, ordering: .relaxed).oldValue
        if place >= settings.count { return }
        let one = settings[place]
        let outcome: Outcome
        do throws(HyperparameterError) {
          outcome = .success(try laboratories.laboratory(for: one).run(one))
        } catch {
          outcome = .failure(error)
        }
        outcomes.withLock { $0[place] = outcome }
        progress(done.add(1, ordering: .relaxed).newValue)
      }
    }
    return outcomes.withLock { $0.compactMap(\.self) }
  }
}

/// The laboratories of one dry run, each made once.
final class Laboratories: Sendable {
  private struct Key: Hashable {
    let width: Int
    let targetRank: Int
    let isFine: Bool
    let seed: UInt64
  }
  private let made = Mutex([Key: Laboratory]())

  func prepare(for settings: TrialSettings) { _ = laboratory(for: settings) }

  func laboratory(for settings: TrialSettings) -> Laboratory {
    let rank: Int
    switch settings.method {
    case .adapter(let own, _): rank = min(4, max(1, own))
    case .full: rank = 4
    }
    let isFine = Self.isFine(settings)
    let key = Key(width: settings.width, targetRank: rank, isFine: isFine, seed: settings.seed)
    return made.withLock { made in
      if let known = made[key] { return known }
      let laboratory = Laboratory(
        width: settings.width, method: settings.method, isFine: isFine, seed: settings.seed)
      made[key] = laboratory
      return laboratory
    }
  }

  static func isFine(_ settings: TrialSettings) -> Bool { needFine.contains(settings.optimizer) }

  /// Algorithms with an estimate that is a maximum over sums.
  private static let needFine: Set<String> = Set(
    OptimizerFamily.all.map(\.id).filter {
      $0.hasPrefix("PRODIGY") || $0.hasPrefix("DADAPT")
    })
}
