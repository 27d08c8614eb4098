import Knowledge
import Plans
import SourceText

extension Rule<KohyaFiles> {
  static let scriptNotKnown = Rule(
    RuleDescription(
      "script-not-known", .info, .worthKnowing, .file,
      "A file that fits several scripts which judge it differently.",
      because: """
        a TOML file does not say which script it is for; what only some of them would do is not reported
        """,
      sources: [Citation("kohya sd-scripts 48d368fa: the parsers of the 21 training scripts")],
      examples: [
        .flags(
          "kohya",
          """
          ⟪pretrained_model_name_or_path = "model.safetensors"
          network_module = "networks.lora"
          bucket_reso_steps = 32
          enable_bucket = true
          clip_skip = 2⟫
          """),
        .allows(
          "kohya",
          """
          pretrained_model_name_or_path = "sd_xl_base_1.0.safetensors"
          network_module = "networks.lora"
          """),
      ], backend: "kohya")
  ) { files, findings in
    guard let run = files.run, case .guessed = run.choice.source, run.scripts.count > 1 else {
      return
    }
    let differing = run.constraints.count { constraint in
      let broken = run.scripts.scripts.filter { run.isBroken(constraint, in: $0) }
      return !broken.isEmpty && broken.count < run.scripts.count
    }
    guard differing > 0 else { return }
    findings.report(
      "\(run.scriptWords) could start this: \(differing == 1 ? "one check that differs is" : "\(differing) checks that differ are") left out; --script names one",
      at: Place(keyPath: "", span: run.root.anchor))
  }
}
