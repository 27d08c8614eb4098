import Advice
import Inspection
import Memory
import SourceText

/// Asks on the terminal for what the call does not say.
///
/// Questions go to standard error, so that what is printed can still go to a file. The end of the input
/// and Ctrl-C both end it, with nothing written.
struct Interview {
  /// The end of the input, or Ctrl-C.
  struct Cancelled: Error {}

  /// What the call says already.
  var backend: String?
  var model: KnownModel?
  var method: Method?
  var vram: Int?
  var images: Int?
  var goal: Goal?
  var experience: Experience?

  private let terminal = Console.errors

  func request() throws(Cancelled) -> StartRequest {
    terminal.write("Enter takes what stands in brackets, ? explains, Ctrl-C leaves.\n")
    let backend = try ask(Self.trainer, unless: backend)
    let model = try ask(Self.model(of: backend), unless: model)
    let method = try ask(Self.method(backend, model), unless: method)
    let vram = try ask(Self.card, unless: vram)
    let images = try ask(Self.images, unless: images)
    let goal = try ask(Self.goal, unless: goal)
    let experience = try ask(Self.experience, unless: experience)
    var request = StartRequest(
      backend: backend, model: model, method: method, vram: vram, images: images)
    request.goal = goal
    request.experience = experience
    return request
  }

  /// Where to write the config; nil to print it.
  func place(usual name: String) throws(Cancelled) -> String? {
    let answer = try ask(
      Question(
        "Write it to", usual: name,
        help:
          "A path; the files that the config needs go beside it. A dash prints the config instead."
      ) { FileInput.exists($0) ? nil : $0 })
    return answer == "-" ? nil : answer
  }

  private func ask<Value>(
    _ question: Question<Value>, unless known: Value? = nil
  ) throws(Cancelled) -> Value {
    if let known { return known }
    terminal.write("\n" + question.list)
    while true {
      terminal.write("\(question.title) [\(question.usual)]: ")
      guard let line = Console.line() else { throw Cancelled() }
      let answer = line.trimmed
      if answer == "?" {
        terminal.write("  \(question.help)\n")
      } else if let value = question.value(answer.isEmpty ? question.usual : answer) {
        return value
      } else {
        terminal.write("  \(question.refusal(answer))\n")
      }
    }
  }
}

/// Something to ask, with the answer of those who just press Enter.
struct Question<Value> {
  let title: String
  let usual: String
  let help: String
  /// The answers there are; none where any value of a kind will do.
  let choices: [String]
  private let parse: (String) -> Value?

  init(
    _ title: String, usual: String, help: String, choices: [String] = [],
    parse: @escaping (String) -> Value?
  ) {
    self.title = title
    self.usual = usual
    self.help = help
    self.choices = choices
    self.parse = parse
  }

  /// The choices with their numbers.
  var list: String {
    choices.enumerated().map { "  \($0.offset + 1)  \($0.element)\n" }.joined()
  }

  /// A choice by its number or its name.
  func value(_ answer: String) -> Value? {
    if let number = Int(answer), choices.indices.contains(number - 1) {
      return parse(choices[number - 1])
    }
    return parse(answer)
  }

  func refusal(_ answer: String) -> String {
    let near = Suggestion.nearest(to: answer, in: choices).map { ": did you mean '\($0)'?" }
    return choices.isEmpty
      ? "'\(answer)' cannot be taken; ? explains" : "'\(answer)' is none of these\(near ?? "")"
  }
}

extension Interview {
  private static var trainer: Question<String> {
    let all = Starter.backends
    return Question(
      "Trainer", usual: all.first ?? "",
      help:
        "The program that trains: kohya is sd-scripts with a TOML file, kohya-gui the interface to it.",
      choices: all
    ) { all.contains($0) ? $0 : nil }
  }

  private static func model(of backend: String) -> Question<KnownModel> {
    let all = Starter.models(of: backend)
    return Question(
      "Model", usual: all.first?.name ?? "",
      help: "The base model that pictures will be made with. Small ones train on small cards.",
      choices: all.map(\.name)
    ) { KnownModel(named: $0, among: all) }
  }

  private static func method(_ backend: String, _ model: KnownModel) -> Question<Method> {
    let all = Starter.methods(backend, model)
    return Question(
      "Method", usual: all.first?.rawValue ?? "",
      help:
        "lora: a small file beside the model, for a subject or a style. full: the model itself, which "
        + "takes far more memory. embedding: a new word, which shows only what the model knows.",
      choices: all.map(\.rawValue)
    ) { answer in Method(rawValue: answer).flatMap { all.contains($0) ? $0 : nil } }
  }

  private static var card: Question<Int> {
    Question(
      "Memory of the card", usual: "12GiB",
      help: "As the maker states it, such as 8GiB, 12GiB, 16GiB, 24GiB; a number alone is in GiB."
    ) { answer in Size.bytes(Int(answer) == nil ? answer : answer + "GiB") }
  }

  private static var images: Question<Int> {
    Question(
      "Pictures", usual: "\(StartRequest.usualImages)",
      help:
        "How many pictures you train on; they decide the length of the run. 15 to 50 are usual for a subject."
    ) { answer in Int(answer).flatMap { 1...1_000_000 ~= $0 ? $0 : nil } }
  }

  private static var goal: Question<Goal> {
    Question(
      "Goal", usual: Goal.firstAttempt.rawValue,
      help:
        "first-attempt: Prodigy, which finds its learning rate. refine: AdamW, once a first run was close. "
        + "save-memory: as little as possible on the card.",
      choices: Goal.allCases.map(\.rawValue), parse: Goal.init)
  }

  private static var experience: Question<Experience> {
    Question(
      "Experience", usual: Experience.beginner.rawValue,
      help:
        "Where memory is short, advanced users get Lion, which is less forgiving; others Adafactor.",
      choices: Experience.allCases.map(\.rawValue), parse: Experience.init)
  }
}

extension String {
  /// Without blanks around.
  fileprivate var trimmed: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
