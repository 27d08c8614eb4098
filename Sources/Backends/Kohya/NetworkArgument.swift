import Knowledge
import Plans
import SourceText

/// What a module of an adapter makes of one of its arguments.
///
/// kohya sd-scripts 48d368fa, `create_network` in `networks/*.py`.
struct NetworkArgument {
  private let module: String
  private let config: KohyaConfig

  init(_ module: String, _ config: KohyaConfig) {
    self.module = module
    self.config = config
  }

  /// Why it stops at a value.
  struct Problem {
    let words: String
    var related: [(any Located, String)] = []
  }

  func problem(_ key: String, _ value: String) -> Problem? {
    if let problem = numberProblem(key, value) { return problem }
    switch key {
    case "in_dims", "emb_dims", "embedder_dims":
      let count = key == "in_dims" ? 5 : key == "emb_dims" ? 6 : 3
      let items = Self.items(value)
      if items.count != count {
        return Problem(words: "it takes \(count) numbers, here are \(items.count)")
      }
      return items.allSatisfy(Self.isWhole) ? nil : Problem(words: "it takes whole numbers")
    case "block_dims", "block_alphas", "conv_block_dims", "conv_block_alphas":
      return blockProblem(value, isWhole: key.hasSuffix("dims"))
    case "train_blocks":
      let known =
        module == "networks.lora_lumina"
        ? ["all", "transformer", "refiners", "noise_refiner", "context_refiner"]
        : ["all", "single", "double"]
      return known.contains(value)
        ? nil : Problem(words: "it takes \(known.joined(separator: ", "))")
    case "train_double_block_indices": return selectionProblem(value, blocks: 19)
    case "train_single_block_indices": return selectionProblem(value, blocks: 38)
    case "train_block_indices": return selectionProblem(value, blocks: 999)
    case "unit", "conv_dim": return module == "networks.dylora" ? dyloraProblem(key, value) : nil
    default: return nil
    }
  }

  // MARK: Numbers

  private static let wholeNumbers: Set<String> = [
    "conv_dim", "unit", "img_attn_dim", "txt_attn_dim", "img_mlp_dim", "txt_mlp_dim",
    "img_mod_dim", "txt_mod_dim", "single_dim", "single_mod_dim", "context_attn_dim",
    "context_mlp_dim", "context_mod_dim", "x_attn_dim", "x_mlp_dim", "x_mod_dim", "attn_dim",
    "mlp_dim", "mod_dim", "refiner_dim",
  ]
  private static let numbers: Set<String> = [
    "conv_alpha", "rank_dropout", "module_dropout", "ggpo_beta", "ggpo_sigma",
    "block_lr_zero_threshold", "loraplus_lr_ratio", "loraplus_unet_lr_ratio",
    "loraplus_text_encoder_lr_ratio",
  ]

  private func numberProblem(_ key: String, _ value: String) -> Problem? {
    if Self.wholeNumbers.contains(key), !Self.isWhole(value) {
      return Problem(words: "it takes a whole number")
    }
    if Self.numbers.contains(key), Number.parse(value) == nil {
      return Problem(words: "it takes a number")
    }
    return nil
  }

  private static func isWhole(_ text: some StringProtocol) -> Bool {
    Number.parseInteger(String(text)) != nil
  }

  /// The items of "[1,2,3]" or "1,2,3".
  private static func items(_ value: String) -> [Substring] {
    value.filter { !$0.isWhitespace && $0 != "[" && $0 != "]" }
      .split(separator: ",", omittingEmptySubsequences: false)
  }

  // MARK: Lists

  /// Blocks of the U-Net that the script trains; nil while it can be more than one.
  private var blocks: (all: Int, side: Int, middle: Int)? {
    switch Set(config.scripts.scripts.map(\.model)) {
    case [.sd]: (25, 12, 1)
    case [.sdxl]: (23, 9, 3)
    default: nil
    }
  }

  private func blockProblem(_ value: String, isWhole: Bool) -> Problem? {
    let items = value.split(separator: ",", omittingEmptySubsequences: false)
    let isFine = items.allSatisfy { isWhole ? Self.isWhole($0) : Number.parse(String($0)) != nil }
    if !isFine { return Problem(words: "it takes \(isWhole ? "whole " : "")numbers") }
    // SDXL has 23, Stable Diffusion 25.
    let fitting = blocks.map { [$0.all] } ?? [23, 25]
    if fitting.contains(items.count) { return nil }
    return Problem(
      words:
        "it takes \(fitting.map(String.init).joined(separator: " or ")) values, here are \(items.count)"
    )
  }

  /// "0,1,8-12,18".
  private func selectionProblem(_ value: String, blocks: Int) -> Problem? {
    if ["all", "none", ""].contains(value) { return nil }
    for part in value.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false)
        .map { Number.parseInteger(String($0)) }
      let known = ends.compactMap(\.self)
      guard known.count == ends.count, (1...2).contains(known.count) else {
        return Problem(words: "'\(part)' is neither a number nor a range such as 8-12")
      }
      if let wrong = known.first(where: { $0 < 0 || $0 >= Double(blocks) }) {
        return Problem(
          words: "there is no block \(Number.literal(wrong)), the last is \(blocks - 1)")
      }
      if known.count == 2, known[0] > known[1] {
        return Problem(words: "the range '\(part)' ends before it begins")
      }
    }
    return nil
  }

  private func dyloraProblem(_ key: String, _ value: String) -> Problem? {
    let rank = config.root.setting("network_dim")
    guard let number = Number.parseInteger(value), let size = rank.number ?? (rank.isNull ? 4 : nil)
    else { return nil }
    let related: [(any Located, String)] = [rank.noted("the rank")].compactMap(\.self)
    if key == "conv_dim", number != size {
      return Problem(
        words: "it must be the same as network_dim, \(Number.literal(size))", related: related)
    }
    if key == "unit", number < 1 || size.truncatingRemainder(dividingBy: number) != 0 {
      return Problem(
        words: "the rank of \(Number.literal(size)) is no multiple of it", related: related)
    }
    return nil
  }

  // MARK: What is made to fit

  func adjustment(_ key: String, _ value: String) -> String? {
    switch key {
    case "down_lr_weight", "up_lr_weight", "mid_lr_weight":
      guard let blocks, key == "mid_lr_weight" || value.contains(",") else { return nil }
      let count = value.split(separator: ",", omittingEmptySubsequences: false).count
      let needed = key == "mid_lr_weight" ? blocks.middle : blocks.side
      if count == needed { return nil }
      return count > needed
        ? "\(key) has \(count) weights: those after \(needed) are dropped"
        : "\(key) has \(count) weights: the other \(needed - count) are 1"
    case "network_reg_lrs", "network_reg_dims":
      let wrong = value.split(separator: ",").first { pair in
        let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2 else { return pair.contains { !$0.isWhitespace } }
        let number = String(sides[1])
        return key == "network_reg_dims"
          ? !Self.isWhole(number) : Number.parse(number) == nil
      }
      return wrong.map { "'\($0)' in \(key) is skipped: pairs are written as pattern=value" }
    default: return nil
    }
  }
}
