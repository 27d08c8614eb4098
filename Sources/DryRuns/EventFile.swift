internal import RunLogs
internal import Trials

/// The curves as TensorBoard reads them, under the tags of OneTrainer's losses and sd-scripts' rates.
public struct EventFile: Sendable {
  /// TensorBoard takes any file whose name holds `tfevents`.
  public static let name = "events.out.tfevents.0000000000.tuneup"

  public let bytes: [UInt8]

  public init(_ report: DryRunReport) {
    var writer = EventWriter()
    for part in report.parts {
      let run = part.trajectory
      for place in run.rate.indices {
        let step = Int(Double(place) * part.stride)
        for name in part.names {
          writer.add("lr/\(name)", run.rate[place], step)
          if place < run.adaptedRate.count {
            writer.add("lr/d*lr/\(name)", run.adaptedRate[place], step)
          }
        }
        if part.names == report.parts[0].names {
          writer.add("loss/train_step", run.loss[place], step)
        }
      }
    }
    bytes = writer.bytes
  }
}
