internal import SourceText

/// The numbers of a run that hang together.
struct RunNumbers: Sendable, Hashable {
  var batch: Int
  var accumulation: Int
  var rank: Int
  var resolution: Int
  let images: Int
  /// Times that the pictures are gone through.
  var epochs: Int
  /// Optimizer steps.
  var steps: Int
  /// The learning rate as it is written.
  let rate: String
  let rateValue: Double

  /// Pictures that are seen for each picture of the data set, and the least and most of them in all:
  /// a hundred rounds, but no fewer than a small adapter takes to settle and no more than a day.
  private static let rounds = 100
  private static let samples = 3000...8000
  /// Pictures in an optimizer step, taken together or one after the other.
  static let usualBatch = 2

  /// - Parameters:
  ///   - isFused: Whether gradients cannot be gathered.
  ///   - longer: How many times the usual length.
  init(
    _ request: StartRequest, rate: (digits: String, value: Double), savings: [Recipe.Block],
    isFused: Bool, longer: Double
  ) {
    var batch = min(Self.usualBatch, request.images)
    var rank = 16
    var resolution = request.model.resolution
    for saving in savings {
      batch = min(batch, saving.numbers["batch"] ?? batch)
      rank = min(rank, saving.numbers["rank"] ?? rank)
      resolution = min(resolution, saving.numbers["resolution"] ?? resolution)
    }
    self.batch = batch
    self.rank = rank
    self.resolution = resolution
    accumulation = isFused || batch >= Self.usualBatch ? 1 : Self.usualBatch / batch
    images = request.images
    self.rate = rate.digits
    rateValue = rate.value
    // Buckets that are not full are left out, so an epoch has whole batches only.
    let batches = max(1, request.images / batch)
    if let wanted = request.steps {
      steps = wanted
      epochs = max(1, (wanted * accumulation + batches - 1) / batches)
    } else {
      let usual = min(
        max(Self.samples.lowerBound, Self.rounds * request.images), Self.samples.upperBound)
      let samples = Int(Double(usual) * longer)
      epochs = max(1, (samples + request.images - 1) / request.images)
      steps = max(1, samples / (batch * accumulation))
    }
  }

  /// Runs in which the guide has the warm-up of Prodigy guarded: "for short training"; with 100 epochs
  /// either does.
  var isShort: Bool { epochs < 100 || steps < 2000 }

  /// A number by the name that recipes give it.
  func value(_ name: String) -> EditValue? {
    switch name {
    case "batch": .numeral("\(batch)")
    case "accumulation": .numeral("\(accumulation)")
    case "rank": .numeral("\(rank)")
    case "resolution": .numeral("\(resolution)")
    case "images": .numeral("\(images)")
    case "epochs": .numeral("\(epochs)")
    case "steps": .numeral("\(steps)")
    case "rate": .numeral(rate)
    case "rateEnd": .numeral(Number.literal(rateValue / 100))
    case "warmup": .numeral("\(max(1, steps / 20))")
    case "quarter": .numeral("\(max(1, steps / 4))")
    case "fifth": .numeral("\(max(1, steps / 5))")
    case "isShort": .boolean(isShort)
    default: nil
    }
  }
}
