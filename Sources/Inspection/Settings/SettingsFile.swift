import Memory
public import Reporting
public import SourceText

/// A file of settings, read once: what it says, with the place of each value, and what is wrong with it.
public struct SettingsFile: Sendable {
  public let source: SourceFile
  public let kind: SettingsOrigin.FileKind
  /// The folder that its patterns begin at, as an absolute path.
  let base: String
  /// What holds for all files, then its overrides in the order of the file.
  let layers: [SettingsLayer]
  /// What is wrong with the file itself.
  public let diagnostics: [Diagnostic]

  /// The name that is looked for.
  public static let name = ".tuneup.yml"
  /// Nothing larger is meant to be one; 1 MiB.
  static let maximumSize = 1 << 20
  /// Values, aliases followed: more can only be an attack.
  static let maximumValues = 20_000

  /// - Parameter base: An absolute path.
  /// - Throws: A ``ReadFailure`` with the place, if it cannot be read or is no YAML.
  public init(
    reading path: String, kind: SettingsOrigin.FileKind, base: String
  ) throws(ReadFailure) {
    let source = try FileInput.read(path)
    self.source = source
    self.kind = kind
    self.base = base
    let document = try Self.document(source)
    let reader = SettingsReader(document, kind)
    layers = reader.layers
    diagnostics = try Inspector(backend: SettingsBackend.name).inspect(source).flatMap(
      \.diagnostics)
  }

  /// What is wrong with a file, whatever it is called.
  public static func check(_ path: String) throws(ReadFailure) -> [FileReport] {
    try Inspector(backend: SettingsBackend.name).inspect(try FileInput.read(path))
  }

  static func document(_ source: SourceFile) throws(ReadFailure) -> Document {
    guard source.bytes.count <= maximumSize else {
      throw ReadFailure(
        path: source.path, message: "\(source.bytes.count >> 10) KiB is too large for settings",
        source: source, bytes: 0..<0)
    }
    let document: Document
    do throws(SyntaxError) {
      document = try YAMLReader.read(source)
    } catch {
      throw ReadFailure(
        path: source.path, message: error.message, source: source, bytes: error.bytes)
    }
    if let place = bomb(in: document) {
      throw ReadFailure(
        path: source.path,
        message: "the aliases stand for more than \(maximumValues) values: no settings",
        source: source, bytes: place)
    }
    if document.root.kind != .mapping, !document.root.isNothing {
      throw ReadFailure(
        path: source.path, message: "settings are a mapping, such as 'fail-on: warning'",
        source: source, bytes: document.root.span.bytes)
    }
    return document
  }

  /// The alias with which the values become too many.
  private static func bomb(in document: Document) -> Range<Int>? {
    var waiting: [(node: DocumentNode, alias: Range<Int>?)] = [(document.root, nil)]
    var count = 0
    while let (node, alias) = waiting.popLast() {
      count += 1
      let alias = alias ?? (node.isAlias ? node.span.bytes : nil)
      if count > maximumValues { return alias ?? node.span.bytes }
      for child in node.children { waiting.append((child, alias)) }
    }
    return nil
  }
}

/// Makes layers of a file of settings. What is wrong in it is passed over, and reported by the check.
private struct SettingsReader {
  let lines: LineTable
  let kind: SettingsOrigin.FileKind
  let path: String
  private(set) var layers: [SettingsLayer] = []

  init(_ document: Document, _ kind: SettingsOrigin.FileKind) {
    lines = LineTable(of: document.source)
    path = document.source.path
    self.kind = kind
    var top = layer(document.root)
    for entry in document.root["backend"]?.entries ?? [] {
      if let name = entry.key, let backend = text(entry, .choice(Inspector.backends)) {
        top.backends.append((PathPatterns([name]), backend))
      }
    }
    layers = [top]
    for override in document.root["overrides"]?.elements ?? [] {
      let patterns = texts(override["paths"])
      if patterns.isEmpty { continue }
      var own = layer(override)
      own.patterns = PathPatterns(patterns)
      own.backend = text(override["backend"], .choice(Inspector.backends))
      layers.append(own)
    }
  }

  private func origin(_ node: DocumentNode) -> SettingsOrigin {
    let at = lines.position(of: node.span.bytes.lowerBound)
    return .file(kind: kind, path: path, line: at.line, column: at.column)
  }

  private func text(_ node: DocumentNode?, _ shape: SettingsKey.Shape) -> Stated<String>? {
    guard let node, !node.isCollection, !node.isNothing, shape.mistake(in: node.text) == nil else {
      return nil
    }
    return Stated(node.text, origin(node))
  }

  private func count(_ node: DocumentNode?) -> Stated<Int>? {
    text(node, .count).flatMap { stated in Int(stated.value).map { Stated($0, stated.origin) } }
  }

  private func texts(_ node: DocumentNode?) -> [String] {
    (node?.elements ?? []).filter { !$0.isCollection }.map(\.text)
  }

  private func layer(_ section: DocumentNode) -> SettingsLayer {
    var layer = SettingsLayer()
    layer.failOn = text(section["fail-on"], .choice(SettingsKey.thresholds))
    if let select = section["select"], !select.isNothing {
      layer.select = Stated(Set(texts(select)), origin(select))
    }
    for item in section["ignore"]?.elements ?? [] { read(exception: item, into: &layer) }
    for entry in section["severity"]?.entries ?? [] { read(level: entry, into: &layer) }
    for group in SettingsKey.groups {
      if let node = section[group.name] { readGroup(node, into: &layer) }
    }
    // The short forms, where the group does not say the same.
    readGroup(section, into: &layer)
    return layer
  }

  private func readGroup(_ node: DocumentNode, into layer: inout SettingsLayer) {
    layer.vram =
      layer.vram
      ?? text(node["vram"], .size).flatMap { stated in
        Size.bytes(stated.value).map { Stated($0, stated.origin) }
      }
    layer.gpu = layer.gpu ?? text(node["gpu"], .card)
    layer.images = layer.images ?? count(node["images"])
    layer.repeats = layer.repeats ?? count(node["repeats"])
    layer.mode = layer.mode ?? text(node["onetrainer"], .choice(["ui", "cli"]))
  }

  private func read(exception item: DocumentNode, into layer: inout SettingsLayer) {
    guard item.kind == .mapping else {
      layer.exceptions.append(exception(item, nil, nil, isOfOneFile: false))
      return
    }
    let reason = text(item["reason"], .text)?.value
    let paths = texts(item["paths"])
    for rule in item["rules"]?.elements ?? [] where !rule.isCollection {
      layer.exceptions.append(
        exception(
          rule, paths.isEmpty ? nil : PathPatterns(paths), reason,
          isOfOneFile: !paths.isEmpty && paths.allSatisfy(Self.isPlainPath)))
    }
  }

  private static func isPlainPath(_ pattern: String) -> Bool {
    pattern.contains("/") && !pattern.contains { "*?[!\\".contains($0) }
  }

  private func exception(
    _ rule: DocumentNode, _ patterns: PathPatterns?, _ reason: String?, isOfOneFile: Bool
  ) -> SettingsException {
    SettingsException(
      rule: rule.text, patterns: patterns, reason: reason, origin: origin(rule), span: rule.span,
      keyPath: rule.keyPath, isOfOneFile: isOfOneFile, isLevel: false, settings: path)
  }

  private func read(level entry: DocumentNode, into layer: inout SettingsLayer) {
    guard let rule = entry.key, let node = entry.kind == .mapping ? entry["level"] : entry,
      let level = SettingsLevel(node.text)
    else { return }
    guard level == .off else {
      layer.levels[rule] = Stated(level, origin(node))
      return
    }
    let reason = entry.kind == .mapping ? text(entry["reason"], .text)?.value : nil
    let key = SettingsProblem.Place.key(of: entry)
    layer.exceptions.append(
      SettingsException(
        rule: rule, patterns: nil, reason: reason, origin: origin(node), span: key.span,
        keyPath: key.keyPath, isOfOneFile: false, isLevel: true, settings: path))
  }
}
