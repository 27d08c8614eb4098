import SourceText

@testable import Trials

/// A recorded run of our own making: SGD at 0.001 in the valley of two numbers, in `float64`.
enum Specimen {
  /// From (-1.2, 1), where Rosenbrock's paper begins, with the gradient (-215.6, -88).
  static let text = """
    {"format": "optimizer-golden-1", "optimizer": "SGD",
     "defaults": {"momentum": 0, "weight_decay": 0},
     "cases": [
      {"id": "SGD/by-hand", "optimizer": "SGD", "variant": "by-hand",
       "problem": {"name": "rosen", "n": 2}, "dtype": "float64", "lr_schedule": null, "steps": 1,
       "hyper": {"lr": 0.001}, "impl": "by hand",
       "records": [
        {"step": 0, "loss": 24.2, "params": [
          {"first8": [-1.2, 1.0], "l2": 1.56204993518133, "sum": -0.2}],
         "lr": 0.001, "drift": 0.0, "drift_loss": 0.0},
        {"step": 1, "loss": 5.35291158000896, "params": [
          {"first8": [-0.9844, 1.088], "l2": 1.46723800386986, "sum": 0.1036}],
         "lr": 0.001, "drift": 0.0, "drift_loss": 0.0}]}]}
    """

  static func results(_ text: String, tolerance: Double = 1) throws -> [CheckResult] {
    try Check.all(in: SourceFile(path: "case.json", text: text)).map {
      $0.result(tolerance: tolerance)
    }
  }
}
