/// One line of a `.gitignore`, and the same notation wherever tuneup takes patterns for paths.
///
/// As git reads it (gitignore(5); git 2.45, dir.c `parse_path_pattern`, `match_basename` and
/// `match_pathname`): without a slash within it, it matches a name at any depth; with one, a path from the
/// folder it belongs to; a slash at its end makes it one for folders.
struct PathPattern: Sendable, Hashable {
  /// Whether it begins with `!`: what it matches is taken back.
  let isNegated: Bool
  let isForFolders: Bool
  /// Whether it is compared with names alone.
  private let isName: Bool
  /// The bytes before the first mark, which are compared as they are.
  private let prefix: [UInt8]
  private let rest: [UInt8]

  /// - Parameter line: Without its line break.
  /// - Returns: Nil for comments and empty lines.
  init?(_ line: some Sequence<UInt8>) {
    var bytes = Self.trimmed(Array(line))
    if bytes.isEmpty || bytes[0] == UInt8(ascii: "#") { return nil }
    isNegated = bytes[0] == UInt8(ascii: "!")
    if isNegated { bytes.removeFirst() }
    isForFolders = bytes.last == UInt8(ascii: "/")
    if isForFolders { bytes.removeLast() }
    isName = !bytes.contains(UInt8(ascii: "/"))
    if bytes.first == UInt8(ascii: "/") { bytes.removeFirst() }
    let count = bytes.firstIndex { Self.marks.contains($0) } ?? bytes.count
    prefix = Array(bytes[..<count])
    rest = Array(bytes[count...])
  }

  init?(_ text: String) { self.init(Array(text.utf8)) }

  private static let marks: Set<UInt8> = [
    UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "\\"),
  ]

  /// Blanks at the end say nothing, unless a backslash stands before them.
  private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
    var end = 0
    var place = 0
    while place < bytes.count {
      if bytes[place] == UInt8(ascii: "\\") {
        place = min(place + 2, bytes.count)
        end = place
      } else {
        if bytes[place] != UInt8(ascii: " ") { end = place + 1 }
        place += 1
      }
    }
    return Array(bytes[..<end])
  }

  /// - Parameter path: From the folder that the pattern belongs to, without a slash at either end.
  func matches(_ path: some BidirectionalCollection<UInt8>, isFolder: Bool) -> Bool {
    if isForFolders, !isFolder { return false }
    if isName {
      let start = path.lastIndex(of: UInt8(ascii: "/")).map { path.index(after: $0) }
      return matches(Array(path[(start ?? path.startIndex)...]))
    }
    return matches(Array(path))
  }

  private func matches(_ name: [UInt8]) -> Bool {
    guard name.starts(with: prefix) else { return false }
    let name = name[prefix.count...]
    if rest.isEmpty { return name.isEmpty && !prefix.isEmpty }
    return Wildcards.match(rest[...], name) == .yes
  }
}

/// Several patterns, of which the last that matches decides.
struct PathPatterns: Sendable, Hashable {
  let all: [PathPattern]

  init(_ all: [PathPattern]) { self.all = all }

  init(_ texts: [String]) { all = texts.compactMap { PathPattern($0) } }

  /// The lines of a `.gitignore`.
  init(file bytes: [UInt8]) {
    let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    all = bytes.dropFirst(hasMark ? 3 : 0).split(separator: UInt8(ascii: "\n")).compactMap { line in
      PathPattern(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
    }
  }

  /// Whether the path is meant; nil where nothing is said of it.
  func decision(
    on path: some BidirectionalCollection<UInt8>, isFolder: Bool
  ) -> Bool? {
    all.last { $0.matches(path, isFolder: isFolder) }.map { !$0.isNegated }
  }

  /// Whether a file is meant, by its own path or because a folder is in which it lies.
  func contains(file path: String) -> Bool {
    let bytes = Array(path.utf8)
    var place = bytes.startIndex
    while let slash = bytes[place...].firstIndex(of: UInt8(ascii: "/")) {
      if slash > 0, decision(on: bytes[..<slash], isFolder: true) == true { return true }
      place = slash + 1
    }
    return decision(on: bytes, isFolder: false) == true
  }
}
