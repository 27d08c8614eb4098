import Knowledge
import Plans
import SourceText

extension ClaimEvidence {
  /// What it comes to today.
  public struct Outcome: Sendable {
    /// As the page has it.
    public let words: String
    /// Whether it is as it says; nil where nothing can be computed here.
    public let isSo: Bool?
    /// Of a default: whether some trainers have it and others do not.
    public var isMixed = false
  }

  public var outcome: Outcome {
    switch self {
    case .rule(let id):
      let rule = Inspector.rules.first { $0.id == id }
      return Outcome(words: "rule [`\(id)`](Rules.md#\(id))", isSo: rule != nil)
    case .standard(let optimizer, let option, let value, let backend):
      return Self.standard(optimizer, option, value, backend)
    case .option(let key, let type):
      return Outcome(
        words: "option `\(key)`, \(type.rawValue): `tuneup explain \(key)`",
        isSo: Catalogue.options[key]?.type == type)
    case .recommends(let optimizer, let option):
      let found = Catalogue.optimizer(optimizer)?.recommendations.first { $0.option == option }
      return Outcome(
        words: "recommended for \(optimizer): \(option) \(found?.text ?? "–")", isSo: found != nil)
    case .available(let optimizer, let backend):
      let use = Self.use(optimizer, backend)
      return Outcome(
        words: use.map { "`\($0.name)` (\($0.source))" } ?? "\(optimizer) is not in \(backend)",
        isSo: use != nil)
    case .fused(let optimizer, let backend):
      let use = Self.use(optimizer, backend)
      return Outcome(
        words: "fused back pass of `\(use?.name ?? optimizer)` (\(use?.source ?? ""))",
        isSo: use?.hasFusedBackPass ?? false)
    case .less(let optimizer, let other, let backend):
      return Self.compared(optimizer, other, backend) { $0 < $1 }
    case .more(let optimizer, let other, let backend):
      return Self.compared(optimizer, other, backend) { $0 > $1 }
    case .adaptive(let optimizer, let isAdaptive):
      let facts = Catalogue.optimizer(optimizer)
      return Outcome(
        words: "\(optimizer) \(isAdaptive ? "finds its rate" : "is given its rate")",
        isSo: facts?.isAdaptive == isAdaptive)
    case .words(let optimizer):
      let facts = Catalogue.optimizer(optimizer)
      return Outcome(
        words: "`tuneup explain \(optimizer.lowercased())`",
        isSo: facts?.useWhen != nil && facts?.avoidWhen != nil)
    case .measured(let title):
      return Outcome(words: "[measured](Guides-measured.md): \(title)", isSo: nil)
    case .test(let name): return Outcome(words: "test `\(name)`", isSo: nil)
    }
  }

  private static func use(_ optimizer: String, _ backend: String) -> OptimizerUse? {
    Catalogue.optimizer(optimizer)?.uses(in: backend).first { $0.isBroken == nil }
      ?? Catalogue.optimizer(optimizer)?.use(in: backend)
  }

  /// Each trainer's usual form of the optimizer, as far as it has the option.
  private static func standard(
    _ optimizer: String, _ option: String, _ value: SettingValue, _ backend: String?
  ) -> Outcome {
    let trainers = backend.map { [$0] } ?? Catalogue.trainers
    let found = trainers.compactMap { trainer -> (String, SettingValue)? in
      guard let use = Catalogue.optimizer(optimizer)?.use(in: trainer), let own = use[option] else {
        return nil
      }
      return ("\(Explanation.title(of: trainer)) \(own.tableDefault.literal)", own.tableDefault)
    }
    let equal = found.count { isEqual($0.1, value) }
    return Outcome(
      words: "default of \(optimizer)'s \(option): "
        + (found.isEmpty ? "none" : found.map(\.0).joined(separator: ", ")),
      isSo: !found.isEmpty && equal == found.count, isMixed: equal > 0 && equal < found.count)
  }

  private static func isEqual(_ first: SettingValue, _ second: SettingValue) -> Bool {
    if let a = first.number, let b = second.number { return a == b }
    return first == second
  }

  private static func compared(
    _ first: String, _ second: String, _ backend: String, _ isSo: (Double, Double) -> Bool
  ) -> Outcome {
    let sizes = [first, second].map { id in
      Catalogue.optimizer(id)?.use(in: backend).flatMap(StateSize.init)
        .flatMap { $0.float32 ?? $0.bfloat16 }?.full
    }
    guard let a = sizes[0], let b = sizes[1] else {
      return Outcome(words: "state of \(first) and \(second): not known", isSo: false)
    }
    return Outcome(
      words: "state in \(Explanation.title(of: backend)): \(first) \(number(a)) B, "
        + "\(second) \(number(b)) B for each trained number", isSo: isSo(a, b))
  }

  private static func number(_ bytes: Double) -> String {
    Number.literal((bytes * 100).rounded() / 100)
  }
}
