public import Reporting
import SourceText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Waits until one of some files changes, appears or goes away.
///
/// What changed is told by comparing how the files were with how they are, so that it makes no difference
/// how an editor writes: over the file, or a new one in its place. The kernel (inotify(7)) only says when
/// it is worth looking; where it does not, a look every ``pause`` does.
public struct FileWatch: ~Copyable {
  /// How a file is.
  private struct State: Equatable {
    let inode: UInt64
    let size: Int64
    let seconds: Int
    let nanoseconds: Int
  }

  private let descriptor: Int32
  private var known: [String: State?] = [:]

  /// - Parameter usesKernel: False to look every ``pause`` alone, as on systems without inotify.
  public init(usesKernel: Bool = true) {
    #if os(Linux)
      descriptor = usesKernel ? inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK)) : -1
    #else
      descriptor = -1
    #endif
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Between two looks without the kernel's help, in milliseconds.
  private static let pause: Int32 = 300
  /// With it, for what it does not report: file systems of other machines.
  private static let longPause: Int32 = 1000
  /// As long as changes follow one another as fast, they belong together.
  private static let quiet: Int32 = 80
  /// But not for longer than so many of these pauses.
  private static let mostPauses = 20

  /// Takes note of how the files are now.
  public mutating func note(_ files: some Sequence<String>, in folders: some Sequence<String>) {
    known = Self.states(files)
    #if os(Linux)
      guard descriptor >= 0 else { return }
      let events = UInt32(
        IN_CLOSE_WRITE | IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO
          | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF)
      // A folder that is watched already stays so.
      for folder in folders { _ = inotify_add_watch(descriptor, folder, events) }
    #endif
  }

  /// Waits for a change of what was noted.
  /// - Parameter files: What there is to look at by now: files may have been added.
  public func waitForChange(_ files: () -> [String]) {
    while true {
      if wait(descriptor >= 0 ? Self.longPause : Self.pause) { settle() }
      if Self.states(files()) != known { break }
    }
    // An editor that writes in two steps is given the time for the second.
    if descriptor < 0 { _ = wait(Self.quiet) }
  }

  /// Waits until nothing more comes.
  private func settle() {
    for _ in 0..<Self.mostPauses where !wait(Self.quiet) { return }
  }

  /// - Returns: Whether the kernel reported something before the time was over.
  private func wait(_ milliseconds: Int32) -> Bool {
    guard descriptor >= 0 else {
      poll(nil, 0, milliseconds)
      return false
    }
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&request, 1, milliseconds) > 0 else { return false }
    var bytes = [UInt8](repeating: 0, count: 1 << 14)
    while read(descriptor, &bytes, bytes.count) > 0 {}
    return true
  }

  private static func states(_ files: some Sequence<String>) -> [String: State?] {
    var states: [String: State?] = [:]
    for file in files {
      var status = stat()
      guard stat(file, &status) == 0 else {
        states.updateValue(nil, forKey: file)
        continue
      }
      #if canImport(Darwin)
        let time = status.st_mtimespec
      #else
        let time = status.st_mtim
      #endif
      states.updateValue(
        State(
          inode: UInt64(status.st_ino), size: Int64(status.st_size), seconds: Int(time.tv_sec),
          nanoseconds: Int(time.tv_nsec)), forKey: file)
    }
    return states
  }
}

extension Batch {
  /// What a run over these paths depends on.
  /// - Parameter reports: Of the last run, for the files that configs name.
  public func dependencies(
    of paths: [String], _ reports: [FileReport]
  ) -> (files: [String], folders: [String]) {
    var files: Set<String> = []
    var folders: Set<String> = []
    for path in paths {
      if FileInput.isFolder(path) {
        files.formUnion(search.configs(below: path))
        folders.formUnion(search.folders(below: path))
      } else if FileSearch.isPattern(path), !FileInput.exists(path) {
        files.formUnion(search.files(matching: path))
        folders.formUnion(search.folders(below: FileSearch.folder(of: path)))
      } else {
        files.insert(path)
      }
    }
    files.formUnion(reports.flatMap { [$0.source.path] + $0.others.map(\.path) })
    folders.formUnion(files.map(AbsolutePath.folder))
    // Settings and lists of what is left out may appear anywhere above.
    var above = Set(folders.map(AbsolutePath.of))
    for folder in above {
      var folder = folder
      while folder != "/" {
        folder = AbsolutePath.folder(of: folder)
        if !above.insert(folder).inserted { break }
      }
    }
    for folder in above {
      let start = folder == "/" ? "/" : folder + "/"
      files.formUnion([start + SettingsFile.name, start + ".gitignore"])
    }
    return (files.sorted(), folders.sorted())
  }
}
