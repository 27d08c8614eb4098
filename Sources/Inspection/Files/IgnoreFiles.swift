import Reporting
import SourceText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What git leaves out, told from the `.gitignore` of each folder, `.git/info/exclude` and the user's own
/// file (gitignore(5)), as long as the folder lies in a repository.
///
/// A value for one folder; those below are made of it with ``below(_:)``.
struct IgnoreFiles: Sendable {
  /// The lists that hold here with the folder that each belongs to, those that win last.
  private var lists: [(base: String, patterns: PathPatterns)] = []
  /// Whether the folder lies in a repository.
  private let isInRepository: Bool

  var isEmpty: Bool { lists.isEmpty }

  /// Where nothing is left out.
  static let none = IgnoreFiles()

  private init() { isInRepository = false }

  /// - Parameter folder: An absolute path.
  init(at folder: String) {
    var above = [folder]
    while let last = above.last, !Self.exists("\(last)/.git") {
      guard last != "/" else {
        // As git and ripgrep do: without a repository the file means nothing.
        isInRepository = false
        return
      }
      above.append(AbsolutePath.folder(of: last))
    }
    isInRepository = true
    let top = above.last ?? folder
    if let user = Self.userList { add(user, at: top) }
    add("\(top)/.git/info/exclude", at: top)
    for folder in above.reversed() { add("\(folder)/.gitignore", at: folder) }
  }

  /// The same with what the folder itself says.
  func below(_ folder: String) -> IgnoreFiles {
    if !isInRepository { return self }
    var files = self
    // A repository in a repository begins anew.
    if Self.exists("\(folder)/.git") { return IgnoreFiles(at: folder) }
    files.add("\(folder)/.gitignore", at: folder)
    return files
  }

  private mutating func add(_ path: String, at base: String) {
    guard Self.exists(path), let source = try? FileInput.read(path) else { return }
    let patterns = PathPatterns(file: source.bytes)
    if !patterns.all.isEmpty { lists.append((base, patterns)) }
  }

  /// Whether a file or folder is left out, by what is said of itself: of what lies in a folder that is
  /// left out nobody asks.
  func leavesOut(_ path: String, isFolder: Bool) -> Bool {
    for (base, patterns) in lists.reversed() {
      let start = base == "/" ? 1 : base.utf8.count + 1
      if let decision = patterns.decision(on: path.utf8.dropFirst(start), isFolder: isFolder) {
        return decision
      }
    }
    return false
  }

  private static func exists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0
  }

  /// `git/ignore` in the folder for settings, where git looks if it is told nothing else.
  private static let userList: String? = {
    func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
    if let folder = variable("XDG_CONFIG_HOME"), !folder.isEmpty { return "\(folder)/git/ignore" }
    return variable("HOME").map { "\($0)/.config/git/ignore" }
  }()
}
