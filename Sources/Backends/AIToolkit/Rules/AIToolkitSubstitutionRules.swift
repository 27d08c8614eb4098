import Knowledge
import Plans
import SourceText

/// What the program replaces in the text of the file.
extension Rule<AIToolkitJob> {
  static let environmentVariable = Rule(
    RuleDescription(
      "environment-variable", .info, .worthKnowing, .file,
      "A `${NAME}` in the file, also in a comment.",
      because: """
        every ${NAME} in the text, comments included, is replaced with the environment's value before \
        the file is parsed, and the program stops at the first that is not set
        """,
      sources: [Citation("ai-toolkit 27a03a9 toolkit/config.py:20-33,98-104")],
      covers: ["ai-toolkit/AT-D03"],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            name: run
            process:
              - type: sd_trainer
                # folder: ⟪${OLD_DATA}⟫
                training_folder: "⟪${OUTPUT}⟫/runs"
          """),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            name: run
            process:
              - type: sd_trainer
                training_folder: ⟪${OUTPUT:-output}⟫
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            name: run
            process:
              - type: sd_trainer
                training_folder: $OUTPUT/{a} # $ and {}
          """),
      ], backend: "ai-toolkit")
  ) { job, findings in
    let source = job.document.source
    let references = EnvironmentReference.all(in: source.bytes)
    if references.isEmpty { return }
    let texts = job.document.textRanges
    for reference in references {
      let place = Place(keyPath: "", span: SourceSpan(reference.bytes, in: source.id))
      if reference.isNoName {
        findings.report(
          "no variable is called '\(reference.name)': ${NAME} takes a name alone", at: place,
          why: "there is no shell that would read it: the whole text is looked up as a name",
          severity: .error, consequence: .crashesAtLoad)
      } else if texts.contains(where: { $0.overlaps(reference.bytes) }) {
        findings.report(
          "the variable \(reference.name) must be set when the training is started", at: place)
      } else {
        findings.report(
          "this comment makes the program ask for the variable \(reference.name)", at: place,
          severity: .warning, consequence: .crashesAtLoad)
      }
    }
  }

  static let runNameBreaksFile = Rule(
    RuleDescription(
      "run-name-breaks-file", .error, .crashesAtLoad, .file,
      "A name with quotes or backslashes in a file that says [name] elsewhere.",
      because: """
        the whole file is turned into JSON text, the name is put in for each [name] as it is, and the \
        text is parsed again: a quote ends the text it stands in
        """,
      sources: [Citation("ai-toolkit 27a03a9 toolkit/config.py:36-50")],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            name: ⟪'my "best" run'⟫
            process:
              - type: sd_trainer
          meta: {name: ⟦"[name]"⟧}
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            name: 'my "best" run'
            process:
              - type: sd_trainer
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            name: my best run
            process:
              - type: sd_trainer
          meta: {name: "[name]"}
          """),
      ], backend: "ai-toolkit")
  ) { job, findings in
    let name = job.config.setting("name")
    guard let text = name.text, !name.isMistaken, name.isWritten else { return }
    let broken = Self.read(text)
    guard broken != text, let use = job.document.firstText(containing: "[name]") else { return }
    findings.report(
      broken.map { "[name] becomes '\($0)' and not the name" }
        ?? "the name cannot be put in for [name]: quotes and backslashes break the file",
      at: name, severity: broken == nil ? .error : .warning,
      consequence: broken == nil ? .crashesAtLoad : .changesTraining,
      related: [(Place(use), "the name is put in here")])
  }

  /// A text between quotes of JSON as it comes back; nil if it does not.
  private static func read(_ text: String) -> String? {
    guard text.utf8.contains(where: { $0 == 0x22 || $0 == 0x5C || $0 < 0x20 }) else { return text }
    do throws(SyntaxError) {
      let root = try JSONReader.read(SourceFile(path: "", text: "\"\(text)\"")).root
      return root.kind == .string ? root.text : nil
    } catch {
      return nil
    }
  }
}

extension Document {
  /// Where keys and values stand: what lies outside is comment or blank.
  fileprivate var textRanges: [Range<Int>] {
    var ranges: [Range<Int>] = []
    forEachNode { node in
      if let key = node.keySpan { ranges.append(key.bytes) }
      if !node.isCollection { ranges.append(node.span.bytes) }
    }
    return ranges
  }

  fileprivate func firstText(containing word: String) -> DocumentNode? {
    var found: DocumentNode?
    forEachNode { node in
      guard !node.isCollection, node.text.contains(word) else { return }
      if found.map({ $0.span.bytes.lowerBound > node.span.bytes.lowerBound }) ?? true {
        found = node
      }
    }
    return found
  }

  private func forEachNode(_ body: (DocumentNode) -> Void) {
    var waiting = [root]
    while let node = waiting.popLast() {
      body(node)
      if !node.isAlias { waiting += node.children }
    }
  }
}
