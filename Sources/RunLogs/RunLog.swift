internal import Inspection
public import Reporting

/// What a training run has logged for TensorBoard: the rates, with their steps.
public struct RunLog: Sendable {
  /// The folder that holds its files.
  public let folder: String
  /// Of its first record, in seconds since 1970.
  public private(set) var start = Double.infinity
  /// By tag, in the order of the steps.
  public private(set) var series: [String: Series] = [:]
  /// Whether a file ends within a record.
  public private(set) var isCutOff = false
  public private(set) var files = 0

  /// A number over the steps of the run.
  public struct Series: Hashable, Sendable {
    public var steps: [Int] = []
    public var values: [Double] = []

    public init(steps: [Int] = [], values: [Double] = []) {
      self.steps = steps
      self.values = values
    }
  }

  /// The runs below a folder that logged a rate, the newest first. A trainer gives each run a folder
  /// of its own; what is resumed goes on in another file of the same one.
  ///
  /// - Throws: A ``ReadFailure`` if there is no such folder, if it holds no event file, or if one is
  ///   damaged.
  public static func runs(below path: String) throws(ReadFailure) -> [RunLog] {
    guard FileInput.isFolder(path) else {
      // A single file is a run as well.
      if path.contains("tfevents") {
        var log = RunLog(folder: path)
        try log.read(path)
        return log.series.isEmpty ? [] : [log]
      }
      _ = try FileStream(path)
      throw ReadFailure(
        path: path, message: "this is no folder of a run, and no event file of TensorBoard")
    }
    let files = FileInput.files(below: path) { $0.contains("tfevents") }
    guard !files.isEmpty else {
      throw ReadFailure(
        path: path, message: "no event file of TensorBoard lies in this folder or below it")
    }
    var logs: [RunLog] = []
    for file in files {
      let folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
      if logs.last?.folder != folder {
        if let known = logs.firstIndex(where: { $0.folder == folder }) {
          logs.append(logs.remove(at: known))
        } else {
          logs.append(RunLog(folder: folder))
        }
      }
      try logs[logs.count - 1].read(file)
    }
    return logs.filter { !$0.series.isEmpty }.sorted {
      ($0.start, $0.folder) > ($1.start, $1.folder)
    }
  }

  private init(folder: String) { self.folder = folder }

  /// More points than any run logs; what comes after is left out.
  private static let mostPoints = 4_000_000

  private mutating func read(_ path: String) throws(ReadFailure) {
    var records = try RecordReader(path)
    var own: [String: Series] = [:]
    var count = 0
    while let record = try records.next() {
      guard let scalars = Scalars(record, isWanted: RateTag.isRate) else {
        throw records.damage("a record is no event")
      }
      start = min(start, scalars.time)
      for (tag, value) in scalars.values where count < Self.mostPoints {
        own[tag, default: Series()].steps.append(scalars.step)
        own[tag]?.values.append(value)
        count += 1
      }
    }
    isCutOff = isCutOff || records.isCutOff
    files += 1
    for (tag, later) in own { series[tag, default: Series()].append(later) }
  }
}

extension RunLog.Series {
  /// A later file of the same run: where it starts again from an earlier step, what came after that
  /// step is replaced, as TensorBoard does.
  mutating func append(_ later: RunLog.Series) {
    if let first = later.steps.min() {
      let kept = steps.indices.filter { steps[$0] < first }
      steps = kept.map { steps[$0] }
      values = kept.map { values[$0] }
    }
    let order = later.steps.indices.sorted { (later.steps[$0], $0) < (later.steps[$1], $1) }
    steps += order.map { later.steps[$0] }
    values += order.map { later.values[$0] }
  }
}
