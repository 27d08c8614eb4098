import Knowledge
import Plans

/// Which optimizer a name builds (27a03a9, toolkit/optimizer.py).
struct AIToolkitOptimizer: Sendable {
  let name: Setting
  /// As the program compares it: in lower case.
  let lower: String
  /// The name of what is built: `prodigy` for everything that begins so.
  let built: String
  let facts: OptimizerFacts?
  let use: OptimizerUse?

  init(_ name: Setting) {
    self.name = name
    let text = name.text ?? ""
    lower = text.lowercased()
    let known = Catalogue.optimizer(named: text, in: "ai-toolkit")
    built = known?.use.name ?? lower
    facts = known?.facts
    use = known?.use
  }

  /// Why it cannot be built; nil if it can, or if nothing is known of it.
  var failure: String? {
    use?.isBroken
      ?? Catalogue.optimizerNames(of: "ai-toolkit").refusal(of: name.text ?? "")?.why
  }

  /// Whether it finds the step size itself and multiplies it with the learning rate.
  var isAdaptive: Bool { facts?.isAdaptive ?? false }
  /// Whether it begins with the learning rate and then changes it by itself.
  var isAutomagic: Bool { built.hasPrefix("automagic") }
}
