import Knowledge
import Plans
import SourceText

extension Rule<AIToolkitJob> {
  static let encoderPackedOtherwise = Rule(
    RuleDescription(
      "encoder-packed-otherwise", .warning, .silentlyIgnored, .precision,
      "A format for the text encoder, with a model that packs it as something else says.",
      because: """
        the classes of some models pack the text encoder in the format of the model, and that of \
        Stable Diffusion 3 also asks quantize whether to pack it
        """,
      sources: [
        Citation("ai-toolkit 27a03a9 toolkit/stable_diffusion_model.py:450-453,823-825,931-933"),
        Citation("ai-toolkit 27a03a9 toolkit/models/wan21/wan21.py:434"),
      ],
      covers: ["ai-toolkit/AT-Q05", "ai-toolkit/AT-Q06"],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                model: {name_or_path: a, arch: "wan22_14b:t2v", quantize: true, qtype: ⟦uint4⟧, qtype_te: ⟪qfloat8⟫}
          """),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                model: {name_or_path: a, arch: sd3, quantize: ⟦true⟧, quantize_te: ⟪false⟫}
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                model: {name_or_path: a, arch: qwen_image, quantize: true, qtype: uint4, qtype_te: qfloat8}
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                model: {name_or_path: a, arch: flux, quantize: true, qtype: qfloat8, qtype_te: qfloat8}
          """),
      ], backend: "ai-toolkit")
  ) { job, findings in
    for process in job.processes {
      let own = process.model("qtype_te")
      let packs = process.model("quantize_te")
      let quantize = process.model("quantize")
      switch process.context.facts?.encoderPacking {
      case "qtype" where process.packsEncoder.isOn && own.isWritten:
        guard let used = process.packing.text, let wanted = own.text, !wanted.isEmpty,
          used != wanted
        else { continue }
        findings.report(
          "the text encoder is packed as \(used) and not as \(wanted): this model takes qtype for both",
          at: own, related: [process.packing.noted("used for both")].compactMap(\.self))
      case "quantize" where packs.isWritten && packs.isOn != quantize.isOn:
        findings.report(
          "quantize_te is not asked: the large text encoder of this model is packed when quantize is on",
          at: packs, related: [quantize.noted("decides for both")].compactMap(\.self))
      default: continue
      }
    }
  }

  static let fluxFlagMissing = Rule(
    RuleDescription(
      "flux-flag-missing", .error, .crashesAtLoad, .output,
      "A setting that asks for the old flag is_flux, without it.",
      because: """
        attn_masking and split_model_over_gpus are checked before arch is looked at: they ask for \
        is_flux alone
        """,
      sources: [Citation("ai-toolkit 27a03a9 toolkit/config_modules.py:690-701,789-790")],
      covers: ["ai-toolkit/AT-Q16"],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                model: {name_or_path: a, arch: ⟦flux⟧, is_flux: ⟦false⟧, attn_masking: ⟪true⟫}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  model: {name_or_path: a, arch: flux, is_flux: true, attn_masking: true}
            """),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                model: {name_or_path: a, arch: ⟦chroma⟧, split_model_over_gpus: ⟪true⟫}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  model: {name_or_path: a, arch: chroma, split_model_over_gpus: false}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                model: {name_or_path: a, is_flux: true, attn_masking: true}
          """),
      ], backend: "ai-toolkit")
  ) { job, findings in
    for process in job.processes {
      let flag = process.model("is_flux")
      if flag.isOn || flag.isMistaken { continue }
      for key in ["attn_masking", "split_model_over_gpus"] {
        let setting = process.model(key)
        guard setting.isOn else { continue }
        let isFlux = process.context.architecture == "flux"
        findings.report(
          isFlux
            ? "\(key) needs is_flux: true beside the arch" : "\(key) works with Flux alone",
          at: setting,
          related: [
            process.model("arch").noted("is looked at too late"), flag.noted("is asked for"),
          ].compactMap(\.self),
          fixes: [
            isFlux
              ? findings.fix("set is_flux to true", .safe, .set(flag, .boolean(true)))
              : findings.fix("set \(key) to false", .unsafe, .set(setting, .boolean(false)))
          ])
      }
    }
  }

  static let textEmbeddingsPartlyCached = Rule(
    RuleDescription(
      "text-embeddings-partly-cached", .error, .crashesAtLoad, .data,
      "Cached captions for some datasets and not for others.",
      because:
        "with cached captions the text encoder is taken away: the program stops unless all are cached",
      sources: [Citation("ai-toolkit 27a03a9 toolkit/config_modules.py:1494-1500")],
      covers: ["ai-toolkit/AT-Q21"],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                datasets:
                  - {folder_path: a, cache_text_embeddings: ⟦true⟧}
                  - {folder_path: b, cache_text_embeddings: ⟪false⟫}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  datasets:
                    - {folder_path: a, cache_text_embeddings: true}
                    - {folder_path: b, cache_text_embeddings: true}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                datasets:
                  - {folder_path: a, cache_text_embeddings: true}
                  - {folder_path: b}
                train: {cache_text_embeddings: true}
          """),
      ], backend: "ai-toolkit")
  ) { job, findings in
    for process in job.processes where !process.train("cache_text_embeddings").isOn {
      let settings = process.datasets.map { $0.setting("cache_text_embeddings") }
      guard let cached = settings.first(where: \.isOn) else { continue }
      for other in settings where !other.isOn {
        findings.report(
          "captions of this dataset are not cached, and those of others are: all or none",
          at: other, related: [(cached, "cached here")],
          fixes: [findings.fix("cache these too", .unsafe, .set(other, .boolean(true)))])
      }
    }
  }

  static let augmentedLatentsNotCached = Rule(
    RuleDescription(
      "augmented-latents-not-cached", .warning, .slower, .data,
      "A cache of latents for images that are changed at random.",
      because: """
        changed images look different each time: the cache is switched off, with one line printed, and \
        the image encoder stays in use
        """,
      sources: [Citation("ai-toolkit 27a03a9 toolkit/config_modules.py:1021-1026")],
      covers: ["ai-toolkit/AT-Q23"],
      examples: [
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                datasets:
                  - {folder_path: a, cache_latents_to_disk: ⟪true⟫, augments: ⟦[color_jitter]⟧}
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                datasets:
                  - {folder_path: a, cache_latents_to_disk: true, augments: []}
          """),
      ], backend: "ai-toolkit")
  ) { job, findings in
    for dataset in job.processes.flatMap(\.datasets) {
      let cache = ["cache_latents", "cache_latents_to_disk"].map { dataset.setting($0) }
        .first { $0.isOn }
      let changes = ["augments", "augmentations"].compactMap { dataset.entry($0) }
        .first { $0.kind == .sequence && $0.children.contains { _ in true } }
      guard let cache, let changes else { continue }
      findings.report(
        "latents are not cached: these images are changed at random", at: cache,
        related: [(Place(changes), "switches the cache off")])
    }
  }
}
