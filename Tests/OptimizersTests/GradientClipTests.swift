import Optimizers
import Testing

/// What torch 2.15.0 made of two gradients, [0.3, -1.7, 2.25] and [4, 0.01].
struct ClipCase: CustomTestStringConvertible, Sendable {
  let format: NumberFormat
  let limit: Double
  let norm: Double
  let clipped: [[Double]]

  init(_ format: NumberFormat, _ limit: Double, norm: Double, gives clipped: [[Double]]) {
    self.format = format
    self.limit = limit
    self.norm = norm
    self.clipped = clipped
  }

  var testDescription: String { "\(format) to \(limit)" }

  /// `torch.nn.utils.clip_grad_norm_` of both.
  static let byNorm = [
    ClipCase(
      .float32, 1, norm: 4.90332555770874,
      gives: [
        [0.061182957142591476, -0.3467034101486206, 0.45887213945388794],
        [0.8157727122306824, 0.0020394318271428347],
      ]),
    ClipCase(
      .float32, 10, norm: 4.90332555770874,
      gives: [[0.30000001192092896, -1.7000000476837158, 2.25], [4, 0.009999999776482582]]),
    ClipCase(.float32, 0, norm: 4.90332555770874, gives: [[0, -0, 0], [0, 0]]),
    ClipCase(
      .float32, -0.5, norm: 4.90332555770874,
      gives: [
        [-0.030591478571295738, 0.1733517050743103, -0.22943606972694397],
        [-0.4078863561153412, -0.0010197159135714173],
      ]),
    ClipCase(
      .bfloat16, 1, norm: 4.90625,
      gives: [[0.061279296875, -0.34765625, 0.458984375], [0.81640625, 0.002044677734375]]),
    ClipCase(
      .bfloat16, 10, norm: 4.90625, gives: [[0.30078125, -1.703125, 2.25], [4, 0.010009765625]]),
    ClipCase(
      .bfloat16, -0.5, norm: 4.90625,
      gives: [
        [-0.0306396484375, 0.173828125, -0.2294921875], [-0.408203125, -0.0010223388671875],
      ]),
    ClipCase(
      .float16, 1, norm: 4.90234375,
      gives: [
        [0.06121826171875, -0.346923828125, 0.458984375], [0.81591796875, 0.002040863037109375],
      ]),
    ClipCase(.float16, 0, norm: 4.90234375, gives: [[0, -0, 0], [0, 0]]),
    ClipCase(
      .float64, 1, norm: 4.903325402214297,
      gives: [
        [0.06118295528205561, -0.3467034132649818, 0.4588721646154171],
        [0.8157727370940748, 0.002039431842735187],
      ]),
  ]

  /// `clip_grad_norm_` of each by itself.
  static let each = [
    ClipCase(
      .float32, 1, norm: 4.90332555770874,
      gives: [
        [0.10578536242246628, -0.5994503498077393, 0.793390154838562],
        [0.9999966621398926, 0.002499991562217474],
      ]),
    ClipCase(
      .bfloat16, 1, norm: 4.90625,
      gives: [[0.10595703125, -0.59765625, 0.7890625], [1, 0.00250244140625]]),
    ClipCase(
      .float16, 1, norm: 4.90234375,
      gives: [[0.10577392578125, -0.599609375, 0.79296875], [1, 0.0025005340576171875]]),
  ]

  /// `clip_grad_value_` to 0.3.
  static let byValue = [
    ClipCase(
      .float32, 0.3, norm: 0,
      gives: [
        [0.30000001192092896, -0.30000001192092896, 0.30000001192092896],
        [0.30000001192092896, 0.009999999776482582],
      ]),
    ClipCase(
      .bfloat16, 0.3, norm: 0,
      gives: [[0.30078125, -0.30078125, 0.30078125], [0.30078125, 0.010009765625]]),
    ClipCase(
      .float16, 0.3, norm: 0,
      gives: [
        [0.300048828125, -0.300048828125, 0.300048828125], [0.300048828125, 0.01000213623046875],
      ]),
  ]

  func check(_ clip: GradientClip, checksNorm: Bool = false) {
    switch format {
    case .bfloat16: check(BFloat16.self, clip, checksNorm, ulps: 0)
    case .float16: check(Half.self, clip, checksNorm, ulps: 0)
    case .float64: check(Double.self, clip, checksNorm, ulps: 0x1p-51)
    default: check(Float.self, clip, checksNorm, ulps: 0x1p-22)
    }
  }

  /// - Parameter ulps: What sums in another order may differ by, relative to the number.
  private func check<Element: StoredNumber>(
    _: Element.Type, _ clip: GradientClip, _ checksNorm: Bool, ulps: Double
  ) {
    var gradients = [
      Tensor<Element>(shape: [3], doubles: [0.3, -1.7, 2.25]),
      Tensor<Element>(shape: [2], doubles: [4, 0.01]),
    ]
    if checksNorm { #expect(abs(GradientClip.norm(gradients) - norm) <= ulps * norm) }
    clip.apply(to: &gradients)
    for (found, expected) in zip(gradients.flatMap(\.doubles), clipped.flatMap(\.self)) {
      #expect(abs(found - expected) <= ulps * abs(expected))
    }
  }
}

@Suite struct GradientClipTests {
  @Test(arguments: ClipCase.byNorm)
  func scalesToTheNorm(_ test: ClipCase) {
    test.check(GradientClip(.norm(test.limit)), checksNorm: true)
  }

  @Test(arguments: ClipCase.each)
  func scalesEachTensor(_ test: ClipCase) {
    test.check(GradientClip(.norm(test.limit), .eachTensor))
  }

  @Test(arguments: ClipCase.byValue)
  func cutsToTheValue(_ test: ClipCase) { test.check(GradientClip(.value(test.limit))) }

  @Test func scalesEachGroup() {
    var gradients = [3.0, 4, 12].map { Tensor<Double>(shape: [1], values: [$0]) }
    GradientClip(.norm(1), .eachGroup).apply(to: &gradients, groups: [0..<2, 2..<3])
    #expect(gradients.map { ($0.values[0] * 1e4).rounded() / 1e4 } == [0.6, 0.8, 1])
  }

  /// As torch 2.15.0 has it for float16, float32 and bfloat16.
  @Test func whatIsNotFiniteSpreads() {
    #expect(Self.clipped([.infinity, 1]).map(\.isNaN) == [true, false])
    #expect(Self.clipped([.nan, 1]).map(\.isNaN) == [true, true])
    // The norm is out of range, the gradients are not.
    #expect(Self.clipped([6e4, 6e4], Half.self) == [0, 0])
    #expect(Self.clipped([3e38, 3e38], Float.self) == [0, 0])
    #expect(Self.clipped([3e38, 3e38], BFloat16.self) == [0, 0])
    #expect(Self.clipped([1e-30, 0], Float.self)[0] > 0)
  }

  static func clipped<Element: StoredNumber>(
    _ gradient: [Double], _: Element.Type = Float.self
  ) -> [Double] {
    var gradients = [Tensor<Element>(shape: [gradient.count], doubles: gradient)]
    GradientClip(.norm(1)).apply(to: &gradients)
    return gradients[0].doubles
  }

  @Test func valuesStayWhatTheyAreBeside() {
    var gradients = [Tensor<Float>(shape: [3], values: [.nan, .infinity, -.infinity])]
    GradientClip(.value(0.1)).apply(to: &gradients)
    #expect(gradients[0].values[0].isNaN)
    #expect(gradients[0].values[1...] == [0.1, -0.1])
    gradients = [Tensor(shape: [3], values: [1, -1, 0.2])]
    GradientClip(.value(-1)).apply(to: &gradients)
    #expect(gradients[0].values == [-1, -1, -1])
  }

  @Test func aLongGradientHasTheNormOfAShortOne() {
    let many = Tensor<Float>(shape: [1 << 20], values: Array(repeating: 0.5, count: 1 << 20))
    #expect(GradientClip.norm([many]) == 512)
    #expect(GradientClip.norm([Tensor<Float>]()) == 0)
  }

  @Test func trainersReadTheirLimits() {
    #expect(GradientClip.oneTrainer(nil).method == .none)
    #expect(GradientClip.oneTrainer(0).method == .norm(0))
    #expect(GradientClip.oneTrainer(1, fusedBackPass: true).scope == .eachTensor)
    #expect(GradientClip.kohya(0).method == .none)
    #expect(GradientClip.kohya(-1).method == .norm(-1))
    #expect(GradientClip.kohya(1, isFused: true).scope == .eachTensor)
    #expect(GradientClip.simpleTuner(2, optimizer: "adamw_bf16").method == .value(2))
    #expect(GradientClip.simpleTuner(2, method: "norm", optimizer: "lion").method == .norm(2))
    #expect(GradientClip.simpleTuner(2, optimizer: "prodigy").method == .none)
    #expect(GradientClip.simpleTuner(-1, optimizer: "lion").method == .none)
    #expect(GradientClip.aiToolkit(0, optimizer: "adamw").method == .norm(0))
    #expect(GradientClip.aiToolkit(1, optimizer: "adamw").scope == .eachGroup)
    #expect(GradientClip.aiToolkit(1, optimizer: "adafactor").method == .none)
  }
}
