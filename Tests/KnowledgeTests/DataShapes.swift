import SourceText

/// The fields of each data file.
extension Shape {
  /// The shape of a file by its path; nil for what is no data of ours, such as presets.
  static func ofFile(_ path: String) -> Shape? {
    switch path {
    case "Schemas/options.json", "Schemas/library-options.json": options
    case "Schemas/optimizer-names.json": optimizerNames
    case "Schemas/schedulers.json": schedulers
    case "Schemas/optimizer-symbols.json":
      .object(["version": .integer, "about": .text, "symbols": .map(.text)])
    case "Schemas/simulation.json": simulation
    case "Schemas/layers.json": layers
    case "Schemas/advice.json": advice
    case "Schemas/claims.json": claims
    case _ where path.hasPrefix("Schemas/optimizers/"): optimizer
    case _ where path.hasPrefix("Schemas/models/"): model
    case _ where path.hasPrefix("Schemas/backends/"): backend
    case _ where path.hasPrefix("Schemas/coverage/"): coverage
    case _ where path.hasPrefix("Schemas/architectures/"): architectures
    case "Schemas/families.json": families
    case "Schemas/levers.json": levers
    case "Schemas/adapter-targets.json": adapterTargets
    case _ where path.hasPrefix("Schemas/shapes/"): component
    case _ where path.hasPrefix("Schemas/activations/"): activations
    default: nil
    }
  }

  private static let setting: [String: Shape] = [
    "key": .text, "nullable": .flag, "default": .value, "meaning": .text,
    "type": .oneOf([
      "boolean", "integer", "number", "text", "choice", "object", "list", "map",
    ]),
  ]

  private static let range = Shape.object(
    [:],
    optional: [
      "minimum": .number, "maximum": .number, "exclusiveMinimum": .number,
      "exclusiveMaximum": .number,
    ])

  private static let options = Shape.object([
    "version": .integer, "source": .text,
    "options": .list(
      .object(
        setting.merging(["title": .text]) { $1 },
        optional: [
          "guideTitle": .text, "choices": .list(.text), "unit": .text, "range": range,
          "usual": .text, "more": .text, "auxiliaryAdam": .flag,
        ])),
  ])

  private static let predicate: [String: Shape] = [
    "minimum": .value, "maximum": .value, "exclusiveMinimum": .value, "exclusiveMaximum": .value,
    "equals": .value, "notEquals": .value, "oneOf": .list(.value), "noneOf": .list(.value),
    "notNull": .flag, "written": .flag,
  ]

  private static func constraint(rules: [String]) -> Shape {
    .object(
      [
        "key": .text, "rule": .oneOf(rules), "must": .object([:], optional: predicate),
        "rows": .list(.row), "severity": .oneOf(Severity.allCases.map(\.rawValue)),
        "consequence": .oneOf(Consequence.allCases.map(\.rawValue)), "message": .sentence,
        "why": .sentence,
      ],
      optional: [
        "when": .list(.object(["key": .text], optional: predicate)), "set": .value,
        "remove": .flag, "backends": .list(.text), "uses": .list(.text),
        "safety": .oneOf(Fix.Safety.allCases.map(\.rawValue)),
      ])
  }

  /// An optimizer as one trainer has it under one name.
  private static let use = Shape.object(
    [
      "name": .text, "library": .text, "libraryVersion": .text, "class": .text, "source": .text,
      "fusedBackPass": .flag, "stochasticRounding": .flag, "equalGroupRates": .flag,
      "options": .map(
        .object(
          ["default": .value],
          optional: [
            "whenNull": .value, "ignored": .sentence, "hidden": .flag, "spelling": .text,
            "refused": .sentence, "setting": .text, "libraryDefault": .value, "since": .text,
            "until": .text, "takesNull": .flag,
          ])),
    ],
    optional: [
      "startsWithTableDefaults": .flag, "startsWithBareDefaults": .flag, "broken": .sentence,
      "needs": .list(.text), "notes": .list(.text), "also": .list(.text),
      "unknownOptions": .oneOf(["dropped", "swallowed"]), "roundsInFusedBackPass": .flag,
      "compensatedSum": .flag, "keepsSchedule": .flag,
    ])

  /// Which optimizer a trainer builds for a name.
  private static let optimizerNames = Shape.object([
    "version": .integer, "about": .name("text") { !$0.isEmpty },
    "backends": .map(
      .object(
        ["title": .text],
        optional: [
          "options": .text, "tuple": .text, "names": .map(.text), "anyCase": .map(.text),
          "prefixes": .list(.object(["prefix": .text, "name": .text])),
          "refused": .list(
            .object(
              ["why": .sentence], optional: ["name": .text, "prefix": .text, "instead": .text])),
          "reserved": .map(.sentence),
        ])),
  ])

  private static let optimizer = Shape.object(
    [
      "version": .integer, "id": .text, "title": .text, "family": .text, "summary": .text,
      "useWhen": .text, "avoidWhen": .text, "adaptive": .flag, "scheduleFree": .flag,
      "signBased": .flag, "notes": .list(.text),
      "recommended": .list(
        .object(
          ["option": .text, "text": .text, "why": .text, "source": .text],
          optional: [
            "value": .value, "from": .number, "to": .number, "when": .text, "required": .flag,
          ])),
      "backends": .map(.either(list: .list(use), object: use)),
      "constraints": .list(
        constraint(rules: [
          "optimizer-refuses-value", "optimizer-drops-setting", "questionable-option",
        ])),
    ],
    optional: [
      "formula": .text,
      "paper": .object([
        "title": .text, "url": .name("an https link") { $0.hasPrefix("https://") },
      ]),
      "learningRate": .object(
        ["low": .number, "high": .number, "why": .text],
        optional: ["usual": .number, "source": .text]),
    ])

  private static let backendSetting = Shape.object(
    setting,
    optional: [
      "group": .text, "enum": .text, "object": .text, "items": .text, "range": range,
      "usual": .text, "unit": .text, "more": .text,
      // Made anew where the file is silent; the default is then null.
      "generated": .text, "required": .flag,
      // The scripts that read it; without them all do.
      "scripts": .list(.text),
      // How a value that is not of the type is read.
      "alsoTakes": .list(.oneOf(["boolean", "integer", "number", "text", "list", "object"])),
      "converted": .flag, "breaks": .oneOf(Consequence.allCases.map(\.rawValue)),
      // How a name that is none of the choices is read.
      "anyCase": .flag, "elsewhere": .list(.text),
      "unknownName": .object([
        "severity": .oneOf(Severity.allCases.map(\.rawValue)),
        "consequence": .oneOf(Consequence.allCases.map(\.rawValue)), "why": .sentence,
      ]),
      // What other programs call it.
      "otherNames": .list(.text),
      "choices": .list(.text), "only": .list(.number), "strict": .flag, "fraction": .flag,
      // What becomes of a name that is not among the choices, where the trainer goes on.
      "otherwise": .sentence,
      "choicesIn": .list(.object(["scripts": .list(.text), "choices": .list(.text)])),
      "defaultIn": .list(
        .object(["default": .value], optional: ["scripts": .list(.text), "tabs": .list(.tab)])),
      // Of an interface: the tabs that have it, what it becomes for the trainer, what takes the place
      // of what is no number, and whether 0 is passed on.
      "tabs": .list(.tab), "unreadable": .number, "zero": .oneOf(["unset"]),
      "sets": .either(list: .list(target), object: .text),
      // Of descriptions of images: where it may stand, and with which kinds of images.
      "levels": .list(.oneOf(["general", "dataset", "subset"])),
      "styles": .list(.oneOf(["dreambooth", "fine-tuning", "control"])), "dropout": .flag,
    ])

  private static let target = Shape.object(
    ["key": .text],
    optional: [
      "tabs": .list(.tab), "models": .list(.text),
      "as": .oneOf([
        "whole", "warmup", "steps", "words", "attention", "original", "multires", "rates",
        "adapter", "chroma", "metadata", "template", "prompts", "inpainting",
      ]),
    ])

  private static let tab = Shape.oneOf(["lora", "dreambooth", "finetune", "embedding"])

  private static let retired = Shape.list(
    .object([
      "key": .text, "from": .integer, "until": .integer, "now": .orNull(.text), "text": .text,
    ]))

  private static let backend = Shape.object(
    [
      "version": .integer, "id": .text, "title": .text, "source": .text,
      "groups": .list(.object(["id": .text, "title": .text])), "enums": .map(.list(.text)),
      "keys": .list(backendSetting),
      "objects": .map(
        .object(
          ["title": .text],
          optional: [
            "keys": .list(backendSetting), "keysFrom": .oneOf(["options"]),
            "configVersion": .integer, "retired": retired,
          ])),
      "constraints": .list(
        constraint(rules: [
          "value-out-of-range", "missing-setting", "conflicting-settings",
          "setting-without-effect", "setting-replaced", "questionable-setting", "retired-key",
        ])),
    ],
    optional: [
      "configVersion": .integer, "objectDefaults": .map(.map(.value)), "retired": retired,
      // Tables of names: options that are treated alike, other names of options, variables of env
      // files, flavours of families, what is meant by a wrong name.
      "lists": .map(.list(.text)), "otherNames": .map(.list(.text)),
      "environment": .map(.list(.text)), "flavours": .map(.list(.text)),
      "meant": .map(.list(.text)),
      "trainer": .text,
      "networkArguments": .map(.list(.text)),
    ])

  private static let model = Shape.object(
    [
      "version": .integer, "id": .text, "title": .text, "family": .text,
      "backends": .map(
        .object(
          [
            "name": .text, "parts": .list(.text),
            "trainableParts": .either(list: .list(.text), object: .map(.list(.text))),
            "methods": .list(.text), "outputFormats": .map(.list(.text)),
            "flowMatching": .flag, "video": .flag, "compressedWeights": .flag,
            "lossWeights": .list(.text), "hasMaskInput": .flag, "denoiser": .text,
            "unetLike": .flag, "embeddings": .flag, "additionalEmbeddings": .flag,
            "muonDefaultLayers": .flag, "clipEncoders": .list(.text), "source": .text,
            "layerFilterPresets": .map(.object(["patterns": .list(.text), "regex": .flag])),
          ],
          optional: ["uiName": .text, "notes": .list(.text)])),
    ],
    optional: ["nativeResolution": .integer])

  /// The kinds of models that a trainer has code for.
  private static let architectures = Shape.object([
    "version": .integer, "backend": .text, "source": .text,
    "architectures": .list(
      .object(
        [
          "name": .text, "title": .text, "makes": .oneOf(["image", "video", "audio"]),
          "flowMatching": .flag, "scheduler": .oneOf(["setting", "own"]), "transformer": .flag,
          "quantizes": .flag, "offloads": .flag, "source": .text,
          "encoderPacking": .oneOf(["qtype_te", "qtype", "quantize", "bits", "never"]),
        ],
        optional: [
          "model": .text, "experts": .integer,
          "variants": .list(
            .object(
              ["name": .text, "title": .text, "set": .map(.value)], optional: ["base": .text])
          ),
        ])),
  ])

  private static let schedulers = Shape.object([
    "version": .integer, "symbols": .map(.text),
    "schedulers": .list(
      .object([
        "id": .text, "title": .text, "summary": .text, "formula": .text, "endsAt": .text,
        "useWhen": .text, "avoidWhen": .text, "notes": .list(.text),
        "backends": .map(
          .list(
            .object(
              ["name": .text, "source": .text, "settings": .map(.text)],
              optional: [
                "formula": .text, "endsAt": .text, "notes": .list(.text), "broken": .sentence,
              ]))),
      ])),
  ])

  private static let coverage = Shape.object([
    "version": .integer, "source": .text,
    "rows": .list(
      .object(
        ["id": .row, "title": .sentence], optional: ["undecidable": .sentence, "reader": .sentence])
    ),
  ])

  private static let claims = Shape.object([
    "version": .integer, "about": .text,
    "claims": .list(
      .object(
        [
          "guide": .oneOf(["choosing-your-optimizer", "onetrainer-optimizers"]), "place": .text,
          "claim": .text,
          "verdict": .oneOf(["holds", "holds-when", "no-longer", "untestable"]),
          "evidence": .list(
            .object(
              [
                "kind": .oneOf([
                  "rule", "default", "option", "recommends", "available", "fused", "less", "more",
                  "fact", "words", "measured", "test",
                ])
              ],
              optional: [
                "name": .text, "optimizer": .text, "option": .text, "value": .value,
                "backend": .text, "key": .text, "type": .text, "than": .text, "is": .text,
              ])),
        ], optional: ["note": .text])),
  ])

  private static let advice = Shape.object([
    "version": .integer, "about": .text,
    "options": .map(.object(["useWhen": .text], optional: ["avoidWhen": .text])),
    "backends": .map(.object(["summary": .text, "useWhen": .text, "avoidWhen": .text])),
  ])

  private static let layers = Shape.object([
    "version": .integer, "about": .text,
    "models": .list(
      .object(["names": .list(.text), "width": .integer, "parameters": .integer])),
  ])

  private static let simulation = Shape.object([
    "version": .integer, "about": .text,
    "backends": .map(
      .map(
        .object(
          [:],
          optional: ["runs": .text, "with": .map(.value), "note": .text, "notSimulated": .text]))),
  ])
}
