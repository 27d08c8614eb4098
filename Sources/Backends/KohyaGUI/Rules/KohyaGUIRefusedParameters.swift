import Knowledge
import Plans
import SourceText

extension Rule<KohyaGUIConfig> {
  static let additionalParameters = Rule(
    RuleDescription(
      "refused-parameter", .error, .crashesAtLoad, .file,
      "An additional parameter that the script does not take.",
      because:
        "they are options on the command line, where argparse stops at what it does not know",
      sources: [Citation("kohya_ss 45088f04 kohya_gui/common_gui.py:1318-1340")],
      examples: [
        .flags(
          "kohya-gui",
          #"{"LoRA_type": "Standard", "additional_parameters": "⟪--lr_decay_step_s⟫ 0.2"}"#),
        .flags(
          "kohya-gui",
          #"{"LoRA_type": "Standard", "additional_parameters": "--max_grad_norm ⟪off⟫"}"#),
        .flags(
          "kohya-gui", #"{"LoRA_type": "Standard", "additional_parameters": "⟪max_grad_norm⟫ ⟪0⟫"}"#
        ),
        .allows(
          "kohya-gui",
          #"{"LoRA_type": "Standard", "additional_parameters": "--lr_decay_steps=20% --max_grad_norm 0"}"#
        ),
      ], backend: "kohya-gui")
  ) { gui, findings in
    let parameters = gui.parameters
    for word in parameters.strays {
      findings.report("'\(word.text)' belongs to no option", at: word.place)
    }
    for option in parameters.options {
      for word in option.extraWords {
        findings.report(
          "'\(word.text)' belongs to no option: '--\(option.name)' does not take it", at: word.place
        )
      }
      switch option.meaning {
      case .setting(let facts):
        if facts.readers.isDisjoint(with: KohyaScripts([gui.script])) {
          findings.report(
            "\(gui.script.rawValue) has no option '--\(facts.key)'", at: option.place)
        }
      case .unknown:
        findings.report("'--\(option.name)' is no option of sd-scripts", at: option.place)
      case .ambiguous(let keys):
        findings.report(
          "'--\(option.name)' could be \(keys.prefix(3).map { "'--\($0)'" }.joined(separator: " or "))",
          at: option.place)
      }
    }
    for entry in parameters.entries {
      guard let problem = entry.reading.problem, let place = entry.place else { continue }
      findings.report(problem.message, at: place)
    }
  }
}
