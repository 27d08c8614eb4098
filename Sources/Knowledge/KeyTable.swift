internal import SourceText

/// Finds keys by the hash that documents already have of theirs, so that looking up an entry's
/// setting makes no string and computes no second hash. Open addressing, half empty.
struct KeyTable: Sendable {
  private let keys: [String]
  private let hashes: [UInt32]
  /// Places in `keys`, -1 for none; a power of two.
  private let slots: [Int16]

  /// - Parameter keys: Of several equal ones the first is found.
  init(_ keys: [String]) {
    self.keys = keys
    hashes = keys.map { hashOfKey($0) }
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
    place(of: hashOfKey(key)) { keys[$0] == key }
  }

  func place(of entry: DocumentNode) -> Int? {
    place(of: entry.keyHash) { entry.hasKey(keys[$0]) }
  }

  private func place(of hash: UInt32, isSame: (Int) -> Bool) -> Int? {
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] >= 0 {
      let place = Int(slots[slot])
      if hashes[place] == hash, isSame(place) { return place }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }
}
