import Knowledge
import Reporting
import SourceText

/// A formula as the data has it: clauses with `;` between them, each of which sets something; or a
/// sentence where there is none.
struct Formula {
  let text: String

  init(_ text: String) { self.text = text }

  private var clauses: [String] {
    text.split(separator: ";").map { String($0.drop { $0 == " " }) }
  }

  /// Whether it is one, and no sentence.
  private var isFormula: Bool { clauses.allSatisfy { $0.contains("=") } }

  /// The formula, and what its letters stand for.
  ///
  /// - Parameter path: The data file with the `symbols`.
  func blocks(symbols path: String) -> [Page.Block] {
    guard isFormula else { return [.paragraph(text)] }
    return [.code(clauses.joined(separator: "\n")), .table(["", ""], letters(from: path))]
  }

  private func letters(from path: String) -> [[String]] {
    let symbols = EmbeddedFile(path)?.document().root["symbols"]?.children.map { $0 } ?? []
    var words = Self.words(in: text)
    // Some are explained by others.
    for _ in 0..<3 {
      for symbol in symbols where words.contains(symbol.key ?? "") {
        words.formUnion(Self.words(in: symbol.text))
      }
    }
    return symbols.filter { words.contains($0.key ?? "") }.map { [$0.key ?? "", $0.text] }
  }

  /// Letters and words with their low numbers, without what is above them: `β₁`, `m` of m̂ and of m².
  static func words(in text: String) -> Set<String> {
    var words: Set<String> = []
    var word = String.UnicodeScalarView()
    func end() {
      if !word.isEmpty { words.insert(String(word)) }
      word = String.UnicodeScalarView()
    }
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .lowercaseLetter, .uppercaseLetter:
        if let last = word.last, last.isLow { end() }
        word.append(scalar)
      case .otherNumber where scalar.isLow: word.append(scalar)
      case .nonspacingMark: break
      case .openPunctuation, .mathSymbol, .otherPunctuation:
        end()
        words.insert(String(scalar))
      default: end()
      }
    }
    end()
    return words
  }
}

extension Unicode.Scalar {
  /// A digit below the line.
  fileprivate var isLow: Bool { ("₀"..."₉").contains(self) }
}
