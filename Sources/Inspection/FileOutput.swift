public import Reporting
internal import SourceText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The only place that writes the user's files.
public enum FileOutput {
  /// Replaces a file at one stroke: its permissions stay, a link stays a link, and at every moment
  /// the file is whole, the old or the new. Of several that do this at once each sees what the one
  /// before has left.
  ///
  /// - Parameter original: What the file held when it was read.
  /// - Returns: False if it holds something else by now, and nothing was written.
  /// - Throws: A ``ReadFailure`` that says why the file was left as it was.
  public static func replaceIfUnchanged(
    _ path: String, original: [UInt8], with bytes: [UInt8]
  ) throws(ReadFailure) -> Bool {
    guard let resolved = realpath(path, nil) else { throw vanished(path) }
    let target = String(cString: resolved)
    free(resolved)
    guard access(target, W_OK) == 0 else {
      throw ReadFailure(path: path, message: "no permission to write it: left as it is")
    }
    return try FileLock.holding(target, shownAs: path) { status throws(ReadFailure) in
      guard try FileInput.read(target).bytes == original else { return false }
      try put(
        bytes, at: target, mode: status.st_mode & 0o7777, owner: (status.st_uid, status.st_gid))
      return true
    }
  }

  /// The same where a change in between is no reason to try again.
  public static func replace(
    _ path: String, original: [UInt8], with bytes: [UInt8]
  ) throws(ReadFailure) {
    if try replaceIfUnchanged(path, original: original, with: bytes) { return }
    throw ReadFailure(path: path, message: "it changed while it was being checked: left as it is")
  }

  static func vanished(_ path: String) -> ReadFailure {
    errno == ENOENT
      ? ReadFailure(path: path, message: "it is gone since it was read: nothing was written")
      : FileInput.failure(path)
  }

  /// Writes a report: a new file, or over an old one at one stroke. What is no plain file, such as
  /// `/dev/stderr`, is written to as it is.
  public static func create(_ path: String, _ bytes: [UInt8]) throws(ReadFailure) {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      let descriptor = open(path, O_WRONLY | O_CLOEXEC)
      let isWritten = descriptor >= 0 && writeAll(bytes, to: descriptor)
      let reason = errno
      if descriptor >= 0 { close(descriptor) }
      guard isWritten else { throw refusal(path, reason) }
      return
    }
    let mask = umask(0)
    umask(mask)
    try put(bytes, at: path, mode: 0o666 & ~mask, owner: nil)
  }

  /// Adds to a file that others write to as well, and makes it where it is missing.
  public static func append(_ path: String, _ bytes: [UInt8]) throws(ReadFailure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw refusal(path, errno) }
    let isWritten = writeAll(bytes, to: descriptor)
    let reason = errno
    guard close(descriptor) == 0, isWritten else { throw refusal(path, reason) }
  }

  /// Makes a folder, unless it is there.
  public static func createFolder(_ path: String) throws(ReadFailure) {
    if mkdir(path, 0o777) == 0 || errno == EEXIST && FileInput.isFolder(path) { return }
    throw ReadFailure(path: path, message: "no folder can be made here")
  }

  /// Writes beside the target and renames, so that there is never half a file.
  private static func put(
    _ bytes: [UInt8], at target: String, mode: mode_t, owner: (uid_t, gid_t)?
  ) throws(ReadFailure) {
    var temporary = ""
    var descriptor: Int32 = -1
    // What a run that was killed has left does not stand in the way.
    for number in 0..<100 {
      temporary = "\(target).\(getpid())-\(number).tuneup"
      descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      if descriptor >= 0 || errno != EEXIST { break }
    }
    guard descriptor >= 0 else { throw refusal(target, errno) }
    let isWritten =
      writeAll(bytes, to: descriptor) && fchmod(descriptor, mode) == 0 && fsync(descriptor) == 0
    let reason = errno
    // Only root may give files away; whoever else runs this owns the file already.
    if let owner { _ = fchown(descriptor, owner.0, owner.1) }
    guard close(descriptor) == 0, isWritten, rename(temporary, target) == 0 else {
      let reason = isWritten ? errno : reason
      unlink(temporary)
      throw refusal(target, reason)
    }
  }

  private static func refusal(_ path: String, _ reason: Int32) -> ReadFailure {
    ReadFailure(
      path: path,
      message: "it cannot be written (\(String(cString: strerror(reason)))): left as it is")
  }

  /// Writes all bytes, however many calls it takes.
  @discardableResult
  public static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var offset = 0
      while offset < buffer.count {
        let count = write(descriptor, buffer.baseAddress.map { $0 + offset }, buffer.count - offset)
        if count < 0 {
          if errno == EINTR { continue }
          return false
        }
        offset += count
      }
      return true
    }
  }
}
