public import Inspection
internal import Knowledge
public import Plans
public import Reporting
public import SourceText

/// Says what of a config could be better, and writes it.
///
/// One piece of advice after the other is written into the text as the trainer's editor writes it, and
/// the text is read and judged like any other. What the file cannot express is left out, and so is what
/// would bring up a warning or an error that was not there: where guide and facts disagree, facts win.
public struct Adviser: Sendable {
  public let inspector: Inspector

  public init(_ inspector: Inspector) { self.inspector = inspector }

  public struct Outcome: Sendable {
    public let backend: String
    /// In the order in which the pieces were applied.
    public let advice: [SettingAdvice]
    /// The file with all of it.
    public let source: SourceFile
  }

  /// More than any file needs.
  private static let most = 64

  /// - Throws: A ``ReadFailure`` if the file cannot be read or is no training config.
  public func advise(
    _ source: SourceFile, neighbours: Neighbours = .none
  ) throws(ReadFailure) -> Outcome {
    var reading = try inspector.read(source, neighbours: neighbours)
    if reading.plans.isEmpty {
      throw ReadFailure(
        path: source.path, message: "there is no training in it that advice could be given on")
    }
    let known = Self.troubles(reading.diagnostics)
    var advice: [SettingAdvice] = []
    var refused: Set<String> = []
    for _ in 0..<Self.most {
      guard
        let (bundle, next) = step(reading, known, neighbours, advice.map(\.id), &refused)
      else { break }
      advice += bundle.parts
      reading = next
    }
    return Outcome(backend: reading.backend.id, advice: advice, source: reading.source)
  }

  /// The first piece of advice that holds and can be written.
  private func step(
    _ reading: Reading, _ known: [String: Int], _ neighbours: Neighbours, _ done: [String],
    _ refused: inout Set<String>
  ) -> (AdviceBundle, Reading)? {
    for plan in reading.plans {
      let advised = AdvisedPlan(plan: plan, images: inspector.options.images)
      for rule in AdviceRule.all {
        for bundle in rule.check(advised) {
          let id = rule.title + bundle.parts.map { "\($0.keyPath)=\($0.recommended)" }.joined()
          if refused.contains(id) { continue }
          // What was advised once is not advised again, lest two ideas undo each other.
          let isNew = bundle.parts.allSatisfy { !done.contains($0.id) }
          if isNew, let next = reading.after(bundle, inspector, neighbours),
            Self.isNone(of: Self.troubles(next.diagnostics), beyond: known)
          {
            return (bundle, next)
          }
          refused.insert(id)
        }
      }
    }
    return nil
  }

  /// How many warnings and errors there are, by rule: one that only moves to another setting is the
  /// same.
  private static func troubles(_ diagnostics: [Diagnostic]) -> [String: Int] {
    diagnostics.filter { $0.severity >= .warning }.reduce(into: [:]) {
      $0["\($1.rule) \($1.severity.rawValue)", default: 0] += 1
    }
  }

  private static func isNone(of new: [String: Int], beyond known: [String: Int]) -> Bool {
    new.allSatisfy { $0.value <= known[$0.key, default: 0] }
  }
}

extension Reading {
  /// The file with a bundle written into it; nil if it cannot express it, or reads otherwise then.
  fileprivate func after(
    _ bundle: AdviceBundle, _ inspector: Inspector, _ neighbours: Neighbours
  ) -> Reading? {
    guard bundle.parts.allSatisfy({ !$0.isMistaken }),
      let source = source(after: bundle.parts.map(\.change)), source.bytes != self.source.bytes,
      var reading = try? inspector.read(source, neighbours: neighbours)
    else { return nil }
    for change in bundle.parts.flatMap({ otherPlaces($0) }) {
      guard let source = reading.source(after: [change]),
        let next = try? inspector.read(source, neighbours: neighbours)
      else { return nil }
      reading = next
    }
    return reading
  }

  /// OneTrainer's command line reads `optimizer`, its interface `optimizer_defaults`: what is said in
  /// one has to be said in the other.
  private func otherPlaces(_ advice: SettingAdvice) -> [Change] {
    guard backend.id == "onetrainer", case .set(let place, let value) = advice.change,
      let name = plans.first?.optimizer.name.text
    else { return [] }
    let defaults = "optimizer_defaults.\(name)."
    let path: String
    if place.keyPath.hasPrefix(defaults) {
      path = "optimizer." + place.keyPath.dropFirst(defaults.count)
    } else if place.keyPath.hasPrefix("optimizer.") {
      path = defaults + place.keyPath.dropFirst("optimizer.".count)
    } else {
      return []
    }
    return [.set(Place(keyPath: path, span: place.span), value)]
  }
}

extension SettingAdvice {
  /// Whether what stands there cannot be read, which is for lint to say first.
  fileprivate var isMistaken: Bool {
    if case .set(let place, _) = change { place.isMistaken } else { false }
  }
}
