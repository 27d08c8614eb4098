internal import SourceText

/// A config that is being put together: values in the order in which they will be written.
struct ConfigTree {
  private(set) var root: EditValue

  init(_ base: EditValue) { root = base }

  /// A step of a path: a key, or a place in a list.
  private enum Step {
    case key(String)
    case place(Int)
  }

  private static func steps(_ path: String) -> [Step] {
    path.split(separator: ".").flatMap { part -> [Step] in
      let parts = part.split(separator: "[")
      let key = part.hasPrefix("[") ? [] : parts.prefix(1).map { Step.key(String($0)) }
      let places = parts.dropFirst(key.count).compactMap { Int($0.dropLast()).map(Step.place) }
      return key + places
    }
  }

  /// Sets a value; an object is put over the one that is there, and null at the end takes a setting
  /// away.
  mutating func set(_ path: String, to value: EditValue) {
    root = Self.set(Self.steps(path)[...], value, in: root)
  }

  /// The value at a path.
  func value(at path: String) -> EditValue? {
    Self.steps(path).reduce(Optional(root)) { value, step in
      switch (value, step) {
      case (.mapping(let entries), .key(let key)): entries.first { $0.key == key }?.value
      case (.list(let values), .place(let place)) where values.indices.contains(place):
        values[place]
      default: nil
      }
    }
  }

  private static func set(
    _ steps: ArraySlice<Step>, _ value: EditValue, in node: EditValue
  ) -> EditValue {
    guard let step = steps.first else { return merged(value, over: node) }
    let rest = steps.dropFirst()
    switch step {
    case .key(let key):
      var entries: [EditValue.Entry] = []
      if case .mapping(let existing) = node { entries = existing }
      if let place = entries.firstIndex(where: { $0.key == key }) {
        entries[place] = .init(key, set(rest, value, in: entries[place].value))
      } else {
        entries.append(.init(key, set(rest, value, in: .null)))
      }
      return .mapping(entries)
    case .place(let place):
      guard case .list(var values) = node, values.indices.contains(place) else { return node }
      values[place] = set(rest, value, in: values[place])
      return .list(values)
    }
  }

  private static func merged(_ value: EditValue, over old: EditValue) -> EditValue {
    guard case .mapping(let new) = value, case .mapping = old else { return value }
    return new.reduce(old) { set([.key($1.key)], $1.value, in: $0) }
  }

  /// Without the settings that only keep a place, or were taken away.
  /// - Parameter depth: Levels at which null stands for nothing; deeper it is a value.
  func withoutPlaces(depth: Int) -> EditValue { Self.pruned(root, depth) }

  private static func pruned(_ value: EditValue, _ depth: Int) -> EditValue {
    guard depth > 0 else { return value }
    switch value {
    case .mapping(let entries):
      return .mapping(
        entries.filter { $0.value != .null }.map { .init($0.key, pruned($0.value, depth - 1)) })
    case .list(let values): return .list(values.map { pruned($0, depth) })
    default: return value
    }
  }
}
