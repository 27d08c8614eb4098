import Advice
import Reporting
import TestSupport
import Testing

@Suite struct PresetTests {
  /// Every row is what lint and the memory estimate say of the recipe today, its trainer, model and
  /// method being those that there are recipes for.
  @Test(arguments: PresetTable.requests)
  func isWhatTheRecipeGives(_ request: StartRequest) {
    var verdicts = Verdicts()
    let made = PresetTable.rows(request, &verdicts, withDryRun: false)
    let kept = PresetTable.embedded.rows.filter {
      $0.backend == request.backend && $0.model == request.model.name
        && $0.method == request.method.rawValue
    }
    // Choices that had to be others, and runs that had to be longer to converge, or to take another optimizer, show it in a dry run only.
    for (made, kept) in zip(made, kept) {
      #expect(made.card == kept.card)
      guard let config = kept.config else { continue }
      #expect(config.verdict == "converges")
      #expect(config.high <= kept.card * 10)
      let isSameChoice =
        made.config?.steps == config.steps && made.config?.batch == config.batch
        && made.config?.optimizer == config.optimizer
      if isSameChoice { #expect(made == kept.withoutVerdict) }
    }
    #expect(made.count == kept.count, "run 'make presets'")
  }

  @Test func coversTenModelsForEveryTrainerThatHasThem() {
    let table = PresetTable.embedded
    #expect(Set(table.rows.map(\.backend)) == Set(Starter.backends))
    let models = Set(table.rows.filter { $0.config != nil }.map(\.model))
    #expect(models.count >= 10)
    for card in PresetRow.cards {
      #expect(
        Set(table.rows.filter { $0.card == card && $0.config != nil }.map(\.model)).count >= 10)
    }
  }

  @Test func pageIsTheDocumentation() throws {
    #expect(
      PresetTable.embedded.page.markdown
        == (try Repository.text("Documentation/Recommendations.md")),
      "run 'make presets'")
  }

  @Test func fileIsItsOwnText() throws {
    #expect(PresetTable.embedded.text == (try Repository.text("Presets/presets.json")))
  }
}
