import Knowledge
import Plans
import SourceText

/// Which commands start a training script of sd-scripts.
extension KohyaCommand {
  static func recognizes(_ document: Document) -> Recognition {
    let commands = Array(document.root.children)
    if commands.contains(where: isTraining) { return .certain }
    for command in commands {
      let script = command["script"]?.text ?? ""
      if let purpose = purpose(of: script) { return .other(purpose) }
    }
    return .no(because: "none of its commands starts a training script of sd-scripts")
  }

  static func isTraining(_ command: DocumentNode) -> Bool {
    let name = fileName(command["script"]?.text ?? "")
    let options = command["arguments"]?.children.map { $0.key ?? "" } ?? []
    let facts = Catalogue.backend("kohya").root
    let known = options.count { facts[$0] != nil }
    let isForeign = options.contains { foreign.contains($0) }
    if KohyaScript(file: name) != nil {
      // Other trainers have scripts of the same names.
      return !isForeign && (options.isEmpty || known * 2 >= options.count)
    }
    // A name that a variable holds, or that a guide leaves out.
    let isOpen = name.isEmpty || name.contains { "$%<{".contains($0) }
    return isOpen && !isForeign && known * 2 >= options.count
      && options.contains(where: KohyaFile.telling.contains)
  }

  private static func fileName(_ path: String) -> String {
    path.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map { String($0) } ?? ""
  }

  /// Options of other trainers whose scripts bear the same names.
  private static let foreign: Set<String> = [
    "dataset_name", "controlnet_model_name_or_path", "instance_data_dir", "instance_prompt",
    "tracker_project_name", "dit", "model_family", "data_backend_config", "lora_rank",
    "image_column", "validation_prompt", "proportion_empty_prompts",
  ]

  /// What the other scripts of sd-scripts are for.
  private static func purpose(of path: String) -> String? {
    let name = fileName(path)
    guard name.hasSuffix(".py") else { return nil }
    let stem = String(name.dropLast(3))
    if captioning.contains(stem) { return "commands that prepare images and captions" }
    if stem.hasSuffix("minimal_inference") || drawing.contains(stem) {
      return "commands that draw images"
    }
    if tools.contains(stem) { return "commands that convert or merge models" }
    return nil
  }

  private static let captioning: Set<String> = [
    "make_captions", "make_captions_by_git", "tag_images_by_wd14_tagger",
    "merge_captions_to_metadata", "merge_dd_tags_to_metadata", "prepare_buckets_latents",
    "clean_captions_and_tags", "cache_latents", "cache_text_encoder_outputs",
    "detect_face_rotate", "resize_images_to_resolution", "canny", "latent_upscaler",
  ]
  private static let drawing: Set<String> = ["gen_img", "gen_img_diffusers", "sdxl_gen_img"]
  private static let tools: Set<String> = [
    "merge_lora", "sdxl_merge_lora", "flux_merge_lora", "svd_merge_lora", "resize_lora",
    "extract_lora_from_models", "flux_extract_lora", "extract_lora_from_dylora",
    "convert_flux_lora",
    "convert_diffusers20_original_sd", "convert_diffusers_to_flux", "merge_models",
    "merge_sd3_safetensors",
  ]
}
