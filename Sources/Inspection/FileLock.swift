import Reporting

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Keeps other runs from replacing a file for a while.
///
/// The lock is on the file itself (flock(2)), and a file that is replaced is another one afterwards: who
/// waited for the old one takes the new one. Where a file system knows no locks there is none.
enum FileLock {
  /// - Parameters:
  ///   - path: Without links.
  ///   - name: The path as the user gave it.
  ///   - body: Is handed the file as it is while the lock is held.
  static func holding<Value>(
    _ path: String, shownAs name: String, _ body: (stat) throws(ReadFailure) -> Value
  ) throws(ReadFailure) -> Value {
    while true {
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw FileOutput.vanished(name) }
      defer { close(descriptor) }
      while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
      var own = stat()
      var there = stat()
      guard fstat(descriptor, &own) == 0, stat(path, &there) == 0 else {
        throw FileOutput.vanished(name)
      }
      if own.st_ino == there.st_ino, own.st_dev == there.st_dev { return try body(own) }
    }
  }
}
