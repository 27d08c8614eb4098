/// Compares what our optimizer did with what was recorded.
struct Comparison {
  private let rule: AcceptanceRule
  private(set) var deviations: Deviations

  /// - Parameter deviations: Are added to.
  init(_ golden: GoldenCase, _ deviations: Deviations) {
    rule = AcceptanceRule(golden)
    self.deviations = deviations
  }

  mutating func compare(_ reference: GoldenRecord, _ observation: Observation) {
    let found = observation.record
    switch rule.kind(of: reference) {
    case .numbers:
      samples(reference, reference.parameters, found.parameters, saved: false)
      if let saved = reference.evaluation {
        samples(reference, saved, found.evaluation ?? found.parameters, saved: true)
      }
      add(
        reference, .loss, reference.loss, found.loss,
        rule.loss(reference, slopes: observation.slopes))
      numbers(reference, found)
      codes(reference, found)
    case .size: size(reference, found)
    }
    if let rate = reference.rate, let own = found.rate {
      add(reference, .rate, rate, own, 1e-12 * abs(rate))
    }
    deviations.records += 1
  }

  private mutating func add(
    _ record: GoldenRecord, _ quantity: Deviation.Quantity, _ reference: Double, _ found: Double,
    _ tolerance: Double
  ) {
    deviations.add(
      Deviation(
        step: record.step, quantity, reference: reference, found: found, tolerance: tolerance))
  }

  /// The loss of a run that a last bit changes.
  private mutating func size(_ record: GoldenRecord, _ found: GoldenRecord) {
    // Near zero the size says nothing.
    if abs(found.loss - record.loss) <= 50 * record.driftOfLoss {
      return add(record, .loss, record.loss, found.loss, 50 * record.driftOfLoss)
    }
    deviations.add(
      Deviation(
        step: record.step, .loss, reference: record.loss, withinFactorOfTwo: found.loss))
  }

  private mutating func samples(
    _ record: GoldenRecord, _ references: [TensorSample], _ found: [TensorSample], saved: Bool
  ) {
    for (tensor, (reference, own)) in zip(references, found).enumerated() {
      let tolerance = rule.entry(record, reference)
      for (index, (a, b)) in zip(reference.first, own.first).enumerated() {
        add(record, .entry(tensor: tensor, index: index, saved: saved), a, b, tolerance)
      }
      add(
        record, .norm(tensor: tensor, saved: saved), reference.norm, own.norm,
        rule.norm(record, reference))
      add(
        record, .sum(tensor: tensor, saved: saved), reference.sum, own.sum,
        rule.sum(record, reference))
    }
  }

  /// Those that our optimizer keeps as well.
  private mutating func numbers(_ record: GoldenRecord, _ found: GoldenRecord) {
    for (name, values) in record.internals.sorted(by: { $0.key < $1.key }) {
      guard let own = found.internals[name] else { continue }
      presence(record, name, values.count, own.count)
      for (place, (a, b)) in zip(values, own).enumerated() {
        add(record, .number(name, place: place), a, b, rule.number(name, record, a))
      }
    }
  }

  private mutating func presence(
    _ record: GoldenRecord, _ name: String, _ reference: Int, _ found: Int
  ) {
    if reference != found {
      add(record, .presence(name), Double(reference), Double(found), 0)
    }
  }

  private mutating func codes(_ record: GoldenRecord, _ found: GoldenRecord) {
    guard let references = record.codes, let own = found.codes else { return }
    for (tensor, (references, own)) in zip(references, own).enumerated() {
      presence(record, "8-bit state tensors", references.count, own.count)
      for (state, (reference, own)) in zip(references, own).enumerated() {
        for (index, (a, b)) in zip(reference.scales, own.scales).enumerated() {
          add(
            record, .scale(tensor: tensor, state: state, index: index), a, b, rule.scale(record, a))
        }
        codes(record, reference.codes, own.codes, tensor, state)
      }
    }
  }

  /// A value that lies between two codes but for its last bits may get either: one such in a record
  /// is accepted.
  private mutating func codes(
    _ record: GoldenRecord, _ references: [Int], _ found: [Int], _ tensor: Int, _ state: Int
  ) {
    var differing = 0
    for (index, (a, b)) in zip(references, found).enumerated() {
      add(record, .code(tensor: tensor, state: state, index: index), Double(a), Double(b), 1)
      if a != b { differing += 1 }
    }
    deviations.roundedOtherwise += differing
    add(record, .differingCodes(tensor: tensor, state: state), 0, Double(differing), 1)
  }
}
