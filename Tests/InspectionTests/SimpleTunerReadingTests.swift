import Inspection
import Plans
import Reporting
import SourceText
import TestSupport
import Testing

/// The forms that a SimpleTuner config may have, and what is made of values in them.
@Suite struct SimpleTunerReadingTests {
  static func findings(
    _ text: String, path: String = "config.json", files: [String: String] = [:]
  ) throws -> [String] {
    let neighbours = Neighbours { path in files[path].map { SourceFile(path: path, text: $0) } }
    return try Inspector().inspect(SourceFile(path: path, text: text), neighbours: neighbours)
      .diagnostics.map { "\($0.severity) \($0.rule) @ \($0.keyPath)" }.sorted()
  }

  // MARK: Forms

  static let fine = [
    #"{"model_family": "flux", "model_type": "lora", "output_dir": "o", "optimizer": "adamw_bf16", "data_backend_config": "d", "learning_rate": 1e-4, "max_train_steps": 100, "num_train_epochs": 0}"#,
    // Dashes, texts for numbers, and what is nothing.
    #"{"--model_family": "FLUX", "-model_type": "lora", "--output_dir": "o", "--optimizer": "adamw_bf16", "--data_backend_config": "d", "--learning_rate": "1e-4", "--max_train_steps": "100", "--num_train_epochs": "0", "--validation_prompt": "", "--lora_alpha": null, "--push_to_hub": "false"}"#,
    // As the interface stores it, which fills in the rest.
    #"{"_metadata": {"name": "a"}, "config": {"--model_family": "flux", "--model_type": "lora", "--learning_rate": 1e-4}}"#,
  ]

  @Test(arguments: fine)
  func takesEveryFormOfJSON(_ text: String) throws {
    #expect(try Self.findings(text) == [])
  }

  @Test func takesTOML() throws {
    let text = """
      # a comment
      model_family = "flux"
      model_type = "lora"
      output_dir = "o"
      optimizer = "adamw_bf16"
      data_backend_config = "d"
      learning_rate = 1e-4
      max_train_steps = 100
      num_train_epochs = 0
      gradient_checkpointing = true
      """
    #expect(try Self.findings(text, path: "config.toml") == [])
    // Tables are objects, which are dropped.
    #expect(
      try Self.findings(text + "\n[lora]\nlora_rank = 16\n", path: "config.toml")
        == ["warning unknown-key @ lora"])
    #expect(
      try Self.findings(text + "\n[quantization_config]\na = 1\n", path: "config.toml")
        == ["warning unreadable-value @ quantization_config"])
  }

  static let environment = """
    # the run
    export MODEL_FAMILY=flux
    MODEL_TYPE='lora'
    OUTPUT_DIR="o"
    OPTIMIZER=adamw_bf16
    DATALOADER_CONFIG=d
    LEARNING_RATE=1e-4
    MAX_NUM_STEPS=100
    NUM_EPOCHS=0
    USE_EMA=false
    TRAINING_NUM_PROCESSES=2
    TRAINING_DYNAMO_BACKEND=no
    MODEL_NAME="${SOMEWHERE}/model"
    VENV_PATH=here
    TRAINER_EXTRA_ARGS="--lora_rank=16 --grad_clip_method norm --max_grad_norm 1.0"

    """

  @Test func takesVariables() throws {
    #expect(try Self.findings(Self.environment, path: "config.env") == [])
  }

  @Test(arguments: [
    ("NUM_EPOCHS=0", "NUM_EPOCHS=3", ["error conflicting-settings @ NUM_EPOCHS"]),
    ("LEARNING_RATE=1e-4", "LEARNING_RATE=much", ["error unreadable-value @ LEARNING_RATE"]),
    ("OPTIMIZER=adamw_bf16", "OPTIMIZER=AdamW", ["error unknown-name @ OPTIMIZER"]),
    ("USE_EMA=false", "USE_XFORMERS=true", ["error retired-key @ USE_XFORMERS"]),
    (
      "MODEL_TYPE='lora'", "MODEL_TYP='lora'",
      [
        "error missing-setting @ model_type", "error unknown-key @ MODEL_TYP",
      ]
    ),
    (
      "--lora_rank=16", "--lora_rank=16.5",
      ["error unreadable-value @ TRAINER_EXTRA_ARGS.lora_rank"]
    ),
    ("--lora_rank=16", "--lora_rnak=16", ["error unknown-key @ TRAINER_EXTRA_ARGS.lora_rnak"]),
    (
      "--lora_rank=16", "--lora_rank=0", ["error value-out-of-range @ TRAINER_EXTRA_ARGS.lora_rank"]
    ),
    ("--grad_clip_method norm", "", ["warning clip-by-value @ TRAINER_EXTRA_ARGS.max_grad_norm"]),
    (
      "--lora_rank=16", "--optimizer_config=eps=1e-8,wd=1",
      [
        "warning unknown-optimizer-option @ TRAINER_EXTRA_ARGS.optimizer_config.wd"
      ]
    ),
  ])
  func findsMistakesInVariables(_ old: String, _ new: String, _ expected: [String]) throws {
    let text = Self.environment.replacing(old, with: new)
    #expect(text != Self.environment)
    // Near names of variables are no errors: other programs may read them.
    let expected = expected.map {
      $0.replacing("error unknown-key @ MODEL_TYP", with: "warning unknown-key @ MODEL_TYP")
    }
    let found = try Self.findings(text, path: "config.env")
    #expect(
      found.filter { !$0.contains("learning-rate") && !$0.contains("without-effect") }
        == expected.sorted())
  }

  @Test func editsVariables() throws {
    let source = SourceFile(
      path: "config.env", text: Self.environment.replacing("NUM_EPOCHS=0", with: "NUM_EPOCHS=3"))
    let outcome = try Repair(Inspector(), includesUnsafe: false).repair(source)
    #expect(String(decoding: outcome.source.bytes, as: UTF8.self) == Self.environment)
  }

  @Test func editsInTheStyleOfTheFile() throws {
    let source = SourceFile(
      path: "config.json",
      text:
        #"{"--model_family": "flux", "--model_type": "full", "--output_dir": "o", "--optimizer": "adamw_bf16", "--data_backend_config": "d", "--max_train_steps": 9}"#
    )
    let outcome = try Repair(Inspector(), includesUnsafe: false).repair(source)
    #expect(
      String(decoding: outcome.source.bytes, as: UTF8.self).hasSuffix(
        #""--max_train_steps": 9, "--num_train_epochs": 0}"#))
  }

  // MARK: Values

  /// A value, and whether the trainer stops at it.
  @Test(arguments: [
    ("gradient_checkpointing", "1", true), ("gradient_checkpointing", "1.0", false),
    ("gradient_checkpointing", #""YES""#, true), ("gradient_checkpointing", #""maybe""#, false),
    ("lora_rank", "16", true), ("lora_rank", "16.0", false), ("lora_rank", #"" 1_6 ""#, true),
    ("lora_rank", "1e1", false), ("lora_rank", "true", false), ("lora_rank", "false", false),
    ("lora_rank", #""false""#, true), ("lora_rank", "null", true), ("lora_rank", "[16]", true),
    ("lora_alpha", "1e1", true), ("lora_alpha", #""nan""#, true), ("lora_alpha", #""x""#, false),
    ("snr_gamma", "5", true), ("snr_gamma", "5.0", false),
    ("model_family", #"" FLUX ""#, true), ("model_family", #""fluxx""#, false),
    ("mixed_precision", #""no""#, true), ("mixed_precision", "false", false),
    ("prediction_type", #""""#, false), ("dynamo_mode", #""""#, true),
    ("aspect_bucket_alignment", "64", true), ("aspect_bucket_alignment", #""64""#, true),
    ("aspect_bucket_alignment", "65", false), ("validation_prompt_library", #""a/b""#, true),
    ("validation_steps", "10", true), ("validation_steps", "1.5", false),
    ("validation_resolution", "1024", true), ("resume_from_checkpoint", "true", false),
  ])
  func readsAsTheParserDoes(_ key: String, _ value: String, _ isTaken: Bool) throws {
    let text = #"{"model_family": "flux", "\#(key)": \#(value)}"#
    let reading: Set = ["unreadable-value", "unknown-name", "unknown-key"]
    let found = try Inspector(backend: "simpletuner").inspect(
      SourceFile(path: "config.json", text: text)
    ).diagnostics.filter { reading.contains($0.rule) && $0.severity == .error }
    #expect(found.isEmpty == isTaken)
  }

  // MARK: Threads

  /// What users ran into, as a file.
  @Test(arguments: [
    // SimpleTuner issue 2580: the trainer should say which key is faulty.
    (
      #"{"model_family": "flux", "model_type": "lora", "output_dir": "o", "optimizer": "adamw_bf16", "data_backend_config": "d", "learning_rate": 1e-4, "lora_target": "all"}"#,
      "error unknown-key @ lora_target"
    ),
    // 462 and 755: bfloat16 alone under adamw_bf16.
    (
      #"{"model_family": "sd3", "model_type": "full", "output_dir": "o", "optimizer": "adamw_bf16", "data_backend_config": "d", "mixed_precision": "no"}"#,
      "warning setting-replaced @ mixed_precision"
    ),
    (
      #"{"model_family": "sd3", "model_type": "lora", "output_dir": "o", "optimizer": "adamw_bf16", "data_backend_config": "d", "learning_rate": 1e-4, "base_model_precision": "int8-quanto", "base_model_default_dtype": "fp32"}"#,
      "warning setting-replaced @ base_model_default_dtype"
    ),
    // 104: Adafactor at a rate of 1.
    (
      #"{"model_family": "sdxl", "model_type": "full", "output_dir": "o", "optimizer": "adafactor", "data_backend_config": "d", "learning_rate": 1}"#,
      "error unknown-name @ optimizer"
    ),
    // 486: full training of SD3 at a rate for adapters.
    (
      #"{"model_family": "sd3", "model_type": "full", "output_dir": "o", "optimizer": "adamw_bf16", "data_backend_config": "d", "learning_rate": 1e-4}"#,
      "warning learning-rate-of-another-method @ learning_rate"
    ),
    // 954: a low point above the rate.
    (
      #"{"model_family": "sd3", "model_type": "full", "output_dir": "o", "optimizer": "adamw_bf16", "data_backend_config": "d", "learning_rate": 1e-7, "lr_scheduler": "sine", "lr_warmup_steps": 500, "max_train_steps": 500, "num_train_epochs": 0}"#,
      "warning schedule-above-learning-rate @ lr_scheduler"
    ),
  ])
  func flagsWhatUsersRanInto(_ text: String, _ finding: String) throws {
    #expect(try Self.findings(text).contains(finding))
  }

  // MARK: Hostile files

  @Test(arguments: [
    "[]", "{}", "[1, 2]", "[[]]", "[{}]", #"[{"id": 1, "type": 2}]"#,
    #"[{"id": "a", "type": "local", "video": 3, "conditioning": "x", "conditioning_data": {"a": 1}, "resolution": "x", "train_batch_size": [1]}]"#,
    #"{"model_family": {"a": 1}, "optimizer_config": [1, 2], "lr_scheduler": 3, "max_train_steps": 1e308}"#,
    #"{"model_family": "flux", "optimizer": "prodigy", "optimizer_config": "=,=,,lr=,a=b=c,=1"}"#,
    #"{"model_family": "flux", "optimizer": "adamw_bf16", "optimizer_config": "=", "learning_rate": 1e999}"#,
    #"{"model_family": "flux", "num_processes": 99999999999, "train_batch_size": 1e300, "lr_scale": true}"#,
    #"{"model_family": "flux", "lr_warmup_steps": -5, "lr_scheduler": "cosine", "max_train_steps": -1}"#,
    #"{"": 1, "--": 2, "model_family": "flux", "data_backend_config": ""}"#,
    #"{"_metadata": {}, "config": {"config": {"_metadata": {}}}}"#,
    #"{"algo": "lokr", "apply_preset": [], "linear_dim": {}}"#,
  ])
  func survives(_ text: String) throws {
    let inspector = Inspector(backend: "simpletuner")
    let source = SourceFile(path: "config.json", text: text)
    _ = try inspector.inspect(source)
    _ = try Repair(inspector, includesUnsafe: true).repair(source)
  }

  @Test func survivesOddVariables() throws {
    for text in [
      "=\n", "A\n", "TRAINER_EXTRA_ARGS=\"-- --= --a --learning_rate\"\n", "MODEL_FAMILY+=x\n",
    ] {
      _ = try Inspector(backend: "simpletuner").inspect(SourceFile(path: "config.env", text: text))
    }
  }
}
