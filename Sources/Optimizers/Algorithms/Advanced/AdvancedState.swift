/// How an optimizer of adv_optm 2.2.3 keeps its moments.
struct AdvancedForm {
  /// Whether as two vectors each (`nnmf_factor`), and whether those of vectors too
  /// (`vector_reshape`).
  let factored: Bool
  let vectors: Bool
  /// Which moments there are.
  var m = true
  var slow = false
  var v = false

  private func isFactored(_ shape: [Int]) -> Bool { factored && (shape.count != 1 || vectors) }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    if !isFactored(parameter.shape) {
      let names = [m ? "exp_avg" : nil, slow ? "exp_avg_slow" : nil, v ? "exp_avg_sq" : nil]
      return names.compactMap { $0 }.map { StateTensor($0, parameter.shape, parameter.format) }
    }
    let (height, width) = RankOne.shape(parameter.count)
    func factors(_ name: String, sign: String?) -> [StateTensor] {
      [
        StateTensor("mu_\(name)_nmf", [height], .float32),
        StateTensor("mv_\(name)_nmf", [width], .float32),
      ] + (sign.map { [StateTensor($0, [height, RankOne.bytes(width)], .uint8)] } ?? [])
    }
    return (m ? factors("m", sign: "sign") : [])
      + (slow ? factors("m_slow", sign: "sign_slow") : []) + (v ? factors("v", sign: nil) : [])
  }

  func zeros<Element: StoredNumber>(for parameter: Tensor<Element>) -> AdvancedMoments<Element> {
    func zeros(_ isKept: Bool, signed: Bool) -> AdvancedMoments<Element>.Moment {
      guard isKept else { return .init() }
      return isFactored(parameter.shape)
        ? .init(factors: RankOne(shape: RankOne.shape(parameter.count), signed: signed))
        : .init(values: parameter.zeros())
    }
    return AdvancedMoments(
      m: zeros(m, signed: true), slow: zeros(slow, signed: true), v: zeros(v, signed: false),
      isFactored: isFactored(parameter.shape))
  }
}

/// The moments of one parameter.
struct AdvancedMoments<Element: StoredNumber>: Codable, Sendable {
  /// Empty both if it is not kept.
  struct Moment: Codable, Sendable {
    var values: [Element] = []
    var factors: RankOne?
  }
  /// The mean gradient.
  var m: Moment
  /// The slow mean gradient of AdEMAMix.
  var slow: Moment
  /// The mean squared gradient.
  var v: Moment
  var isFactored: Bool

  /// Makes a step.
  ///
  /// - Returns: What the step returns.
  mutating func run<Step: AdvancedStep>(
    _ step: Step, _ parameter: inout Tensor<Element>, _ gradient: Tensor<Element>
  ) -> Step.Outcome where Step.Element == Element {
    guard isFactored else {
      let kept = (m: !m.values.isEmpty, slow: !slow.values.isEmpty, v: !v.values.isEmpty)
      return Self.run(
        step, &parameter.values, gradient.values, m: &m.values, slow: &slow.values, v: &v.values,
        kept, count: parameter.count)
    }
    let width = RankOne.shape(parameter.count).width
    let grid = AdvancedGrid(count: parameter.count, width: width)
    let work = AdvancedWork(
      grid: grid, m: m.factors.map { RankOneMoment($0, grid) },
      slow: slow.factors.map { RankOneMoment($0, grid) },
      v: v.factors.map { RankOneMoment($0, grid) })
    let result = step.run(&parameter.values, gradient.values, work)
    m.factors = work.m?.result
    slow.factors = work.slow?.result
    v.factors = work.v?.result
    return result
  }

  /// - Parameter kept: Which moments there are.
  private static func run<Step: AdvancedStep>(
    _ step: Step, _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    m: UnsafeMutablePointer<Element>, slow: UnsafeMutablePointer<Element>,
    v: UnsafeMutablePointer<Element>, _ kept: (m: Bool, slow: Bool, v: Bool), count: Int
  ) -> Step.Outcome where Step.Element == Element {
    step.run(
      theta, gradient,
      AdvancedWork(
        grid: AdvancedGrid(count: count, width: nil), m: kept.m ? PlainMoment(values: m) : nil,
        slow: kept.slow ? PlainMoment(values: slow) : nil,
        v: kept.v ? PlainMoment(values: v) : nil))
  }
}

/// The moments of a parameter as a step works on them.
struct AdvancedWork<Moment: AdvancedMoment> {
  let grid: AdvancedGrid
  let m: Moment?
  let slow: Moment?
  let v: Moment?
}

/// The step of one parameter, whichever way its moments are kept.
protocol AdvancedStep {
  associatedtype Element: StoredNumber
  associatedtype Outcome

  func run<Moment: AdvancedMoment>(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ work: AdvancedWork<Moment>
  ) -> Outcome
}
