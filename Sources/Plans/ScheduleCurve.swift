public import Optimizers

extension ScheduleSettings {
  /// The curve over a run of this many optimizer steps, without its warm-up; nil for schedules that
  /// are no function of the step, and while a setting cannot be read.
  public func curve(totalSteps: Int) -> OneTrainerCurve? {
    guard let shape = kind.flatMap({ OneTrainerCurve.Shape(rawValue: $0.rawValue) }),
      let cycles = cycles.number, cycles.isFinite, let floor = minimumFactor.number, floor.isFinite
    else { return nil }
    return OneTrainerCurve(shape, totalSteps: totalSteps, cycles: cycles, floor: floor)
  }

  /// W, the optimizer steps of the warm-up in a run of this many.
  public func warmupSteps(totalSteps: Int, accumulation: Double) -> Int? {
    guard let warmup = warmup.number, warmup.isFinite, abs(warmup) < 1e15, accumulation >= 1 else {
      return nil
    }
    return switch warmupUnit {
    case .steps: max(0, Int(warmup))
    case .microSteps: max(0, Int(warmup / accumulation))
    case .share: Int(warmup * Double(totalSteps))
    case .none: 0
    }
  }
}
