import Knowledge
import Optimizers
import Plans

/// How long the run is and how its learning rate changes.
extension AIToolkitProcess {
  /// The run's length; nil where one of its settings is not to be told.
  var length: AIToolkitLength? {
    guard let steps = whole("steps"), let accumulation = whole("gradient_accumulation"),
      let legacy = whole("gradient_accumulation_steps")
    else { return nil }
    var length = AIToolkitLength(steps: steps)
    length.accumulation = accumulation
    length.legacyAccumulation = legacy
    return length
  }

  private func whole(_ key: String) -> Int? {
    let setting = train(key)
    guard !setting.isMistaken, let number = setting.number, abs(number) < 1e9 else { return nil }
    return Int(exactly: number)
  }

  var schedule: ScheduleSettings {
    let name = train("lr_scheduler")
    let kinds: [String: ScheduleSettings.Kind] = [
      "constant": .constant, "constant_with_warmup": .constant, "linear": .linear,
      // It has no restart before the run ends.
      "cosine": .cosine, "cosine_with_restarts": .cosine,
    ]
    let usesWarmup = name.text == "constant_with_warmup" && !optimizer.isAutomagic
    let legacy = length.map { $0.legacyAccumulation > 1 } ?? false
    return ScheduleSettings(
      name: name, kind: name.isMistaken ? nil : name.text.flatMap { kinds[$0] },
      warmup: usesWarmup ? warmup : train("steps").with(.number(0), name.origin),
      warmupUnit: usesWarmup ? (legacy ? .microSteps : .steps) : .none,
      mostSteps: length.map(\.length.steps),
      make: { self.schedule(totalSteps: $0) }, find: { self.scheduleSetting($0) })
  }

  /// toolkit/scheduler.py:38-43.
  private var warmup: Setting {
    let own = scheduleArgument("num_warmup_steps")
    return own.isWritten
      ? own : own.with(.number(Double(AIToolkitSchedule.usualWarmup)), own.origin)
  }

  private func schedule(totalSteps: Int) -> Result<ScheduleReading, ScheduleError>? {
    let name = train("lr_scheduler")
    guard !name.isMistaken, let parameters = pythonScheduleArguments else { return nil }
    var length = self.length ?? AIToolkitLength(steps: totalSteps)
    length.steps =
      totalSteps.multipliedReportingOverflow(by: max(1, length.legacyAccumulation))
      .partialValue
    var schedule = AIToolkitSchedule(name.text, parameters: parameters, length: length)
    schedule.optimizer = optimizer.lower
    return Result { () throws(ScheduleError) in try schedule.reading() }
  }

  /// A setting by the name that errors of the schedule give it.
  private func scheduleSetting(_ name: String) -> Setting? {
    let prefix = "train.lr_scheduler_params."
    if name.hasPrefix(prefix) { return scheduleArgument(String(name.dropFirst(prefix.count))) }
    guard name.hasPrefix("train.") else { return nil }
    return train(String(name.dropFirst("train.".count)))
  }
}
