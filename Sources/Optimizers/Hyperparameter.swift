/// A value that an option of an optimizer is set to.
public enum HyperparameterValue: Sendable, Hashable {
  case number(Double)
  case flag(Bool)
  case text(String)
  /// Python's None.
  case none
}

extension HyperparameterValue: CustomStringConvertible {
  public var description: String {
    switch self {
    case .number(let number): "\(number)"
    case .flag(let flag): flag ? "true" : "false"
    case .text(let text): "'\(text)'"
    case .none: "null"
    }
  }
}

/// The numbers that a library accepts.
public struct Domain: Sendable, Hashable, CustomStringConvertible {
  public let lowest: Double
  public let highest: Double
  public let includesLowest: Bool
  public let includesHighest: Bool

  /// Finite or infinite bounds; a number that is not one lies in no domain.
  public init(
    from lowest: Double = -.infinity, to highest: Double = .infinity, includesLowest: Bool = true,
    includesHighest: Bool = true
  ) {
    self.lowest = lowest
    self.highest = highest
    self.includesLowest = includesLowest
    self.includesHighest = includesHighest
  }

  /// 0 ≤ x < 1
  public static let fraction = Domain(from: 0, to: 1, includesHighest: false)
  /// 0 ≤ x ≤ 1
  public static let share = Domain(from: 0, to: 1)
  /// x > 0
  public static let positive = Domain(from: 0, includesLowest: false)
  /// x ≥ 0
  public static let notNegative = Domain(from: 0)
  /// Any number: the library does not look.
  public static let any = Domain()

  public func contains(_ value: Double) -> Bool {
    (includesLowest ? value >= lowest : value > lowest)
      && (includesHighest ? value <= highest : value < highest)
  }

  public var description: String {
    let least = "\(includesLowest ? "at least" : "more than") \(Self.text(lowest))"
    let most = "\(includesHighest ? "at most" : "less than") \(Self.text(highest))"
    return switch (lowest.isFinite, highest.isFinite) {
    case (false, false): "a number"
    case (true, false): least
    case (false, true): most
    case (true, true): "\(least) and \(most)"
    }
  }

  private static func text(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(value)"
  }
}

/// An option that an optimizer reads: its name, where it is kept, what it may be, what it does.
///
/// The default stands in the optimizer alone: it is what `init()` puts at the place.
public struct Hyperparameter<Owner: Sendable>: Sendable {
  public let name: String
  /// What it does, in a few words.
  public let meaning: String
  let place: Place

  enum Place: Sendable {
    case number(any WritableKeyPath<Owner, Double> & Sendable, Domain)
    case optionalNumber(any WritableKeyPath<Owner, Double?> & Sendable, Domain)
    case count(any WritableKeyPath<Owner, Int> & Sendable, ClosedRange<Int>)
    case flag(any WritableKeyPath<Owner, Bool> & Sendable)
    case choice(any WritableKeyPath<Owner, String> & Sendable, [String])
  }

  public init(
    _ name: String, _ path: any WritableKeyPath<Owner, Double> & Sendable, _ domain: Domain,
    _ meaning: String
  ) {
    self.init(name, .number(path, domain), meaning)
  }

  /// A number that may be null.
  public init(
    _ name: String, _ path: any WritableKeyPath<Owner, Double?> & Sendable, _ domain: Domain,
    _ meaning: String
  ) {
    self.init(name, .optionalNumber(path, domain), meaning)
  }

  /// A whole number.
  public init(
    _ name: String, _ path: any WritableKeyPath<Owner, Int> & Sendable, _ range: ClosedRange<Int>,
    _ meaning: String
  ) {
    self.init(name, .count(path, range), meaning)
  }

  public init(
    _ name: String, _ path: any WritableKeyPath<Owner, Bool> & Sendable, _ meaning: String
  ) {
    self.init(name, .flag(path), meaning)
  }

  /// One of several words.
  public init(
    _ name: String, _ path: any WritableKeyPath<Owner, String> & Sendable, _ words: [String],
    _ meaning: String
  ) {
    self.init(name, .choice(path, words), meaning)
  }

  private init(_ name: String, _ place: Place, _ meaning: String) {
    self.name = name
    self.place = place
    self.meaning = meaning
  }

  func set(_ value: HyperparameterValue, in owner: inout Owner) throws(HyperparameterError) {
    switch (place, value) {
    case (.number(let path, let domain), .number(let number)) where domain.contains(number):
      owner[keyPath: path] = number
    case (.optionalNumber(let path, let domain), .number(let number)) where domain.contains(number):
      owner[keyPath: path] = number
    case (.optionalNumber(let path, _), .none):
      owner[keyPath: path] = nil
    case (.count(let path, let range), .number(let number)):
      guard let count = Int(exactly: number), range.contains(count) else {
        throw refusal(of: value)
      }
      owner[keyPath: path] = count
    case (.flag(let path), .flag(let flag)):
      owner[keyPath: path] = flag
    case (.choice(let path, let words), .text(let word)) where words.contains(word):
      owner[keyPath: path] = word
    default: throw refusal(of: value)
    }
  }

  func value(in owner: Owner) -> HyperparameterValue {
    switch place {
    case .number(let path, _): .number(owner[keyPath: path])
    case .optionalNumber(let path, _): owner[keyPath: path].map { .number($0) } ?? .none
    case .count(let path, _): .number(Double(owner[keyPath: path]))
    case .flag(let path): .flag(owner[keyPath: path])
    case .choice(let path, _): .text(owner[keyPath: path])
    }
  }

  /// What the option accepts, in words.
  var range: String {
    switch place {
    case .number(_, let domain): domain.description
    case .optionalNumber(_, let domain): "\(domain), or null"
    case .count(_, let range):
      "a whole number of at least \(range.lowerBound)"
        + (range.upperBound == .max ? "" : " and at most \(range.upperBound)")
    case .flag: "true or false"
    case .choice(_, let words): "one of " + words.joined(separator: ", ")
    }
  }

  private func refusal(of value: HyperparameterValue) -> HyperparameterError {
    .outOfRange(option: name, value: value, range: range)
  }
}

/// Why an optimizer cannot be made from these options.
public enum HyperparameterError: Error, Hashable, CustomStringConvertible {
  case unknown(option: String, known: [String])
  case outOfRange(option: String, value: HyperparameterValue, range: String)
  /// Each value is fine, but not beside the others.
  case combination(option: String, value: HyperparameterValue, needs: String)
  /// The library takes it; the engine does not have it.
  case notSimulated(option: String, value: HyperparameterValue)

  public var description: String {
    switch self {
    case .unknown(let option, let known):
      "'\(option)' is not an option here; these are: \(known.joined(separator: ", "))"
    case .outOfRange(let option, let value, let range):
      "'\(option)' is \(value) and must be \(range)"
    case .combination(let option, let value, let needs): "'\(option)' of \(value) needs \(needs)"
    case .notSimulated(let option, let value): "'\(option)' of \(value) is not simulated"
    }
  }
}
