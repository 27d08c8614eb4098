import Knowledge
import Plans
import SourceText

/// When data sets are used, and whether there is enough of them.
extension Rule<SimpleTunerFiles> {
  static let noDataSetAtStart = Rule(
    RuleDescription(
      "no-data-set-at-start", .error, .crashesAtStart, .data,
      "Data sets that are all to be used later.",
      because: "the first step needs something to train on, and the trainer stops without it",
      sources: SimpleTuner.factory, covers: ["simpletuner/ST-L12"],
      examples: [
        .flags(
          "simpletuner",
          #"[{"id": "a", "type": "local", "instance_data_dir": "x", "start_epoch": ⟪2⟫}]"#,
          fixed: #"[{"id": "a", "type": "local", "instance_data_dir": "x", "start_epoch": 1}]"#),
        .allows(
          "simpletuner",
          """
          [{"id": "a", "type": "local", "instance_data_dir": "x", "start_epoch": 2},
           {"id": "b", "type": "local", "instance_data_dir": "y"}]
          """),
      ], backend: "simpletuner")
  ) { files, findings in
    let trained = (files.data?.active ?? []).filter(\.isTrained)
    let late = trained.compactMap(\.lateStart)
    guard !trained.isEmpty, late.count == trained.count else { return }
    findings.report(
      "no data set is there at the start: \(late[0].keyPath.split(separator: ".").last ?? "") is \(late[0].value.literal)",
      at: late[0],
      fixes: [findings.fix("set it to 1", .unsafe, .set(late[0], .number(1)))])
  }

  static let dataSetNeverStarts = Rule(
    RuleDescription(
      "data-set-never-starts", .warning, .silentlyIgnored, .data,
      "A data set that is to be used after the end of the run.",
      because: "it is loaded and encoded like the others, and never drawn from",
      sources: SimpleTuner.factory,
      examples: [
        .flags(
          "simpletuner",
          """
          {"model_family": "flux", "max_train_steps": ⟦1000⟧, "num_train_epochs": 0, \
          "data_backend_config": "data.json"}
          """,
          files: [
            "data.json": """
            [{"id": "a", "type": "local", "instance_data_dir": "x"},
             {"id": "b", "type": "local", "instance_data_dir": "y", "start_step": ⟪5000⟫}]
            """
          ]),
        .allows(
          "simpletuner",
          """
          {"model_family": "flux", "max_train_steps": 10000, "num_train_epochs": 0, \
          "data_backend_config": "data.json"}
          """,
          files: [
            "data.json": """
            [{"id": "a", "type": "local", "instance_data_dir": "x"},
             {"id": "b", "type": "local", "instance_data_dir": "y", "start_step": 5000}]
            """
          ]),
      ], backend: "simpletuner")
  ) { files, findings in
    guard let config = files.config else { return }
    let ends = [("start_epoch", "num_train_epochs"), ("start_step", "max_train_steps")]
    for set in files.data?.active ?? [] where set.isTrained {
      for (start, end) in ends {
        let begin = set.setting(start)
        let last = config.setting(end)
        guard begin.isWritten, let first = begin.number, let most = last.number, most > 0,
          first > most
        else { continue }
        findings.report(
          "it is to start at \(Number.literal(first)), and the run ends at \(Number.literal(most))",
          at: begin, related: [last.noted("the end of the run")].compactMap(\.self))
      }
    }
  }

  static let fewerImagesThanAStep = Rule(
    RuleDescription(
      "fewer-images-than-a-step", .error, .crashesAtStart, .data,
      "Fewer images than one optimizer step takes.",
      because: """
        images of one shape have to fill batch size times GPUs times accumulation; \
        allow_dataset_oversubscription repeats them until they do
        """,
      sources: [
        Citation("SimpleTuner bc8e6ab7 helpers/metadata/backends/base.py"),
        Citation("SimpleTuner bc8e6ab7 documentation/DATALOADER.md, repeats"),
      ],
      covers: ["simpletuner/ST-L08"],
      examples: [
        .flags(
          "simpletuner",
          """
          {"model_family": "flux", "train_batch_size": ⟪8⟫, "gradient_accumulation_steps": ⟦4⟧}
          """, images: 20),
        .allows(
          "simpletuner",
          """
          {"model_family": "flux", "train_batch_size": 8, "gradient_accumulation_steps": 4, \
          "allow_dataset_oversubscription": true}
          """, images: 20),
        .allows("simpletuner", #"{"model_family": "flux", "train_batch_size": 4}"#, images: 20),
      ], backend: "simpletuner")
  ) { files, findings in
    guard let config = files.config, let images = config.images,
      !config.setting("allow_dataset_oversubscription").isOn,
      let batch = config.setting("train_batch_size").number, batch >= 1,
      let accumulation = config.setting("gradient_accumulation_steps").number, accumulation >= 1
    else { return }
    let repeats = config.data.map { $0.commonRepeats ?? 1e9 } ?? config.knownRepeats
    let whole = batch * accumulation * Double(config.processes)
    guard Double(images) * (1 + repeats) < whole else { return }
    findings.report(
      "\(images) images do not fill an optimizer step of \(Number.literal(whole))",
      at: config.setting("train_batch_size"),
      related: [
        accumulation > 1
          ? config.setting("gradient_accumulation_steps").noted("batches in a step") : nil,
        config.processes > 1 ? config.setting("num_processes").noted("GPUs") : nil,
      ].compactMap(\.self))
  }
}

extension SimpleTunerData.DataSet {
  /// The setting by which it is not there from the start; nil if it is.
  fileprivate var lateStart: Setting? {
    ["start_epoch", "start_step"].map(setting).first { $0.isWritten && ($0.number ?? 0) > 1 }
  }
}
