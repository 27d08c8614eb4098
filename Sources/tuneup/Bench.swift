import ArgumentParser
import Optimizers
import Reporting
import SourceText
import Threads
import Trials

/// `tuneup bench`: how long a step of each optimizer takes here.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Time a step of each optimizer against this machine's memory bandwidth.",
    discussion: """
      EXAMPLES:
        tuneup bench
        tuneup bench PRODIGY --option slice_p=11 --threads 1

      Of each optimizer one float32 matrix of 1000 rows is stepped. A step must move at least \
      the parameters (read and written), the gradient (read) and the state (read and written): \
      that is 'bytes'. 'of memory' is the rate at which it moves them as a share of what this \
      machine reaches when it reads, changes and writes four arrays of as many numbers in place. \
      What fits into a cache is faster, for the arrays as for the optimizers.
      """)

  @Argument(
    help: "Optimizers, by name. Default: all.",
    completion: .choice { OptimizerFamily.all.map(\.id) })
  var ids: [String] = []

  @Option(help: ArgumentHelp("Parameters to step.", valueName: "n"))
  var parameters = 10_000_000

  @Option(help: ArgumentHelp("Threads to step with. Default: all processors.", valueName: "n"))
  var threads: Int?

  @Option(help: ArgumentHelp("Steps to time; the median counts.", valueName: "n"))
  var steps = 15

  @Option(help: ArgumentHelp("Set an option of the optimizers named.", valueName: "name=value"))
  var option: [String] = []

  @Option(help: "How to print: pretty, json.", completion: .list(["pretty", "json"]))
  var format = "pretty"

  @Flag(help: "The same as --format json.")
  var json = false

  @OptionGroup var look: OutputOptions

  func validate() throws {
    try Choice.check(format, ["pretty", "json"], "format")
    for id in ids { try Choice.check(id, OptimizerFamily.all.map(\.id), "optimizer") }
    func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws {
      if range.contains(value) { return }
      throw ValidationError(
        "'--\(name)' is \(value) and must be from \(range.lowerBound) to \(range.upperBound).")
    }
    try check("parameters", parameters, 1...1_000_000_000)
    try check("steps", steps, 1...10_000)
    if let threads { try check("threads", threads, 1...1024) }
    if !option.isEmpty, ids.isEmpty {
      throw ValidationError("'--option' needs the name of an optimizer before it.")
    }
    for family in ids.compactMap({ OptimizerFamily[id: $0] }) {
      do {
        _ = try family.optimizer(storing: Float.self, family.startOptions.merging(options()) { $1 })
      } catch let error as HyperparameterError where !option.isEmpty {
        throw ValidationError("\(family.id): \(error).")
      }
    }
  }

  private func options() throws -> [String: HyperparameterValue] {
    var options: [String: HyperparameterValue] = [:]
    for text in option {
      let sides = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard sides.count == 2 else {
        throw ValidationError("'\(text)' is no NAME=VALUE, such as slice_p=11.")
      }
      options[sides[0]] = HyperparameterValue(text: sides[1])
    }
    return options
  }

  func run() throws {
    let threads = threads ?? Threads.processors
    let options = try options()
    let families = ids.isEmpty ? OptimizerFamily.all : ids.compactMap { OptimizerFamily[id: $0] }
    let progress = Progress(of: families.count, "optimizers")
    let workload = Workload(count: parameters)
    let bandwidth = Bandwidth.measured(threads: threads, count: workload.count)
    var times: [StepTime] = []
    var refusals: [(id: String, reason: String)] = []
    for (place, family) in families.enumerated() {
      progress.show(place, ": \(family.id)")
      do {
        times.append(try workload.time(family, options: options, steps: steps, threads: threads))
      } catch {
        refusals.append((family.id, "\(error)"))
      }
    }
    progress.end()
    // Once more, in case another program was busy the first time.
    let after = Bandwidth.measured(threads: threads, count: workload.count)
    let report = BenchReport(
      bandwidth: bandwidth.best(after), threads: threads, steps: steps, count: workload.count,
      times: times,
      refusals: refusals)
    Console.standard.write(
      json || format == "json"
        ? report.json.serialized
        : report.page.text(Console.standard.style(noColour: look.noColor)))
  }
}
