import Knowledge
import Plans
import SourceText

extension SimpleTuner {
  static let dataRules: [Rule<SimpleTunerFiles>] = [
    .repeatedDataSetName, .unknownDataSet, .defaultTextEmbeds, .sharedCacheFolder,
    .sizeInAnotherUnit, .noDataSetAtStart, .dataSetNeverStarts, .fewerImagesThanAStep,
  ]

  static let factory = [
    Citation("SimpleTuner bc8e6ab7 helpers/data_backend/factory.py")
  ]
}

extension Rule<SimpleTunerFiles> {
  static let repeatedDataSetName = Rule(
    RuleDescription(
      "repeated-data-set-name", .error, .crashesAtStart, .data,
      "Two data sets with one id.",
      because:
        "data sets are told apart by their ids, and the trainer stops at the second of a name",
      sources: SimpleTuner.factory,
      examples: [
        .flags(
          "simpletuner",
          """
          [{"id": ⟦"a"⟧, "type": "local", "instance_data_dir": "x"},
           {"id": ⟪"a"⟫, "type": "local", "instance_data_dir": "y"}]
          """),
        .allows(
          "simpletuner",
          """
          [{"id": "a", "type": "local", "instance_data_dir": "x"},
           {"id": "a", "type": "local", "instance_data_dir": "y", "disabled": true}]
          """),
      ], backend: "simpletuner")
  ) { files, findings in
    var seen: [String: Setting] = [:]
    for set in files.data?.active ?? [] where !set.isStore && set.kind != "grounding" {
      let id = set.setting("id")
      guard let name = id.text else { continue }
      if let first = seen[name] {
        findings.report(
          "there is a data set '\(name)' already", at: id, related: [(first, "the first")])
      }
      seen[name] = seen[name] ?? id
    }
  }

  static let unknownDataSet = Rule(
    RuleDescription(
      "unknown-data-set", .error, .crashesAtStart, .data,
      "A data set that names another one which is not there.",
      because:
        "stores and conditions are looked up by id, and the trainer stops where there is none",
      sources: SimpleTuner.factory,
      examples: [
        .flags(
          "simpletuner",
          """
          [{"id": "a", "type": "local", "instance_data_dir": "x", "text_embeds": ⟪"captoins"⟫},
           {"id": "captions", "type": "local", "dataset_type": "text_embeds", "cache_dir": "y"}]
          """,
          fixed: """
            [{"id": "a", "type": "local", "instance_data_dir": "x", "text_embeds": "captions"},
             {"id": "captions", "type": "local", "dataset_type": "text_embeds", "cache_dir": "y"}]
            """),
        .flags(
          "simpletuner",
          """
          [{"id": "a", "type": "local", "instance_data_dir": "x", "conditioning_data": ⟪"b"⟫}]
          """),
        .allows(
          "simpletuner",
          """
          [{"id": "a", "type": "local", "instance_data_dir": "x", "conditioning_data": ["b"]},
           {"id": "b", "type": "local", "dataset_type": "conditioning", "instance_data_dir": "y"}]
          """),
      ], backend: "simpletuner")
  ) { files, findings in
    let kinds: [(key: String, kind: String)] = [
      ("text_embeds", "text_embeds"), ("image_embeds", "image_embeds"),
      ("conditioning_image_embeds", "conditioning_image_embeds"),
      ("conditioning_data", "conditioning"),
    ]
    guard let data = files.data else { return }
    for set in data.active where !set.isStore {
      for (key, kind) in kinds {
        guard let node = set.node?[key] else { continue }
        let names = data.active.filter { $0.kind == kind }.compactMap(\.id)
        let nodes = node.kind == .sequence ? Array(node.children) : [node]
        for name in nodes where name.kind == .string && !names.contains(name.text) {
          // The conditions of a set that makes its own are added later.
          if key == "conditioning_data",
            data.active.contains(where: { $0.node?["conditioning"] != nil })
          {
            continue
          }
          let near = Suggestion.nearest(to: name.text, in: names)
          let place = Setting(.text(name.text), .written(name.span), keyPath: name.keyPath)
          findings.report(
            "there is no data set '\(name.text)' of the kind \(kind)"
              + (near.map { ": did you mean '\($0)'" } ?? ""),
            at: place,
            fixes: [
              near.flatMap { findings.fix("write \"\($0)\"", .unsafe, .set(place, .text($0))) }
            ])
        }
      }
    }
  }

  static let defaultTextEmbeds = Rule(
    RuleDescription(
      "default-text-embeds", .error, .crashesAtStart, .data,
      "Several stores of encoded captions of which not exactly one is the default.",
      because: "data sets that name no store use the default one: of several, one has to be marked",
      sources: SimpleTuner.factory,
      examples: [
        .flags(
          "simpletuner",
          """
          [{"id": "a", "type": "local", "instance_data_dir": "x"},
           {"id": "b", "type": "local", "dataset_type": ⟪"text_embeds"⟫, "cache_dir": "y"},
           {"id": "c", "type": "local", "dataset_type": "text_embeds", "cache_dir": "z"}]
          """),
        .flags(
          "simpletuner",
          """
          [{"id": "a", "type": "local", "instance_data_dir": "x"},
           {"id": "b", "type": "local", "dataset_type": "text_embeds", "cache_dir": "y", "default": ⟦true⟧},
           {"id": "c", "type": "local", "dataset_type": "text_embeds", "cache_dir": "z", "default": ⟪true⟫}]
          """),
        .allows(
          "simpletuner",
          """
          [{"id": "a", "type": "local", "instance_data_dir": "x"},
           {"id": "b", "type": "local", "dataset_type": "text_embeds", "cache_dir": "y", "default": true},
           {"id": "c", "type": "local", "dataset_type": "text_embeds", "cache_dir": "z"}]
          """),
      ], backend: "simpletuner")
  ) { files, findings in
    let stores = (files.data?.active ?? []).filter { $0.kind == "text_embeds" }
    guard stores.count > 1 else { return }
    let marked = stores.map { $0.setting("default") }.filter(\.isOn)
    if marked.isEmpty {
      findings.report(
        "none of the \(stores.count) stores of encoded captions is the default",
        at: stores[0].setting("dataset_type"))
    }
    for extra in marked.dropFirst() {
      findings.report(
        "a second default store: only one can be", at: extra, related: [(marked[0], "the first")])
    }
  }

  static let sharedCacheFolder = Rule(
    RuleDescription(
      "shared-cache-folder", .error, .crashesAtStart, .data,
      "Two data sets that keep their encoded images in one folder.",
      because: "the lists of what is encoded would mix, and the trainer stops",
      sources: SimpleTuner.factory,
      examples: [
        .flags(
          "simpletuner",
          """
          [{"id": "a", "type": "local", "instance_data_dir": "x", "cache_dir_vae": ⟦"cache/vae"⟧},
           {"id": "b", "type": "local", "instance_data_dir": "y", "cache_dir_vae": ⟪"cache/vae"⟫}]
          """),
        .flags(
          "simpletuner",
          """
          [{"id": "a", "type": "local", "instance_data_dir": "x", "cache_dir_vae": ⟪"cache"⟫},
           {"id": "b", "type": "local", "dataset_type": "text_embeds", "cache_dir": ⟦"cache"⟧}]
          """),
        .allows(
          "simpletuner",
          """
          [{"id": "a", "type": "local", "instance_data_dir": "x", "cache_dir_vae": "cache/a"},
           {"id": "b", "type": "local", "instance_data_dir": "y", "cache_dir_vae": "cache/b"}]
          """),
      ], backend: "simpletuner")
  ) { files, findings in
    let active = files.data?.active ?? []
    var seen: [String: Setting] = [:]
    for store in active where store.kind == "text_embeds" {
      let folder = store.setting("cache_dir")
      if let name = folder.text, folder.isWritten { seen[name] = folder }
    }
    for set in active where set.isTrained || set.kind == "eval" {
      let folder = set.setting("cache_dir_vae")
      guard folder.isWritten, let name = folder.text, !name.isEmpty, !name.contains("{id}") else {
        continue
      }
      if let first = seen[name] {
        findings.report(
          "the folder '\(name)' is in use already", at: folder, related: [(first, "used here")])
      }
      seen[name] = seen[name] ?? folder
    }
  }

  static let sizeInAnotherUnit = Rule(
    RuleDescription(
      "size-in-another-unit", .error, .crashesAtStart, .data,
      "A size of images in pixels where megapixels belong, or the other way round.",
      because: """
        resolution_type says what sizes are: area counts megapixels, pixel the shorter edge and \
        pixel_area the edge of a square
        """,
      sources: SimpleTuner.factory + [
        Citation("SimpleTuner bc8e6ab7 helpers/data_backend/config/validators.py:52-103")
      ],
      covers: ["simpletuner/ST-M29"],
      examples: [
        .flags(
          "simpletuner",
          """
          [{"id": "a", "type": "local", "instance_data_dir": "x", "resolution_type": ⟦"area"⟧, \
          "resolution": ⟪1024⟫}]
          """),
        .flags(
          "simpletuner",
          """
          [{"id": "a", "type": "local", "instance_data_dir": "x", "resolution_type": ⟦"pixel"⟧, \
          "resolution": ⟪1⟫}]
          """),
        .flags(
          "simpletuner",
          """
          [{"id": "a", "type": "local", "instance_data_dir": "x", "resolution_type": ⟦"pixel_area"⟧, \
          "resolution": ⟪0.5⟫}]
          """),
        .flags(
          "simpletuner",
          """
          [{"id": "a", "type": "local", "instance_data_dir": "x", "resolution_type": ⟦"area"⟧, \
          "resolution": 1.0, "maximum_image_size": ⟪2048⟫, "target_downsample_size": 1.5}]
          """),
        .allows(
          "simpletuner",
          """
          [{"id": "a", "type": "local", "instance_data_dir": "x", "resolution_type": "area", \
          "resolution": 0.5, "maximum_image_size": 4, "target_downsample_size": 1.5},
           {"id": "b", "type": "local", "instance_data_dir": "y", "resolution_type": "pixel_area", \
          "resolution": 512}]
          """),
      ], backend: "simpletuner")
  ) { files, findings in
    for set in files.data?.active ?? [] where !set.isStore && set.kind != "audio" {
      guard let type = files.setting("resolution_type", of: set), let unit = type.text else {
        continue
      }
      let cause = [type.noted("the unit of sizes")].compactMap(\.self)
      for key in ["resolution", "maximum_image_size", "target_downsample_size"] {
        let size = set.setting(key)
        guard size.isWritten, let number = size.number, number > 0,
          let words = SizeUnit.problem(key, number, unit)
        else { continue }
        findings.report(words, at: size, related: cause)
      }
    }
  }
}

/// Units of sizes.
enum SizeUnit {
  /// What is wrong with a size above 0; nil if nothing is.
  static func problem(_ key: String, _ size: Double, _ unit: String) -> String? {
    let text = Number.literal(size)
    let isResolution = key == "resolution"
    switch unit {
    case "area" where size >= 20:
      return "a \(key) of \(text) megapixels: with resolution_type area sizes are not pixels"
    case "pixel" where isResolution ? size < 64 : size < 512:
      return isResolution
        ? "a resolution of \(text) pixels: with resolution_type pixel sizes are not megapixels"
        : "a \(key) of \(text) pixels is too small: 512 at least"
    case "pixel_area" where isResolution && size != size.rounded():
      return "a resolution of \(text) with pixel_area: it takes whole pixels, area takes megapixels"
    case "pixel_area" where isResolution && size < 64:
      return
        "a resolution of \(text) pixels: with resolution_type pixel_area sizes are not megapixels"
    default: return nil
    }
  }
}
