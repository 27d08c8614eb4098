/// An optimizer as a library has it: its options, its state, its step.
///
/// An algorithm is one file. Its letters are the paper's, its order of operations the library's, and
/// where the two differ the comment of the type says so.
protocol Optimizer<Element>: Sendable {
  associatedtype Element: StoredNumber
  /// Everything that the next step needs besides parameters and gradients.
  associatedtype State: Codable & Sendable

  /// What can be set, by the name that the trainers' configs use.
  static var hyperparameters: [Hyperparameter<Self>] { get }
  /// The library's own defaults.
  init()
  /// Throws what the constructor of the library refuses although each value is in its range.
  func checkCombination() throws(HyperparameterError)

  /// The tensors that the library keeps for a parameter, in the order in which it makes them.
  func layout(of parameter: ParameterShape) -> [StateTensor]
  /// What the library keeps once, beside the parameters.
  var sharedLayout: SharedState { get }

  func initialState(for parameters: [Tensor<Element>]) -> State
  /// One optimizer step on all parameters.
  ///
  /// - Parameters:
  ///   - gradients: Of the shapes of the parameters.
  ///   - rates: The learning rate of each parameter.
  /// - Throws: What stops the library here, such as rates that must be equal and are not.
  func step(
    _ parameters: inout [Tensor<Element>], gradients: [Tensor<Element>], state: inout State,
    rates: [Double]
  ) throws(OptimizerError)

  /// What the library keeps as plain numbers, by its own names: `d`, `k`, `weight_sum`.
  func internals(_ state: State) -> [String: Double]
  /// The weights that are saved and sampled with, where they are not those that are trained
  /// (schedule-free); else nil.
  func evaluationParameters(_ parameters: [Tensor<Element>], _ state: State) -> [Tensor<Element>]?
  /// The 8-bit codes and scales of a parameter's state, where it has such.
  func codes(_ state: State, parameter: Int) -> [StateCodes]
}

extension Optimizer {
  func checkCombination() throws(HyperparameterError) {}
  var sharedLayout: SharedState { SharedState() }
  func internals(_ state: State) -> [String: Double] { [:] }
  func evaluationParameters(
    _ parameters: [Tensor<Element>], _ state: State
  ) -> [Tensor<Element>]? { nil }
  func codes(_ state: State, parameter: Int) -> [StateCodes] { [] }
}

/// An optimizer that steps each parameter by itself, so that a trainer may do it during the backward
/// pass (fused back pass).
protocol ParameterwiseOptimizer: Optimizer where State == [Memory] {
  /// The state of one parameter.
  associatedtype Memory: Codable & Sendable

  /// - Parameter number: Place of the parameter in the list, for random numbers of its own.
  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory
  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) throws(OptimizerError)
}

extension ParameterwiseOptimizer {
  /// Called once, so that a copy for each optimizer and format would only take room.
  @_semantics("optimize.sil.specialize.generic.never")
  func initialState(for parameters: [Tensor<Element>]) -> [Memory] {
    parameters.enumerated().map { initialMemory(for: $1, number: $0) }
  }

  func step(
    _ parameters: inout [Tensor<Element>], gradients: [Tensor<Element>], state: inout [Memory],
    rates: [Double]
  ) throws(OptimizerError) {
    for place in parameters.indices {
      try step(
        &parameters[place], gradient: gradients[place], memory: &state[place], rate: rates[place])
    }
  }
}

/// A parameter as far as the size of its state depends on it.
public struct ParameterShape: Sendable, Hashable {
  public let shape: [Int]
  public let format: NumberFormat
  /// Whether it starts as zeros all over, as the up matrix of a LoRA does.
  public let startsAtZero: Bool
  /// Whether it stands in the group that Muon gives to Adam.
  public let isAuxiliary: Bool

  public init(
    _ shape: [Int], format: NumberFormat, startsAtZero: Bool = false, isAuxiliary: Bool = false
  ) {
    self.shape = shape
    self.format = format
    self.startsAtZero = startsAtZero
    self.isAuxiliary = isAuxiliary
  }

  public var count: Int { shape.reduce(1, *) }
}

/// A tensor of optimizer state.
public struct StateTensor: Sendable, Hashable {
  /// The library's name, as in its checkpoints.
  public let name: String
  /// Empty for a tensor that is a single number.
  public let shape: [Int]
  public let format: NumberFormat

  public init(_ name: String, _ shape: [Int], _ format: NumberFormat) {
    self.name = name
    self.shape = shape
    self.format = format
  }

  public var bytes: Int { shape.reduce(1, *) * format.width }
}

/// State that a library keeps once, not once per parameter. In bytes.
public struct SharedState: Sendable, Hashable {
  /// The tables of 8-bit codes, once per optimizer and device.
  public var codeTables = 0
  /// Tensors in a parameter group.
  public var group = 0

  public init(codeTables: Int = 0, group: Int = 0) {
    self.codeTables = codeTables
    self.group = group
  }
}

/// One quantized state tensor.
public struct StateCodes: Sendable, Hashable {
  public let name: String
  public let codes: [UInt8]
  /// The largest magnitude of each block.
  public let scales: [Float]

  public init(name: String, codes: [UInt8], scales: [Float]) {
    self.name = name
    self.codes = codes
    self.scales = scales
  }
}

/// What stops a step.
public enum OptimizerError: Error, CustomStringConvertible {
  /// The library wants one rate for all parameters (or 0).
  case unequalRates(Double, Double)
  /// The library stops at values it meets only while it steps.
  case refused(String)
  case missingLibrary(LibraryMissing)

  public var description: String {
    switch self {
    case .unequalRates(let a, let b):
      "learning rates of \(a) and \(b): this optimizer takes one rate for all parameters, or 0"
    case .refused(let reason): reason
    case .missingLibrary(let error): error.description
    }
  }
}
