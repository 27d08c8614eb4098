/// What the tags say under which trainers log their rates.
///
/// - sd-scripts 48d368fa, train_network.py:102-126 and library/train_util.py:6184-6190:
///   `lr/⟨part⟩` is the schedule, `lr/d*lr/⟨part⟩` what is applied, for Prodigy and D-Adaptation.
/// - OneTrainer 23df3832, modules/modelSetup/BaseModelSetup.py:135-140 and
///   modules/util/enum/Optimizer.py:119: `lr/⟨part⟩` is what is applied, d included.
/// - SimpleTuner bc8e6ab7, simpletuner/helpers/training/trainer.py:7280-7316: `prodigy_d`,
///   `prodigy_effective_lr` and `learning_rate`, which is d under Prodigy.
/// - ai-toolkit 27a03a91, jobs/process/BaseSDTrainProcess.py:2680-2750: `lr`, d included.
///
/// Some writers replace what is no letter, digit, dash, point or slash in a tag by an underscore
/// (`_clean_tag` of tensorboardX and of older versions of torch).
public struct RateTag: Hashable, Sendable {
  public enum Meaning: Hashable, Sendable {
    /// The estimate times the scheduled rate.
    case applied
    /// The scheduled rate alone.
    case scheduled
    /// The estimate alone.
    case estimate
    /// One or the other, by trainer and optimizer.
    case open
  }

  public let meaning: Meaning
  /// `unet`; empty where all parts share one.
  public let part: String

  public init?(_ tag: String) {
    let clean = Self.clean(tag)
    switch clean {
    case "prodigy_d": self.init(.estimate, "")
    case "prodigy_effective_lr", "lr/d_lr": self.init(.applied, "")
    case "learning_rate", "lr": self.init(.open, "")
    default:
      if clean.hasPrefix("lr/d_lr/") {
        self.init(.applied, String(clean.dropFirst(8)))
      } else if clean.hasPrefix("lr/"), clean.count > 3 {
        self.init(.open, String(clean.dropFirst(3)))
      } else {
        return nil
      }
    }
  }

  private init(_ meaning: Meaning, _ part: String) {
    self.meaning = meaning
    var name = part[...]
    while name.last == "_" { name.removeLast() }
    self.part = String(name)
  }

  static func isRate(_ tag: String) -> Bool { RateTag(tag) != nil }

  private static func clean(_ tag: String) -> String {
    String(
      tag.map { $0.isLetter || $0.isNumber || "-/.".contains($0) ? $0 : "_" })
  }

  /// Whether it is a group by its number, which sd-scripts logs beside the names.
  var isNumbered: Bool { part.hasPrefix("group") && part.dropFirst(5).allSatisfy(\.isNumber) }
}

/// What is trained under a rate, as far as a name tells.
public enum TrainedPart: String, Hashable, Sendable {
  case denoiser, textEncoder, embedding

  public init(_ name: String) {
    let name = name.lowercased()
    if name.contains("embedding") {
      self = .embedding
    } else if name.contains("text") || name.hasPrefix("te") {
      self = .textEncoder
    } else {
      self = .denoiser
    }
  }
}
