extension OptimizerFamily {
  /// Every optimizer that can be run.
  public static let all: [OptimizerFamily] = [
    .adamW
  ]
}
