import Plans
import SourceText

extension Rule<KohyaFiles> {
  static let tomlTooNew = Rule(
    RuleDescription(
      "toml-too-new", .error, .crashesAtLoad, .file,
      "Something that TOML allows today and the trainer's older reader refuses.",
      because: """
        the reader is toml 0.10.2: the items of a list must be of one type, 1 and 1.0 being two, and \
        numbers are decimal
        """,
      sources: [
        Citation("toml 0.10.2 decoder.py", "https://pypi.org/project/toml/0.10.2/"),
        Citation("kohya sd-scripts 48d368fa requirements.txt, library/train_util.py:4744"),
      ],
      covers: ["kohya/K-FILE-07"],
      examples: [
        .flags(
          "kohya",
          """
          network_module = "networks.lora_flux"
          text_encoder_lr = ⟪[1e-4, 0]⟫
          """,
          fixed: """
            network_module = "networks.lora_flux"
            text_encoder_lr = [1e-4, 0.0]
            """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          seed = ⟪0x10⟫
          """,
          fixed: """
            network_module = "networks.lora"
            seed = 16
            """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora_flux"
          text_encoder_lr = [1e-4, 0.0]
          seed = 1_000
          """),
      ], backend: "kohya")
  ) { files, findings in
    for document in files.documents where document.format == .toml {
      var waiting = [document.root]
      while let node = waiting.popLast() {
        if node.kind == .sequence { MixedList.report(node, &findings) }
        if node.kind == .integer { MixedList.reportNumber(node, &findings) }
        waiting += node.children
      }
    }
  }

  static let byteOrderMark = Rule(
    SharedRule.byteOrderMark.description(
      of: "kohya", .warning, .silentlyIgnored,
      because: """
        the file is read as UTF-8 without a look for the mark, which becomes part of the first key: \
        that setting is lost
        """,
      sources: [Citation("kohya sd-scripts 48d368fa library/train_util.py:4743")],
      examples: [
        .flags(
          "kohya", "⟪\u{FEFF}⟫network_module = \"networks.lora\"\n",
          fixed: "network_module = \"networks.lora\"\n"),
        .allows("kohya", "network_module = \"networks.lora\"\n"),
      ])
  ) { files, findings in
    for document in files.documents where document.source.hasByteOrderMark {
      guard document.format == .toml else { continue }
      let span = SourceSpan(0..<3, in: document.source.id)
      findings.report(
        "the file begins with a byte-order mark, which becomes part of its first key",
        at: Place(keyPath: "", span: span),
        fixes: [
          Fix(title: "remove the byte-order mark", safety: .safe, edits: [TextEdit(span, "")])
        ])
    }
  }
}

/// What toml 0.10.2 does not read.
private enum MixedList {
  /// What Python calls the types of items.
  private static func type(_ node: DocumentNode) -> String {
    switch node.kind {
    case .integer: "whole numbers"
    case .float: "numbers with a point"
    case .boolean: "true or false"
    case .string, .plain: "texts"
    case .dateTime: "dates"
    case .sequence: "lists"
    case .mapping: "tables"
    case .null: "nothing"
    }
  }

  static func report(_ list: DocumentNode, _ findings: inout Findings) {
    let types = list.children.map(type)
    guard let first = types.first, let other = types.first(where: { $0 != first }) else { return }
    let isNumeric = list.children.allSatisfy { $0.kind == .integer || $0.kind == .float }
    let edits = list.children.filter { $0.kind == .integer }
      .map { TextEdit($0.span, "\($0.text).0") }
    findings.reportMistake(
      "this list mixes \(first) and \(other): the file cannot be read", at: Place(list),
      fixes: [
        isNumeric ? Fix(title: "write all with a point", safety: .safe, edits: edits) : nil
      ])
  }

  static func reportNumber(_ node: DocumentNode, _ findings: inout Findings) {
    let text = node.text.lowercased()
    let digits = text.dropFirst(2)
    let base: Int? =
      text.hasPrefix("0x") ? 16 : text.hasPrefix("0o") ? 8 : text.hasPrefix("0b") ? 2 : nil
    guard let base else { return }
    let value = Int(digits.filter { $0 != "_" }, radix: base)
    findings.reportMistake(
      "\(node.text) is no decimal number: the file cannot be read", at: Place(node),
      fixes: [
        value.map {
          Fix(title: "write \($0)", safety: .safe, edits: [TextEdit(node.span, "\($0)")])
        }
      ])
  }
}
