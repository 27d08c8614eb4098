import Foundation
import Knowledge
import Optimizers
import Plans
import SourceText
import TestSupport
import Testing

@testable import Backends

/// The settings that reach sd-scripts are those that the interface's own code writes: recorded runs of
/// its `train_model` functions over settings drawn at random, for every tab and model.
@Suite struct KohyaGUILaunchTests {
  struct Launch: CustomTestStringConvertible, Sendable {
    let number: Int
    let script: String
    let settings: String
    let config: DocumentNode
    var testDescription: String { "\(number) \(script)" }

    static let all: [Launch] = {
      let path = Repository.root.appending(path: "Tests/Expected/kohya-gui-launches.json")
      guard let text = try? String(contentsOf: path, encoding: .utf8),
        let document = try? DocumentReader.read(SourceFile(path: "launches.json", text: text)),
        let cases = document.root["cases"]
      else { return [] }
      return cases.children.enumerated().compactMap { number, one in
        guard let settings = one["settings"], let config = one["config"] else { return nil }
        return Launch(
          number: number, script: one["script"]?.text ?? "", settings: settings.sourceText,
          config: config)
      }
    }()
  }

  @Test func thereAreLaunches() { #expect(Launch.all.count > 70) }

  @Test(arguments: Launch.all)
  func writesWhatTheInterfaceWrites(_ launch: Launch) throws {
    let document = try DocumentReader.read(
      SourceFile(path: "settings.json", text: launch.settings))
    var findings = Findings { _ in nil }
    var translation = KohyaGUITranslation(KohyaGUIConfig(document))
    let config = translation.config(ReadingOptions(), into: &findings)
    #expect(config.script.rawValue == launch.script)
    let facts = config.root.facts
    var wrong: [String] = []
    for setting in facts.settings where !Self.lists.contains(setting.key) {
      let own = config.setting(setting.key)
      let usual = setting.defaultValue(in: config.scripts)
      let expected = launch.config[setting.key].map { SettingValue($0) } ?? usual
      let isSame =
        own.value == expected || Self.isEmpty(own.value) && Self.isEmpty(expected)
        || own.isOn && expected == .number(1)
      if !isSame {
        wrong.append("\(setting.key): \(own.value.literal), not \(expected.literal)")
      }
    }
    if let warmup = launch.config["lr_warmup_steps"] {
      let isWhole = if case .whole = config.pythonValue("lr_warmup_steps") { true } else { false }
      if isWhole != (warmup.kind == .integer) { wrong.append("lr_warmup_steps: kind") }
    }
    wrong += Self.differences(config, launch.config)
    #expect(wrong == [], "\(launch.settings)")
  }

  private static let lists: Set<String> = [
    "optimizer_args", "lr_scheduler_args", "network_args", "text_encoder_lr", "train_data_dir",
    "output_dir", "output_name", "wandb_run_name", "sample_prompts", "max_train_steps",
  ]

  private static func isEmpty(_ value: SettingValue) -> Bool {
    [.null, .text(""), .boolean(false), .number(0)].contains(value)
  }

  private static func differences(_ config: KohyaConfig, _ expected: DocumentNode) -> [String] {
    var wrong: [String] = []
    func items(_ key: String) -> [String] { expected[key]?.children.map(\.text) ?? [] }
    let optimizer = config.optimizer.arguments.map(\.text)
    if optimizer != items("optimizer_args") { wrong.append("optimizer_args: \(optimizer)") }
    let scheduler = config.schedulerArguments.map(\.text)
    if scheduler != items("lr_scheduler_args") { wrong.append("lr_scheduler_args: \(scheduler)") }
    // What is left at its default is not stated.
    let network = items("network_args").map { $0.replacing(".0", with: "") }
    for argument in config.networkArguments
    where !network.contains(argument.text.replacing(".0", with: "")) {
      wrong.append("network_args: \(argument.text), not in \(network)")
    }
    var rates = config.textRates.compactMap(\.number)
    if rates.count == 1 { rates.append(rates[0]) }
    if rates != items("text_encoder_lr").compactMap({ Double($0) }) {
      wrong.append("text_encoder_lr: \(rates)")
    }
    if let steps = expected["max_train_steps"],
      config.root.setting("max_train_steps").value != SettingValue(steps)
    {
      wrong.append("max_train_steps")
    }
    return wrong
  }
}
