/// Which blocks are computed again in the backward pass instead of being kept.
public enum Checkpointing: Sendable, Hashable {
  case off
  case everyBlock
  /// Segments of so many blocks, or every so-many-th block alone; the model decides which.
  case interval(Int)
  /// The first `interval` of every `stride` blocks.
  case strided(interval: Int, stride: Int)

  public var isOn: Bool { self != .off }
}

/// What a model's code makes of an interval between checkpoints.
public enum IntervalMeaning: String, Sendable {
  /// So many blocks are one segment that is computed again as a whole.
  case segments
  /// Every so-many-th block alone is computed again; the others are kept.
  case alternate
  /// Every block is computed again whatever the interval.
  case ignored
}
