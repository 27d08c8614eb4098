public import Inspection
internal import Knowledge
internal import Plans
internal import Reporting
public import SourceText

/// The config that a run keeps beside its log: OneTrainer in `config/` of the workspace, ai-toolkit as
/// `config.yaml`, kohya's interface beside the model.
public enum RunConfig {
  /// - Parameter folder: The run, or the folder of its log within it.
  /// - Returns: The only config there that trains with an optimizer which finds its rate itself; of
  ///   several copies of one the last by name; nil for none, or for different ones.
  public static func find(in folder: String, _ inspector: Inspector) -> SourceFile? {
    guard FileInput.isFolder(folder) else { return nil }
    var trimmed = folder[...]
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    var places = [String(trimmed)]
    // The log of OneTrainer lies in a folder of the workspace.
    if trimmed.hasSuffix("/tensorboard") { places.append(String(trimmed.dropLast(12))) }
    for place in places {
      let found = FileInput.configs(below: place).prefix(200).compactMap { path in
        try? FileInput.read(path)
      }.filter { isAdaptive($0, inspector) }
      let texts = Set(found.map(\.bytes))
      if texts.count == 1 { return found.last }
      if !texts.isEmpty { return nil }
    }
    return nil
  }

  private static func isAdaptive(_ source: SourceFile, _ inspector: Inspector) -> Bool {
    guard let reading = try? inspector.read(source), reading.plans.count == 1 else { return false }
    return reading.plans[0].optimizer.facts?.isAdaptive ?? false
  }
}
