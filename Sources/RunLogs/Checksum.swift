/// The checksum of TensorFlow's records.
public enum Checksum {
  /// The CRC-32C, turned and moved, as TensorFlow stores it (tensorflow/core/lib/hash/crc32c.h).
  public static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let sum = castagnoli(bytes)
    return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
  }

  /// CRC-32C (Castagnoli), RFC 3720, appendix B.4.
  public static func castagnoli(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
  }

  private static let table: [UInt32] = (0..<256).map { place in
    (0..<8).reduce(UInt32(place)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0x82F6_3B78 : sum >> 1 }
  }
}
