import Knowledge
import Plans
import SourceText

extension Kohya {
  /// What is wrong with the images, or with the way they are described.
  static let dataRules: [Rule<KohyaFiles>] = [.bucketDoesNotFit, .unreadableFile]
}

extension Rule<KohyaFiles> {
  static let bucketDoesNotFit = Rule(
    RuleDescription(
      "bucket-does-not-fit", .error, .crashesAtStart, .data,
      "Bounds or steps of buckets that do not fit the resolution or the model.",
      because: """
        assertions want the steps to be a multiple of what the model works with, and the training size \
        to lie between the bounds
        """,
      sources: [
        Citation("kohya sd-scripts 48d368fa library/train_util.py:744-773, 1093-1097"),
        Citation("kohya sd-scripts 48d368fa: verify_bucket_reso_steps in each script"),
      ],
      covers: ["kohya/K-CACHE-09", "kohya/K-CACHE-10"],
      examples: [
        .flags(
          "kohya",
          """
          network_module = "networks.lora_flux"
          resolution = "1024,1024"
          enable_bucket = true
          bucket_reso_steps = ⟪48⟫
          """,
          fixed: """
            network_module = "networks.lora_flux"
            resolution = "1024,1024"
            enable_bucket = true
            bucket_reso_steps = 64
            """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          dataset_config = "dataset.toml"
          """,
          files: [
            "dataset.toml": """
            [[datasets]]
            resolution = ⟦[1024, 1536]⟧
            enable_bucket = true
            max_bucket_reso = ⟪1024⟫

              [[datasets.subsets]]
              image_dir = "images"
            """
          ]),
        .allows(
          "kohya",
          """
          network_module = "networks.lora_flux"
          resolution = "1024,1024"
          enable_bucket = true
          bucket_reso_steps = 64
          max_bucket_reso = 1536
          """),
        // Without buckets nothing is divided.
        .allows(
          "kohya",
          """
          network_module = "networks.lora_flux"
          resolution = "1024,1024"
          bucket_reso_steps = 48
          """),
      ], backend: "kohya")
  ) { files, findings in
    for set in files.imageSets { set.reportBuckets(files, &findings) }
  }

  static let unreadableFile = Rule(
    RuleDescription(
      "unreadable-file", .error, .crashesAtStart, .file,
      "A file that the config names and that cannot be read.",
      because: "the trainer reads it before anything else and stops at what is no TOML or JSON",
      sources: [Citation("kohya sd-scripts 48d368fa library/config_util.py:691-720")],
      examples: [
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          dataset_config = "dataset.toml"
          """, files: ["dataset.toml": "[[datasets]]\nresolution = ⟪,⟫\n"]),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          dataset_config = ⟪"dataset.yaml"⟫
          """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          dataset_config = "dataset.toml"
          """,
          files: [
            "dataset.toml": """
            [[datasets]]
            resolution = 512

              [[datasets.subsets]]
              image_dir = "images"
            """
          ]),
      ], backend: "kohya")
  ) { files, findings in
    guard let run = files.run else { return }
    if let path = run.command?.value("config_file"), !path.isEmpty {
      let name = path.hasSuffix(".toml") ? path : path + ".toml"
      reportUnreadable(name, &findings)
    }
    let setting = run.root.setting("dataset_config")
    guard let path = setting.text, !path.isEmpty else { return }
    let ending = path.lowercased()
    if !ending.hasSuffix(".toml"), !ending.hasSuffix(".json"),
      !path.contains(where: { "$<{".contains($0) })
    {
      findings.report(
        "'\(path)' is neither .toml nor .json: the trainer reads no other description of images",
        at: setting)
      return
    }
    reportUnreadable(path, &findings)
  }

  private static func reportUnreadable(_ path: String, _ findings: inout Findings) {
    guard case .unreadable(let source, let error) = findings.neighbours.file(at: path) else {
      return
    }
    findings.report(
      "'\(path)' cannot be read: \(error.message)",
      at: Place(keyPath: "", span: SourceSpan(error.bytes, in: source.id)))
  }
}

/// Images that are trained at one size.
struct KohyaImageSet {
  /// Nil for what a training config says of its images itself.
  let set: KohyaData.DataSet?

  func setting(_ key: String, _ files: KohyaFiles) -> Setting? {
    set.map { files.setting(key, in: $0) } ?? files.run?.root.setting(key)
  }

  /// Width and height.
  func size(_ files: KohyaFiles) -> (width: Double, height: Double)? {
    guard let setting = setting("resolution", files), !setting.isMistaken else { return nil }
    if let text = setting.text {
      let sides = text.split(separator: ",").compactMap { Number.parseInteger(String($0)) }
      return sides.isEmpty ? nil : (sides[0], sides[sides.count - 1])
    }
    if let number = setting.number { return (number, number) }
    // A list stands in the description.
    let objects = [set?.settings, files.data?.general].compactMap(\.self)
    guard let node = objects.lazy.compactMap({ $0.entry("resolution") }).first,
      node.kind == .sequence
    else { return nil }
    let sides = node.children.compactMap { SettingValue($0).number }
    return sides.count == 2 ? (sides[0], sides[1]) : nil
  }

  func reportBuckets(_ files: KohyaFiles, _ findings: inout Findings) {
    guard setting("enable_bucket", files)?.isOn ?? false,
      let steps = setting("bucket_reso_steps", files), let step = steps.number, step >= 1,
      !steps.isMistaken
    else {
      return
    }
    if let run = files.run { reportSteps(steps, step, run, &findings) }
    guard let size = size(files), let resolution = setting("resolution", files) else { return }
    let short = min(size.width, size.height)
    let long = max(size.width, size.height)
    if let least = setting("min_bucket_reso", files), let number = least.number {
      let used = (number / step).rounded(.down) * step
      if short < used {
        findings.report(
          "min_bucket_reso of \(Number.literal(number))\(least.defaultNote) is above the shorter side of \(Number.literal(short))",
          at: least, related: [resolution.noted("the size of the images")].compactMap(\.self),
          fixes: [
            findings.fix(
              "set min_bucket_reso to \(Number.literal(short))", .unsafe,
              .set(least, .number(short)))
          ])
      }
    }
    if let most = setting("max_bucket_reso", files), let number = most.number {
      let used = (number / step).rounded(.up) * step
      if long > used {
        findings.report(
          "max_bucket_reso of \(Number.literal(number))\(most.defaultNote) is below the longer side of \(Number.literal(long))",
          at: most, related: [resolution.noted("the size of the images")].compactMap(\.self),
          fixes: [
            findings.fix(
              "set max_bucket_reso to \(Number.literal(long))", .unsafe, .set(most, .number(long)))
          ])
      }
    }
  }

  private func reportSteps(
    _ steps: Setting, _ step: Double, _ run: KohyaConfig, _ findings: inout Findings
  ) {
    let smallest = run.scripts.scripts.map(\.bucketStep).min() ?? 1
    guard step.truncatingRemainder(dividingBy: Double(smallest)) != 0 else { return }
    findings.report(
      "bucket_reso_steps of \(Number.literal(step)) is no multiple of \(smallest), as \(run.scriptWords) needs it",
      at: steps,
      fixes: [findings.fix("set bucket_reso_steps to 64", .unsafe, .set(steps, .number(64)))])
  }
}

extension KohyaFiles {
  /// The images of each set, or those that the training config describes by itself.
  var imageSets: [KohyaImageSet] {
    if let data { return data.sets.map { KohyaImageSet(set: $0) } }
    guard let run, run.root.setting("dataset_config").text?.isEmpty ?? true else { return [] }
    return [KohyaImageSet(set: nil)]
  }
}

extension KohyaFiles {
  /// Images whose size nobody states.
  func reportMissingResolution(into findings: inout Findings) {
    guard let run else { return }
    if let data {
      // Those of a metadata file have a size there.
      for set in data.sets where set.style != .fineTuning && set.style != .mixed {
        guard !run.arguments.isIncomplete, setting("resolution", in: set)?.isNull ?? true else {
          continue
        }
        findings.report(
          "no resolution is stated for these images",
          at: Place(keyPath: set.settings.childPath("resolution"), span: set.settings.anchor),
          why: "an assertion demands it, here, under [general] or in the training config")
      }
      return
    }
    let resolution = run.root.setting("resolution")
    guard resolution.isNull, !resolution.isMistaken, !run.arguments.isIncomplete,
      run.root.setting("train_data_dir").isWritten,
      !run.root.setting("in_json").isOn || run.all({ $0 == .trainDB }),
      run.root.setting("dataset_config").text?.isEmpty ?? true,
      run.root.setting("dataset_class").isNull
    else { return }
    findings.report(
      "no resolution is stated: images have no size", at: resolution,
      why: "an assertion demands it where no description of the images says it",
      related: [run.root.setting("train_data_dir").noted("the images")].compactMap(\.self))
  }
}

extension KohyaScript {
  /// What bucket sizes must be a multiple of (`verify_bucket_reso_steps`).
  var bucketStep: Int {
    switch self {
    case .trainNetwork, .fluxTrainNetwork, .luminaTrainNetwork, .hunyuanImageTrainNetwork,
      .trainDB, .fineTune, .trainTextualInversion, .trainControlNet:
      64
    case .sdxlTrainNetwork, .sd3TrainNetwork, .sdxlTrain, .sdxlTrainTextualInversion,
      .sdxlTrainControlNet, .sdxlTrainControlNetLLLite, .sdxlTrainControlNetLLLiteOld:
      32
    case .animaTrainNetwork, .fluxTrain, .luminaTrain, .animaTrain, .fluxTrainControlNet: 16
    case .sd3Train: 8
    }
  }
}
