import Foundation
import TestSupport
import Testing

/// Links and paths in the pages lead somewhere.
@Suite struct DocumentationLinkTests {
  static let pages =
    ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "Examples/ci/README.md"]
    + Repository.files(below: "Documentation", ending: ".md").filter {
      !$0.dropFirst("Documentation/".count).contains("/")
    }

  private static let folders = [
    "Sources/", "Schemas/", "Presets/", "Scripts/", "Tests/", "Documentation/", "Examples/",
  ]

  private static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(
      atPath: Repository.root.appending(path: path).path(percentEncoded: false))
  }

  /// Without its blocks of code, whose brackets are no links.
  private static func prose(_ page: String) throws -> String {
    var isCode = false
    return try Repository.text(page).split(separator: "\n", omittingEmptySubsequences: false)
      .filter { line in
        let isFence = line.drop { $0 == " " }.hasPrefix("```")
        if isFence { isCode.toggle() }
        return !isCode && !isFence
      }.joined(separator: "\n")
  }

  @Test(arguments: pages)
  func linksResolve(_ page: String) throws {
    let folder = page.split(separator: "/").dropLast().joined(separator: "/")
    let linked = try Self.prose(page).matches(of: /\]\(([^()\s]+)\)/).map { String($0.output.1) }
    for link in linked where !link.contains("://") && !link.hasPrefix("#") {
      let path = link.split(separator: "#")[0]
      let decoded = path.removingPercentEncoding ?? String(path)
      #expect(Self.exists(folder.isEmpty ? decoded : "\(folder)/\(decoded)"), "\(page): \(link)")
    }
  }

  /// Paths in backticks, up to where a placeholder or a star begins.
  @Test(arguments: pages)
  func pathsExist(_ page: String) throws {
    let quoted = try Self.prose(page).matches(of: /`([^`\n]+)`/).map { String($0.output.1) }
    for text in quoted where Self.folders.contains(where: text.hasPrefix) {
      let path = text.prefix { !$0.isWhitespace }
      let known = path.prefix { !"⟨*…<{".contains($0) }
      let place =
        known.count == path.count
        ? String(known)
        : known.split(separator: "/").dropLast(known.hasSuffix("/") ? 0 : 1)
          .joined(separator: "/")
      #expect(Self.exists(place), "\(page): \(text)")
    }
  }

  /// A page without links or paths would pass unseen if the patterns found nothing.
  @Test func findsSome() throws {
    let readme = try Self.prose("README.md")
    #expect(readme.matches(of: /\]\(([^()\s]+)\)/).count > 200)
    #expect(try Self.prose("CONTRIBUTING.md").contains("`Schemas/"))
  }
}
