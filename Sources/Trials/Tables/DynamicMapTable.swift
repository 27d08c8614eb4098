internal import Optimizers
internal import SourceText

extension RecordedTable {
  /// The numbers of the 8-bit states of bitsandbytes, and what is quantized to which.
  static let dynamicMap = RecordedTable(format: "bnb-dynamic-map-1") { root throws(SyntaxError) in
    let signed = try Probe(root, "signed")
    let unsigned = try Probe(root, "unsigned")
    let signKept = try root.member("probe_signed_code_sign_fixed").numbers(
      as: UInt8.self, count: signed.x.count)
    let blocks = try BlockProbe(root.member("blockwise_roundtrip"))
    return Check(id: "bnb-dynamic-map-1") { deviations in
      signed.compare(with: .signed, &deviations)
      unsigned.compare(with: .unsigned, &deviations)
      for (place, x) in signed.x.enumerated() {
        deviations.add(
          "probe_signed_code_sign_fixed", place, Float(signKept[place]),
          Float(DynamicMap.signKeeping.code(of: x)))
      }
      blocks.compare(&deviations)
      deviations.records = signed.x.count + unsigned.x.count + blocks.codes.count
    }
  }

  /// One map, and the codes of some numbers.
  private struct Probe {
    let name: String
    let values: [Float]
    let x: [Float]
    let codes: [UInt8]

    init(_ root: DocumentNode, _ name: String) throws(SyntaxError) {
      self.name = name
      values = try root.member("\(name)_hex").patterns(count: 256)
      x = try root.member("probe_\(name)_x_hex").patterns()
      codes = try root.member("probe_\(name)_code").numbers(as: UInt8.self, count: x.count)
    }

    func compare(with map: DynamicMap, _ deviations: inout Deviations) {
      for (code, value) in values.enumerated() {
        deviations.add("\(name)_hex", code, value, map.number(of: UInt8(code)))
      }
      for (place, x) in x.enumerated() {
        deviations.add(
          "probe_\(name)_code", place, Float(codes[place]), Float(map.code(of: x)))
      }
    }
  }

  /// Numbers that were quantized in blocks of 256, and back.
  private struct BlockProbe {
    let scales: [Float]
    let codes: [UInt8]
    let restored: [Float]

    init(_ node: DocumentNode) throws(SyntaxError) {
      codes = try node.member("code").numbers(as: UInt8.self)
      let blocks = (codes.count + 255) / 256
      scales = try node.member("absmax").numbers(count: blocks).map { Float($0) }
      restored = try node.member("dequant").numbers(count: codes.count).map { Float($0) }
    }

    func compare(_ deviations: inout Deviations) {
      let numbers = codes.indices.map { i in
        Float(Uniform.number(i, 9, stream: 2) * (1 + Double(i) / 37))
      }
      for (block, scale) in scales.enumerated() {
        let range = block * 256..<min(block * 256 + 256, codes.count)
        let own = numbers[range].reduce(0) { max($0, abs($1)) }
        deviations.add("absmax", block, scale, own)
        for place in range {
          let code = DynamicMap.signed.code(of: numbers[place] / own)
          deviations.add("code", place, Float(codes[place]), Float(code))
          deviations.add(
            "dequant", place, restored[place], DynamicMap.signed.number(of: code) * own)
        }
      }
    }
  }
}
