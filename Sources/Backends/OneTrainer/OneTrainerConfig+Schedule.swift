import Knowledge
import Optimizers
import Plans

extension OneTrainerConfig {
  /// The schedule as it is made for a run of so many optimizer steps.
  func schedule(totalSteps: Int) -> Result<ScheduleReading, ScheduleError>? {
    let accumulation = setting("gradient_accumulation_steps").number ?? 1
    guard let name = setting("learning_rate_scheduler").text,
      let warmup = setting("learning_rate_warmup_steps").number, warmup.isFinite,
      let cycles = setting("learning_rate_cycles").number, cycles.isFinite,
      let floor = setting("learning_rate_min_factor").number, floor.isFinite,
      accumulation >= 1, accumulation < 1e9, totalSteps < 1 << 31
    else { return nil }
    let batches = totalSteps * Int(accumulation)
    var schedule = OneTrainerSchedule(
      name, warmup: warmup,
      length: OneTrainerLength(
        batchesPerEpoch: batches, epochs: 1, accumulation: Int(accumulation)))
    schedule.cycles = cycles
    schedule.floor = floor
    schedule.customClass = setting("custom_learning_rate_scheduler").text
    schedule.optimizer = scheduledOptimizer
    return Result { () throws(ScheduleError) in try schedule.reading() }
  }

  private var scheduledOptimizer: OneTrainerSchedule.Optimizer {
    var optimizer = OneTrainerSchedule.Optimizer(optimizerFacts?.id ?? "")
    optimizer.relativeStep = option("relative_step").isOn
    optimizer.scaleParameter = option("scale_parameter").isOn
    optimizer.fusedBackPass = option("fused_back_pass").isOn
    if let floor = option("eps2").number { optimizer.floor = floor }
    return optimizer
  }
}
