import Foundation
import TestSupport
import Testing

/// `--fix` and the file system: what must not happen to a file, whatever goes wrong.
@Suite struct FixFileTests {
  static let text = #"{"__version": 11, "learning_rate_scheduler": "cosine"}"# + "\n"
  static let fixed = text.replacing("cosine", with: "COSINE")

  static func content(_ file: URL) throws -> String {
    try String(contentsOf: file, encoding: .utf8)
  }

  static func names(_ folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted()
  }

  static func arguments(_ path: String) -> [String] {
    ["lint", "--no-config", "--fix", "--fail-on", "never", "--select", "unknown-name", path]
  }

  /// Someone who is not root: the tests may be run by root, who may write everything.
  static let unprivileged: [String]? =
    getuid() != 0
    ? []
    : FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")
      ? ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : nil

  /// Runs the program through the shell.
  static func shell(_ script: String, in folder: URL) throws -> Program.Outcome {
    try Program.run(script: script, in: folder)
  }

  static func call(_ path: String) -> String {
    ([Program.path] + arguments(path)).map { "'\($0)'" }.joined(separator: " ")
  }

  @Test(arguments: [0o644, 0o600, 0o755, 0o464])
  func permissionsStay(_ mode: Int) throws {
    try TemporaryFolder.with(["a.json": Self.text]) { folder in
      let file = folder.appending(path: "a.json")
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path())
      #expect(try Program.run(Self.arguments("a.json"), in: folder).status == 0)
      #expect(try Self.content(file) == Self.fixed)
      let attributes = try FileManager.default.attributesOfItem(atPath: file.path())
      #expect(attributes[.posixPermissions] as? Int == mode)
      #expect(try Self.names(folder) == ["a.json"])
    }
  }

  @Test func linksStay() throws {
    try TemporaryFolder.with(["real/a.json": Self.text]) { folder in
      let link = folder.appending(path: "link.json").path()
      try FileManager.default.createSymbolicLink(
        atPath: folder.appending(path: "middle.json").path(), withDestinationPath: "real/a.json")
      try FileManager.default.createSymbolicLink(
        atPath: link, withDestinationPath: "middle.json")
      #expect(try Program.run(Self.arguments("link.json"), in: folder).status == 0)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "middle.json")
      #expect(try Self.content(folder.appending(path: "real/a.json")) == Self.fixed)
      #expect(try Self.names(folder.appending(path: "real")) == ["a.json"])
    }
  }

  @Test(.enabled(if: unprivileged != nil, "needs setpriv, or not to be root"))
  func whatMayNotBeWrittenIsReported() throws {
    let user = (Self.unprivileged ?? []).joined(separator: " ")
    try TemporaryFolder.with(["file/a.json": Self.text, "folder/a.json": Self.text]) { folder in
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o444], ofItemAtPath: folder.appending(path: "file/a.json").path())
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o666], ofItemAtPath: folder.appending(path: "folder/a.json").path())
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o777], ofItemAtPath: folder.appending(path: "file").path())
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o555], ofItemAtPath: folder.appending(path: "folder").path())
      for (place, words) in [
        ("file", "no permission to write it"), ("folder", "cannot be written"),
      ] {
        let outcome = try Self.shell("\(user) \(Self.call("\(place)/a.json"))", in: folder)
        #expect(outcome.status == 2, "\(outcome.errors)")
        #expect(outcome.errors.contains(words) && outcome.errors.contains("left as it is"))
        #expect(outcome.errors.contains("0 fixes applied"), "\(outcome.errors)")
        // What could not be repaired is reported.
        #expect(outcome.output.contains("[unknown-name]"))
        #expect(try Self.content(folder.appending(path: "\(place)/a.json")) == Self.text)
        #expect(try Self.names(folder.appending(path: place)) == ["a.json"])
      }
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: folder.appending(path: "folder").path())
    }
  }

  /// `ulimit -f` counts blocks of 512 bytes: the new file is cut off in the middle.
  @Test func aLimitOnFilesLeavesTheOldOne() throws {
    let long = Self.text.replacing("{\"__v", with: String(repeating: " ", count: 8000) + "{\"__v")
    try TemporaryFolder.with(["a.json": long]) { folder in
      let outcome = try Self.shell(
        "ulimit -f 4; \(Self.call("a.json")) --format concise", in: folder)
      #expect(outcome.status == 2, "\(outcome.output)\(outcome.errors)")
      #expect(outcome.errors.contains("cannot be written"))
      #expect(try Self.content(folder.appending(path: "a.json")) == long)
      #expect(try Self.names(folder) == ["a.json"])
    }
  }

  /// A file system that is full, where one may be mounted.
  @Test(.enabled(if: getuid() == 0, "only root may mount"))
  func aFullDiskLeavesTheFile() throws {
    try TemporaryFolder.with([:]) { folder in
      let disk = folder.appending(path: "disk")
      try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: true)
      let mounted = try Self.shell("mount -t tmpfs -o size=64k tmpfs disk", in: folder)
      guard mounted.status == 0 else {
        // A container without the right to mount: the limit above stands for it.
        return
      }
      defer { _ = try? Self.shell("umount disk", in: folder) }
      try Self.text.write(
        to: disk.appending(path: "a.json"), atomically: false, encoding: .utf8)
      _ = try Self.shell("dd if=/dev/zero of=disk/filler bs=1k count=1000", in: folder)
      let outcome = try Self.shell(Self.call("disk/a.json"), in: folder)
      #expect(outcome.status == 2, "\(outcome.output)\(outcome.errors)")
      #expect(outcome.errors.contains("No space left"))
      #expect(try Self.content(disk.appending(path: "a.json")) == Self.text)
      #expect(try Self.names(disk) == ["a.json", "filler"])
    }
  }

  /// Many at once: at every moment the file is whole, and in the end it is repaired.
  @Test func severalAtOnce() throws {
    let rest = (0..<2000).map { "\"key_\($0)\": \($0)" }.joined(separator: ", ")
    let long = Self.text.replacing("{\"__v", with: "{\"comment\": {\(rest)}, \"__v")
    try TemporaryFolder.with(["a.json": long]) { folder in
      try FileManager.default.createSymbolicLink(
        atPath: folder.appending(path: "b.json").path(), withDestinationPath: "a.json")
      let one = Self.call("a.json")
      let other = Self.call("b.json")
      let outcome = try Self.shell(
        """
        for i in 1 2 3 4 5 6; do \(one) >out.$i 2>&1 & \(other) >out.b$i 2>&1 & done
        while [ "$(jobs -r | wc -l)" -gt 0 ]; do
          size=$(wc -c < a.json); [ "$size" = \(long.utf8.count) ] || exit 9
        done
        for job in $(jobs -p); do wait $job || exit 8; done
        cat out.*; rm out.*
        """, in: folder)
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
      #expect(
        try Self.content(folder.appending(path: "a.json"))
          == long.replacing("cosine", with: "COSINE"))
      #expect(try Self.names(folder) == ["a.json", "b.json"])
      // One of them did it.
      #expect(outcome.output.matches(of: /1 fix applied/).count == 1, "\(outcome.output)")
    }
  }

  /// Safe fixes by some, unsafe ones by others: nothing that one did is undone by another.
  @Test func nothingIsLostBetweenTwo() throws {
    let text = """
      {"__version": 11, "learning_rate_scheduler": "cosine", "learning_rate": 0.0001, \
      "optimizer": {"optimizer": "PRODIGY"}}
      """
    try TemporaryFolder.with([:]) { folder in
      let file = folder.appending(path: "a.json")
      let safe = "'\(Program.path)' lint --no-config --fix --select unknown-name a.json"
      let unsafe =
        "'\(Program.path)' lint --no-config --fix --unsafe-fixes "
        + "--select adaptive-learning-rate-not-one a.json"
      for _ in 0..<15 {
        try text.write(to: file, atomically: false, encoding: .utf8)
        _ = try Self.shell("\(safe) & \(unsafe) & wait", in: folder)
        #expect(
          try Self.content(file)
            == text.replacing("cosine", with: "COSINE").replacing("0.0001", with: "1"))
      }
    }
  }
}
