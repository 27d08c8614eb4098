/// A change of a file: these bytes become this text.
public struct TextEdit: Hashable, Sendable {
  public let span: SourceSpan
  public let text: String

  public init(_ span: SourceSpan, _ text: String) {
    self.span = span
    self.text = text
  }
}

/// A repair of one finding.
public struct Fix: Hashable, Sendable {
  public enum Safety: String, Sendable, CaseIterable {
    /// The run the user gets is the run the user had.
    case safe
    /// The training changes.
    case unsafe
  }

  /// What it does, as an order: "set learning_rate to 1".
  public let title: String
  public let safety: Safety
  public let edits: [TextEdit]

  public init(title: String, safety: Safety, edits: [TextEdit]) {
    self.title = title
    self.safety = safety
    self.edits = edits
  }
}

extension SourceFile {
  /// The bytes after these fixes. A fix that overlaps one before it is left out whole, and so is
  /// one whose edits overlap one another, leave the file or belong to another one.
  /// - Returns: The new bytes and the fixes that were applied, in the order given.
  public func applying(_ fixes: some Sequence<Fix>) -> (bytes: [UInt8], applied: [Fix]) {
    var taken: [TextEdit] = []
    var applied: [Fix] = []
    for fix in fixes {
      let own = Self.inOrder(Set(fix.edits))
      let clashes = own.contains { edit in
        taken.contains { $0 != edit && Self.overlap($0, edit) }
          || edit.span.file != id || edit.span.bytes.upperBound > bytes.count
      }
      if clashes || own.isEmpty || Self.overlapOneAnother(own) { continue }
      taken += own.filter { !taken.contains($0) }
      applied.append(fix)
    }
    taken = Self.inOrder(taken)
    var result: [UInt8] = []
    var offset = 0
    for edit in taken {
      result += bytes[offset..<edit.span.bytes.lowerBound]
      result += Array(edit.text.utf8)
      offset = edit.span.bytes.upperBound
    }
    result += bytes[offset...]
    return (result, applied)
  }

  private static func inOrder(_ edits: some Sequence<TextEdit>) -> [TextEdit] {
    edits.sorted {
      let (a, b) = ($0.span.bytes, $1.span.bytes)
      return (a.lowerBound, a.upperBound) < (b.lowerBound, b.upperBound)
    }
  }

  /// Within one fix edits may touch, but no two may insert at one place.
  private static func overlapOneAnother(_ edits: [TextEdit]) -> Bool {
    zip(edits, edits.dropFirst()).contains { before, after in
      after.span.bytes.lowerBound < before.span.bytes.upperBound
        || after.span.bytes == before.span.bytes
    }
  }

  /// Two insertions at one place overlap as well: their order would be a guess.
  private static func overlap(_ left: TextEdit, _ right: TextEdit) -> Bool {
    let (a, b) = (left.span.bytes, right.span.bytes)
    if a.isEmpty || b.isEmpty {
      return a.lowerBound <= b.upperBound && b.lowerBound <= a.upperBound
    }
    return a.overlaps(b)
  }
}
