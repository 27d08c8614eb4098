internal import SourceText

/// Finds keys by the hash that documents already have of theirs, so that looking up an entry's
/// setting makes no string and computes no second hash. Open addressing, half empty.
///
/// All keys stand in one array of bytes: threads that look up at the same time share nothing that is
/// counted.
struct KeyTable: Sendable {
  private let bytes: [UInt8]
  /// Where each key begins in `bytes`, and where the last one ends.
  private let starts: [Int32]
  private let hashes: [UInt32]
  /// Places of keys, -1 for none; a power of two.
  private let slots: [Int16]

  /// - Parameter keys: Of several equal ones the first is found.
  init(_ keys: [String]) {
    hashes = keys.map { hashOfKey($0) }
    var bytes: [UInt8] = []
    var starts: [Int32] = [0]
    for key in keys {
      bytes += Array(key.utf8)
      starts.append(Int32(bytes.count))
    }
    self.bytes = bytes
    self.starts = starts
    var size = 8
    while size < 2 * keys.count { size *= 2 }
    var slots = [Int16](repeating: -1, count: size)
    for (place, hash) in hashes.enumerated() {
      var slot = Int(hash) & (size - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
      slots[slot] = Int16(place)
    }
    self.slots = slots
  }

  func place(of key: String) -> Int? {
    var key = key
    return key.withUTF8 { place(of: hashOfKey($0), $0) }
  }

  func place(of entry: DocumentNode) -> Int? {
    entry.withKeyBytes { place(of: entry.keyHash, $0) }
  }

  private func place(of hash: UInt32, _ key: UnsafeBufferPointer<UInt8>) -> Int? {
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] >= 0 {
      let place = Int(slots[slot])
      if hashes[place] == hash, isSame(place, key) { return place }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  private func isSame(_ place: Int, _ key: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = Int(starts[place])
    guard Int(starts[place + 1]) - start == key.count else { return false }
    for offset in 0..<key.count where bytes[start + offset] != key[offset] { return false }
    return true
  }
}
