/// How a trainer holds gradients down before the optimizer sees them.
///
/// The arithmetic is that of torch 2.15.0 (`nn/utils/clip_grad.py`), with a rounding to the format
/// of the gradients wherever torch writes a tensor: norms, the factor and its parts are tensors too.
public struct GradientClip: Hashable, Sendable {
  public var method: Method
  public var scope: Scope

  public enum Method: Hashable, Sendable {
    case none
    /// Scaled so that the Euclidean norm is at most this. 0 makes every gradient 0, and a negative
    /// limit turns gradients around.
    case norm(Double)
    /// Each number cut to at most this magnitude.
    case value(Double)
  }

  /// What has one norm.
  public enum Scope: Hashable, Sendable {
    case allTensors
    /// Each parameter group by itself.
    case eachGroup
    /// Each tensor by itself, as in a fused back pass, which never sees two of them.
    case eachTensor
  }

  public init(_ method: Method, _ scope: Scope = .allTensors) {
    self.method = method
    self.scope = scope
  }

  /// Clips the gradients of a step.
  ///
  /// - Parameter groups: The places of each parameter group in the list; they cover it.
  @_specialize(where Element == Float)
  @_specialize(where Element == BFloat16)
  public func apply<Element: StoredNumber>(
    to gradients: inout [Tensor<Element>], groups: [Range<Int>]? = nil
  ) {
    switch method {
    case .none: break
    case .value(let limit):
      for place in gradients.indices { Self.cut(&gradients[place], to: limit) }
    case .norm(let limit):
      for places in parts(of: gradients.count, groups) {
        Self.scale(&gradients, at: places, to: limit)
      }
    }
  }

  private func parts(of count: Int, _ groups: [Range<Int>]?) -> [Range<Int>] {
    switch scope {
    case .allTensors: [0..<count]
    case .eachGroup: groups ?? [0..<count]
    case .eachTensor: (0..<count).map { $0..<($0 + 1) }
    }
  }

  /// ‖gradients‖, as torch adds it up: the norm of the norms of the tensors.
  public static func norm<Element: StoredNumber>(_ gradients: some Sequence<Tensor<Element>>)
    -> Double
  {
    let norms = gradients.map { norm($0) }
    let squares = norms.reduce(0) { $0 + $1 * $1 }
    return Double(Element.rounded(squares.squareRoot()))
  }

  /// ‖g‖. Beyond the range of the format it is infinite, although the gradients are not: in float16
  /// from 65520 on.
  private static func norm<Element: StoredNumber>(_ g: Tensor<Element>) -> Element.Arithmetic {
    let squares = g.values.withUnsafeBufferPointer { g in
      Sweep.sum(g.count) { range in
        var sum: Element.Arithmetic = 0
        for i in range { sum = .summing(sum, g[i].wide * g[i].wide) }
        return Double(sum)
      }
    }
    return Element.rounded(Element.Arithmetic(squares).squareRoot())
  }

  /// `clip_grad_norm_`.
  private static func scale<Element: StoredNumber>(
    _ gradients: inout [Tensor<Element>], at places: Range<Int>, to limit: Double
  ) {
    typealias A = Element.Arithmetic
    let sum = Element.rounded(A(norm(gradients[places])) + A(1e-6))
    // A number divided by a tensor is the tensor's inverse times the number.
    let inverse = Element.rounded(1 / sum)
    let factor = Element.rounded(inverse * A(limit))
    // Not min(), which would let 1 pass for not a number.
    if factor >= 1 { return }
    for place in places { multiply(&gradients[place].values, by: factor) }
  }

  private static func multiply<Element: StoredNumber>(
    _ g: inout [Element], by factor: Element.Arithmetic
  ) {
    let count = g.count
    g.withUnsafeMutableBufferPointer { g in
      guard let g = g.baseAddress else { return }
      Sweep.each(count) { range in
        for i in range { g[i] = Element(rounding: g[i].wide * factor) }
      }
    }
  }

  /// `clip_grad_value_`. Not a number stays one.
  private static func cut<Element: StoredNumber>(_ g: inout Tensor<Element>, to limit: Double) {
    let highest = Element.Arithmetic(limit)
    let lowest = -highest
    let count = g.count
    g.values.withUnsafeMutableBufferPointer { g in
      guard let g = g.baseAddress else { return }
      Sweep.each(count) { range in
        for i in range {
          // From below first, so that a negative limit ends at itself.
          let raised = g[i].wide < lowest ? lowest : g[i].wide
          g[i] = Element(rounding: raised > highest ? highest : raised)
        }
      }
    }
  }
}

/// How the trainers read their settings.
extension GradientClip {
  /// OneTrainer 23df3832, `GenericTrainer.py:560-590, 786`.
  ///
  /// - Parameter limit: `clip_grad_norm`; nil is off, and 0 is a limit like others.
  public static func oneTrainer(_ limit: Double?, fusedBackPass: Bool = false) -> GradientClip {
    GradientClip(limit.map { .norm($0) } ?? .none, fusedBackPass ? .eachTensor : .allTensors)
  }

  /// kohya sd-scripts 48d368fa, `train_network.py:1448`, `sdxl_train.py:533, 743`.
  ///
  /// - Parameters:
  ///   - limit: `max_grad_norm`; 0 is off.
  ///   - isFused: Whether `fused_backward_pass` or `fused_optimizer_groups` is on.
  public static func kohya(_ limit: Double, isFused: Bool = false) -> GradientClip {
    GradientClip(limit == 0 ? .none : .norm(limit), isFused ? .eachTensor : .allTensors)
  }

  /// SimpleTuner bc8e6ab, `trainer.py:7137-7212`, without FSDP and DeepSpeed.
  ///
  /// - Parameters:
  ///   - limit: `max_grad_norm`; 0 and less is off.
  ///   - method: `grad_clip_method`: `value` or `norm`.
  public static func simpleTuner(
    _ limit: Double, method: String = "value", optimizer: String
  ) -> GradientClip {
    if ["optimi-stableadamw", "prodigy"].contains(optimizer) || !(limit > 0) {
      return GradientClip(.none)
    }
    return GradientClip(method == "norm" ? .norm(limit) : .value(limit))
  }

  /// ai-toolkit 27a03a9, `SDTrainer.py:2277-2283`: one norm for each parameter group.
  ///
  /// - Parameters:
  ///   - limit: `train.max_grad_norm`; 0 is a limit like others.
  ///   - optimizer: `train.optimizer`, which is compared as it is written.
  public static func aiToolkit(_ limit: Double, optimizer: String) -> GradientClip {
    GradientClip(optimizer == "adafactor" ? .none : .norm(limit), .eachGroup)
  }
}
