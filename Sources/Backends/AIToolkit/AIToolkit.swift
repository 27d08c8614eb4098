import Knowledge
public import Plans
public import SourceText

/// ai-toolkit by Ostris, as of commit 27a03a9 (2026-08-21), version 0.12.26.
public struct AIToolkit: Backend {
  public let id = "ai-toolkit"
  public let title = "ai-toolkit"

  public init() {}

  public var ruleDescriptions: [RuleDescription] { Self.rules.map(\.description) }

  public func plans(
    _ document: Document, options: ReadingOptions, into findings: inout Findings
  ) -> [TrainingPlan] {
    let job = AIToolkitJob(document)
    for rule in Self.rules { rule.run(on: job, into: &findings) }
    return job.processes.map(AIToolkitPlan.plan)
  }

  public func edits(_ change: Change, in document: Document) -> [TextEdit]? {
    AIToolkitEdits(document).edits(change)
  }

  public func recognizes(_ document: Document) -> Recognition {
    guard document.format != .toml else { return .no(because: "its jobs are YAML or JSON") }
    let root = document.root
    guard root.kind == .mapping else { return .no(because: "the file is no mapping") }
    let job = root["job"].flatMap { LoadedValue($0).setting.text }
    let config = root["config"]
    let list = config?["process"] ?? root["process"]
    let processes = list?.kind == .sequence ? list.map { Array($0.children) } ?? [] : []
    let types = (processes + [list].compactMap(\.self)).compactMap(AIToolkitJob.type)
    if types.contains(where: { AIToolkitProcess.trainers[$0] != nil }) { return .certain }
    guard let job, config?.kind == .mapping else {
      return .no(because: "it has no job with a config and a list of processes")
    }
    switch job {
    case "generate": return .other("a job of ai-toolkit that makes images")
    case "extract": return .other("a job of ai-toolkit that takes an adapter out of a model")
    case "mod": return .other("a job of ai-toolkit that changes an adapter")
    case "extension", "train":
      guard let type = types.first else {
        return processes.isEmpty ? .certain : .other("a job of ai-toolkit that trains nothing")
      }
      return .other("a job of ai-toolkit of the type \(type), which is not checked")
    default: return .no(because: "'\(job)' is no kind of job")
    }
  }
}
