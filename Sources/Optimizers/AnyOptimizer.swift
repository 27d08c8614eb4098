/// An optimizer whose algorithm is not known to the compiler.
///
/// The closures are made where it is known, so that the loops inside are specialised.
public struct AnyOptimizer<Element: StoredNumber>: Sendable {
  private let begin: @Sendable ([Tensor<Element>]) -> OptimizerRun<Element>
  private let goOn: @Sendable (any Decoder) throws -> OptimizerRun<Element>
  private let tensors: @Sendable (ParameterShape) -> [StateTensor]
  /// What the library keeps once, beside the parameters.
  public let sharedLayout: SharedState
  /// Whether each parameter is stepped by itself, so that a fused back pass is possible.
  public let isParameterwise: Bool

  @inline(__always)
  public init<O: Optimizer>(_ optimizer: O) where O.Element == Element {
    begin = { OptimizerRun(optimizer, optimizer.initialState(for: $0)) }
    goOn = { OptimizerRun(optimizer, try O.State(from: $0)) }
    tensors = { optimizer.layout(of: $0) }
    sharedLayout = optimizer.sharedLayout
    isParameterwise = optimizer is any ParameterwiseOptimizer
  }

  /// Starts on these parameters.
  public func run(on parameters: [Tensor<Element>]) -> OptimizerRun<Element> { begin(parameters) }

  /// Goes on from a saved run.
  public func run(resuming decoder: any Decoder) throws -> OptimizerRun<Element> {
    try goOn(decoder)
  }

  /// The tensors that the library keeps for a parameter.
  public func layout(of parameter: ParameterShape) -> [StateTensor] { tensors(parameter) }
}

/// An optimizer at work, with its state.
public final class OptimizerRun<Element: StoredNumber>: Encodable {
  private let advance:
    (inout [Tensor<Element>], [Tensor<Element>], [Double]) throws(OptimizerError) -> Void
  private let numbers: () -> [String: Double]
  private let evaluation: ([Tensor<Element>]) -> [Tensor<Element>]?
  private let quantized: (Int) -> [StateCodes]
  private let save: (any Encoder) throws -> Void
  private let current: () -> any Sendable

  @inline(__always)
  init<O: Optimizer>(_ optimizer: O, _ start: O.State) where O.Element == Element {
    var state = start
    advance = { parameters, gradients, rates throws(OptimizerError) in
      try optimizer.step(&parameters, gradients: gradients, state: &state, rates: rates)
    }
    numbers = { optimizer.internals(state) }
    evaluation = { optimizer.evaluationParameters($0, state) }
    quantized = { optimizer.codes(state, parameter: $0) }
    save = { try state.encode(to: $0) }
    current = { state }
  }

  /// One optimizer step.
  ///
  /// - Parameter rates: The learning rate of each parameter.
  public func step(
    _ parameters: inout [Tensor<Element>], gradients: [Tensor<Element>], rates: [Double]
  ) throws(OptimizerError) {
    try advance(&parameters, gradients, rates)
  }

  /// One optimizer step at one rate for all parameters.
  public func step(
    _ parameters: inout [Tensor<Element>], gradients: [Tensor<Element>], rate: Double
  ) throws(OptimizerError) {
    try advance(&parameters, gradients, [Double](repeating: rate, count: parameters.count))
  }

  /// What the library keeps as plain numbers, by its own names.
  public var internals: [String: Double] { numbers() }
  /// The weights that are saved and sampled with, where they differ from those trained; else nil.
  public func evaluationParameters(_ parameters: [Tensor<Element>]) -> [Tensor<Element>]? {
    evaluation(parameters)
  }
  /// The 8-bit codes of a parameter's state, where it has such.
  public func codes(ofParameter number: Int) -> [StateCodes] { quantized(number) }

  /// The state itself, whose type only the algorithm knows.
  public var state: any Sendable { current() }

  /// Saves the state, for ``AnyOptimizer/run(resuming:)``.
  public func encode(to encoder: any Encoder) throws { try save(encoder) }
}
