internal import Optimizers
public import Plans

extension RateSeries {
  /// The same with the schedule that the run's config describes, where none was logged. An estimate
  /// never falls: where it would seem to, the config is that of another run, and nothing is changed.
  public func scheduled(by plan: TrainingPlan) -> RateSeries {
    guard scheduled == nil, let last = applied.steps.max(), last > 1 else { return self }
    // OneTrainer counts batches, and steps the optimizer once for several.
    let accumulation = max(1, plan.gradientAccumulationSteps.number ?? 1)
    let counted = plan.backend == "onetrainer" ? accumulation : 1
    let steps = plan.schedule.mostSteps ?? Int((Double(last) / counted).rounded(.up))
    guard steps > 0, case .success(let reading)? = plan.schedule.reading(totalSteps: steps),
      let schedule = reading.schedule
    else { return self }
    let factors = applied.steps.map { step in
      schedule.factor(atStep: max(0, Int(Double(step) / counted))) ?? 0
    }
    var known = self
    known.scheduled = factors
    let top = factors.max() ?? 0
    let divided = zip(applied.values, factors).filter { $0.1 > SettledRate.leastSchedule * top }
      .map { $0 / $1 }
    guard divided.count >= SettledRate.fewest else { return self }
    let highest = divided.movingMedian(max(1, divided.count / 100)).max() ?? 0
    let end = Array(divided.suffix(max(3, divided.count / 20))).median
    return end >= 0.8 * highest ? known : self
  }
}
