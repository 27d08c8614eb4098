public import Optimizers

/// The optimizer of a run, as far as its memory goes.
public struct OptimizerChoice: Sendable {
  public let family: OptimizerFamily
  public let options: [String: HyperparameterValue]
  /// Whether large state lies in memory that the driver moves to RAM and back (`is_paged`).
  public var isPaged = false
  /// Whether torch's implementation for all tensors at once is chosen, or left to it to choose.
  public var usesForeach = true

  public init(
    _ family: OptimizerFamily, _ options: [String: HyperparameterValue] = [:],
    isPaged: Bool = false
  ) {
    self.family = family
    self.options = options
    self.isPaged = isPaged
  }

  /// With options in place of its own, as far as it has them.
  public func taking(_ others: [String: HyperparameterValue]) -> OptimizerChoice {
    guard !others.isEmpty else { return self }
    let names = Set(family.hyperparameters.map(\.name))
    var merged = options
    for (name, value) in others where names.contains(name) { merged[name] = value }
    var choice = OptimizerChoice(family, merged, isPaged: isPaged)
    choice.usesForeach = usesForeach
    return choice
  }

  /// The state that the library keeps, in bytes; exact for every tensor.
  /// - Throws: What the library refuses.
  public func stateBytes(_ trained: TrainedTensors) throws(HyperparameterError) -> Int {
    let optimizer = try family.optimizer(storing: Float.self, options)
    var cache: [ParameterShape: Int] = [:]
    var sum = 0
    var isQuantized = false
    for group in trained.groups {
      let bytes: Int
      if let known = cache[group.shape] {
        bytes = known
      } else {
        let layout = optimizer.layout(of: group.shape)
        isQuantized = isQuantized || layout.contains { $0.format == .uint8 }
        bytes = layout.reduce(0) { total, tensor in
          // bitsandbytes pages what has at least 100,000 elements.
          isPaged && tensor.shape.reduce(1, *) >= 100_000 ? total : total + tensor.bytes
        }
        cache[group.shape] = bytes
      }
      sum += bytes * group.count
    }
    let shared = optimizer.sharedLayout
    return sum + shared.group + (isQuantized ? shared.codeTables : 0)
  }

  /// The most that the step itself needs beside state and gradients, in bytes.
  public func stepBytes(_ trained: TrainedTensors) -> Int {
    let single = 3 * 4 * trained.largest
    // torch's default on CUDA is the implementation for all tensors at once, which holds one
    // temporary as large as all of them (torch/optim/adamw.py, _multi_tensor_adamw: sqrt).
    let isTorchAdam = ["ADAM", "ADAMW", "NADAM", "RADAM"].contains(family.id)
    let isFused = options["fused"] == .flag(true)
    return isTorchAdam && !isFused && usesForeach ? max(single, trained.bytes) : single
  }

  public static func named(
    _ id: String, _ options: [String: HyperparameterValue] = [:], isPaged: Bool = false
  ) -> OptimizerChoice? {
    OptimizerFamily[id: id].map { OptimizerChoice($0, options, isPaged: isPaged) }
  }
}
