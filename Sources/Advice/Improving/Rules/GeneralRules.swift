internal import Knowledge
internal import Plans

extension AdviceRule {
  /// Rates of the optimizers for which the guides name one; adapters only, as that is what they speak
  /// of.
  static let rateRules: [AdviceRule] = [
    AdviceRule("AdamW at about 1e-4") { advised in
      rates(
        advised, of: ["ADAMW", "ADAMW_8BIT", "ADAMW_BF16"], within: 1e-5...1e-3, usual: 1e-4,
        range: "1e-4, tune from there",
        because:
          "the standard rate of AdamW for adapters; a factor of ten beyond it is hardly ever meant",
        source: Guide.choosing)
    },
    AdviceRule("Adafactor as a lean AdamW at about 1e-4") { advised in
      guard !(advised.optimizer.option("relative_step")?.isOn ?? true) else { return [] }
      return rates(
        advised, of: ["ADAFACTOR"], within: 1e-5...1e-3, usual: 1e-4, range: "as for AdamW, 1e-4",
        because: "a rate like that of AdamW suits this mode", source: Guide.lean)
    },
    AdviceRule("Lion at 1e-5 to 3e-5") { advised in
      rates(
        advised, of: ["LION", "LION_8BIT", "OPTIMI_LION"], within: 1e-5...3e-5, usual: 1e-5,
        range: "1e-5 to 3e-5",
        because:
          "every step of Lion has full size, so that it takes a rate much lower than AdamW's and overtrains "
          + "easily",
        source: Guide.choosing)
    },
  ]

  static let generalRules: [AdviceRule] = [
    AdviceRule("stochastic rounding of bfloat16 weights") { advised in
      guard let rounding = advised.optimizer.option("stochastic_rounding"), !rounding.isOn,
        advised.optimizer.use?.hasStochasticRounding ?? false,
        advised.plan.groups.contains(where: { $0.weights.value == .bfloat16 })
      else { return [] }
      var parts = [
        advised.part(
          rounding, .boolean(true),
          because:
            "weights are trained in bfloat16, where small updates are rounded away unless the rounding is "
            + "random",
          source: Guide.options, .high, option: "stochastic_rounding")
      ]
      // The step that rounds stands in for PyTorch's fast ones, which must be off.
      if advised.optimizer.isOne(of: "ADAM", "ADAMW") {
        parts += ["fused", "foreach"].compactMap { advised.optimizer.option($0) }
          .filter(\.isOn).map {
            advised.part(
              $0, .boolean(false), because: "cannot be had together with stochastic rounding",
              source: "OneTrainer 23df3832 modules/util/create.py:206", .high)
          }
      }
      return [AdviceBundle(parts)]
    }
  ]

  private static func rates(
    _ advised: AdvisedPlan, of optimizers: [String], within band: ClosedRange<Double>,
    usual: Double, range: String, because reason: String, source: String
  ) -> [AdviceBundle] {
    guard optimizers.contains(advised.optimizer.id), advised.isAdapter else { return [] }
    let factor = advised.plan.adapter?.usualRateFactor ?? 1
    // Practice differs for adapters that take higher rates: the usual ones are fine as well.
    let own = 1 / (advised.optimizer.rateScale?.value ?? 1)
    let scale = own
    var seen: Set<String> = []
    let groups = advised.plan.groups.filter { !$0.areEmbeddings }
    let parts = groups.map(\.learningRate).compactMap { rate -> SettingAdvice? in
      guard let value = rate.number, value > 0,
        !(band.lowerBound * scale * 0.999...band.upperBound * own * factor * 1.001).contains(value),
        seen.insert(rate.keyPath).inserted
      else { return nil }
      return advised.part(
        rate, .number(rounded(usual * scale)), range: range,
        because: factor == 1
          ? reason : "\(reason); LoKr with whole factors bears up to ten times that",
        source: source, .medium)
    }
    return parts.isEmpty ? [] : [AdviceBundle(parts)]
  }

  /// To three digits, as people write rates.
  private static func rounded(_ rate: Double) -> Double {
    var scale = 1.0
    while rate * scale < 100, scale < 1e15 { scale *= 10 }
    return (rate * scale).rounded() / scale
  }
}
