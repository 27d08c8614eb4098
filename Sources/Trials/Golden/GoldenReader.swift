internal import Optimizers
public import SourceText

/// Reads files of the form "optimizer-golden-1".
public enum GoldenReader {
  static let format = "optimizer-golden-1"

  /// - Throws: A ``SyntaxError`` with the place of what is missing or is not what it must be.
  public static func read(_ root: DocumentNode) throws(SyntaxError) -> [GoldenCase] {
    let defaults = try options(root.member("defaults"))
    var cases: [GoldenCase] = []
    let list = try root.member("cases")
    for node in try list.list() {
      cases.append(try readCase(node, defaults: defaults))
    }
    if cases.isEmpty { throw list.error("there are no cases here") }
    return cases
  }

  private static func readCase(
    _ node: DocumentNode, defaults: [String: HyperparameterValue]
  ) throws(SyntaxError) -> GoldenCase {
    let id = try node.member("id").string()
    let optimizer = try node.member("optimizer")
    let name = try optimizer.string()
    if OptimizerFamily[id: name] == nil {
      let nearest = Suggestion.nearest(to: name, in: OptimizerFamily.all.map(\.id))
      let hint = nearest.map { "; did you mean '\($0)'?" } ?? ""
      throw optimizer.error("there is no optimizer '\(name)'\(hint)")
    }
    let problem = try problem(node.member("problem"))
    let hyper = try node.member("hyper")
    let rate = try hyper.member("lr").number()
    let own = try options(hyper)
    let records = try records(node.member("records"), problem: problem)
    return GoldenCase(
      id: id, optimizer: name, problem: problem, format: try format(node.member("dtype")),
      schedule: try node.optional("lr_schedule").map(schedule) ?? .constant, rate: rate,
      options: defaults.merging(own) { $1 }, implementation: try node.member("impl").string(),
      records: records)
  }

  private static func format(_ node: DocumentNode) throws(SyntaxError) -> NumberFormat {
    let formats: [NumberFormat] = [.float32, .float64, .bfloat16, .float16]
    guard let format = NumberFormat(rawValue: try node.string()), formats.contains(format) else {
      let names = formats.map(\.rawValue).joined(separator: ", ")
      throw node.error("'\(node.text)' is no number format: it can be \(names)")
    }
    return format
  }

  private static func schedule(_ node: DocumentNode) throws(SyntaxError) -> GoldenSchedule {
    let type = try node.member("type")
    switch try type.string() {
    case "constant": return .constant
    case "linear_warmup": return .warmup(steps: try node.member("steps").count(from: 1))
    case "cosine": return .cosine
    default:
      throw type.error("'\(type.text)' is no schedule: it can be constant, linear_warmup, cosine")
    }
  }

  /// Options but the learning rate. Python's infinity is the text "inf".
  private static func options(
    _ node: DocumentNode
  ) throws(SyntaxError) -> [String: HyperparameterValue] {
    var options: [String: HyperparameterValue] = [:]
    for entry in try node.entries() {
      guard let key = entry.key, key != "lr" else { continue }
      options[key] =
        switch entry.kind {
        case .null: HyperparameterValue.none
        case .boolean: .flag(entry.text == "true")
        case .string: HyperparameterValue(text: entry.text)
        default: .number(try entry.number())
        }
    }
    return options
  }

  private static func problem(_ node: DocumentNode) throws(SyntaxError) -> any Problem {
    func count(_ key: String, _ standard: Int, from least: Int = 1) throws(SyntaxError) -> Int {
      try node.optional(key)?.count(from: least, to: 1 << 20) ?? standard
    }
    func number(_ key: String, _ standard: Double) throws(SyntaxError) -> Double {
      try node.optional(key)?.number() ?? standard
    }
    let name = try node.member("name")
    let seed = try count("seed", 0, from: 0)
    switch try name.string() {
    case "quad":
      let n = try count("n", 64, from: 2)
      return Quadratic(
        count: n, condition: try number("cond", 1000), seed: seed,
        shape: try node.optional("shape").map { shape throws(SyntaxError) in
          try Self.shape(shape, of: n)
        })
    case "rosen":
      return Rosenbrock(count: try count("n", 2, from: 2), scale: try number("scale", 1))
    case "lsq":
      return LeastSquares(
        m: try count("m", 24), k: try count("k", 16), n: try count("n", 12), seed: seed)
    case "lora":
      return LowRankAdapter(
        outputs: try count("out", 12), inputs: try count("inp", 10), rank: try count("r", 4),
        alpha: try number("alpha", 4), samples: try count("N", 16), seed: seed)
    default: throw name.error("'\(name.text)' is no problem: it can be quad, rosen, lsq, lora")
    }
  }

  private static func shape(_ node: DocumentNode, of count: Int) throws(SyntaxError) -> [Int] {
    var shape: [Int] = []
    for length in try node.list() { shape.append(try length.count(from: 1)) }
    var product = 1
    for length in shape where product <= count { product *= length }
    guard product == count else { throw node.error("\(shape) does not hold \(count) numbers") }
    return shape
  }
}
