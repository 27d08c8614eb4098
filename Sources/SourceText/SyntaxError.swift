/// Why a file could not be read as the format it is in, and where.
///
/// Thrown by every reader: it stops the reading. What is merely wrong with a value is a
/// ``Diagnostic``.
public struct SyntaxError: Error, Sendable, Hashable {
  /// Lower case, no full stop: what is there, then what belongs there.
  public let message: String
  /// Where in the file, in bytes; empty at the end of the file.
  public let bytes: Range<Int>

  public init(_ message: String, at bytes: Range<Int>) {
    self.message = message
    self.bytes = bytes
  }
}
