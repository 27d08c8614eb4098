/// How GGUF packs the numbers of a tensor: so many at a time into a block of so many bytes (ggml.h
/// `enum ggml_type`, ggml-common.h `block_*`).
public enum GGUFType: UInt32, Sendable, CaseIterable {
  case f32 = 0
  case f16 = 1
  case q4_0 = 2
  case q4_1 = 3
  case q5_0 = 6
  case q5_1 = 7
  case q8_0 = 8
  case q8_1 = 9
  case q2_K = 10
  case q3_K = 11
  case q4_K = 12
  case q5_K = 13
  case q6_K = 14
  case q8_K = 15
  case iq2_XXS = 16
  case iq2_XS = 17
  case iq3_XXS = 18
  case iq1_S = 19
  case iq4_NL = 20
  case iq3_S = 21
  case iq2_S = 22
  case iq4_XS = 23
  case i8 = 24
  case i16 = 25
  case i32 = 26
  case i64 = 27
  case f64 = 28
  case iq1_M = 29
  case bf16 = 30
  case tq1_0 = 34
  case tq2_0 = 35

  /// Numbers in a block, and bytes of one.
  public var block: (values: Int, bytes: Int) {
    switch self {
    case .f32, .i32: (1, 4)
    case .f16, .bf16, .i16: (1, 2)
    case .f64, .i64: (1, 8)
    case .i8: (1, 1)
    // A scale in 16 bits, with a minimum for `_1`, and the numbers.
    case .q4_0: (32, 2 + 16)
    case .q4_1: (32, 4 + 16)
    case .q5_0: (32, 2 + 4 + 16)
    case .q5_1: (32, 4 + 4 + 16)
    case .q8_0: (32, 2 + 32)
    case .q8_1: (32, 4 + 32)
    case .iq4_NL: (32, 2 + 16)
    // 256 numbers in groups of 16 or 32 that have scales of their own.
    case .q2_K: (256, 4 + 16 + 64)
    case .q3_K: (256, 2 + 12 + 32 + 64)
    case .q4_K: (256, 4 + 12 + 128)
    case .q5_K: (256, 4 + 12 + 32 + 128)
    case .q6_K: (256, 2 + 16 + 64 + 128)
    case .q8_K: (256, 4 + 256 + 32)
    case .iq2_XXS: (256, 2 + 64)
    case .iq2_XS: (256, 2 + 64 + 8)
    case .iq2_S: (256, 2 + 64 + 8 + 8)
    case .iq3_XXS: (256, 2 + 96)
    case .iq3_S: (256, 2 + 64 + 8 + 32 + 4)
    case .iq1_S: (256, 2 + 32 + 16)
    case .iq1_M: (256, 32 + 16 + 8)
    case .iq4_XS: (256, 2 + 2 + 4 + 128)
    case .tq1_0: (256, 2 + 48 + 4)
    case .tq2_0: (256, 2 + 64)
    }
  }

  /// Bytes of so many rows of so many numbers; nil if a row is no whole number of blocks.
  public func bytes(rows: Int, columns: Int) -> Int? {
    columns % block.values == 0 ? rows * (columns / block.values) * block.bytes : nil
  }

  /// What llama.cpp packs with instead where a row does not come out even
  /// (src/llama-quant.cpp, `llama_tensor_get_type`).
  public var fallback: GGUFType {
    switch self {
    case .q4_K: .q5_0
    case .q5_K: .q5_1
    case .q6_K: .q8_0
    case .q2_K, .q3_K, .iq2_XXS, .iq2_XS, .iq2_S, .iq3_XXS, .iq3_S, .iq1_S, .iq1_M, .iq4_XS:
      .iq4_NL
    default: .f16
    }
  }

  /// The type that the name of a file tells: `flux1-dev-Q4_K_S.gguf`. Mixtures (`_S`, `_M`, `_L`) have
  /// a few tensors of a better type, which the name does not list.
  public init?(fileName: String) {
    let name = fileName.lowercased()
    guard name.hasSuffix(".gguf") else { return nil }
    let words = name.dropLast(".gguf".count).split { "-. /\\".contains($0) }
    for word in words.reversed() {
      for type in Self.allCases
      where type.rawValue > 1 && ![24, 25, 26, 27, 28].contains(type.rawValue) {
        let label = "\(type)".lowercased()
        if word == label || ["_s", "_m", "_l"].contains(where: { word == label + $0 }) {
          self = type
          return
        }
      }
      if word == "f16" || word == "fp16" {
        self = .f16
        return
      }
      if word == "f32" || word == "fp32" {
        self = .f32
        return
      }
    }
    return nil
  }
}
