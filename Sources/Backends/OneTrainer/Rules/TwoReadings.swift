import Knowledge
import Plans
import SourceText

extension Rule<OneTrainerConfig> {
  static let twoReadings = Rule(
    RuleDescription(
      "two-readings", .warning, .changesTraining, .file,
      "A file from which the interface and the command line train differently.",
      because: """
        the interface rebuilds the optimizer from its own table and optimizer_defaults, and the layer \
        filter from the preset's name; the command line reads only optimizer and layer_filter
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/util/optimizer_util.py:12-26"),
        Citation("OneTrainer issue 960", "https://github.com/Nerogar/OneTrainer/issues/960"),
      ],
      covers: ["onetrainer/A10", "onetrainer/A11", "onetrainer/A12"],
      silencedBy: ["optimizer-refuses-value", "questionable-option"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "optimizer": ⟪{"optimizer": "ADAFACTOR"}⟫, "optimizer_defaults": {"ADAFACTOR": {"optimizer": "ADAFACTOR", "beta1": ⟦0.9⟧}}}"#
        ),
        .flags(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": "PRODIGY", "d_coef": ⟪0.5⟫, "decouple": true, "slice_p": 11}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": "PRODIGY", "d_coef": 0.5, "decouple": true, "slice_p": 11}, "optimizer_defaults": {"PRODIGY": {"optimizer": "PRODIGY", "d_coef": 0.5, "decouple": true, "slice_p": 11}}}"#
        ),
      ])
  ) { config, findings in
    guard let use = config.optimizerUse, let written = config.root.entry("optimizer"),
      PythonConversion.isObject(written)
    else { return }
    let other = config.otherOptimizer
    let differing = use.options.filter { option in
      option.ignored == nil
        && config.option(option.key).value != config.option(option.key, of: other).value
    }
    // A value that the file states says more than one it leaves out.
    guard
      let first = differing.first(where: { config.option($0.key).isWritten })
        ?? differing.first(where: { config.option($0.key, of: other).isWritten }) ?? differing.first
    else { return }
    let own = config.option(first.key)
    let theirs = config.option(first.key, of: other)
    // The interface drops what stands in `optimizer`; that is what the user should look at.
    let isDropped = config.mode == .ui && !own.isWritten && theirs.isWritten
    let here = config.mode == .cli ? "the command line" : "the interface"
    let there = config.mode == .cli ? "the interface" : "the command line"
    let more = differing.count > 1 ? " (and \(differing.count - 1) more)" : ""
    findings.report(
      "\(here) trains with \(first.key) \(own.value.literal), \(there) with \(theirs.value.literal)\(more)",
      at: isDropped ? theirs : own,
      severity: config.mode == .cli || isDropped ? .warning : .info,
      related: theirs.isWritten && theirs.keyPath != own.keyPath
        ? [(theirs, "what \(there) uses")] : [])
  }
}
