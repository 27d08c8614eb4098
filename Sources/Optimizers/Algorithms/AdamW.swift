/// Adam with decoupled weight decay.
///
/// Loshchilov and Hutter, "Decoupled Weight Decay Regularization", Algorithm 2, as torch 2.13.0 has
/// it (`torch/optim/adamw.py`, the loop over tensors; `foreach` gives the same numbers): the decay
/// comes first and is multiplied by the learning rate, and ε is added after the bias correction.
/// `fused` is torch's kernel, which rounds only what it stores; `stochastic_rounding` is
/// OneTrainer's, 23df3832, `modules/util/optimizer/adamw_extensions.py`.
struct AdamW<Element: StoredNumber>: ParameterwiseOptimizer, AdamOptions {
  var beta1 = 0.9
  var beta2 = 0.999
  var epsilon = 1e-8
  var weightDecay = 0.01
  var amsgrad = false
  var maximize = false
  var fused = false
  var capturable = false
  var differentiable = false
  var stochasticRounding = false
  /// Of the stochastic rounding.
  var seed: UInt64 = 0

  var decoupledWeightDecay: Bool { true }

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .fraction, "decay of the mean gradient"),
      Hyperparameter("beta2", \.beta2, .fraction, "decay of the mean squared gradient"),
      Hyperparameter("eps", \.epsilon, .notNegative, "added to the denominator"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "shrinks the weights"),
      Hyperparameter("amsgrad", \.amsgrad, "divides by the largest mean square so far"),
      Hyperparameter("maximize", \.maximize, "climbs instead of descending"),
      Hyperparameter("fused", \.fused, "one kernel in float32, rounded when it stores"),
      Hyperparameter("capturable", \.capturable, "bias corrections as tensors on the device"),
      Hyperparameter("differentiable", \.differentiable, "bias corrections as tensors"),
      Hyperparameter(
        "stochastic_rounding", \.stochasticRounding, "rounds bfloat16 weights at random"),
    ]
  }

  func checkCombination() throws(HyperparameterError) { try checkFused() }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    Memory.layout(of: parameter, amsgrad: amsgrad)
  }

  func initialMemory(
    for parameter: Tensor<Element>, number: Int
  ) -> AdamMemory<Element> {
    AdamMemory(self, for: parameter, number: number)
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>,
    memory: inout AdamMemory<Element>, rate: Double
  ) {
    adamStep(&parameter, gradient: gradient, memory: &memory, rate: rate)
  }
}

extension OptimizerFamily {
  static let adamW = OptimizerFamily(
    "ADAMW", "AdamW", library: "torch 2.13.0",
    Citation("Decoupled Weight Decay Regularization", "https://arxiv.org/abs/1711.05101"),
    AdamW<Float>.self, AdamW<Double>.self, AdamW<BFloat16>.self, AdamW<Half>.self)
}
