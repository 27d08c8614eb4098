import Memory
public import Plans
import Reporting
public import SourceText

/// What holds for one file: the options of the call, the environment, the project's file and the user's,
/// those that win first.
public struct Settings: Sendable {
  /// Those that speak of this file.
  let layers: [SettingsLayer]
  /// Exceptions that name files, with the path of a file as their patterns see it.
  let files: [SettingsFile]

  /// Nothing but what is built in.
  public static let standard = Settings(layers: [], files: [])

  /// The first layer that states something decides.
  private func first<Value>(_ value: (SettingsLayer) -> Stated<Value>?) -> Stated<Value>? {
    for layer in layers { if let stated = value(layer) { return stated } }
    return nil
  }

  public var failOn: Stated<String> { first { $0.failOn } ?? Stated("error", .standard) }
  public var select: Stated<Set<String>>? { first { $0.select } }
  public var gpu: Stated<String>? { first { $0.gpu } }
  public var images: Stated<Int>? { first { $0.images } }
  public var repeats: Stated<Int>? { first { $0.repeats } }
  public var mode: Stated<String>? { first { $0.mode } }
  public var backend: Stated<String>? { first { $0.backend } }

  /// As stated, else that of the card.
  public var vram: Stated<Int>? {
    // Of one layer the size itself counts, of two the layer that wins.
    for layer in layers {
      if let vram = layer.vram { return vram }
      if let gpu = layer.gpu, let usable = GPU(named: gpu.value)?.usable {
        return Stated(usable, gpu.origin)
      }
    }
    return nil
  }

  /// Nil where nothing makes the call fail.
  public var threshold: Severity? { Severity(rawValue: failOn.value) }

  /// The same options with what is known here, where they say nothing.
  public func completing(_ options: ReadingOptions) -> ReadingOptions {
    var options = options
    options.mode = options.mode ?? mode?.value
    options.images = options.images ?? images?.value
    options.repeats = options.repeats ?? repeats?.value
    options.vram = options.vram ?? vram?.value
    return options
  }

  // MARK: Rules

  /// What a rule weighs, whether it is reported, and who says so.
  struct Verdict {
    var level: SettingsLevel?
    /// The layer that mentions the rule first, as what leaves it out.
    var exception: SettingsException?
    var isHidden = false
    var origin: SettingsOrigin = .standard
  }

  /// The first layer that mentions a rule decides whether it is reported.
  func verdict(on rule: String) -> Verdict {
    var verdict = Verdict()
    for layer in layers {
      if let level = layer.levels[rule], verdict.level == nil {
        verdict.level = level.value
        verdict.origin = level.origin
      }
      if let origin = layer.ignored[rule] {
        verdict.isHidden = true
        verdict.origin = origin
        return verdict
      }
      if let exception = layer.exceptions.first(where: { $0.rule == rule && $0.patterns == nil }) {
        verdict.exception = exception
        verdict.origin = exception.origin
        return verdict
      }
      if let select = layer.select {
        verdict.isHidden = !select.value.contains(rule)
        if verdict.isHidden { verdict.origin = select.origin }
        return verdict
      }
      if layer.levels[rule] != nil { return verdict }
    }
    return verdict
  }

  /// Whether a rule can be reported at all.
  func reports(_ rule: String) -> Bool {
    if layers.isEmpty { return true }
    let verdict = verdict(on: rule)
    return !verdict.isHidden && verdict.exception?.reason == nil
  }

  /// Findings as they weigh here, without those that are left out.
  func apply(
    to diagnostics: [Diagnostic], of sources: [SourceFile]
  ) -> (left: [Diagnostic], uses: Set<ExceptionUse>) {
    if layers.isEmpty { return (diagnostics, []) }
    var uses: Set<ExceptionUse> = []
    let left = diagnostics.compactMap { diagnostic -> Diagnostic? in
      let verdict = verdict(on: diagnostic.rule)
      if verdict.isHidden { return nil }
      let path = sources.first { $0.id == diagnostic.span.file }?.path ?? ""
      for exception in exceptions(for: diagnostic.rule, path)
        + [verdict.exception].compactMap(\.self)
      {
        // What loses the run is left out only with a reason.
        let isAllowed = exception.reason != nil || diagnostic.severity < .error
        uses.insert(exception.use(lacksReason: !isAllowed))
        if isAllowed { return nil }
      }
      var diagnostic = diagnostic
      if case .severity(let severity) = verdict.level { diagnostic.severity = severity }
      return diagnostic
    }
    return (left, uses)
  }

  /// Those that name files and mean this one.
  private func exceptions(for rule: String, _ path: String) -> [SettingsException] {
    files.flatMap { file in
      let own = file.layers.flatMap(\.exceptions).filter { $0.rule == rule && $0.patterns != nil }
      if own.isEmpty { return [SettingsException]() }
      let path = AbsolutePath.path(path, from: file.base)
      return own.filter { $0.patterns?.contains(file: path) ?? false }
    }
  }
}
