import Foundation
import Inspection
import Plans
import Reporting
import SourceText
import TestSupport
import Testing

/// What `--fix` promises, over the trainers' own files and over thousands of spoiled ones.
@Suite struct FixPropertyTests {
  /// The scalars of a file by their key paths, read anew.
  static func values(_ source: SourceFile) throws -> [String: String] {
    var found: [String: String] = [:]
    var waiting = [try DocumentReader.read(source).root]
    while let node = waiting.popLast() {
      if node.isAlias { continue }
      if node.isCollection, node.children.contains(where: { _ in true }) {
        waiting += Array(node.children)
      } else {
        found[node.keyPath, default: ""] += "\(node.kind) \(node.text)\n"
      }
    }
    return found
  }

  /// Repairs round by round, as the program does, and holds each against its promises.
  static func check(_ source: SourceFile, unsafe: Bool, _ inspector: Inspector) throws {
    var source = source
    for round in 0..<32 {
      let before = try inspector.inspect(source).first?.diagnostics ?? []
      let repairs = before.compactMap { diagnostic in
        diagnostic.fixes.first { unsafe || $0.safety == .safe }.map { (diagnostic, $0) }
      }
      if repairs.isEmpty { return }
      try #require(round < 31, "\(source.path) never comes to rest")
      let (bytes, applied) = source.applying(repairs.map(\.1))
      if applied.isEmpty || bytes == source.bytes { return }
      let after = SourceFile(path: source.path, bytes: bytes)
      expectSameOutside(source, after, applied)
      try expectSameValues(source, after, repairs.filter { applied.contains($0.1) })
      expectSameLineBreaks(source, after)
      source = after
    }
  }

  /// The bytes between the edits stand in the new file as they did, in their order.
  static func expectSameOutside(_ old: SourceFile, _ new: SourceFile, _ applied: [Fix]) {
    let edits = Set(applied.flatMap(\.edits)).sorted {
      ($0.span.bytes.lowerBound, $0.span.bytes.upperBound)
        < ($1.span.bytes.lowerBound, $1.span.bytes.upperBound)
    }
    var offset = 0
    var place = 0
    for edit in edits {
      let kept = old.bytes[offset..<edit.span.bytes.lowerBound]
      #expect(new.bytes[place...].starts(with: kept), "\(old.path)")
      place += kept.count
      #expect(new.bytes[place...].starts(with: Array(edit.text.utf8)), "\(old.path)")
      place += edit.text.utf8.count
      offset = edit.span.bytes.upperBound
    }
    #expect(Array(new.bytes[place...]) == Array(old.bytes[offset...]), "\(old.path)")
  }

  /// What changed is what a finding named, or what a fix says in its title.
  static func expectSameValues(
    _ old: SourceFile, _ new: SourceFile, _ repairs: [(Diagnostic, Fix)]
  ) throws {
    let (before, after) = (try values(old), try values(new))
    let named = repairs.flatMap { diagnostic, _ in
      [diagnostic.keyPath] + diagnostic.related.map(\.keyPath)
    }
    let titles = repairs.map(\.1.title).joined(separator: "\n")
    for path in Set(before.keys).union(after.keys) where before[path] != after[path] {
      let key = path.split { $0 == "." || $0 == "[" }.last.map(String.init) ?? path
      let isNamed =
        titles.contains(key)
        || named.contains { $0 == path || path.hasPrefix($0) || $0.hasPrefix(path) }
      #expect(isNamed, "\(old.path): \(path) changed from \(before[path] ?? "nothing")")
    }
  }

  static func expectSameLineBreaks(_ old: SourceFile, _ new: SourceFile) {
    func breaks(_ file: SourceFile) -> (windows: Int, other: Int) {
      let ends = file.bytes.indices.filter { file.bytes[$0] == 0x0A }
      let windows = ends.count { $0 > 0 && file.bytes[$0 - 1] == 0x0D }
      return (windows, ends.count - windows)
    }
    let (before, after) = (breaks(old), breaks(new))
    if before.windows > 0, before.other == 0 { #expect(after.other == 0, "\(old.path)") }
    if before.windows == 0 { #expect(after.windows == 0, "\(old.path)") }
  }

  static func inspector(_ source: SourceFile) -> Inspector? {
    let inspector = Inspector()
    return (try? inspector.inspect(source)) == nil ? nil : inspector
  }

  /// The program's own repair: reads again, comes to rest, and does it in one go.
  static func checkRepair(_ source: SourceFile, unsafe: Bool, _ inspector: Inspector) throws {
    let repair = Repair(inspector, includesUnsafe: unsafe)
    let once = try repair.repair(source)
    _ = try DocumentReader.read(once.source)
    let twice = try repair.repair(once.source)
    #expect(twice.source.bytes == once.source.bytes, "\(source.path)")
    #expect(twice.applied.isEmpty || twice.source.bytes == source.bytes, "\(source.path)")
  }

  static func checkAll(_ source: SourceFile) throws -> Bool {
    guard let inspector = inspector(source) else { return false }
    for unsafe in [false, true] {
      try check(source, unsafe: unsafe, inspector)
      try checkRepair(source, unsafe: unsafe, inspector)
    }
    return true
  }

  static let endings: Set<String> = ["json", "toml", "yaml", "yml", "env", "sh", "ps1", "bat"]

  static let ours =
    Repository.files(below: "Presets", ending: "-first-attempt.json")
    + Repository.files(below: "Examples", ending: ".json").filter { !$0.contains("matcher") }

  static func disguised(_ bytes: [UInt8], _ path: String) -> [SourceFile] {
    let text = String(decoding: bytes, as: UTF8.self)
    return [
      SourceFile(path: path, bytes: bytes),
      SourceFile(
        path: path,
        text: text.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n")),
    ]
  }

  @Test(.enabled(if: SharedFiles.arePresent))
  func theTrainersOwnFiles() throws {
    var count = 0
    for url in SharedFiles.all(Self.endings) {
      let path = url.path()
      for source in Self.disguised(Array(try Data(contentsOf: url)), path) {
        if try Self.checkAll(source) { count += 1 }
      }
    }
    #expect(count > 500, "\(count)")
  }

  @Test(arguments: ours)
  func ourFiles(_ path: String) throws {
    for source in Self.disguised(Array(try Repository.text(path).utf8), path) {
      #expect(try Self.checkAll(source))
    }
  }

  // MARK: Spoiled files

  /// A file with a few mistakes as people make them.
  static func spoiled(
    _ source: SourceFile, _ random: inout SplitMix64
  ) -> SourceFile? {
    guard let document = try? DocumentReader.read(source) else { return nil }
    var leaves: [DocumentNode] = []
    var waiting = [document.root]
    while let node = waiting.popLast() {
      if node.isAlias { continue }
      if node.isCollection { waiting += Array(node.children) } else { leaves.append(node) }
    }
    if leaves.isEmpty { return nil }
    var bytes = source.bytes
    let chosen = (0..<4).map { _ in random.pick(leaves) }
    let places = Dictionary(chosen.map { ($0.span.bytes.lowerBound, $0) }, uniquingKeysWith: { $1 })
    // From the end, so that the places before stay.
    for node in places.values.sorted(by: { $0.span.bytes.lowerBound > $1.span.bytes.lowerBound }) {
      let span = node.span.bytes
      switch Int.random(in: 0..<6, using: &random) {
      case 0:
        guard let key = node.keySpan?.bytes, key.count > 5, key.upperBound <= span.lowerBound else {
          continue
        }
        // Two letters of a key change places.
        bytes.swapAt(key.lowerBound + 2, key.lowerBound + 3)
      case 1: bytes.replaceSubrange(span, with: Array("\"\(node.text.prefix(20))\"".utf8))
      case 2: bytes.replaceSubrange(span, with: Array("0.0001".utf8))
      case 3: bytes.replaceSubrange(span, with: Array("1".utf8))
      case 4: bytes.replaceSubrange(span, with: Array(node.sourceText.lowercased().utf8))
      default: bytes.replaceSubrange(span, with: Array("true".utf8))
      }
    }
    return SourceFile(path: source.path, bytes: bytes)
  }

  @Test(arguments: 0..<4)
  func spoiledFiles(_ seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    var sources = try Self.ours.map { SourceFile(path: $0, text: try Repository.text($0)) }
    let shared = SharedFiles.arePresent ? SharedFiles.all(Self.endings) : []
    for _ in 0..<20 where !shared.isEmpty {
      let url = random.pick(shared)
      sources.append(SourceFile(path: url.path(), bytes: Array(try Data(contentsOf: url))))
    }
    var count = 0
    for source in sources {
      for _ in 0..<2 {
        guard let spoiled = Self.spoiled(source, &random) else { continue }
        if try Self.checkAll(spoiled) { count += 1 }
      }
    }
    #expect(count > sources.count / 2, "\(count) of \(sources.count)")
  }

  /// The mark stays where the trainer takes it, and Windows' line breaks do.
  @Test func theMarkOfTheFileStays() throws {
    let text =
      "\u{FEFF}job: extension\r\nconfig:\r\n  process:\r\n    - type: sd_trainer\r\n"
      + "      train: {optimizer: adamw, lr: 1e-4, nois_scheduler: ddpm}\r\n"
    let outcome = try Repair(Inspector(), includesUnsafe: true)
      .repair(SourceFile(path: "a.yaml", text: text))
    #expect(
      outcome.source.bytes
        == Array(
          text.replacing("nois_scheduler", with: "noise_scheduler")
            .replacing("ddpm}", with: "ddpm, dtype: bf16}").utf8))
  }
}

/// The last step alone, where it can be told what happens in between.
@Suite struct ReplacingTests {
  private func withFile(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "a.json")
    try Data("old".utf8).write(to: file)
    try body(file)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path())
    #expect(left.allSatisfy { $0 == "a.json" })
  }

  @Test func whatIsGoneIsSaidToBe() throws {
    try withFile { file in
      try FileManager.default.removeItem(at: file)
      let error = #expect(throws: ReadFailure.self) {
        try FileOutput.replaceIfUnchanged(file.path(), original: Array("old".utf8), with: [0x31])
      }
      #expect(error?.message == "it is gone since it was read: nothing was written")
    }
  }

  @Test func whatChangedIsLeftAlone() throws {
    try withFile { file in
      try Data("new".utf8).write(to: file)
      #expect(
        try !FileOutput.replaceIfUnchanged(file.path(), original: Array("old".utf8), with: [0x31]))
      #expect(try Data(contentsOf: file) == Data("new".utf8))
      #expect(
        try FileOutput.replaceIfUnchanged(file.path(), original: Array("new".utf8), with: [0x31]))
      #expect(try Data(contentsOf: file) == Data("1".utf8))
    }
  }

  /// What a run that was killed has left does not stand in the way.
  @Test func leftoversDoNotStandInTheWay() throws {
    try withFile { file in
      let leftover = URL(filePath: "\(file.path()).\(getpid())-0.tuneup")
      try Data("x".utf8).write(to: leftover)
      #expect(
        try FileOutput.replaceIfUnchanged(file.path(), original: Array("old".utf8), with: [0x31]))
      #expect(try Data(contentsOf: file) == Data("1".utf8))
      try FileManager.default.removeItem(at: leftover)
    }
  }
}
