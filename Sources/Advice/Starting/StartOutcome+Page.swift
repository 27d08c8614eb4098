internal import DryRuns
internal import Memory
public import Reporting
internal import SourceText

extension StartingConfig {
  /// What speaks for the config, and what to do next.
  public func page(writtenTo path: String?) -> Page {
    let memory = "\(Size.text(estimate.peakBytes)) of \(Size.text(request.vram))"
    var blocks: [Page.Block] = [
      .item("lints without a finding"),
      .item(
        "needs \(memory), at most \(Size.text(estimate.highBytes)): \(Size.text(margin)) to spare"),
    ]
    if let dryRun {
      blocks.append(.item("the dry run \(dryRun.verdict.rawValue): \(dryRun.reason)"))
    } else {
      blocks.append(.item("not run dry: no problem here stands for vectors of new words"))
    }
    if !costs.isEmpty {
      blocks += [.heading("Given up to fit the card")] + costs.map { .item($0) }
    }
    // Where the file itself can say why, it does.
    if !hasComments {
      blocks += [
        .heading("Why"),
        .table(["setting", "value", "why"], reasons.map { [$0.keyPath, $0.value, $0.reason] }),
      ]
    }
    blocks.append(.heading("Next"))
    blocks += next(path).map { .item($0) }
    let title =
      "\(request.model.title), \(request.method.words) with \(optimizer): \(steps) updates of "
      + "\(numbers.batch * numbers.accumulation) \(numbers.batch * numbers.accumulation == 1 ? "picture" : "pictures")"
    return Page(title, blocks)
  }

  private var hasComments: Bool {
    let name = files.config.path
    return name.hasSuffix(".toml") || name.hasSuffix(".yaml")
  }

  private func next(_ path: String?) -> [String] {
    let name = path ?? files.config.path
    var lines: [String] = []
    if path == nil {
      let names = files.companions.map(\.path)
      lines.append(
        names.isEmpty
          ? "save it with --output \(name)"
          : "save it with --output \(name), which also writes \(names.joined(separator: ", "))")
    }
    if ([files.config] + files.companions).contains(where: \.hasPlaces) {
      lines.append("fill in what begins with path/to")
    }
    if let install { lines.append("install what it needs: \(install)") }
    let script = script.map { " --script \($0)" } ?? ""
    lines.append("check again after every change: tuneup lint \(name)\(script)")
    lines.append(launch.filled { $0 == "file" ? name : nil })
    return lines
  }
}

extension SourceFile {
  /// Whether it names a path that nobody has.
  fileprivate var hasPlaces: Bool {
    String(decoding: bytes, as: UTF8.self).contains("path/to")
  }
}

extension NothingFits {
  public var page: Page {
    var blocks: [Page.Block] = []
    if let smallest {
      if smallest.estimate.highBytes > request.vram {
        blocks.append(
          .paragraph(
            "The smallest that was found needs \(Size.text(smallest.estimate.peakBytes)), at most "
              + "\(Size.text(smallest.estimate.highBytes)): with \(smallest.optimizer), a batch of "
              + "\(smallest.batch) and pictures of \(smallest.numbers.resolution)."))
      } else {
        blocks.append(.paragraph("Some settings fit, but in the dry run none of them converges."))
      }
    } else {
      blocks.append(.paragraph("No settings were found that lint without a finding."))
    }
    var would: [String] = []
    if let smallest, smallest.estimate.highBytes > request.vram {
      would.append("a card with \(Self.card(smallest.estimate.highBytes)) GiB")
    }
    would += methods.map { "on this card, \($0.words) of the same model: --method \($0.rawValue)" }
    if !models.isEmpty {
      would.append(
        "on this card, another model: \(models.map(\.name).joined(separator: ", "))")
    }
    would += backends.map { "on this card, another trainer: --backend \($0)" }
    blocks += [.heading(would.isEmpty ? "Nothing else was found that would" : "What would fit")]
    blocks += would.map { .item($0) }
    return Page(
      "\(request.model.title), \(request.method.words) with \(request.backend): nothing fits into "
        + "\(Size.text(request.vram))", blocks)
  }

  /// The smallest card that is sold with so much.
  static func card(_ bytes: Int) -> Int {
    let needed = Int((Double(bytes) / Double(1 << 30)).rounded(.up))
    return [6, 8, 10, 11, 12, 16, 20, 24, 32, 40, 48, 80, 96, 141, 192].first { $0 >= needed }
      ?? needed
  }
}

extension Unsupported {
  public var page: Page {
    let trainer = request.backend
    var blocks: [Page.Block] = []
    if !methods.isEmpty {
      blocks.append(
        .item(
          "of this model it trains \(methods.map(\.words).joined(separator: " or ")): --method "
            + methods.map(\.rawValue).joined(separator: "|")))
    } else {
      blocks.append(
        .item("models that it has here: \(models.map(\.name).joined(separator: ", "))"))
    }
    if !backends.isEmpty {
      blocks.append(
        .item("trainers that can: \(backends.map { "--backend \($0)" }.joined(separator: ", "))"))
    }
    let what =
      methods.isEmpty
      ? "\(request.model.title)" : "\(request.method.words) of \(request.model.title)"
    return Page("There is no recipe for \(what) with \(trainer)", blocks)
  }
}
