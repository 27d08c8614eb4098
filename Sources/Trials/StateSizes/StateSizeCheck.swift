internal import Optimizers
internal import SourceText

/// Compares the state that our optimizers say a library keeps with what was measured.
enum StateSizeCheck {
  /// One check per optimizer, options and library, in the order of the file.
  static func checks(_ source: SourceFile) throws(SyntaxError) -> [Check] {
    var order: [String] = []
    var groups: [String: [MeasuredState]] = [:]
    for row in try MeasuredState.read(source) {
      let id = [row.optimizer, row.options, row.library].filter { !$0.isEmpty }
        .joined(separator: " | ")
      if groups[id] == nil { order.append(id) }
      groups[id, default: []].append(row)
    }
    return order.compactMap { id in
      groups[id].map { rows in
        Check(id: id, optimizer: rows[0].optimizer) { deviations throws(Refusal) in
          for row in rows { try compare(row, into: &deviations) }
        }
      }
    }
  }

  /// - Throws: Why our optimizer cannot be asked, or which tensors it would keep instead.
  private static func compare(
    _ row: MeasuredState, into deviations: inout Deviations
  ) throws(Refusal) {
    guard let family = OptimizerFamily[id: row.optimizer] else {
      throw Refusal(reason: "there is no optimizer '\(row.optimizer)'")
    }
    let layout: [StateTensor]
    let shared: SharedState
    do {
      let options = try MeasuredOptions(row, family)
      let optimizer = try family.optimizer(storing: Float.self, options.values)
      let parameter = ParameterShape(
        row.shape, format: row.format, startsAtZero: options.startsAtZero,
        isAuxiliary: options.isAuxiliary)
      let isElsewhere = options.leavesVectors && row.shape.count < 2
      layout = isElsewhere ? [] : optimizer.layout(of: parameter)
      shared = optimizer.sharedLayout
    } catch {
      throw Refusal(reason: "line \(row.line): \(error)")
    }
    func add(_ name: String, _ reference: Int, _ found: Int) {
      deviations.add(
        Deviation(
          step: 0, .bytes(name, line: row.line), reference: Double(reference),
          found: Double(found), tolerance: 0))
    }
    let bytes = MeasuredState.Bytes(layout, shared)
    add("state_bytes_tensors", row.bytes.tensors, bytes.tensors)
    add("state_bytes_scalar_tensors", row.bytes.scalars, bytes.scalars)
    add("n_scalar_tensors", row.bytes.scalarCount, bytes.scalarCount)
    add("shared_qmap_bytes_once_per_optimizer", row.bytes.codeTables, bytes.codeTables)
    add("param_group_tensor_bytes", row.bytes.group, bytes.group)
    deviations.records += 1
    if layout != row.tensors {
      throw Refusal(
        reason: "line \(row.line): the tensors are \(text(row.tensors)), not \(text(layout))")
    }
  }

  private static func text(_ tensors: [StateTensor]) -> String {
    let list = tensors.map { tensor in
      let shape = tensor.shape.map(String.init).joined(separator: "x")
      return "\(tensor.name):\(shape.isEmpty ? "scalar" : shape):\(tensor.format.rawValue)"
    }
    return list.isEmpty ? "none" : list.joined(separator: ";")
  }
}

extension MeasuredState.Bytes {
  init(_ layout: [StateTensor], _ shared: SharedState) {
    for tensor in layout {
      if tensor.shape.isEmpty {
        scalars += tensor.bytes
        scalarCount += 1
      } else {
        tensors += tensor.bytes
      }
    }
    // The library makes the tables when it first quantizes.
    let isQuantized = layout.contains { $0.format == .uint8 }
    codeTables = isQuantized ? shared.codeTables : 0
    group = shared.group
  }
}
