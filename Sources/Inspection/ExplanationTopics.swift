import Backends
import Knowledge
import Plans

extension Explanation {
  /// All explanations of a word; several where, say, an option and a setting share it.
  ///
  /// Optimizers and schedules by their ids and, where none has that one, by what any trainer calls
  /// them. Settings also by their place in the file, as findings name it: `unet.weight_dtype`,
  /// `concepts[0].image.enable_random_flip`.
  public static func all(of topic: String) -> [Explanation] {
    let word = plain(topic)
    func matches(_ name: String) -> Bool { plain(name) == word }
    var found: [Explanation] = []
    found += Inspector.rules.filter { matches($0.id) }.map(rule)
    found += optimizers(named: topic).map(optimizer)
    found += schedulers(named: topic).map(scheduler)
    let path = topic.split(separator: ".").map { plain(String($0.prefix { $0 != "[" })) }
    if path.count > 1, let word = path.last {
      found += settings(named: word, in: path[path.count - 2])
    } else {
      found += settings(named: word, in: nil)
    }
    if path.count == 1 {
      found += Catalogue.models(of: "onetrainer").filter { matches($0.id) || matches($0.family) }
        .map(model)
    }
    found += (Catalogue.backendIDs + Catalogue.trainers).unique.filter(matches).map(backend)
    return found
  }

  /// Case, dashes and blanks do not matter: `Initial D`, `ADAMW_8BIT`, `adamw-8bit`.
  static func plain(_ name: String) -> String {
    String(name.lowercased().map { $0 == "-" || $0 == " " ? "_" : $0 })
  }

  private static func optimizers(named topic: String) -> [OptimizerFacts] {
    let word = plain(topic)
    let all = Catalogue.optimizers
    let byID = all.filter { plain($0.id) == word }
    if !byID.isEmpty { return byID }
    return all.filter { facts in
      plain(facts.title) == word
        || facts.backends.contains { backend in
          facts.uses(in: backend).contains { use in
            ([use.name] + use.otherNames).contains { plain($0) == word }
          }
        }
    }
  }

  private static func schedulers(named topic: String) -> [SchedulerFacts] {
    let word = plain(topic)
    let byID = Catalogue.schedulers.filter { plain($0.id) == word }
    let byName = Catalogue.schedulers.filter { facts in
      facts.backends.contains { facts.uses(in: $0).contains { plain($0.name) == word } }
    }
    // A name that is an id as well may mean another curve elsewhere.
    return byID + byName.filter { facts in !byID.contains { $0.id == facts.id } }
  }

  /// Options, settings at the top, and settings of the objects below, of every trainer: of one
  /// object, or wherever they stand.
  private static func settings(named word: String, in place: String?) -> [Explanation] {
    let found = Catalogue.backendIDs.flatMap { settings(named: word, in: place, of: $0) }
    guard place == nil else { return found }
    return found
      + Catalogue.libraryOptions.settings.filter { isCalled($0, word) }.map(option)
  }

  private static func settings(
    named word: String, in place: String?, of backend: String
  ) -> [Explanation] {
    let facts = Catalogue.backend(backend)
    let everywhere = [facts.root] + facts.objects.values.sorted { $0.name < $1.name }
    let holder = place.flatMap { place in
      everywhere.lazy.compactMap { $0[place]?.object }.first
        ?? (Catalogue.optimizer(place) == nil ? nil : "optimizer")
        // An object by its own name, where nothing at the top holds it.
        ?? everywhere.first { plain($0.name) == place }?.name
    }
    if place != nil, holder == nil { return [] }
    return everywhere.filter { holder == nil || $0.name == holder }.flatMap { object in
      object.settings.compactMap { setting in
        let isOption = object === Catalogue.options
        // `optimizer` is an option; the object of that name says nothing more.
        if backend == "onetrainer", object === facts.root, setting.key == "optimizer" { return nil }
        guard isOption ? isCalled(setting, word) : plain(setting.key) == word else { return nil }
        return isOption ? option(setting) : Self.setting(setting, in: object, of: backend)
      }
    }
  }

  private static func isCalled(_ option: SettingFacts, _ word: String) -> Bool {
    [option.key, option.title, option.guideTitle ?? ""].contains { plain($0) == word }
  }

  /// Every word that has an explanation.
  public static var topics: [String] {
    let backends = Catalogue.backendIDs.map(Catalogue.backend)
    let settings = backends.flatMap { facts in
      facts.root.settings.map(\.key)
        + facts.objects.values.flatMap { $0.settings.map(\.key) }.sorted()
    }
    return Inspector.rules.map(\.id) + Catalogue.optimizers.map(\.id)
      + Catalogue.schedulers.map(\.id) + Catalogue.options.settings.map(\.key) + settings
      + Catalogue.models(of: "onetrainer").map(\.id) + Catalogue.trainers
      + Catalogue.libraryOptions.settings.map(\.key)
      + Catalogue.trainers.flatMap { Catalogue.optimizerNames(of: $0).spellings }
      + Catalogue.schedulers.flatMap { facts in
        facts.backends.flatMap { facts.uses(in: $0).map(\.name) }
      }
  }
}
