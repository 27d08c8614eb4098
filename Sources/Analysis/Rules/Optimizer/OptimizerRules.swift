import Plans

extension Linter {
  static let optimizerRules: [Rule<TrainingPlan>] = [
    .twoGradientClips, .prodigyPlusWithGradientClip,
  ]
}
