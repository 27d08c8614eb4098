extension Accuracy {
  public var markdown: String {
    var text = "# How accurate the memory estimate is\n"
    text +=
      Summary(pairs).map {
        "\($0.count) runs, median \(fixed(100 * $0.median, 1)) %, mean \(fixed(100 * $0.mean, 1)), 90th \(fixed(100 * $0.ninth, 1)), covered \(fixed(100 * $0.covered, 0)) %\n"
      } ?? ""
    return text
  }
}
