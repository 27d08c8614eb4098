import Foundation
import TestSupport
import Testing

/// Files of settings as such: checked, repaired, refused, shown.
@Suite struct SettingsFileTests {
  @Test func isLintedLikeAnyFile() throws {
    try TemporaryFolder.with([".tuneup.yml": "fail-on: warnin\nseverity: {unkown-key: error}\n"]) {
      folder in
      let outcome = try SettingsCommandTests.run(
        "lint", "--format", "concise", ".tuneup.yml", in: folder)
      #expect(outcome.status == 1)
      #expect(
        outcome.output == """
          .tuneup.yml:1:10: error: 'warnin' can be error, warning, info, never: did you mean \
          'warning'? [settings-invalid-value]
          .tuneup.yml:2:12: warning: 'unkown-key' is no rule: did you mean 'unknown-key'? \
          [settings-unknown-rule]

          """)
      let check = try SettingsCommandTests.run(
        "config", "check", "--format", "concise", in: folder)
      #expect(check.output == outcome.output)
      #expect(check.status == 1)
      let fixed = try SettingsCommandTests.run("lint", "--fix", ".tuneup.yml", in: folder)
      #expect(fixed.status == 0, "\(fixed.output)\(fixed.errors)")
      #expect(
        try String(contentsOf: folder.appending(path: ".tuneup.yml"), encoding: .utf8)
          == "fail-on: warning\nseverity: {unknown-key: error}\n")
      #expect(try SettingsCommandTests.run("config", "check", in: folder).status == 0)
    }
  }

  @Test func checksWhateverItIsCalled() throws {
    try TemporaryFolder.with(["strict.yml": "fail_on: info\n"]) { folder in
      let outcome = try SettingsCommandTests.run("config", "check", "strict.yml", in: folder)
      #expect(outcome.output.contains("[settings-unknown-key]"))
      #expect(outcome.status == 0)
      #expect(try SettingsCommandTests.run("config", "check", "no.yml", in: folder).status == 2)
    }
  }

  /// Found in a run over configs, what is wrong in the settings is reported with them, once.
  @Test func isReportedWithTheConfigs() throws {
    try TemporaryFolder.with([
      ".tuneup.yml": "fail_on: info\n", "a.json": LintCommandTests.clean,
      "b/c.json": LintCommandTests.clean,
    ]) { folder in
      let outcome = try SettingsCommandTests.run(
        "lint", "--select", "settings-unknown-key", "--format", "concise", in: folder)
      #expect(
        outcome.output == """
          .tuneup.yml:1:1: warning: 'fail_on' is no key here: did you mean 'fail-on'? \
          [settings-unknown-key]

          """)
    }
  }

  @Test(arguments: [
    ("fail-on: [", ".tuneup.yml:1:"), ("- a\n", ".tuneup.yml:1:1"), ("a: b: c", ".tuneup.yml:1:"),
    ("\u{0}", ".tuneup.yml:1:1"),
  ])
  func endsWithThePlace(_ text: String, _ place: String) throws {
    try TemporaryFolder.with([".tuneup.yml": text, "a.json": LintCommandTests.clean]) { folder in
      for arguments in [["lint", "a.json"], ["config", "check"], ["memory", "a.json"]] {
        let outcome = try Program.run(arguments, in: folder)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(place), "\(outcome.errors)")
        #expect(outcome.output.isEmpty || arguments[0] == "config")
      }
    }
  }

  @Test func refusesFolders() throws {
    try TemporaryFolder.with([".tuneup.yml/x": "", "a.json": LintCommandTests.clean]) { folder in
      let outcome = try SettingsCommandTests.run("lint", "a.json", in: folder)
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains(".tuneup.yml: error: this is a folder"))
    }
  }

  @Test(.enabled(if: getuid() != 0, "root may read everything"))
  func refusesWhatItMayNotRead() throws {
    try TemporaryFolder.with([".tuneup.yml": "", "a.json": LintCommandTests.clean]) { folder in
      try FileManager.default.setAttributes(
        [.posixPermissions: 0], ofItemAtPath: folder.appending(path: ".tuneup.yml").path())
      let outcome = try SettingsCommandTests.run("lint", "a.json", in: folder)
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("no permission"))
    }
  }

  @Test(arguments: [
    ["lint", "--config", "no.yml", "a.json"], ["lint", "--config", "a", "--no-config", "a.json"],
    ["memory", "--config", "no.yml", "a.json"], ["dry-run", "--config", "no.yml", "a.json"],
    ["compare", "--config", "no.yml", "a.json"], ["config", "show", "--config", "no.yml"],
    ["config", "check"], ["config", "chek"],
  ])
  func refusesTheCall(_ arguments: [String]) throws {
    try TemporaryFolder.with(["a.json": LintCommandTests.clean]) { folder in
      let outcome = try Program.run(
        arguments, in: folder, environment: ["XDG_CONFIG_HOME": folder.path()])
      #expect(outcome.status == 2, "\(outcome.output)")
      #expect(!outcome.errors.isEmpty)
    }
  }

  @Test(arguments: [
    ("TUNEUP_VRAM", "much"), ("TUNEUP_IMAGES", "0"), ("TUNEUP_FAIL_ON", "warnin"),
    ("TUNEUP_SELECT", "unkown-key"), ("TUNEUP_IGNORE", "a"), ("TUNEUP_MODE", "gui"),
    ("TUNEUP_BACKEND", "kohia"), ("TUNEUP_GPU", "9090"), ("TUNEUP_REPEATS", "x"),
  ])
  func refusesTheEnvironment(_ name: String, _ value: String) throws {
    try TemporaryFolder.with(["a.json": LintCommandTests.clean]) { folder in
      let outcome = try SettingsCommandTests.run(
        "lint", "a.json", in: folder, environment: [name: value])
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains(name), "\(outcome.errors)")
    }
  }

  @Test func showsWhereEachValueComesFrom() throws {
    try TemporaryFolder.with([
      ".tuneup.yml": """
      hardware: {gpu: 4090}
      ignore:
        - rules: unknown-key
          paths: old/
          reason: as published
      overrides:
        - paths: old/
          fail-on: never
          severity: {unknown-name: error}
      """
    ]) { folder in
      let outcome = try SettingsCommandTests.run(
        "config", "show", "--format", "markdown", "old/a.json", in: folder,
        environment: ["TUNEUP_IMAGES": "40"])
      #expect(outcome.status == 0)
      for row in [
        "| fail-on | never | project .tuneup.yml:8:14 |",
        "| hardware.vram | 23.6 GiB | project .tuneup.yml:1:17 |",
        "| dataset.images | 40 | environment TUNEUP_IMAGES |", "| dataset.repeats | - | default |",
        "| severity.unknown-name | error | project .tuneup.yml:9:30 |",
        "| ignore | unknown-key | project .tuneup.yml:3:12 | as published |",
      ] { #expect(outcome.output.contains(row), "\(row)\n\(outcome.output)") }
      let same = try SettingsCommandTests.run(
        "lint", "--show-settings", "--format", "markdown", "old/a.json", in: folder,
        environment: ["TUNEUP_IMAGES": "40"])
      #expect(same.output == outcome.output)
    }
  }

  @Test func sarifNamesThePagesWhereTheyAreInTheWeb() throws {
    try TemporaryFolder.with(["a.json": SettingsCommandTests.config]) { folder in
      let page = "https://example.org/Documentation/rules/adaptive-learning-rate-not-one.md"
      let outcome = try SettingsCommandTests.run(
        "lint", "--format", "sarif", "a.json", in: folder,
        environment: ["TUNEUP_DOCUMENTATION": "https://example.org/Documentation/"])
      #expect(outcome.output.contains("\"helpUri\": \"\(page)\""))
      let without = try SettingsCommandTests.run("lint", "--format", "sarif", "a.json", in: folder)
      #expect(!without.output.contains("helpUri"))
    }
  }

  @Test func itsSchemaIsPrinted() throws {
    let outcome = try Program.run("schema", "tuneup")
    #expect(
      try outcome.output == Repository.text("Schemas/editor/tuneup.schema.json"))
  }
}
