public import Memory

/// A config to start with, and what speaks for it.
public struct StartingConfig: Sendable {
  public let request: StartRequest
  public let files: ConfigFiles
  /// Why settings have their values, in the order of the file.
  public let reasons: [SettingReason]
  /// The optimizer by its title, and by the guides' name.
  public let optimizer: String
  let optimizerID: String
  let numbers: RunNumbers
  /// What was given up to fit the card.
  public let costs: [String]
  /// What has to be installed beside the trainer.
  public let install: String?
  /// How the run is started; with `{file}`.
  public let launch: String
  /// The trainer's script, where it has several.
  public let script: String?
  public let estimate: MemoryEstimate
  /// Nil where nothing stands for what is trained.
  public let dryRun: Verdicts.Verdict?

  public var batch: Int { numbers.batch }
  public var steps: Int { numbers.steps }

  /// What is left of the card where the run needs most, in bytes.
  public var margin: Int { request.vram - estimate.highBytes }
}
