/// How bitsandbytes keeps the state of an optimizer: the options that all its optimizers share.
///
/// The releases differ. 0.49.1, which OneTrainer pins, can clip by percentile and quantize a tensor
/// with one scale; 0.50 dropped both. `library_version` says which release is meant:
/// - `any`: each option of either release acts, as the published kernels compute it.
/// - `0.49.1`, `0.50.2`: what that release does on a graphics card, with the options that it lacks,
///   the optimizers and number formats for which it has no kernel, and its own oddities.
struct BitsandbytesStorage: Sendable {
  var bits: Int
  /// Tensors with fewer numbers keep 32 bits.
  var leastSize = 4096
  var isBlockwise = true
  var percentile = 100
  var release = "any"
  var usesProcessor = false

  init(bits: Int, isBlockwise: Bool = true) {
    self.bits = bits
    self.isBlockwise = isBlockwise
  }

  /// Whether it is 0.49.1 and nothing else.
  var isOld: Bool { release == "0.49.1" }
  var isNew: Bool { release == "0.50.2" }

  func isNarrow(_ count: Int) -> Bool { bits == 8 && count >= leastSize }

  /// Whether each 256 numbers have a scale of their own.
  var scalesBlocks: Bool { isBlockwise || usesProcessor }
  var clipsPercentile: Bool { percentile < 100 }

  func scaleCount(_ count: Int) -> Int { scalesBlocks ? (count + 255) / 256 : 1 }

  func check() throws(HyperparameterError) {
    if bits != 8, bits != 32 {
      throw .outOfRange(option: "optim_bits", value: .number(Double(bits)), range: "8 or 32")
    }
    if !isBlockwise, bits == 8, isNew {
      throw .combination(option: "block_wise", value: .flag(false), needs: "bitsandbytes 0.49")
    }
    if clipsPercentile, isNew || usesProcessor {
      throw .combination(
        option: "percentile_clipping", value: .number(Double(percentile)),
        needs: "bitsandbytes 0.49 and its kernels for graphics cards")
    }
    if usesProcessor, isOld {
      throw .combination(option: "cpu_kernels", value: .flag(true), needs: "bitsandbytes 0.50")
    }
  }

  /// What an optimizer without tensor-wise kernel refuses.
  func checkBlockwise() throws(HyperparameterError) {
    if !isBlockwise {
      throw .outOfRange(option: "block_wise", value: .flag(false), range: "true")
    }
  }

  /// What 0.50.2 refuses in the classes that fix the bits to 8.
  func check(amsgrad: Bool) throws(HyperparameterError) {
    if amsgrad, bits == 8, isNew {
      throw .outOfRange(option: "amsgrad", value: .flag(true), range: "false")
    }
  }

  /// What the library refuses of SGD and LARS.
  func check(momentum: Double) throws(HyperparameterError) {
    if momentum == 0 {
      throw .outOfRange(option: "momentum", value: .number(0), range: "more than 0 and less than 1")
    }
  }

  /// Why the release has no kernel for a tensor, as it says in the first step.
  func refusal(of kernel: BitsandbytesKernel, _ format: NumberFormat, count: Int) -> String? {
    guard release != "any", !usesProcessor else { return nil }
    let narrow = isNarrow(count)
    let isKnown =
      switch (narrow, scalesBlocks) {
      case (true, true): kernel != .lamb && kernel != .lars
      case (true, false): kernel != .adagrad && kernel != .ademamix
      case (false, _): kernel != .lars || isNew
      }
    let width = narrow ? "8-bit" : "32-bit"
    guard isKnown else { return "bitsandbytes \(release) has no \(width) kernel for \(kernel)" }
    let hasBFloat16 =
      narrow ? scalesBlocks : [.adam, .lamb, .ademamix, .lion].contains(kernel)
    let formats: [NumberFormat] =
      [.float32, .float16] + (hasBFloat16 && !clipsPercentile ? [.bfloat16] : [])
    guard formats.contains(format) else {
      return "bitsandbytes \(release) has no \(width) kernel for \(kernel) in \(format)"
    }
    return nil
  }

  /// The options, for an optimizer that keeps its storage at `path`.
  ///
  /// - Parameter choosesBits: Whether the class of the library takes `optim_bits`.
  static func hyperparameters<Owner: BitsandbytesOptimizer>(
    choosesBits: Bool, percentiles: ClosedRange<Int> = -100...Int.max
  ) -> [Hyperparameter<Owner>] {
    let bits = Hyperparameter<Owner>(
      "optim_bits", \.storage.bits, 8...32, "8 or 32 bits for each number of the state")
    return (choosesBits ? [bits] : []) + [
      Hyperparameter(
        "min_8bit_size", \.storage.leastSize, 0...Int.max, "smaller tensors keep 32 bits"),
      Hyperparameter(
        "block_wise", \.storage.isBlockwise, "a scale for every 256 numbers, not for the tensor"),
      Hyperparameter(
        "percentile_clipping", \.storage.percentile, percentiles,
        "clips the gradient to this percentile of its last 100 norms"),
      Hyperparameter(
        "library_version", \.storage.release, ["any", "0.49.1", "0.50.2"],
        "the release that is meant"),
      Hyperparameter(
        "cpu_kernels", \.storage.usesProcessor, "computes as the library does on processors"),
    ]
  }
}

/// A kernel by the library's name for it.
enum BitsandbytesKernel: String, Sendable, CustomStringConvertible {
  case adam, lamb, ademamix, momentum, lars, lion, rmsprop, adagrad

  var description: String { rawValue }
}

/// The bits of a class of the library: `Adam` or `Adam8bit`.
protocol BitsandbytesWidth: Sendable {
  static var bits: Int { get }
}

enum Wide: BitsandbytesWidth {
  static var bits: Int { 32 }
}

enum Narrow: BitsandbytesWidth {
  static var bits: Int { 8 }
}
