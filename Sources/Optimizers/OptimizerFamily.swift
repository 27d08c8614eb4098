internal import Threads

/// An optimizer by the name that configs give it, ready to be made for any number format.
public struct OptimizerFamily: Sendable, Identifiable, CustomStringConvertible {
  /// In capitals, as OneTrainer spells it.
  public let id: String
  public let title: String
  /// The library that is followed, with its version.
  public let library: String
  public let citation: Citation
  /// In the order of the algorithm's file. Worked out when asked for: most programs ask for one family.
  public var hyperparameters: [Description] { described.value }
  private let described: Deferred<[Description]>
  let makers: OptimizerMakers

  /// An option without its place.
  public struct Description: Sendable, Hashable {
    public let name: String
    public let meaning: String
    /// What it accepts, in words.
    public let range: String
    /// The library's own.
    public let standard: HyperparameterValue
  }

  /// - Parameters: The algorithm for each number format; all four are one generic type.
  @inline(__always)
  init<S: Optimizer, D: Optimizer, B: Optimizer, H: Optimizer>(
    _ id: String, _ title: String, library: String, _ citation: Citation,
    _ float: S.Type, _ double: D.Type, _ bfloat16: B.Type, _ half: H.Type
  ) where S.Element == Float, D.Element == Double, B.Element == BFloat16, H.Element == Half {
    self.id = id
    self.title = title
    self.library = library
    self.citation = citation
    described = Deferred { S.descriptions }
    makers = OptimizerMakers(
      float: OptimizerMaker(S.self), double: OptimizerMaker(D.self),
      bfloat16: OptimizerMaker(B.self), half: OptimizerMaker(H.self))
  }

  /// The optimizer with these options, the library's defaults for the others.
  ///
  /// - Throws: The first option that is unknown or that the library refuses.
  public func optimizer<Element: StoredNumber>(
    storing: Element.Type = Element.self, _ options: [String: HyperparameterValue] = [:]
  ) throws(HyperparameterError) -> AnyOptimizer<Element> {
    try Element.maker(in: makers).make(options)
  }

  public var description: String { id }

  public static subscript(id id: String) -> OptimizerFamily? { all.first { $0.id == id } }
}

/// How an optimizer is made, for each number format.
public struct OptimizerMakers: Sendable {
  let float: OptimizerMaker<Float>
  let double: OptimizerMaker<Double>
  let bfloat16: OptimizerMaker<BFloat16>
  let half: OptimizerMaker<Half>
}

public struct OptimizerMaker<Element: StoredNumber>: Sendable {
  let make:
    @Sendable ([String: HyperparameterValue]) throws(HyperparameterError) -> AnyOptimizer<Element>

  @inline(__always)
  init<O: Optimizer>(_ type: O.Type) where O.Element == Element {
    make = { options throws(HyperparameterError) in AnyOptimizer(try O(options)) }
  }
}

// Done once, so that a copy for each optimizer and format would only take room.
extension Optimizer {
  @_semantics("optimize.sil.specialize.generic.never")
  fileprivate static var descriptions: [OptimizerFamily.Description] {
    let standard = Self()
    return hyperparameters.map {
      OptimizerFamily.Description(
        name: $0.name, meaning: $0.meaning, range: $0.range, standard: $0.value(in: standard))
    }
  }

  /// The optimizer with these options, the library's defaults for the others.
  @_semantics("optimize.sil.specialize.generic.never")
  init(_ options: [String: HyperparameterValue]) throws(HyperparameterError) {
    self.init()
    let table = Self.hyperparameters
    for (name, value) in options.sorted(by: { $0.key < $1.key }) {
      guard let hyperparameter = table.first(where: { $0.name == name }) else {
        throw .unknown(option: name, known: table.map(\.name))
      }
      try hyperparameter.set(value, in: &self)
    }
    try checkCombination()
  }
}
