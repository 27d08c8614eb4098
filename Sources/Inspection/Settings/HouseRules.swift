import Plans
public import Reporting
import SourceText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds what holds for each file: the nearest `.tuneup.yml` above it, the user's file, the environment
/// and the options of the call.
///
/// Each folder is looked at once, with one call of the system, however many files lie in it.
public struct HouseRules: Sendable {
  /// Where the project's settings stand.
  public enum Project: Sendable, Hashable {
    /// In the nearest `.tuneup.yml`, up to the top of the repository.
    case nearest
    case file(String)
    /// Nowhere, and the user's are not read either.
    case none
  }

  private let project: Project
  /// The options of the call, and the environment.
  private let outer: [SettingsLayer]
  private let user: SettingsFile?
  /// What was read, in the order in which it was met.
  public private(set) var files: [SettingsFile] = []
  /// By absolute path of a folder: the file that holds there.
  private var known: [String: Int?] = [:]
  private var last: (folder: String, file: Int?)?

  /// - Throws: A ``ReadFailure`` for the file that was named, or the user's.
  public init(
    project: Project, flags: SettingsLayer = SettingsLayer(),
    environment: SettingsLayer = SettingsLayer(), variable: (String) -> String? = { _ in nil }
  ) throws(ReadFailure) {
    self.project = project
    outer = [flags, environment]
    user = project == .none ? nil : try Self.userFile(variable)
    if let user { files.append(user) }
    if case .file(let path) = project {
      files.append(try SettingsFile(reading: path, kind: .project, base: AbsolutePath.current))
      last = ("", files.count - 1)
    }
  }

  /// `tuneup/config.yml` in the folder for settings (XDG Base Directory Specification 0.8).
  private static func userFile(
    _ variable: (String) -> String?
  ) throws(ReadFailure) -> SettingsFile? {
    var folder = variable("XDG_CONFIG_HOME") ?? ""
    // Paths that are not absolute are to be ignored, says the specification.
    if !folder.hasPrefix("/") {
      guard let home = variable("HOME"), !home.isEmpty else { return nil }
      folder = "\(home)/.config"
    }
    let path = "\(folder)/tuneup/config.yml"
    guard exists(path) else { return nil }
    return try SettingsFile(reading: path, kind: .user, base: AbsolutePath.current)
  }

  /// Whether something of the name is there, even if it cannot be read.
  private static func exists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 || errno == EACCES || errno == ELOOP
  }

  /// What holds for a file.
  /// - Throws: A ``ReadFailure`` with the place, if the settings cannot be read.
  public mutating func settings(for path: String) throws(ReadFailure) -> Settings {
    let file = try file(for: path)
    let projects = file.map { [files[$0]] } ?? []
    let inner = projects + [user].compactMap(\.self)
    var layers = outer.filter(\.saysSomething)
    for file in inner { layers += Self.layers(of: file, for: path) }
    return Settings(layers: layers, files: inner)
  }

  /// The overrides that match, the last first, then what holds for all files.
  private static func layers(of file: SettingsFile, for path: String) -> [SettingsLayer] {
    guard let top = file.layers.first else { return [] }
    if file.layers.count == 1, top.backends.isEmpty { return [top] }
    let path = AbsolutePath.path(path, from: file.base)
    var own = top
    own.backend =
      top.backends.last { $0.patterns.contains(file: path) }?.backend ?? top.backend
    return file.layers.dropFirst().reversed().filter { $0.patterns?.contains(file: path) ?? true }
      + [own]
  }

  /// The number of the project's file that holds for a path.
  private mutating func file(for path: String) throws(ReadFailure) -> Int? {
    switch project {
    case .none: return nil
    case .file: return last?.file
    case .nearest:
      let folder = AbsolutePath.folder(of: path)
      if let last, last.folder == folder { return last.file }
      let found = try nearest(to: AbsolutePath.of(folder))
      last = (folder, found)
      return found
    }
  }

  private mutating func nearest(to folder: String) throws(ReadFailure) -> Int? {
    var visited: [String] = []
    var found: Int?
    var current = folder
    while true {
      if let file = known[current] {
        found = file
        break
      }
      let path = current == "/" ? "/\(SettingsFile.name)" : "\(current)/\(SettingsFile.name)"
      if Self.exists(path) {
        files.append(
          try SettingsFile(reading: AbsolutePath.shown(path), kind: .project, base: current))
        found = files.count - 1
        known[current] = found
        break
      }
      visited.append(current)
      if current == "/" { break }
      current = AbsolutePath.folder(of: current)
    }
    // What lies above the top of a repository does not hold in it. Only who found something has to ask.
    for folder in visited.reversed() {
      if found != nil, Self.exists("\(folder)/.git") { found = nil }
      known[folder] = found
    }
    return found
  }
}

extension SettingsLayer {
  fileprivate var saysSomething: Bool {
    failOn != nil || select != nil || vram != nil || gpu != nil || images != nil || repeats != nil
      || mode != nil || backend != nil || !ignored.isEmpty || !levels.isEmpty || !exceptions.isEmpty
  }
}
