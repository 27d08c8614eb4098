internal import Optimizers
internal import SourceText

extension GoldenReader {
  static func records(
    _ node: DocumentNode, problem: any Problem
  ) throws(SyntaxError) -> [GoldenRecord] {
    var records: [GoldenRecord] = []
    for entry in try node.list() {
      let record = try record(entry, problem: problem)
      if let last = records.last, record.step <= last.step {
        throw entry.error("step \(record.step) after step \(last.step): records must ascend")
      }
      records.append(record)
    }
    guard !records.isEmpty else { throw node.error("there are no records to compare with") }
    return records
  }

  private static func record(
    _ node: DocumentNode, problem: any Problem
  ) throws(SyntaxError) -> GoldenRecord {
    let parameters = try samples(node.member("params"), of: problem.start)
    let evaluation = try node.optional("eval_params").map { node throws(SyntaxError) in
      try samples(node, of: problem.start)
    }
    var internals: [String: [Double]] = [:]
    for entry in try node.optional("internals")?.entries() ?? [] {
      guard let key = entry.key, entry.kind != .null else { continue }
      internals[key] = entry.kind == .sequence ? try entry.numbers() : [try entry.number()]
    }
    return GoldenRecord(
      step: try node.member("step").count(from: 0), loss: try node.member("loss").number(),
      parameters: parameters, evaluation: evaluation, rate: try node.optional("lr")?.number(),
      internals: internals, codes: try node.optional("state8").map(codes),
      drift: try node.member("drift").number(),
      driftOfLoss: try node.optional("drift_loss")?.number() ?? 0)
  }

  private static func samples(
    _ node: DocumentNode, of tensors: [Tensor<Double>]
  ) throws(SyntaxError) -> [TensorSample] {
    let entries = try node.list()
    guard entries.count == tensors.count else {
      throw node.error("\(entries.count) tensors where the problem has \(tensors.count)")
    }
    var samples: [TensorSample] = []
    for (entry, tensor) in zip(entries, tensors) {
      let first = try entry.member("first8")
      let values = try first.numbers()
      guard values.count <= tensor.count else {
        throw first.error("\(values.count) entries of a tensor of \(tensor.count)")
      }
      samples.append(
        TensorSample(
          count: tensor.count, first: values, norm: try entry.member("l2").number(),
          sum: try entry.member("sum").number()))
    }
    return samples
  }

  /// Of each parameter: `c1` and `a1`, `c2` and `a2`, …
  private static func codes(_ node: DocumentNode) throws(SyntaxError) -> [[CodeSample]] {
    var parameters: [[CodeSample]] = []
    for entry in try node.list() {
      var tensors: [CodeSample] = []
      while let codes = entry.optional("c\(tensors.count + 1)") {
        var values: [Int] = []
        for code in try codes.list() { values.append(try code.count(from: 0, to: 255)) }
        let scales = try entry.member("a\(tensors.count + 1)").numbers()
        tensors.append(CodeSample(codes: values, scales: scales))
      }
      parameters.append(tensors)
    }
    return parameters
  }
}
