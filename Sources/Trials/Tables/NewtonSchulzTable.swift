internal import Optimizers
internal import SourceText

extension RecordedTable {
  /// A matrix made orthogonal by Muon's iteration, in `float64` and as the library has it in
  /// `bfloat16`.
  ///
  /// The iteration has no fixed point, and blows rounding up: what is accepted in `bfloat16` is
  /// what the two recorded results differ by at most.
  static let newtonSchulz = RecordedTable(format: "newton-schulz-1") { root throws(SyntaxError) in
    let exact = try root.member("float64").matrix()
    let rounded = try root.member("bf16_library").matrix(shape: exact.shape)
    return Check(id: "newton-schulz-1", optimizer: "MUON") { deviations throws(Refusal) in
      let start = Tensor(
        shape: exact.shape, values: Uniform.matrix(exact.shape[0], exact.shape[1], stream: 4))
      let gap = zip(exact.values, rounded.values).map { abs($0 - $1) }.max() ?? 0
      do {
        let own = try NewtonSchulz.orthogonalized(start)
        deviations.add("float64", exact, own, tolerance: 1e-13)
        let narrow = try NewtonSchulz.orthogonalized(
          Tensor<BFloat16>(shape: start.shape, doubles: start.values))
        deviations.add(
          "bf16_library", rounded, Tensor(shape: narrow.shape, values: narrow.doubles),
          tolerance: gap)
      } catch {
        throw Refusal(reason: "\(error)")
      }
      deviations.records = 2
    }
  }
}

extension Deviations {
  /// The entries of a matrix.
  fileprivate mutating func add(
    _ table: String, _ reference: Tensor<Double>, _ found: Tensor<Double>, tolerance: Double
  ) {
    for (place, (a, b)) in zip(reference.values, found.values).enumerated() {
      add(
        Deviation(
          step: 0, .table(table, index: place), reference: a, found: b, tolerance: tolerance))
    }
  }
}

extension DocumentNode {
  /// Rows of numbers, all of one length.
  fileprivate func matrix(shape: [Int]? = nil) throws(SyntaxError) -> Tensor<Double> {
    let rows = try list()
    var values: [Double] = []
    var columns = shape?[1]
    for row in rows {
      let numbers = try row.numbers(count: columns)
      columns = numbers.count
      values += numbers
    }
    let found = [rows.count, columns ?? 0]
    if let shape { try checkCount(found[0], shape[0]) }
    guard !values.isEmpty else { throw error("a matrix of numbers belongs here") }
    return Tensor(shape: found, values: values)
  }
}
