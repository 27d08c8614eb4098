public import Plans

/// The trainers, in the order in which files are offered to them.
public let allBackends: [any Backend] = [
  OneTrainer(), Kohya(), KohyaGUI(), SimpleTuner(), AIToolkit(),
]
