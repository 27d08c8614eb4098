import Inspection
import Plans
import Reporting
import SourceText
import TestSupport
import Testing

@Suite struct AIToolkitReadingTests {
  private static func diagnostics(_ text: String, _ path: String = "job.yaml") throws
    -> [Diagnostic]
  {
    try Inspector().inspect(SourceFile(path: path, text: text)).diagnostics
  }

  private static func backend(_ text: String, _ path: String) -> String {
    do throws(ReadFailure) {
      let (_, backend) = try Inspector().open(SourceFile(path: path, text: text))
      return backend.id
    } catch {
      return error.isOtherKind ? "other" : "none"
    }
  }

  // MARK: Recognition

  @Test(
    arguments: [
      ("job: extension\nconfig:\n  process:\n    - type: sd_trainer\n", "job.yaml", "ai-toolkit"),
      ("job: extension\nconfig:\n  process:\n    - type: concept_slider\n", "a.yml", "ai-toolkit"),
      ("job: train\nconfig:\n  process:\n    - type: slider\n", "job.yaml", "ai-toolkit"),
      // Mistakes that are to be reported and not to hide the file.
      ("job: extention\nconfig:\n  process:\n    - type: sd_trainer\n", "a.yaml", "ai-toolkit"),
      ("config:\n  process:\n    - type: sd_trainer\n", "a.yaml", "ai-toolkit"),
      (
        "job: extension\nconfig:\n  process:\n    - type: sd_trianer\n      train: {lr: 1}\n",
        "a.yaml", "ai-toolkit"
      ),
      ("job: extension\nconfig:\n  process:\n    - train: {lr: 1}\n", "a.yaml", "ai-toolkit"),
      ("job: extension\nconfig:\n  process: {type: sd_trainer}\n", "a.yaml", "ai-toolkit"),
      ("job: extension\nprocess:\n  - type: sd_trainer\n", "a.yaml", "ai-toolkit"),
      ("job: extension\nconfig:\n  name: a\n", "a.yaml", "ai-toolkit"),
      (
        #"{"job": "extension", "config": {"process": [{"type": "diffusion_trainer"}]}}"#, "a.json",
        "ai-toolkit"
      ),
      (
        #"{"job": "extension", "config": {"process": [{"type": "ui_trainer"}]}}"#, "a.jsonc",
        "ai-toolkit"
      ),
      ("job: generate\nconfig:\n  process:\n    - type: to_folder\n", "a.yaml", "other"),
      ("job: extract\nconfig: {process: []}\n", "a.yaml", "other"),
      ("job: mod\nconfig: {process: []}\n", "a.yaml", "other"),
      ("job: extension\nconfig:\n  process:\n    - type: reference_generator\n", "a.yaml", "other"),
      ("job: extension\nconfig:\n  process:\n    - type: my_own\n", "a.yaml", "other"),
      ("job: train\nconfig:\n  process:\n    - type: esrgan\n", "a.yaml", "other"),
      // Neighbours in the same folders.
      (
        "compute_environment: LOCAL_MACHINE\ndistributed_type: 'NO'\nmixed_precision: bf16\nnum_processes: 1\n",
        "a.yaml", "other"
      ),
      (
        "services:\n  trainer:\n    image: ai-toolkit\n    volumes: ['./config:/config']\n",
        "a.yaml", "none"
      ),
      ("job:\n  name: build\nconfig:\n  process: 3\n", "a.yaml", "none"),
      ("name: CI\non: [push]\njobs:\n  build:\n    steps: []\n", "a.yaml", "none"),
      ("job: backup\nconfig: {process: nightly}\n", "a.yaml", "none"),
      ("- job: extension\n", "a.yaml", "none"), ("", "a.yaml", "none"), ("[]", "a.json", "none"),
      (#"{"learning_rate": 1e-4, "optimizer_type": "AdamW8bit"}"#, "a.json", "none"),
      ("job = 'extension'\n", "a.toml", "none"),
    ])
  func recognizes(text: String, path: String, backend: String) {
    #expect(Self.backend(text, path) == backend)
  }

  // MARK: Several runs

  @Test func everyProcessIsJudged() throws {
    let text = """
      job: extension
      config:
        name: a
        process:
          - {type: sd_trainer, training_folder: o, network: {linear: 4}, train: {lr: 1.0, optimizer: adamw, dtype: bf16}}
          - {type: reference_generator, train: {lr: 1.0, nonsense: 1}}
          - {type: sd_trainer, training_folder: o, network: {linear: 4}, train: {lr: 1e-4, optimizer: prodigy, dtype: bf16}}
      """
    let found = try Inspector(selected: [
      "learning-rate-too-high", "adaptive-learning-rate-not-one",
    ])
    .inspect(SourceFile(path: "job.yaml", text: text)).diagnostics
    #expect(
      found.map { "\($0.keyPath) \($0.rule)" } == [
        "config.process[0].train.lr learning-rate-too-high",
        "config.process[2].train.lr adaptive-learning-rate-not-one",
      ])
  }

  /// What two runs share is wrong once, and where it is written.
  @Test func sharedBlocksAreJudgedOnce() throws {
    let text = try #require(JobBase.all["two"]).replacing("lr: 1e-4", with: "lr: 1.0")
    let found = try Self.diagnostics(text)
    #expect(found.map { "\($0.keyPath) \($0.rule)" } == ["x-train.lr learning-rate-too-high"])
    let other = try #require(JobBase.all["two"]).replacing(
      "optimizer: adamw8bit", with: "optimiser: x")
    #expect(try Self.diagnostics(other).map(\.rule).filter { $0 == "unknown-key" }.count == 1)
  }

  /// Whether another run wants the same change, nobody can tell from one of them.
  @Test func sharedBlocksAreLeftToTheirAuthor() throws {
    let text = try #require(JobBase.all["two"]).replacing("lr: 1e-4", with: "lr: 1.0")
    let outcome = try Repair(Inspector(), includesUnsafe: true)
      .repair(SourceFile(path: "job.yaml", text: text))
    #expect(String(decoding: outcome.source.bytes, as: UTF8.self) == text)
  }

  // MARK: Values that are not in the file

  @Test func nothingIsConcludedFromTheEnvironment() throws {
    let text = try #require(JobBase.all["flux"]).replacing("lr: 1e-4", with: "lr: ${LR}")
      .replacing("steps: 2000", with: "steps: ${STEPS}")
      .replacing("\"adamw8bit\"", with: "${OPTIMIZER}")
      .replacing("is_flux: true", with: "arch: ${ARCH}")
    #expect(try Set(Self.diagnostics(text).map(\.rule)) == ["environment-variable"])
  }

  @Test func theNameIsPutInAsItIs() throws {
    let base = try #require(JobBase.all["flux"])
    for (name, rules) in [
      (#"'a/b'"#, []), (#"'a\b'"#, ["run-name-breaks-file"]),
      (#"'C:\new'"#, ["run-name-breaks-file"]),
      (#"'a\\b'"#, ["run-name-breaks-file"]), (#""a 🙂""#, []), ("run-1", []),
    ] {
      let text = base.replacing("\"my_flux_lora\"", with: name)
      #expect(try Self.diagnostics(text).map(\.rule) == rules, "\(name)")
    }
  }

  // MARK: Threads of users

  @Test(
    arguments: [
      // ostris/ai-toolkit issue 305
      (
        "full", "optimizer: adafactor",
        "optimizer: adafactor\n        optimizer_params: {relative_step: true, scale_parameter: true, warmup_init: true}",
        "optimizer-refuses-value", "train.optimizer_params.relative_step"
      ),
      // issue 153
      ("flux", "dtype: bf16", "dtype: fp16", "questionable-setting", "train.dtype"),
      // issue 134
      ("flux", "\"adamw8bit\"", "\"prodigy\"", "adaptive-learning-rate-not-one", "train.lr"),
      // PR 896
      (
        "sdxl", "lr_scheduler: cosine", "lr_scheduler: cosine\n        num_warmup_steps: 200",
        "unknown-key", "train.num_warmup_steps"
      ),
      (
        "sdxl", "lr_scheduler: cosine",
        "lr_scheduler: cosine\n        lr_scheduler_params: {num_warmup_steps: 200}",
        "schedule-refused", "train.lr_scheduler_params.num_warmup_steps"
      ),
      // PR 995
      (
        "sdxl", "lr_scheduler: cosine",
        "lr_scheduler: step\n        lr_scheduler_params: {step_size: 500}", "schedule-refused",
        "train.lr_scheduler"
      ),
      // PRs 702 and 1045
      (
        "sdxl", "lr_scheduler: cosine", "lr_scheduler: polynomial", "unknown-name",
        "train.lr_scheduler"
      ),
      (
        "sdxl", "lr_scheduler: cosine", "lr_scheduler: cosine_with_warmup", "unknown-name",
        "train.lr_scheduler"
      ),
      // issue 954
      (
        "full", "arch: flex1",
        "arch: krea2, quantize: true, qtype: qfloat8, layer_offloading: true",
        "questionable-setting", "model.layer_offloading"
      ),
      // issue 795
      (
        "full", "arch: flex1",
        "arch: \"ltx2.3\", layer_offloading: true, layer_offloading_text_encoder_percent: 0.5",
        "questionable-setting", "model.layer_offloading_text_encoder_percent"
      ),
    ])
  func flagsWhatUsersStumbledOn(base: String, old: String, new: String, rule: String, key: String)
    throws
  {
    let text = try #require(JobBase.all[base])
    #expect(text.contains(old))
    let found = try Self.diagnostics(text.replacing(old, with: new))
    #expect(found.contains { $0.rule == rule && $0.keyPath == "config.process[0].\(key)" })
  }

  // MARK: Hostile input

  @Test(
    arguments: [
      "job: extension\nconfig:\n  process:\n    - type: sd_trainer\n      train: &a [*a]\n",
      "job: extension\nconfig: {process: [[], 1, null, {type: [sd_trainer]}, {type: sd_trainer}]}\n",
      "job: [extension]\nconfig:\n  process:\n    - type: sd_trainer\n      datasets: [1, [], null]\n",
      "job: extension\nconfig:\n  process:\n    - type: sd_trainer\n      train: []\n      model: 7\n      network: [1]\n      sample: {prompts: {a: 1}, samples: [1]}\n",
      "job: extension\nconfig:\n  process:\n    - type: sd_trainer\n      train: {steps: 999999999999999999999, lr: .nan, batch_size: -1e300}\n",
      "job: extension\nconfig:\n  process:\n    - type: sd_trainer\n      train: {optimizer: [], optimizer_params: [], lr_scheduler: {}, lr_scheduler_params: 3}\n",
      "job: extension\nconfig:\n  name: \"\\0\\x07\"\n  process:\n    - type: sd_trainer\n      meta: '[name]'\n",
      "? job\n: extension\nconfig:\n  ? process\n  :\n    - ? type\n      : sd_trainer\n",
      "job: extension\nconfig: &c\n  process:\n    - type: sd_trainer\n      train: {<<: [{lr: 1}, {lr: 2}], <<: {steps: 3}}\nmeta: *c\n",
      "job: extension\nconfig:\n  process:\n    - type: sd_trainer\n      train: {optimizer_params: {betas: [x], ? : 1}, steps: 1_000_000_000}\n",
      "job: extension # ${\nconfig: {process: [{type: sd_trainer, train: {lr: '${}', steps: '${A}${B'}}]}\n",
    ])
  func answersHostileInput(_ text: String) throws {
    for name in ["job.yaml", "job.json"] {
      let source = SourceFile(path: name, text: text)
      for unsafe in [false, true] {
        _ = try? Repair(Inspector(backend: "ai-toolkit"), includesUnsafe: unsafe).repair(source)
      }
    }
    let source = SourceFile(path: "job.yaml", text: text)
    if (try? DocumentReader.read(source)) != nil {
      #expect(throws: Never.self) { try Inspector(backend: "ai-toolkit").inspect(source) }
    }
  }
}
