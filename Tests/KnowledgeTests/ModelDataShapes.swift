import SourceText

/// The fields of the files that say how large models are.
extension Shape {
  static let component = Shape.object([
    "version": .integer, "id": .text, "parameters": .integer, "buffers": .integer, "source": .text,
    "verified": .oneOf(["exact", "nominal", "unverified"]),
    "layers": .list(
      .object(
        [
          "path": .text, "kind": .oneOf(["linear", "conv"]), "in": .integer, "out": .integer,
          "role": .oneOf(["attention", "feed_forward", "other"]),
        ],
        optional: [
          "count": .integer, "kernel": .list(.integer), "groups": .integer, "bias": .flag,
          "within": .list(.text),
        ])),
    "tensors": .list(
      .object(["kind": .text, "shape": .list(.integer), "count": .integer])),
  ])

  static let activations = Shape.object(
    [
      "version": .integer, "model": .text,
      "rows": .list(
        .object([
          "train": .oneOf(["full", "lokr", "lora-all", "lora-attention"]), "rank": .integer,
          "precision": .oneOf(["bf16", "autocast"]),
          "packing": .oneOf(["none", "fp8", "fp8wo", "sdnq"]), "dropout": .number,
          "checkpointing": .oneOf(["off", "all", "int2", "int2st4"]), "textTokens": .integer,
          "backward": .flag, "points": .list(.list(.integer)),
        ])),
    ],
    optional: [
      "weightBytes": .integer, "packableParameters": .integer,
      "adapterParametersPerRank": .integer,
    ])

  static let families = Shape.object([
    "version": .integer,
    "families": .list(
      .object(
        [
          "id": .text, "title": .text, "encoders": .list(.text), "pixelsPerToken": .integer,
          "textTokens": .integer,
          "names": .map(
            .list(.object(["name": .text], optional: ["base": .list(.text), "not": .list(.text)]))),
        ],
        optional: [
          "denoiser": .text, "autoencoder": .text, "table": .text, "tableOf": .text,
          "framesPerLatent": .integer, "interval": .oneOf(["segments", "alternate", "ignored"]),
          "checkpointsNothingIn": .list(.text), "sharedBytes": .integer,
          "assistantRank": .integer, "prompt": .oneOf(["length"]), "blocks": .list(.text),
        ])),
  ])

  static let levers = Shape.object([
    "version": .integer, "about": .text,
    "backends": .map(
      .list(
        .object(
          ["set": .map(.value), "cost": .sentence],
          optional: ["only": .oneOf(["adapter", "full"])]))),
    "optimizers": .map(
      .list(
        .object(["title": .text, "set": .map(.value)], optional: ["options": .map(.value)]))),
  ])

  static let adapterTargets = Shape.object([
    "version": .integer, "about": .text, "usual": .list(.text), "controlNet": .list(.text),
    "slider": .object(["usual": .list(.text), "families": .map(.list(.text))]),
    "families": .map(
      .object([:], optional: ["targets": .list(.text), "joined": .flag, "option": .text])),
    "options": .map(.map(.list(.text))),
  ])
}
