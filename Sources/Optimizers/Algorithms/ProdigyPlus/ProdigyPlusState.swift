extension ProdigyPlusScheduleFree {
  struct State: Codable, Sendable {
    /// The group of each parameter; empty before the first step, which tells.
    var membership: [Int] = []
    var groups: [Group]
    var memories: [Memory]
  }

  func initialState(for parameters: [Tensor<Element>]) -> State {
    State(
      groups: [Group(d0: d0, rate: 1)],
      memories: parameters.enumerated().map { initialMemory(for: $1, number: $0) })
  }

  func step(
    _ parameters: inout [Tensor<Element>], gradients: [Tensor<Element>], state: inout State,
    rates: [Double]
  ) throws(OptimizerError) {
    if state.membership.isEmpty { join(&state, rates) }
    let splits = splitsGroups && state.groups.count > 1
    for place in parameters.indices {
      let own = state.membership[place]
      let step = ProdigyPlusStep(self, state.groups[own], rate: rates[place], splits: splits)
      state.groups[own].rate = rates[place]
      let found = move(
        &parameters[place], gradient: gradients[place], memory: &state.memories[place], step)
      guard let found else { continue }
      if isScheduleFree {
        state.groups[own].runningWeightSum = step.weightSum
        state.groups[own].effectiveLr = rates[place] * step.towardsUpdate
      }
      state.groups[splits ? own : 0].add(found)
    }
    try finish(&state.groups, splits: splits)
  }

  /// Parameters of one rate are one group.
  private func join(_ state: inout State, _ rates: [Double]) {
    var distinct: [Double] = []
    for rate in rates where !distinct.contains(rate) { distinct.append(rate) }
    state.membership = rates.map { distinct.firstIndex(of: $0) ?? 0 }
    state.groups = distinct.map { Group(d0: d0, rate: $0) }
  }
}

/// The numbers of one step on one parameter.
struct ProdigyPlusStep {
  let k: Int
  let d: Double
  /// Whether ADOPT has no second moment to divide by yet.
  let isFirstOfAdopt: Bool
  /// Whether d is still looked for.
  let estimates: Bool
  /// d² / √d₀, the weight of this step in the estimate.
  let estimateWeight: Double
  /// d · rate, after the warmup of RAdam.
  private(set) var dlr: Double
  /// As corrected for the start.
  private(set) var beta2: Double
  /// Whether the second moment is too young to divide by.
  private(set) var isYoung = false
  let weightSum: Double
  /// c of the schedule-free paper.
  let c: Double
  /// How much of an update of z goes into y.
  let towardsUpdate: Double

  init<Element>(
    _ optimizer: ProdigyPlusScheduleFree<Element>, _ group: ProdigyPlusScheduleFree<Element>.Group,
    rate: Double, splits: Bool
  ) {
    k = group.k
    d = group.d
    isFirstOfAdopt = optimizer.usesAdopt && k == 1
    estimates = optimizer.prodigySteps == 0 || k < optimizer.prodigySteps
    estimateWeight = d * d / optimizer.d0.squareRoot()
    dlr = (splits && optimizer.sharesMeanD ? group.sharedD ?? d : d) * rate
    beta2 = optimizer.beta2
    if optimizer.correctsBias {
      let rectification = Rectification(beta2: beta2, t: k)
      dlr *= rectification.factor ?? 0
      isYoung = optimizer.isScheduleFree && rectification.factor == nil
      beta2 = Rectification.correctedDecay(beta2, t: k)
    }
    if isFirstOfAdopt { beta2 = 0 }
    let weight = dlr * dlr
    weightSum = group.weightSum + weight
    let share = weightSum == 0 ? 0 : weight / weightSum
    let beta1 = optimizer.beta1
    c =
      optimizer.scheduleFreeC > 0
      ? min(1, share * (1 - beta1) * optimizer.scheduleFreeC) : share
    towardsUpdate = 1 - beta1 * (1 - c)
  }
}
