internal import Optimizers

/// A recorded run, run again.
struct Replay<Element: StoredNumber> {
  private let golden: GoldenCase
  private var parameters: [Tensor<Element>]
  private let run: OptimizerRun<Element>
  private var wide: [Tensor<Double>]
  private var gradients: [Tensor<Double>]

  /// - Throws: What the optimizer says to the options.
  init(_ golden: GoldenCase, _ family: OptimizerFamily) throws(HyperparameterError) {
    self.golden = golden
    var options = golden.options
    // The kernels that bitsandbytes has for processors differ from those for graphics cards.
    if golden.implementation.hasPrefix("library: bitsandbytes"),
      family.hyperparameters.contains(where: { $0.name == "cpu_kernels" })
    {
      options["cpu_kernels"] = .flag(true)
    }
    parameters = golden.problem.start.map { Tensor(rounding: $0) }
    run = try family.optimizer(storing: Element.self, options).run(on: parameters)
    wide = golden.problem.start
    gradients = wide
  }

  /// Runs to the last record. Calls back at each with what is seen there.
  ///
  /// - Throws: What stops the optimizer.
  mutating func observe(_ report: (Observation) -> Void) throws(OptimizerError) {
    var places = golden.records.makeIterator()
    var next = places.next()
    var t = 0
    while let record = next {
      for place in parameters.indices { wide[place] = Tensor(widening: parameters[place]) }
      let loss = golden.problem.evaluate(wide, gradients: &gradients)
      if t == record.step {
        report(observation(at: t, loss: loss, codes: record.codes != nil))
        next = places.next()
      }
      if next == nil { break }
      let rounded = gradients.map { Tensor<Element>(rounding: $0) }
      try run.step(&parameters, gradients: rounded, rate: rate(t))
      t += 1
    }
  }

  private func rate(_ t: Int) -> Double { golden.rate * golden.schedule.factor(t) }

  private func observation(at t: Int, loss: Double, codes: Bool) -> Observation {
    let own = parameters.indices.map { run.codes(ofParameter: $0) }
    let record = GoldenRecord(
      step: t, loss: loss, parameters: wide.map(TensorSample.init),
      evaluation: run.evaluationParameters(parameters)?.map {
        TensorSample(Tensor(widening: $0))
      },
      rate: rate(t), internals: Self.grouped(run.internals),
      codes: codes
        ? own.map {
          $0.map { CodeSample(codes: $0.codes.map(Int.init), scales: $0.scales.map(Double.init)) }
        }
        : nil,
      drift: 0, driftOfLoss: 0)
    return Observation(
      record: record, slopes: gradients.map { $0.values.reduce(0) { $0 + abs($1) } })
  }

  /// A number that a library keeps per parameter is called `name`, `name[1]`, `name[2]`, …
  private static func grouped(_ internals: [String: Double]) -> [String: [Double]] {
    var groups: [String: [Double]] = [:]
    for (name, first) in internals where !name.hasSuffix("]") {
      var values = [first]
      while let value = internals["\(name)[\(values.count)]"] { values.append(value) }
      groups[name] = values
    }
    return groups
  }
}

/// What our optimizer did.
struct Observation {
  let record: GoldenRecord
  /// Of each parameter, the sum of the magnitudes of its gradient: by how much the loss changes if
  /// each entry changes by 1.
  let slopes: [Double]
}

extension TensorSample {
  init(_ tensor: Tensor<Double>) {
    var squares = 0.0
    var sum = 0.0
    for value in tensor.values {
      squares += value * value
      sum += value
    }
    self.init(
      count: tensor.count, first: Array(tensor.values.prefix(8)), norm: squares.squareRoot(),
      sum: sum)
  }
}

// Here, and not beside `Tensor`, so that the compiler knows the numbers when it makes the loops.
extension Tensor {
  fileprivate init(rounding tensor: Tensor<Double>) {
    self.init(
      shape: tensor.shape,
      values: tensor.values.map { Element(rounding: Element.Arithmetic($0)) })
  }
}

extension Tensor<Double> {
  fileprivate init<Stored: StoredNumber>(widening tensor: Tensor<Stored>) {
    self.init(shape: tensor.shape, values: tensor.values.map { Double($0.wide) })
  }
}
