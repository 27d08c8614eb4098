import Knowledge
import Plans
import SourceText

extension SimpleTuner {
  static let keyRules: [Rule<SimpleTunerFiles>] = [
    .byteOrderMark, .repeatedKey, .unknownKey, .abbreviatedKey, .retiredKey, .unreadableFile,
  ]
}

extension Rule<SimpleTunerFiles> {
  static let byteOrderMark = Rule(
    SharedRule.byteOrderMark.description(
      of: "simpletuner", because: "Python's json stops at a byte-order mark in a text",
      sources: [Citation("SimpleTuner bc8e6ab7 helpers/configuration/json_file.py:77-81")],
      examples: [
        .flags(
          "simpletuner", "⟪\u{FEFF}⟫{\"model_family\": \"flux\"}",
          fixed: "{\"model_family\": \"flux\"}"),
        .allows("simpletuner", #"{"model_family": "flux"}"#),
      ])
  ) { files, findings in
    for document in files.documents where document.format == .json {
      document.reportByteOrderMark("SimpleTuner", into: &findings)
    }
  }

  static let repeatedKey = Rule(
    SharedRule.repeatedKey.description(
      of: "simpletuner",
      because: "of equal options the last counts, also where one of them has dashes before it",
      sources: [Citation("SimpleTuner bc8e6ab7 helpers/configuration/cli_utils.py:150-262")],
      examples: [
        .flags(
          "simpletuner",
          #"{"model_family": "flux", ⟪"learning_rate"⟫: 1e-5, ⟦"learning_rate"⟧: 1e-4}"#),
        .flags(
          "simpletuner",
          #"{"model_family": "flux", ⟪"learning_rate"⟫: 1e-5, ⟦"--learning_rate"⟧: 1e-4}"#),
        .allows("simpletuner", #"{"model_family": "flux", "--learning_rate": 1e-4}"#),
      ])
  ) { files, findings in
    files.reportRepeatedKeys(into: &findings)
    guard let config = files.config else { return }
    var seen: [String: DocumentNode] = [:]
    for entry in SimpleTunerFile(config.document).entries {
      guard case .option(let key) = config.keys.meaning(of: entry.key ?? "") else { continue }
      if let first = seen[key], first.key != entry.key {
        findings.report(
          "'\(first.key ?? "")' and '\(entry.key ?? "")' are the same option: this one is not read",
          at: Place(keyOf: first), related: [(Place(keyOf: entry), "the last one counts")])
      }
      seen[key] = entry
    }
  }

  static let unknownKey = Rule(
    SharedRule.unknownKey.description(
      of: "simpletuner", .error, .crashesAtLoad,
      because:
        "every key is passed on as an option of the command line, which stops at unknown ones",
      sources: [
        Citation("SimpleTuner bc8e6ab7 helpers/configuration/cmd_args.py:416-543"),
        Citation(
          "SimpleTuner issue 2580: it should say which key is faulty",
          "https://github.com/bghira/SimpleTuner/issues/2580"),
      ],
      covers: ["simpletuner/ST-P01"],
      examples: [
        .flags(
          "simpletuner", #"{"model_family": "flux", ⟪"learning_rat_e"⟫: 1e-4}"#,
          fixed: #"{"model_family": "flux", "learning_rate": 1e-4}"#),
        .flags("simpletuner", #"{"model_family": "flux", ⟪"unet_lr"⟫: 1e-4}"#),
        // Several options begin so.
        .flags("simpletuner", #"{"model_family": "flux", ⟪"lr"⟫: 1e-4}"#),
        .flags("simpletuner", #"{"model_family": "flux", ⟪"my_notes"⟫: {"a": 1}}"#),
        .flags(
          "simpletuner",
          #"[{"id": "a", "type": "local", "instance_data_dir": "x", ⟪"repeat"⟫: 2}]"#,
          fixed: #"[{"id": "a", "type": "local", "instance_data_dir": "x", "repeats": 2}]"#),
        .flags(
          "simpletuner",
          "MODEL_FAMILY=flux\nTRAINER_EXTRA_ARGS=\"--lora_rank=16 ⟪--lora_aplha⟫=16\"\n",
          path: "config.env"),
        // The beginning of one option alone.
        .allows("simpletuner", #"{"model_fam": "flux", "learning_ra": 1e-4}"#),
        .allows("simpletuner", #"{"model_family": "flux", "comment": null, "note": ""}"#),
      ])
  ) { files, findings in
    if let config = files.config {
      let isEnvironment = config.document.format == .environment
      for node in config.strangers {
        if isEnvironment {
          reportVariable(node, config, &findings)
        } else {
          report(node, config, &findings)
        }
      }
      for argument in config.settings.extra.all where argument.facts == nil {
        reportArgument(argument, config, &findings)
      }
    }
    guard let data = files.data else { return }
    for object in data.objects { reportData(object, &findings) }
  }

  private static func report(
    _ node: DocumentNode, _ config: SimpleTunerConfig, _ findings: inout Findings
  ) {
    let key = node.key ?? ""
    let plain = SimpleTunerKeys.plain(key)
    if config.backend.retiredKey(plain) != nil { return }
    let isDropped =
      node.kind == .mapping || node.kind == .string && node.text.trimmed.lowercased() == "false"
    let severity: Severity = isDropped ? .warning : .error
    let consequence: Consequence = isDropped ? .silentlyIgnored : .crashesAtLoad
    switch config.keys.meaning(of: key) {
    case .option, .translated, .variable: return
    case .ambiguous(let keys):
      findings.report(
        "'\(plain)' could be any of \(keys.prefix(4).joined(separator: ", "))"
          + (keys.count > 4 ? " …" : ""),
        at: Place(keyOf: node), why: "the beginning of an option is taken where only one begins so",
        severity: severity, consequence: consequence)
    case .unknown:
      let near = Suggestion.nearest(to: plain, in: config.backend.root.settings.map(\.key))
      let dashes = String(key.prefix { $0 == "-" }.prefix(2))
      findings.report(
        "'\(key)' is no option" + (near.map { ": did you mean '\($0)'" } ?? ""),
        at: Place(keyOf: node),
        why: isDropped ? "what is dropped on the way is not noticed either" : nil,
        severity: severity, consequence: consequence,
        fixes: [
          near.flatMap { name in
            config.document.editor.rename(node, to: dashes + name).map {
              Fix(title: "rename it to '\(dashes + name)'", safety: .safe, edits: $0)
            }
          }
        ])
    }
  }

  /// Files of variables hold others as well: only what looks like a slip is one.
  private static func reportVariable(
    _ node: DocumentNode, _ config: SimpleTunerConfig, _ findings: inout Findings
  ) {
    let name = node.key ?? ""
    let known = config.backend.entries(of: "environment").map(\.name)
    let ours = ["TRAINER_EXTRA_ARGS", "ACCELERATE_EXTRA_ARGS", "CONFIG_TYPE", "CONFIG_PATH"]
    guard !known.contains(name), !ours.contains(name), name.count >= 8,
      let near = Suggestion.nearest(to: name, in: known),
      abs(near.count - name.count) <= 2
    else { return }
    findings.report(
      "the trainer reads no '\(name)': did you mean '\(near)'", at: Place(keyOf: node),
      why: "131 variables are passed on as options, and the others are left alone",
      severity: .warning, consequence: .silentlyIgnored)
  }

  private static func reportArgument(
    _ argument: ExtraArguments.Argument, _ config: SimpleTunerConfig, _ findings: inout Findings
  ) {
    let plain = SimpleTunerKeys.plain(argument.key)
    // What is only translated is no mistake.
    if case .translated = config.keys.meaning(of: argument.key) { return }
    let near = Suggestion.nearest(to: plain, in: config.backend.root.settings.map(\.key))
    findings.report(
      "'\(argument.key)' is no option" + (near.map { ": did you mean '--\($0)'" } ?? ""),
      at: argument.keyPlace)
  }

  /// Data sets are plain objects: what nobody asks for is not read.
  private static func reportData(_ object: SettingsObject, _ findings: inout Findings) {
    for node in object.unknown {
      let key = node.key ?? ""
      if key.hasPrefix("_") || key == "comment" { continue }
      let near = Suggestion.nearest(to: key, in: object.facts.settings.map(\.key))
      findings.report(
        "'\(key)' is not read" + (near.map { ": did you mean '\($0)'" } ?? ""),
        at: Place(keyOf: node),
        why: "data sets are asked for the keys they may have, and no others",
        severity: near == nil ? .info : .warning, consequence: .silentlyIgnored,
        fixes: [
          near.flatMap { name in
            node.source.id == .main ? .renaming(node, to: name) : nil
          }
        ])
    }
  }

  static let abbreviatedKey = Rule(
    RuleDescription(
      "abbreviated-key", .info, .worthKnowing, .file,
      "A key that is the beginning of one option and taken for it.",
      because: """
        the parser takes any beginning that only one option has: a new option that begins alike, in a \
        later version, makes it an error
        """,
      sources: [Citation("Python 3.11 argparse, allow_abbrev")],
      examples: [
        .flags(
          "simpletuner", #"{"model_family": "flux", ⟪"learning_ra"⟫: 1e-4}"#,
          fixed: #"{"model_family": "flux", "learning_rate": 1e-4}"#),
        .flags(
          "simpletuner", #"{"--model_family": "flux", ⟪"--learning_ra"⟫: 1e-4}"#,
          fixed: #"{"--model_family": "flux", "--learning_rate": 1e-4}"#),
        .allows("simpletuner", #"{"model_family": "flux", "validation_steps": 50}"#),
      ], backend: "simpletuner")
  ) { files, findings in
    guard let config = files.config, config.document.format != .environment else { return }
    for entry in config.root.known {
      let key = entry.node.key ?? ""
      guard !entry.node.hasKey(entry.facts.key), config.keys.isAbbreviated(key) else { continue }
      let name = String(key.prefix { $0 == "-" }.prefix(2)) + entry.facts.key
      findings.report(
        "'\(key)' is taken for '\(name)'", at: Place(keyOf: entry.node),
        fixes: [
          config.document.editor.rename(entry.node, to: name).map {
            Fix(title: "write '\(name)'", safety: .safe, edits: $0)
          }
        ])
    }
  }

  static let retiredKey = Rule(
    SharedRule.retiredKey.description(
      of: "simpletuner",
      because: "the key is of an earlier version, or of the interface alone",
      sources: [
        Citation("SimpleTuner bc8e6ab7 helpers/configuration/cli_utils.py:70-147"),
        Citation("SimpleTuner bc8e6ab7 helpers/training/optimizer_param.py:870-876"),
      ],
      covers: ["simpletuner/ST-P09"],
      examples: [
        .flags(
          "simpletuner", #"{"model_family": "flux", ⟪"use_8bit_adam"⟫: true}"#),
        .flags(
          "simpletuner", "MODEL_FAMILY=flux\n⟪ALLOW_TF32⟫=true\n", fixed: "MODEL_FAMILY=flux\n",
          path: "config.env"),
        .flags(
          "simpletuner", #"{"model_family": "flux", "seed": 1, ⟪"repeats"⟫: 5}"#,
          fixed: #"{"model_family": "flux", "seed": 1}"#),
        .allows("simpletuner", #"{"model_family": "flux", "validation_steps": 50}"#),
      ])
  ) { files, findings in
    guard let config = files.config else { return }
    if config.document.format == .environment {
      for node in config.strangers { reportRetiredVariable(node, config, &findings) }
      return
    }
    for node in config.strangers {
      let key = SimpleTunerKeys.plain(node.key ?? "")
      guard let retired = config.backend.retiredKey(key) else { continue }
      let isSkipped = config.keys.meaning(of: node.key ?? "") == .translated
      // What the interface keeps for itself is no one's mistake.
      if isSkipped, retired.now != nil { continue }
      findings.report(
        isSkipped ? "'\(key)' is skipped here" : "'\(key)' is no option any more",
        at: Place(keyOf: node), why: retired.text.sentenceBody,
        severity: isSkipped ? .info : .error,
        consequence: isSkipped ? .silentlyIgnored : .crashesAtLoad,
        fixes: [
          isSkipped ? findings.fix("remove '\(key)'", .safe, .remove(Place(node))) : nil
        ])
    }
  }

  /// A variable that is passed on as an option which is gone.
  private static func reportRetiredVariable(
    _ node: DocumentNode, _ config: SimpleTunerConfig, _ findings: inout Findings
  ) {
    guard let option = config.keys.option(ofVariable: node.key ?? "")?.key,
      let retired = config.backend.retiredKey(option),
      node.text.trimmed.lowercased() != "false", !node.text.trimmed.isEmpty
    else { return }
    findings.report(
      "'\(node.key ?? "")' is passed on as --\(option), which is no option any more",
      at: Place(keyOf: node), why: retired.text.sentenceBody, severity: .error,
      consequence: .crashesAtLoad,
      fixes: [findings.fix("remove \(node.key ?? "")", .safe, .remove(Place(node)))])
  }

  static let unreadableFile = Rule(
    SharedRule.unreadableFile.description(
      of: "simpletuner",
      because: "the trainer reads the file when it starts, and stops at what is no JSON",
      sources: [
        Citation("SimpleTuner bc8e6ab7 helpers/data_backend/factory.py:1832-1847"),
        Citation("SimpleTuner bc8e6ab7 helpers/configuration/cmd_args.py:1112-1176"),
      ],
      examples: [
        .flags(
          "simpletuner", #"{"model_family": "flux", "data_backend_config": "data.json"}"#,
          files: ["data.json": "[{\"id\": \"a\"⟪,⟫]"]),
        .allows(
          "simpletuner", #"{"model_family": "flux", "data_backend_config": "data.json"}"#,
          files: ["data.json": #"[{"id": "a", "type": "local", "instance_data_dir": "x"}]"#]),
        .allows(
          "simpletuner", #"{"model_family": "flux", "data_backend_config": "elsewhere.json"}"#),
      ])
  ) { files, findings in
    guard let config = files.config else { return }
    var paths = [config.setting("data_backend_config").text]
    if config.usesLycoris { paths.append(config.setting("lycoris_config").text) }
    for path in paths.compactMap(\.self) {
      guard case .unreadable(let source, let error) = findings.neighbours.file(at: path) else {
        continue
      }
      findings.report(
        "'\(path)' cannot be read: \(error.message)",
        at: Place(keyPath: "", span: SourceSpan(error.bytes, in: source.id)))
    }
  }
}

extension String {
  /// Without the full stop, and with a small letter at the start.
  fileprivate var sentenceBody: String {
    let body = hasSuffix(".") ? String(dropLast()) : self
    return body.prefix(1).lowercased() + body.dropFirst()
  }
}

extension Fix {
  /// Renames an entry of JSON.
  static func renaming(_ node: DocumentNode, to name: String) -> Fix? {
    node.keySpan.map {
      Fix(
        title: "rename it to '\(name)'", safety: .unsafe,
        edits: [TextEdit($0, JSONText.quoted(name))])
    }
  }
}
