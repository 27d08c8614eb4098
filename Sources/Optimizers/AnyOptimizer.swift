/// An optimizer whose algorithm is not known to the compiler.
///
/// What loops over numbers is a closure, made where the algorithm is known, so that it is
/// specialised. The rest goes through the protocol: one copy of that code serves all formats.
public struct AnyOptimizer<Element: StoredNumber>: Sendable {
  private let optimizer: any Optimizer<Element>
  private let begin: @Sendable ([Tensor<Element>]) -> OptimizerRun<Element>
  private let goOn: @Sendable (any Decoder) throws -> OptimizerRun<Element>

  init<O: Optimizer>(_ optimizer: O) where O.Element == Element {
    self.optimizer = optimizer
    begin = { OptimizerRun(optimizer, optimizer.initialState(for: $0)) }
    goOn = { OptimizerRun(optimizer, try O.State(from: $0)) }
  }

  /// Starts on these parameters.
  public func run(on parameters: [Tensor<Element>]) -> OptimizerRun<Element> { begin(parameters) }

  /// Goes on from a saved run.
  public func run(resuming decoder: any Decoder) throws -> OptimizerRun<Element> {
    try goOn(decoder)
  }

  /// The tensors that the library keeps for a parameter.
  public func layout(of parameter: ParameterShape) -> [StateTensor] {
    optimizer.layout(of: parameter)
  }
  /// What the library keeps once, beside the parameters.
  public var sharedLayout: SharedState { optimizer.sharedLayout }
  /// Whether each parameter is stepped by itself, so that a fused back pass is possible.
  public var isParameterwise: Bool { optimizer is any ParameterwiseOptimizer }
}

/// An optimizer at work, with its state.
public final class OptimizerRun<Element: StoredNumber>: Encodable {
  private let advance:
    (inout [Tensor<Element>], [Tensor<Element>], [Double]) throws(OptimizerError) -> Void
  private let evaluation: ([Tensor<Element>]) -> [Tensor<Element>]?
  private let pause: () -> any PausedRun

  init<O: Optimizer>(_ optimizer: O, _ start: O.State) where O.Element == Element {
    var state = start
    advance = { parameters, gradients, rates throws(OptimizerError) in
      try optimizer.step(&parameters, gradients: gradients, state: &state, rates: rates)
    }
    evaluation = { optimizer.evaluationParameters($0, state) }
    pause = { Pause(optimizer: optimizer, state: state) }
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
  public var internals: [String: Double] { pause().internals }
  /// The weights that are saved and sampled with, where they differ from those trained; else nil.
  public func evaluationParameters(_ parameters: [Tensor<Element>]) -> [Tensor<Element>]? {
    evaluation(parameters)
  }
  /// The 8-bit codes of a parameter's state, where it has such.
  public func codes(ofParameter number: Int) -> [StateCodes] { pause().codes(number) }

  /// The state itself, whose type only the algorithm knows.
  public var state: any Sendable { pause().anyState }

  /// Saves the state, for ``AnyOptimizer/run(resuming:)``.
  public func encode(to encoder: any Encoder) throws { try pause().encode(to: encoder) }
}

/// A run between two steps, for what is asked seldom.
private protocol PausedRun: Encodable {
  var internals: [String: Double] { get }
  var anyState: any Sendable { get }
  func codes(_ parameter: Int) -> [StateCodes]
}

private struct Pause<O: Optimizer>: PausedRun {
  let optimizer: O
  let state: O.State

  var internals: [String: Double] { optimizer.internals(state) }
  var anyState: any Sendable { state }
  func codes(_ parameter: Int) -> [StateCodes] { optimizer.codes(state, parameter: parameter) }
  func encode(to encoder: any Encoder) throws { try state.encode(to: encoder) }
}
