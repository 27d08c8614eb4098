import Knowledge
import Plans
import SourceText

/// What can be wrong with one data set, or with the description of an adapter.
///
/// SimpleTuner bc8e6ab7 `helpers/data_backend/factory.py:292-902,1260-1300,2985-3035,4509-4530,
/// 4898-4920` and `helpers/data_backend/config/`.
enum DataSetChecks {
  typealias DataSet = SimpleTunerData.DataSet

  // MARK: What is missing

  static func missing(_ set: DataSet, _ files: SimpleTunerFiles, _ findings: inout Findings) {
    func demand(
      _ key: String, _ words: String, because cause: Setting? = nil,
      why: String = "the trainer asks for it when it reads its data sets, and stops without it"
    ) {
      let setting = set.setting(key)
      let isThere = setting.isWritten && setting.text != ""
      guard !isThere, !setting.isMistaken else { return }
      findings.report(
        words, at: setting, why: why, related: [cause?.noted("asks for it")].compactMap(\.self))
    }
    let type = set.setting("type")
    demand("id", "a data set without an id")
    demand("type", "'type' is missing: where the data lies")
    if set.isStore { return }
    switch type.text {
    case "local":
      if !set.setting("instance_data_root").isWritten {
        demand("instance_data_dir", "'instance_data_dir' is missing: the folder of the images")
      }
    case "huggingface":
      if set.node?["huggingface"]?["dataset_name"] == nil {
        demand("dataset_name", "'dataset_name' is missing", because: type)
      }
    case "csv":
      for key in ["csv_file", "csv_cache_dir", "csv_caption_column", "csv_url_column"] {
        demand(key, "'\(key)' is missing", because: type)
      }
    case "aws":
      let keys = [
        "aws_bucket_name", "aws_region_name", "aws_endpoint_url", "aws_access_key_id",
        "aws_secret_access_key",
      ]
      // Null will do, and a block of its own.
      for key in keys where set.node?[key] == nil && set.node?["aws"] == nil {
        demand(key, "'\(key)' is missing", because: type)
      }
    default: break
    }
    if set.kind == "audio" { return }
    let shape = set.setting("crop_aspect")
    if shape.isWritten, ["random", "closest"].contains(shape.text ?? "") {
      demand(
        "crop_aspect_buckets", "'crop_aspect_buckets' is missing: the shapes to choose from",
        because: shape)
    }
    downsampling(set, files, &findings)
    condition(set, files, &findings)
  }

  private static func downsampling(
    _ set: DataSet, _ files: SimpleTunerFiles, _ findings: inout Findings
  ) {
    let most = set.setting("maximum_image_size")
    guard most.isWritten, most.isOn, let target = files.setting("target_downsample_size", of: set)
    else {
      if most.isWritten, most.isOn, files.config == nil {
        downsampling(most, set.setting("target_downsample_size"), &findings)
      }
      return
    }
    downsampling(most, target, &findings)
  }

  private static func downsampling(
    _ most: Setting, _ target: Setting, _ findings: inout Findings
  ) {
    guard !target.isOn, !target.isMistaken else { return }
    findings.report(
      "maximum_image_size needs target_downsample_size", at: most,
      why: "too large images must be given a size to shrink to")
  }

  /// ControlNet is trained with pairs.
  private static func condition(
    _ set: DataSet, _ files: SimpleTunerFiles, _ findings: inout Findings
  ) {
    guard let config = files.config, config.setting("controlnet").isOn, set.kind == "image",
      set.node?["conditioning"] == nil, set.node?["conditioning_data"] == nil
    else { return }
    findings.report(
      "ControlNet needs 'conditioning_data' or a 'conditioning' block",
      at: set.setting("conditioning_data"), why: "images without a condition stop the run",
      related: [config.setting("controlnet").noted("trains a ControlNet")].compactMap(\.self))
  }

  /// `cmd_args.py:1176-1186`.
  static func missing(_ adapter: SimpleTunerLycoris, _ findings: inout Findings) {
    var keys = ["algo", "multiplier", "linear_alpha"]
    if !adapter.hasFullMatrix { keys.append("linear_dim") }
    for key in keys where adapter.object.node?[key] == nil {
      let setting = adapter.object.setting(key)
      findings.report(
        "'\(key)' is missing", at: setting,
        why:
          "the trainer asks for it before it hands the file to the library, and stops without it",
        fixes: [
          key == "multiplier" && adapter.document.source.id == .main
            ? findings.fix("set multiplier to 1", .safe, .set(setting, .number(1))) : nil
        ])
    }
  }

  // MARK: What does not go together

  static func conflicts(_ set: DataSet, _ files: SimpleTunerFiles, _ findings: inout Findings) {
    func clash(_ key: String, _ words: String, with other: Setting? = nil, _ why: String) {
      let setting = set.setting(key)
      findings.report(
        words, at: setting, why: why,
        related: [other?.noted("does not go with it")].compactMap(\.self))
    }
    if let node = set.node?["disable_vae_cache"] {
      findings.report(
        "disable_vae_cache is gone: it is vae_cache_disable now", at: Place(keyOf: node),
        why: "the trainer stops at the old name")
    }
    if set.setting("caption_filter_list").isWritten, set.kind != "text_embeds" {
      clash(
        "caption_filter_list", "caption_filter_list belongs to the store of encoded captions",
        "anywhere else the trainer stops at it")
    }
    if set.isStore {
      if set.setting("type").text == "csv" {
        clash("type", "encoded data cannot be stored as csv", "the trainer stops")
      }
      return
    }
    sources(set, clash)
    let video = set.video
    if set.kind == "video", let video { frames(video, &findings) }
    windows(set, &findings)
  }

  /// Where images and captions come from.
  private static func sources(
    _ set: DataSet, _ clash: (String, String, Setting?, String) -> Void
  ) {
    let type = set.setting("type")
    let captions = set.setting("caption_strategy")
    let metadata = set.setting("metadata_backend")
    guard let kind = type.text, !type.isMistaken else { return }
    for own in ["huggingface", "webshart"] {
      if captions.text == own, kind != own {
        clash(
          "caption_strategy", "captions of \(own) need a data set of the type \(own)", type,
          "the captions lie in that kind of store alone")
      }
      guard kind == own else { continue }
      if let name = metadata.text, name != own, metadata.isWritten, !metadata.isMistaken {
        clash(
          "metadata_backend", "a data set of \(own) has the metadata_backend \(own), not '\(name)'",
          type, "the trainer stops at others")
      }
      if let name = captions.text, ![own, "instanceprompt"].contains(name), captions.isWritten,
        !captions.isMistaken
      {
        clash(
          "caption_strategy",
          "a data set of \(own) takes its captions from \(own) or instanceprompt, not '\(name)'",
          type, "the trainer stops at others")
      }
    }
    if kind == "csv", captions.text != "csv", !captions.isMistaken {
      clash(
        "caption_strategy", "a data set of the type csv needs the caption_strategy csv", type,
        "the captions are a column of the list")
    }
    if captions.text == "parquet", [nil, "json", "discovery"].contains(metadata.text) {
      clash(
        "caption_strategy", "captions of a parquet file need the metadata_backend parquet",
        metadata, "with others the trainer stops")
    }
  }

  private static func frames(_ video: SettingsObject, _ findings: inout Findings) {
    let count = video.setting("num_frames")
    let least = video.setting("min_frames")
    guard let most = count.number, let few = least.number, few >= 1, most >= 1, few < most else {
      return
    }
    findings.report(
      "min_frames of \(Number.literal(few)) is below num_frames of \(Number.literal(most))",
      at: least, why: "a video has to have all frames that are trained, and the trainer stops",
      related: [(count, "frames that are trained")],
      fixes: [
        findings.fix(
          "set min_frames to \(Number.literal(most))", .unsafe, .set(least, .number(most)))
      ])
  }

  private static func windows(_ set: DataSet, _ findings: inout Findings) {
    for unit in ["epoch", "step"] {
      let begin = set.setting("start_\(unit)")
      let end = set.setting("end_\(unit)")
      guard let last = end.number, last >= 1, let first = begin.number, last < first,
        unit == "epoch" || first > 0
      else { continue }
      findings.report(
        "it ends with \(unit) \(Number.literal(last)), before it starts with \(Number.literal(first))",
        at: end, why: "the trainer stops at such a window",
        related: [begin.noted("the start")].compactMap(\.self))
    }
  }

  // MARK: Ranges

  static func ranges(_ set: DataSet, _ findings: inout Findings) {
    let batch = set.setting("train_batch_size")
    if batch.isWritten, let size = batch.number, size < 1 || size != size.rounded() {
      findings.report(
        "a batch size of \(batch.value.literal): it takes whole numbers from 1 up", at: batch,
        why: "the trainer stops at others")
    }
    guard set.kind == "video", let video = set.video else { return }
    for key in ["num_frames", "min_frames"] {
      let count = video.setting(key)
      guard count.isWritten, let number = count.number, number < 1 else { continue }
      findings.report(
        "\(key) of \(count.value.literal): a video has at least one frame", at: count,
        why: "the trainer stops at others")
    }
  }
}
