internal import SourceText

/// Why settings of a starting config have their values, by what they are about.
struct Reasons {
  let request: StartRequest
  let optimizer: OptimizerChoice
  let numbers: RunNumbers
  let isFused: Bool

  /// - Parameter topic: What a recipe says that a setting is about.
  /// - Returns: Nil for a topic without words.
  func reason(_ topic: String) -> (words: String, source: String)? {
    if let words = optimizer.reasons[topic] {
      return (words.filled { numbers.plain($0) }, optimizer.source)
    }
    return words(topic).map { ($0, "") }
  }

  private func words(_ topic: String) -> String? {
    switch topic {
    case "batch": batch
    case "accumulation": accumulation
    case "rank":
      "the size of the adapter: \(numbers.rank) is enough for one subject or style; more learns more "
        + "detail, and learns pictures by heart sooner"
    case "alpha":
      "equal to the rank, so that the adapter's output is not scaled and rates mean what recipes say"
    case "length": length
    case "resolution": resolution
    case "checkpointing":
      "blocks are computed a second time instead of being kept: a third more time, several times less memory"
    case "caching":
      "pictures are encoded once, not in every step, and the autoencoder leaves the card"
    case "texts": "captions are encoded once, and the text encoders leave the card"
    case "precision": "bfloat16 has the range of float32 in half the bytes: nothing overflows"
    default: nil
    }
  }

  private var batch: String {
    numbers.batch == 1
      ? "one picture at a time is what takes least memory"
      : "\(numbers.batch) pictures at a time make steadier steps than one"
  }

  private var accumulation: String? {
    if isFused {
      return "each tensor is updated during the backward pass, so that nothing can be gathered"
    }
    guard numbers.accumulation > 1 else { return nil }
    return
      "\(numbers.accumulation) steps are gathered for one update, which is as steady as a larger batch"
  }

  private var length: String {
    if let steps = request.steps { return "\(steps) updates, as asked for" }
    return
      "\(numbers.images) pictures, each seen about \(numbers.epochs) times; look at the samples on the "
      + "way and keep the best"
  }

  private var resolution: String {
    numbers.resolution < request.model.resolution
      ? "smaller than the \(request.model.resolution) the model was made for, to save memory"
      : "what the model was made for"
  }
}

extension RunNumbers {
  /// The digits of a number.
  func plain(_ name: String) -> String? {
    switch value(name) {
    case .numeral(let digits): digits
    case .boolean(let flag): flag ? "true" : "false"
    default: nil
    }
  }
}
