import Backends
import Knowledge
import Plans

extension Explanation {
  /// All explanations of a word; several where, say, an option and a setting share it.
  ///
  /// Settings also by their place in the file, as findings name it: `unet.weight_dtype`,
  /// `concepts[0].image.enable_random_flip`.
  public static func all(of topic: String) -> [Explanation] {
    let path = topic.split(separator: ".").map { plain(String($0.prefix { $0 != "[" })) }
    if path.count > 1, let word = path.last {
      return settings(named: word, in: path[path.count - 2])
    }
    let word = plain(topic)
    func matches(_ name: String) -> Bool { plain(name) == word }
    var found: [Explanation] = []
    found += Inspector.rules.filter { matches($0.id) }.map(rule)
    found += Catalogue.optimizers.filter { matches($0.id) }.map(optimizer)
    found += Catalogue.schedulers.filter { matches($0.id) }.map(scheduler)
    found += settings(named: word, in: nil)
    found += Catalogue.models(of: "onetrainer").filter { matches($0.id) || matches($0.family) }.map(
      model)
    found += allBackends.filter { matches($0.id) }.map { _ in backend() }
    return found
  }

  /// Case, dashes and blanks do not matter: `Initial D`, `ADAMW_8BIT`, `adamw-8bit`.
  private static func plain(_ name: String) -> String {
    String(name.lowercased().map { $0 == "-" || $0 == " " ? "_" : $0 })
  }

  /// Options, settings at the top, and settings of the objects below: of one object, or wherever
  /// they stand.
  private static func settings(named word: String, in place: String?) -> [Explanation] {
    let facts = Catalogue.oneTrainer
    let everywhere = [facts.root] + facts.objects.values.sorted { $0.name < $1.name }
    let holder = place.flatMap { place in
      everywhere.lazy.compactMap { $0[place]?.object }.first
        ?? (Catalogue.optimizer(place) == nil ? nil : "optimizer")
    }
    if place != nil, holder == nil { return [] }
    return everywhere.filter { holder == nil || $0.name == holder }.flatMap { object in
      object.settings.compactMap { setting in
        let isOption = object.name == "optimizer"
        let names =
          isOption ? [setting.key, setting.title, setting.guideTitle ?? ""] : [setting.key]
        // `optimizer` is an option; the object of that name says nothing more.
        if object === facts.root, setting.key == "optimizer" { return nil }
        guard names.contains(where: { plain($0) == word }) else { return nil }
        return isOption ? option(setting) : Self.setting(setting, in: object)
      }
    }
  }

  /// Every word that has an explanation.
  public static var topics: [String] {
    Inspector.rules.map(\.id) + Catalogue.optimizers.map(\.id) + Catalogue.schedulers.map(\.id)
      + Catalogue.options.settings.map(\.key) + Catalogue.oneTrainer.root.settings.map(\.key)
      + Catalogue.oneTrainer.objects.values.flatMap { $0.settings.map(\.key) }.sorted()
      + Catalogue.models(of: "onetrainer").map(\.id) + Inspector.backends
  }
}
