import Knowledge
import Optimizers
import Testing

/// The settings that the data says a schedule reads are those that the engine's schedule reads.
@Suite struct SchedulerSettingTests {
  private static func uses(_ backend: String) -> [SchedulerUse] {
    Catalogue.schedulers.flatMap { $0.uses(in: backend) }
  }

  private static func keys(_ name: String, _ backend: String) -> Set<String> {
    Set(Catalogue.scheduler(named: name, in: backend)?.use.settings.map(\.key) ?? [])
  }

  @Test(arguments: uses("kohya").filter { $0.name != "lr_scheduler_type" }.map(\.name))
  func ofKohya(_ name: String) throws {
    let isBroken = Catalogue.scheduler(named: name, in: "kohya")?.use.isBroken != nil
    func schedule() -> KohyaSchedule {
      var schedule = KohyaSchedule(name, learningRate: 1e-4, maxSteps: 1000)
      if name == "adafactor" { schedule.optimizer = "AdaFactor" }
      if name == "piecewise_constant" { schedule.arguments = [#"step_rules="1:10,0.1""#] }
      if name == "cosine_with_min_lr" { schedule.minimumRatio = 0.1 }
      return schedule
    }
    guard !isBroken else {
      #expect(throws: ScheduleError.self) { try schedule().reading() }
      return
    }
    let settings: [(String, (inout KohyaSchedule) -> Void)] = [
      ("lr_warmup_steps", { $0.warmup = 10 }), ("lr_decay_steps", { $0.decay = 10 }),
      ("lr_scheduler_num_cycles", { $0.cycles = 3 }), ("lr_scheduler_power", { $0.power = 2 }),
      ("lr_scheduler_timescale", { $0.timescale = 50 }),
      ("lr_scheduler_min_lr_ratio", { $0.minimumRatio = 0.2 }),
    ]
    for (key, set) in settings {
      var changed = schedule()
      set(&changed)
      // constant and adafactor stop at a warm-up.
      let reads = (try? changed.reading()).map { reading in
        !reading.ignored.contains { $0.setting == key }
      }
      #expect((reads ?? false) == Self.keys(name, "kohya").contains(key), "\(key)")
    }
  }

  @Test(arguments: SimpleTunerSchedule.names)
  func ofSimpleTuner(_ name: String) throws {
    let settings: [(String, (inout SimpleTunerSchedule) -> Void)] = [
      ("lr_end", { $0.end = 1e-6 }), ("lr_power", { $0.power = 2 }),
      ("lr_num_cycles", { $0.cycles = 3 }), ("lr_warmup_steps", { $0.warmup = 20 }),
    ]
    for (key, set) in settings {
      var schedule = SimpleTunerSchedule(name, learningRate: 1e-4, maxSteps: 1000)
      schedule.warmup = 10
      set(&schedule)
      let reading = try schedule.reading()
      // constant with a warm-up is constant_with_warmup.
      let own = name == "constant" ? "constant_with_warmup" : name
      let reads = !reading.ignored.contains { $0.setting == key }
      #expect(reads == Self.keys(own, "simpletuner").contains(key), "\(key)")
    }
    #expect(Catalogue.scheduler(named: name, in: "simpletuner") != nil)
  }

  @Test func haveNoOthersInSimpleTuner() {
    #expect(Set(Self.uses("simpletuner").map(\.name)) == Set(SimpleTunerSchedule.names))
  }
}
