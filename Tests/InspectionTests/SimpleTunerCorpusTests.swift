import Foundation
import Inspection
import Plans
import Reporting
import SourceText
import TestSupport
import Testing

/// SimpleTuner's own configs: every one is read, and its errors are those that the trainer stops at.
@Suite(.enabled(if: SharedFiles.arePresent))
struct SimpleTunerCorpusTests {
  static let files = SharedFiles.all(["json", "env", "example"]).filter {
    $0.path().contains("/configs/simpletuner/")
  }
  static let configs = files.filter {
    ["config.json", "webui-default.json", "config.json.example"].contains($0.lastPathComponent)
      // A comma before a bracket, at which Python stops as well.
      && !$0.path().contains("hidream.peft-controlnet-lora")
  }

  static func source(_ url: URL) throws -> SourceFile {
    let path = url.path(percentEncoded: false)
    return SourceFile(
      path: path.hasSuffix(".example") ? String(path.dropLast(".example".count)) : path,
      bytes: Array(try Data(contentsOf: url)))
  }

  @Test(arguments: configs)
  func isRecognized(_ url: URL) throws {
    #expect(try Inspector().open(Self.source(url)).1.id == "simpletuner")
  }

  /// The names of families that no parser of this version knows.
  static let refused = [
    "bria.lycoris-lokr": "model_family", "kandinsky5-image-6b-i2i.lycoris-lokr": "model_family",
    "pixart.peft-controlnet-lora": "model_family",
  ]

  @Test(arguments: configs)
  func hasTheErrorsOfTheTrainer(_ url: URL) throws {
    let source = try Self.source(url)
    let found = try Inspector().inspect(source, neighbours: FileInput.neighbours(of: source.path))
      .diagnostics.filter { $0.severity == .error }.map { $0.keyPath.replacing("--", with: "") }
    let name = url.deletingLastPathComponent().lastPathComponent
    #expect(found == [Self.refused[name]].compactMap(\.self))
  }

  @Test(arguments: configs)
  func isRepairedWithoutHarm(_ url: URL) throws {
    let source = try Self.source(url)
    for includesUnsafe in [false, true] {
      let repair = Repair(Inspector(), includesUnsafe: includesUnsafe)
      let once = try repair.repair(source)
      let twice = try repair.repair(once.source)
      #expect(twice.source.bytes == once.source.bytes, "a second repair changes more")
      #expect(throws: Never.self) { try DocumentReader.read(once.source) }
    }
  }

  @Test(arguments: configs)
  func findingsLieInTheFile(_ url: URL) throws {
    let source = try Self.source(url)
    for diagnostic in try Inspector().inspect(source).diagnostics {
      for span in [diagnostic.span] + diagnostic.related.map(\.span) {
        #expect(span.bytes.lowerBound >= 0 && span.bytes.upperBound <= source.bytes.count)
      }
    }
  }

  static let dataSets = files.filter {
    ($0.path().contains("_databackends") && !$0.lastPathComponent.contains("prompts")
      && !$0.lastPathComponent.contains("lycoris"))
      || $0.lastPathComponent.hasPrefix("dataloader")
      || $0.lastPathComponent == "multidatabackend.json"
      || $0.lastPathComponent == "multidatabackend-multiresolution.json.example"
  }

  @Test(arguments: dataSets)
  func dataSetsAreFine(_ url: URL) throws {
    let source = try Self.source(url)
    let reports = try Inspector().inspect(source)
    #expect(reports.map(\.backend) == ["simpletuner"])
    // The list of all data sets that ships is empty.
    let found = reports.diagnostics.filter { $0.severity == .error }.map {
      "\($0.rule) \($0.message)"
    }
    #expect(found == [])
  }

  @Test(arguments: files.filter { $0.lastPathComponent.contains("lycoris_config") })
  func adaptersAreFine(_ url: URL) throws {
    let reports = try Inspector().inspect(Self.source(url))
    #expect(reports.map(\.backend) == ["simpletuner"])
    #expect(reports.diagnostics.map(\.message) == [])
  }

  @Test(arguments: files.filter { $0.pathExtension == "env" || $0.path().contains("prompt") })
  func otherFilesAreNoConfigs(_ url: URL) throws {
    #expect(throws: ReadFailure.self) { try Inspector().inspect(Self.source(url)) }
    do {
      _ = try Inspector().inspect(Self.source(url))
    } catch let failure as ReadFailure {
      #expect(failure.isOtherKind, "\(failure.message)")
    }
  }

  /// Configs of other trainers are nobody's here.
  @Test(
    arguments: SharedFiles.all(["json", "toml", "yaml", "yml"]).filter { url in
      ["onetrainer", "kohya", "kohya_ss", "ai-toolkit"].contains {
        url.path().contains("/configs/\($0)")
      }
    })
  func othersAreNotClaimed(_ url: URL) throws {
    let opened = try? Inspector().open(Self.source(url))
    #expect(opened?.1.id != "simpletuner")
  }
}
