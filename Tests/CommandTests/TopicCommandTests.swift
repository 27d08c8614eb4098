import Foundation
import TestSupport
import Testing

/// `explain`, `list` and `schema`, from outside.
@Suite struct TopicCommandTests {
  @Test(arguments: [
    ("prodigy", "d_coef"), ("PRODIGY", "d_coef"), ("beta3", "CAME"), ("Initial D", "optimizer.d0"),
    ("cosine-with-restarts", "warm-up"), ("adaptive-learning-rate-not-one", "Why"),
    ("learning_rate", "type: number"), ("sdxl", "unet"), ("onetrainer", "161 settings"),
    ("fused_back_pass", "ADAFACTOR"), ("weight_dtype", "FLOAT_32"),
    ("bnb-adamw8bit", "AdamW8bit"), ("AdamW8bit", "bnb-adamw8bit"), ("adamw8bit", "ADAMW_8BIT"),
    ("cosine_with_min_lr", "lr_scheduler_min_lr_ratio"), ("kohya", "optimizer_args"),
    ("kahan_sum", "optimi-lion"), ("automagic2", "Automagic 2"),
  ])
  func explains(_ topic: String, _ expected: String) throws {
    let outcome = try Program.run("explain", topic)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains(expected))
  }

  @Test func suggestsATopic() throws {
    let outcome = try Program.run("explain", "prodgy")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("Did you mean 'PRODIGY'?"))
  }

  @Test(arguments: [
    ("optimizers", 77), ("options", 198), ("schedulers", 19), ("models", 29), ("backends", 5),
    ("coverage", 655),
  ])
  func lists(_ kind: String, _ count: Int) throws {
    let outcome = try Program.run("list", kind, "--format", "json")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect((object[kind] as? [Any])?.count == count)
    #expect(try Program.run("list", kind).status == 0)
    #expect(try Program.run("list", kind, "--format", "markdown").output.hasPrefix("# "))
  }

  @Test func printsTheSchema() throws {
    let outcome = try Program.run("schema", "onetrainer")
    #expect(outcome.output == (try Repository.text("Schemas/editor/onetrainer.schema.json")))
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(object["$schema"] as? String == "http://json-schema.org/draft-07/schema#")
    #expect((object["properties"] as? [String: Any])?.count == 162)
    #expect(try Program.run("schema", "kohyo").status == 2)
  }

  @Test(arguments: ["lint", "explain", "list", "schema"])
  func helpBeginsWithExamples(_ command: String) throws {
    let outcome = try Program.run(command, "--help")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("EXAMPLES:\n"))
    #expect(
      outcome.output.split(separator: "\n").count {
        $0.hasPrefix("    tuneup ") || $0.hasPrefix("  tuneup ")
      } >= 2)
  }
}
