import Plans

extension Linter {
  static let memoryRules: [Rule<TrainingPlan>] = [
    .fusedBackPassClipsEachTensor, .adafactorMomentum, .runExceedsCard,
  ]
}
