internal import Plans

/// How many images lie in the folders that a config names.
enum ImageCount {
  /// What all four trainers open as an image.
  private static let endings = [".png", ".jpg", ".jpeg", ".webp", ".bmp"]
  /// Masks and conditions that OneTrainer keeps beside the images (its Documentation, "masked training").
  private static let besides = ["-masklabel.png", "-condlabel.png"]
  private static let mostFolders = 10_000

  /// - Parameter places: Where a path of the config may lie.
  /// - Returns: The images of an epoch; nil where a folder is not to be found, or holds none.
  static func count(_ folders: [ImageFolder], places: (String) -> [String]) -> Int? {
    if folders.isEmpty { return nil }
    var sum = 0.0
    for folder in folders {
      guard let place = places(folder.path).first(where: { FileInput.isFolder($0) }),
        let images = images(folder, at: place), images > 0
      else { return nil }
      sum += folder.taken ?? images * folder.weight
    }
    return sum < 1e9 ? Int(sum.rounded()) : nil
  }

  private static func images(_ folder: ImageFolder, at place: String) -> Double? {
    guard folder.hasNumberedFolders else {
      return images(in: place, deep: folder.includesSubfolders).map(Double.init)
    }
    var sum = 0.0
    for name in Folder.names(in: place) ?? [] {
      // sd-scripts passes over folders without a number (library/config_util.py).
      guard let times = Int(name.prefix { $0 != "_" }), times > 0, name.contains("_"),
        let images = images(in: "\(place)/\(name)", deep: false)
      else { continue }
      sum += Double(times * images)
    }
    return sum
  }

  private static func images(in folder: String, deep: Bool) -> Int? {
    var waiting = [folder]
    var count = 0
    var seen = 0
    while let current = waiting.popLast() {
      seen += 1
      guard seen <= mostFolders, let names = Folder.names(in: current) else { return nil }
      for name in names where !name.hasPrefix(".") {
        let lower = name.lowercased()
        if endings.contains(where: { lower.hasSuffix($0) }) {
          if !besides.contains(where: { lower.hasSuffix($0) }) { count += 1 }
        } else if deep, Folder.entry("\(current)/\(name)") == .folder {
          waiting.append("\(current)/\(name)")
        }
      }
    }
    return count
  }
}
