import Memory
import Plans
import Reporting
public import SourceText

/// Where a value of the settings comes from.
public enum SettingsOrigin: Sendable, Hashable {
  /// An option of the call: `--vram`.
  case flag(String)
  /// A variable of the environment.
  case environment(String)
  case file(kind: FileKind, path: String, line: Int, column: Int)
  case standard

  public enum FileKind: String, Sendable {
    case project, user
  }

  /// `environment TUNEUP_VRAM`, `project .tuneup.yml:3:9`.
  public var words: String {
    switch self {
    case .flag(let name): "option \(name)"
    case .environment(let name): "environment \(name)"
    case .file(let kind, let path, let line, let column):
      "\(kind.rawValue) \(path):\(line):\(column)"
    case .standard: "default"
    }
  }
}

/// A value and where it was stated.
public struct Stated<Value: Sendable>: Sendable {
  public let value: Value
  public let origin: SettingsOrigin

  public init(_ value: Value, _ origin: SettingsOrigin) {
    self.value = value
    self.origin = origin
  }
}

/// What a finding of a rule weighs, or that it is left out.
public enum SettingsLevel: Sendable, Hashable {
  case off
  case severity(Severity)

  init?(_ text: String) {
    if text == "off" || text == "false" {
      self = .off
    } else if let severity = Severity(rawValue: text) {
      self = .severity(severity)
    } else {
      return nil
    }
  }

  var word: String {
    switch self {
    case .off: "off"
    case .severity(let severity): severity.rawValue
    }
  }
}

/// A rule that is left out, everywhere or in some files.
struct SettingsException: Sendable {
  let rule: String
  /// Nil for all files.
  let patterns: PathPatterns?
  let reason: String?
  let origin: SettingsOrigin
  /// Where the rule is named in the file.
  let span: SourceSpan
  let keyPath: String
  /// Whether each pattern is a plain path, so that it is known which file is meant.
  let isOfOneFile: Bool
  /// Whether it is a severity of `off`.
  let isLevel: Bool
  /// The file that it stands in.
  let settings: String

  func use(lacksReason: Bool) -> ExceptionUse {
    ExceptionUse(settings: settings, id: span.bytes.lowerBound, lacksReason: lacksReason)
  }
}

/// What one source of settings says: the options of a call, the environment, a file, or an override in one.
public struct SettingsLayer: Sendable {
  /// A severity or `never`.
  public var failOn: Stated<String>?
  public var select: Stated<Set<String>>?
  public var vram: Stated<Int>?
  public var gpu: Stated<String>?
  public var images: Stated<Int>?
  public var repeats: Stated<Int>?
  public var mode: Stated<String>?
  public var backend: Stated<String>?
  var levels: [String: Stated<SettingsLevel>] = [:]
  /// Reasons of rules that are off.
  var exceptions: [SettingsException] = []
  /// Rules that are left out without more ado.
  public var ignored: [String: SettingsOrigin] = [:]
  /// The files it is for; nil for all.
  var patterns: PathPatterns?
  /// Trainers by patterns.
  var backends: [(patterns: PathPatterns, backend: Stated<String>)] = []

  public init() {}

  /// Whether it comes from the call or its environment.
  var isOfCall: Bool {
    switch select?.origin ?? ignored.first?.value {
    case .flag, .environment: true
    default: false
    }
  }
}

extension SettingsLayer {
  /// What the environment says.
  /// - Throws: A ``SettingsCallMistake`` for a value that cannot be used.
  public static func environment(
    _ variable: (String) -> String?
  ) throws(SettingsCallMistake) -> SettingsLayer {
    var layer = SettingsLayer()
    for key in SettingsKey.all + SettingsKey.groups.flatMap(\.keys) {
      guard let name = key.variable, let text = variable(name), !text.isEmpty else { continue }
      try layer.set(key.name, text, .environment(name))
    }
    return layer
  }

  private mutating func set(
    _ key: String, _ text: String, _ origin: SettingsOrigin
  ) throws(SettingsCallMistake) {
    let shape: SettingsKey.Shape? =
      key == "backend"
      ? .choice(Inspector.backends)
      : (SettingsKey.all + SettingsKey.groups.flatMap(\.keys)).first { $0.name == key }?.shape
    if let (message, _) = shape?.mistake(in: text) {
      throw SettingsCallMistake(message: "\(origin.words) is '\(text)' and \(message)")
    }
    switch key {
    case "fail-on": failOn = Stated(text, origin)
    case "select": select = Stated(Set(try Self.rules(text, origin)), origin)
    case "ignore":
      ignored = Dictionary(
        try Self.rules(text, origin).map { ($0, origin) }, uniquingKeysWith: { $1 })
    case "vram": vram = Size.bytes(text).map { Stated($0, origin) }
    case "gpu": gpu = Stated(text, origin)
    case "images": images = Int(text).map { Stated($0, origin) }
    case "repeats": repeats = Int(text).map { Stated($0, origin) }
    case "onetrainer": mode = Stated(text, origin)
    case "backend": backend = Stated(text, origin)
    default: break
    }
  }

  private static func rules(
    _ text: String, _ origin: SettingsOrigin
  ) throws(SettingsCallMistake) -> [String] {
    let names = text.split(separator: ",").map { String($0.filter { !$0.isWhitespace }) }
    let known = Set(Inspector.descriptions.map(\.id))
    for name in names where !known.contains(name) {
      let nearest = Suggestion.nearest(to: name, in: known.sorted())
      throw SettingsCallMistake(
        message: "\(origin.words): there is no rule '\(name)'"
          + (nearest.map { ": did you mean '\($0)'?" } ?? ""))
    }
    return names
  }
}

/// A value of the call or its environment that cannot be used.
public struct SettingsCallMistake: Error, Sendable {
  /// Lower case, no full stop.
  public let message: String
}
