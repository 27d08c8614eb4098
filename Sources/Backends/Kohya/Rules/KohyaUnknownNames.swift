import Knowledge
import Plans
import SourceText

/// Names that are looked up when the run starts.
extension KohyaConfig {
  /// A name that is neither built in nor a path to a class.
  func reportUnknownOptimizer(into findings: inout Findings) {
    guard !optimizer.name.isMistaken, let name = optimizer.name.text, !optimizer.isKnown else {
      return
    }
    let names = Catalogue.optimizerNames(of: "kohya")
    let refusal = names.refusal(of: name)
    let nearest = refusal?.instead ?? Suggestion.nearest(to: name, in: names.spellings)
    let hint =
      nearest.map { ": did you mean '\($0)'?" }
      ?? ": write a built-in name, a class of torch.optim, or the path of a class"
    findings.reportMistake(
      "'\(name)' is no optimizer of sd-scripts or torch.optim\(hint)", at: optimizer.name,
      why: refusal?.why
        ?? "names other than the built-in ones are looked up in torch.optim, spelled exactly",
      severity: .error, consequence: .crashesAtStart,
      fixes: [
        nearest.flatMap {
          findings.fix("write \"\($0)\"", .safe, .set(optimizer.name, .text($0)))
        }
      ])
  }

  private static let schedulerNames = [
    "constant", "constant_with_warmup", "linear", "cosine", "cosine_with_restarts", "polynomial",
    "inverse_sqrt", "cosine_with_min_lr", "warmup_stable_decay", "piecewise_constant", "adafactor",
  ]

  /// Valid by name, and refused by what they are given.
  private static let refusedSchedulers = ["reduce_lr_on_plateau", "cosine_warmup_with_min_lr"]

  func reportUnknownScheduler(into findings: inout Findings) {
    let setting = self.setting("lr_scheduler")
    guard !setting.isMistaken, let name = setting.text, !optimizer.isScheduleFree,
      !optimizer.hasRelativeStep, setting.isWritten, self.setting("lr_scheduler_type").text == "",
      !Self.schedulerNames.contains(name), !Self.refusedSchedulers.contains(name),
      !name.hasPrefix("adafactor")
    else { return }
    let nearest = Suggestion.allNearest(to: name, in: Self.schedulerNames)
    let hint =
      nearest.isEmpty
      ? "it takes \(Self.schedulerNames.joined(separator: ", "))"
      : "did you mean \(nearest.map { "'\($0)'" }.joined(separator: " or "))?"
    findings.reportMistake(
      "'\(name)' is no value of 'lr_scheduler': \(hint)", at: setting,
      why: "names are lower case; a wrong one stops the run after images are cached",
      severity: .error, consequence: .crashesAtStart,
      fixes: [
        nearest.count == 1
          ? findings.fix("write \"\(nearest[0])\"", .safe, .set(setting, .text(nearest[0]))) : nil
      ])
  }
}
