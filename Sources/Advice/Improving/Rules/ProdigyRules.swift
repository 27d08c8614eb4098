internal import Knowledge
internal import Plans

extension AdviceRule {
  /// The guide's table for Prodigy, and its notes.
  static let prodigyRules: [AdviceRule] = [
    AdviceRule("Prodigy's learning rate is 1, the same for all parts") { advised in
      guard isProdigy(advised) else { return [] }
      let base = advised.optimizer.learningRate
      let rates = [base] + advised.plan.groups.map(\.learningRate)
      var seen: Set<String> = []
      let wrong = rates.filter {
        guard let value = $0.number, value > 0, value != 1 else { return false }
        return seen.insert($0.keyPath).inserted
      }
      guard !wrong.isEmpty else { return [] }
      return [
        AdviceBundle(
          wrong.map {
            advised.part(
              $0, .number(1),
              because:
                "Prodigy finds the step size itself and this multiplies it, for text encoder and UNet "
                + "alike; to learn faster or slower change d_coef. The guide says that with unequal "
                + "rates nothing is learned: the library stops",
              source: "\(Guide.prodigy); prodigyopt 1.1.2", .high)
          })
      ]
    },
    AdviceRule("beta2 of 0.99") { advised in
      guard isProdigy(advised), let beta2 = advised.optimizer.option("beta2"),
        let value = beta2.number, value < 0.99 || value >= 0.999
      else { return [] }
      // What is given as a pair is written as a pair.
      let isPair = !beta2.isWritten && beta2.keyPath.hasSuffix(".betas")
      return advised.advise(
        option: "beta2", beta2, isPair ? .text("0.9,0.99") : .number(0.99), range: "0.99 to 0.999",
        because: "0.99 has been seen to help Prodigy settle better than the default 0.999",
        source: Guide.prodigy, .medium)
    },
    AdviceRule("a weight decay of 0.001 to 0.01") { advised in
      guard isProdigy(advised), let decay = advised.optimizer.option("weight_decay"),
        let value = decay.number, value < 0.001 || value > 0.01
      else { return [] }
      return advised.advise(
        option: "weight_decay", decay, .number(0.01), range: "0.001 to 0.01",
        because: value > 0.01
          ? "more than that shrinks what is learned"
          : "a little shrinking helps Prodigy not to overtrain",
        source: Guide.prodigy, .medium)
    },
    AdviceRule("bias correction, unless the rate is constant or the model SDXL") { advised in
      guard isProdigy(advised), let correction = advised.optimizer.option("use_bias_correction"),
        !correction.isOn, !advised.hasConstantSchedule, advised.plan.schedule.kind != nil,
        advised.plan.model?.lowercased().contains("xl") == false
      else { return [] }
      return advised.advise(
        option: "use_bias_correction", correction, .boolean(true),
        because:
          "makes Prodigy act more like Adam, with a schedule that falls and a model other than SDXL; the "
          + "guide says to try both",
        source: Guide.prodigy, .low)
    },
    AdviceRule("the warm-up guarded in short runs") { advised in
      guard isProdigy(advised), let safeguard = advised.optimizer.option("safeguard_warmup"),
        !safeguard.isOn, advised.hasWarmup || advised.isShort == true
      else { return [] }
      return advised.advise(
        option: "safeguard_warmup", safeguard, .boolean(true),
        because: advised.hasWarmup
          ? "with a warm-up the estimate of the step size runs too high unless it is guarded"
          : "better in short runs, which this is; from about 100 epochs on either value does",
        source: Guide.prodigy, .medium)
    },
    AdviceRule("a rate that falls") { advised in
      guard isProdigy(advised), advised.hasConstantSchedule else { return [] }
      return advised.advise(
        advised.plan.schedule.name, advised.cosine,
        because:
          "Prodigy never lowers its rate by itself: a falling curve lets it learn details at the end",
        source: Guide.prodigy, .medium)
    },
    AdviceRule("d_coef from 0.5 to 2") { advised in
      guard isProdigy(advised), let coefficient = advised.optimizer.option("d_coef"),
        let value = coefficient.number, value > 0, value < 0.5 || value > 2
      else { return [] }
      return advised.advise(
        option: "d_coef", coefficient, .number(value < 0.5 ? 0.5 : 2), range: "0.5 to 2",
        because:
          "it multiplies the rate: 0.5 slows Prodigy down, 2 speeds it up, and what lies beyond is hardly "
          + "ever meant",
        source: Guide.prodigy, .low)
    },
    AdviceRule("dropout against overtraining") { advised in
      guard isProdigy(advised), let dropout = advised.plan.adapter?.dropout, dropout.number == 0,
        let rounds = advised.rounds, rounds > 150
      else { return [] }
      return advised.advise(
        dropout, .number(0.1),
        because:
          "each picture is seen about \(Int(rounds)) times: dropout, like weight decay, holds back learning "
          + "pictures by heart",
        source: Guide.prodigy, .low)
    },
  ]

  /// The guide's table is for the optimizer of the paper, not for its relatives.
  private static func isProdigy(_ advised: AdvisedPlan) -> Bool {
    advised.optimizer.isOne(of: "PRODIGY", "PRODIGY_8BIT")
  }
}
