internal import Trials

extension GuideExperiment {
  public static let all: [GuideExperiment] = prodigy + warmups + decays + adafactor

  private static let long = 2000
  private static let short = 250

  private static func value(_ key: String, _ values: [String], _ more: [String: String] = [:]) -> [(
    label: String, settings: [String: String]
  )] {
    values.map { (label: "\(key) \($0)", settings: more.merging(["optimizer.\(key)": $0]) { $1 }) }
  }

  // MARK: What the numbers say

  static func peak(_ entry: Comparison.Entry) -> Double { entry.outcome?.adaptedRate.max() ?? 0 }
  static func end(_ entry: Comparison.Entry) -> Double { entry.outcome?.end ?? .infinity }

  /// Whether the losses differ by more than a twentieth.
  private static func differ(_ first: Comparison.Entry, _ second: Comparison.Entry) -> Bool {
    let (a, b) = (end(first), end(second))
    return abs(a - b) > 0.05 * min(a, b)
  }

  /// "0.99 ends lower, at 20 % against 23 %"
  private static func better(_ first: Comparison.Entry, _ second: Comparison.Entry) -> String {
    let (a, b) = (end(first), end(second))
    guard differ(first, second) else {
      return "no difference that counts: \(Figures.percent(a)) and \(Figures.percent(b))"
    }
    let (winner, low, high) = a < b ? (first, a, b) : (second, b, a)
    return "\(winner.label) ends lower, at \(Figures.percent(low)) against \(Figures.percent(high))"
  }

  private static func sentence(_ words: String) -> String {
    words.prefix(1).uppercased() + words.dropFirst() + "."
  }

  // MARK: Prodigy

  private static let prodigy: [GuideExperiment] = [
    GuideExperiment(
      "D coefficient under a cosine",
      "The D coefficient is Prodigy's speed: 0.5 slows it down and 2 speeds it up; the curve of the rate lies the higher the larger it is.",
      steps: long, seeds: 16, value("d_coef", ["0.5", "1", "1.2", "2"])
    ) { entries in
      let peaks = entries.map(peak)
      let isOrdered = zip(peaks, peaks.dropFirst()).allSatisfy { $0 < $1 }
      let factor = peaks.first.map { (peaks.last ?? 0) / $0 } ?? 0
      return
        (isOrdered ? "Holds on the average" : "Not seen")
        + ": the highest d × rate is \(peaks.map { Figures.text($0, 2) }.joined(separator: ", ")). "
        + "Four times the coefficient makes \(Figures.text(factor, 2)) times the rate and not four: the "
        + "estimate is d_coef × (distance from the start in the direction of the gradients) / (sum of "
        + "gradients), and a bolder run has gone further when it is made, but along noisier gradients. "
        + "In a single run 1 and 1.2 often change places, as d is the maximum of a noisy ratio: that is why "
        + "the mean of many is shown."
    },
    GuideExperiment(
      "The learning rate of Prodigy", "The learning rate has to be 1, or the LoRA does nothing.",
      steps: long,
      ["1e-4", "0.1", "1"].map { (label: "learning_rate \($0)", settings: ["learning_rate": $0]) }
    ) { entries in
      "At 1e-4 \(Figures.percent(end(entries[0]))) of the loss are left. At 0.1 it ends at "
        + "\(Figures.percent(end(entries[1]))), at 1 at \(Figures.percent(end(entries[2]))): what is wrong is "
        + "a rate meant for AdamW, not every number but 1."
    },
    GuideExperiment(
      "Cosine or constant",
      "Prodigy never lowers its rate by itself, so a cosine brings out the details at the end.",
      steps: long,
      ["CONSTANT", "COSINE"].map {
        (label: $0, settings: ["learning_rate_scheduler": "\"\($0)\""])
      }
    ) { entries in
      sentence(better(entries[0], entries[1]))
    },
    GuideExperiment(
      "Beta2 in a short run", "A beta2 of 0.99 helps Prodigy to converge.", steps: short,
      value("beta2", ["0.9", "0.99", "0.999"])
    ) { entries in sentence(better(entries[1], entries[2])) },
    GuideExperiment(
      "Beta2 in a long run", "A beta2 of 0.99 helps Prodigy to converge.", steps: long,
      value("beta2", ["0.9", "0.99", "0.999"])
    ) { entries in
      let quarters = entries.map { $0.outcome?.quarterAt.map { Figures.count($0) } ?? "never" }
      return sentence(better(entries[1], entries[2]))
        + " To a quarter of the loss it takes \(quarters[1]) steps with 0.99 and \(quarters[2]) with 0.999."
    },
  ]

  // MARK: Start of the run

  private static let warmups: [GuideExperiment] =
    [(short, "a short run"), (long, "a long run")].map { steps, name in
      GuideExperiment(
        "Safeguard warm-up in \(name)",
        "Better on in short runs; in long ones it makes no difference.", steps: steps,
        [0.0, 0.1].flatMap { warmup in
          ["false", "true"].map { value in
            (
              label: "\(value), \(warmup == 0 ? "no warm-up" : "warm-up of a tenth")",
              settings: [
                "optimizer.safeguard_warmup": value,
                "learning_rate_warmup_steps": Figures.text(warmup * Double(steps)),
              ]
            )
          }
        }
      ) { entries in
        "Without a warm-up: \(better(entries[0], entries[1])). With one: "
          + "\(better(entries[2], entries[3])); d × rate at its highest is "
          + "\(Figures.text(peak(entries[2]), 2)) without the safeguard and "
          + "\(Figures.text(peak(entries[3]), 2)) with it."
      }
    }
    + [(short, "a short run"), (long, "a long run")].map { steps, name in
      GuideExperiment(
        "Bias correction in \(name)",
        "It depends: recommended unless the schedule is constant, and both are worth a try.",
        steps: steps,
        ["CONSTANT", "COSINE"].flatMap { schedule in
          ["false", "true"].map { value in
            (
              label: "\(value), \(schedule.lowercased())",
              settings: [
                "optimizer.use_bias_correction": value,
                "learning_rate_scheduler": "\"\(schedule)\"",
              ]
            )
          }
        }
      ) { entries in
        "Constant: \(better(entries[0], entries[1])). Cosine: \(better(entries[2], entries[3])). It lets d "
          + "grow further (\(Figures.text(peak(entries[0]), 2)) without and "
          + "\(Figures.text(peak(entries[1]), 2)) with it), which a constant schedule never takes back."
      }
    }

  // MARK: Weight decay

  private static let decays: [GuideExperiment] = [
    GuideExperiment(
      "Weight decay", "Weight decay from 0.001 to 0.01 keeps Prodigy from overtraining.",
      steps: long, value("weight_decay", ["0", "0.001", "0.01", "0.1"])
    ) { entries in
      "\(sentence(better(entries[0], entries[2]))) That it does no harm is what can be seen here: the "
        + "problem has endless data, so nothing overtrains."
    },
    GuideExperiment(
      "Weight decay that is coupled",
      "Decouple should be on. (OneTrainer's command line has it off where the file says nothing.)",
      steps: long,
      ["true", "false"].map {
        (
          label: "decouple \($0)",
          settings: ["optimizer.decouple": $0, "optimizer.weight_decay": "0.01"]
        )
      }
    ) { entries in
      "Coupled, the decay of 0.01 is larger than the gradients, and Prodigy estimates its step from it: the "
        + "loss ends at \(Figures.percent(end(entries[1]))) against \(Figures.percent(end(entries[0]))) "
        + "(d × rate \(Figures.text(peak(entries[1]), 2)) against \(Figures.text(peak(entries[0]), 2))). How "
        + "large gradients are is an assumption of the problem."
    },
  ]

  // MARK: Adafactor

  private static let modes: [String: String] = [
    "optimizer.optimizer": "\"ADAFACTOR\"", "optimizer.eps": "1e-30", "optimizer.eps2": "0.001",
    "optimizer.clip_threshold": "1.0", "optimizer.decay_rate": "-0.8",
    "optimizer.stochastic_rounding": "true", "optimizer.warmup_init": "false",
  ]
  private static let full: [String: String] = [
    "training_method": "\"FINE_TUNE\"", "output_model_format": "\"SAFETENSORS\"",
    "unet": #"{"train": true, "weight_dtype": "BFLOAT_16"}"#,
  ]

  private static func adaptive(_ rate: String, _ more: [String: String]) -> [String: String] {
    modes.merging([
      "optimizer.relative_step": "true", "optimizer.scale_parameter": "true",
      "learning_rate_scheduler": "\"ADAFACTOR\"", "learning_rate": rate,
    ]) { $1 }.merging(more) { $1 }
  }

  private static func lowMemory(_ rate: String, _ more: [String: String]) -> [String: String] {
    modes.merging([
      "optimizer.relative_step": "false", "optimizer.scale_parameter": "false",
      "learning_rate": rate,
    ]) { $1 }.merging(more) { $1 }
  }

  private static func adamW(_ rate: String, _ more: [String: String]) -> [String: String] {
    [
      "optimizer.optimizer": "\"ADAMW\"", "optimizer.beta1": "0.9", "optimizer.beta2": "0.999",
      "optimizer.eps": "1e-8", "optimizer.weight_decay": "0.01",
      "optimizer.stochastic_rounding": "true", "learning_rate": rate,
    ].merging(more) { $1 }
  }

  private static let adafactor: [GuideExperiment] = [
    GuideExperiment(
      "Adafactor's two modes, LoRA",
      "Adaptive, it ignores the learning rate; with relative step and scale parameter off it is a low-memory AdamW, at the rate of AdamW.",
      steps: 1000,
      [
        ("adaptive, 1e-4", adaptive("1e-4", [:])), ("adaptive, 1e-2", adaptive("1e-2", [:])),
        ("low memory, 1e-4", lowMemory("1e-4", [:])), ("AdamW, 1e-4", adamW("1e-4", [:])),
      ]
    ) { entries in
      let isIgnored = end(entries[0]) == end(entries[1])
      return
        (isIgnored ? "Adaptive, both rates give the same run to the last digit. " : "")
        + "At 1e-4 low memory ends at \(Figures.percent(end(entries[2]))) and AdamW at "
        + "\(Figures.percent(end(entries[3])))."
    },
    GuideExperiment(
      "Adafactor's two modes, full fine-tuning in bfloat16",
      "Adaptive, its rate is too high to fine-tune; with a rate of its own it is fine.",
      steps: 1000, seeds: 4,
      [
        ("adaptive", adaptive("1e-5", full)), ("low memory, 1e-5", lowMemory("1e-5", full)),
        ("AdamW, 1e-5", adamW("1e-5", full)),
      ]
    ) { entries in
      let verdict = entries[0].outcome?.verdict?.rawValue ?? ""
      let isTooHigh = ["diverges", "unstable"].contains(verdict)
      return
        "\(isTooHigh ? "Holds" : "Not seen"): adaptive it \(verdict); at 1e-5 low memory ends at \(Figures.percent(end(entries[1]))) and AdamW at \(Figures.percent(end(entries[2])))."
    },
  ]
}
