/// Adam: steps by the mean gradient over the root of its mean square.
///
/// Kingma and Ba, "Adam: A Method for Stochastic Optimization", Algorithm 1, as torch 2.13.0 has it
/// (`torch/optim/adam.py`, the loop over tensors; `foreach` gives the same numbers). Beyond the
/// paper, weight decay is added to the gradient, or shrinks the weights if decoupled. `fused` is
/// torch's kernel, which rounds only what it stores; `stochastic_rounding` is OneTrainer's,
/// 23df3832, `modules/util/optimizer/adam_extensions.py`.
struct Adam<Element: StoredNumber>: ParameterwiseOptimizer, AdamOptions {
  var beta1 = 0.9
  var beta2 = 0.999
  var epsilon = 1e-8
  var weightDecay = 0.0
  var decoupledWeightDecay = false
  var amsgrad = false
  var maximize = false
  var fused = false
  var capturable = false
  var differentiable = false
  var stochasticRounding = false
  /// Of the stochastic rounding.
  var seed: UInt64 = 0

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .fraction, "decay of the mean gradient"),
      Hyperparameter("beta2", \.beta2, .fraction, "decay of the mean squared gradient"),
      Hyperparameter("eps", \.epsilon, .notNegative, "added to the denominator"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "adds weights to the gradient"),
      Hyperparameter(
        "decoupled_weight_decay", \.decoupledWeightDecay, "weight decay shrinks the weights"),
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
  static let adam = OptimizerFamily(
    "ADAM", "Adam", library: "torch 2.13.0",
    Citation(
      "Adam: A Method for Stochastic Optimization", "https://arxiv.org/abs/1412.6980"),
    Adam<Float>.self, Adam<Double>.self, Adam<BFloat16>.self, Adam<Half>.self)
}
