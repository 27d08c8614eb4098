internal import Inspection
internal import Knowledge
internal import SourceText

/// What comes of a request for a config to start with.
public enum StartOutcome: Sendable {
  case config(StartingConfig)
  /// Nothing fits the card, or nothing that fits converges.
  case nothing(NothingFits)
  /// The trainer has not the model, or not this method for it.
  case unsupported(Unsupported)
}

/// That nothing fits, and what would.
public struct NothingFits: Sendable {
  public let request: StartRequest
  /// The smallest there is; nil where no choice can be sized.
  public let smallest: StartingConfig?
  /// Other methods that fit this card.
  public let methods: [Method]
  /// Other models that fit this card with this method, the largest first.
  public let models: [KnownModel]
  /// Other trainers with which the same fits.
  public let backends: [String]
}

/// That a trainer cannot do what is asked, and what can be done.
public struct Unsupported: Sendable {
  public let request: StartRequest
  /// What the trainer can do with the model; none if it has not the model.
  public let methods: [Method]
  /// The models it has.
  public let models: [KnownModel]
  /// The trainers that can.
  public let backends: [String]
}

/// Finds a config to start with.
public struct Starter: Sendable {
  public init() {}

  /// The trainers that it knows how to write for.
  public static var backends: [String] { Recipe.backends }

  public func outcome(_ request: StartRequest) -> StartOutcome {
    var verdicts = Verdicts()
    return outcome(request, &verdicts)
  }

  /// - Parameter verdicts: What was run before, and is added to.
  public func outcome(_ request: StartRequest, _ verdicts: inout Verdicts) -> StartOutcome {
    guard let recipe = Recipe(request.backend), var search = StartSearch(request, recipe) else {
      return .unsupported(unsupported(request))
    }
    search.verdicts = verdicts
    let found = search.find(into: request.vram)
    verdicts = search.verdicts
    if let found { return .config(found) }
    return .nothing(nothing(request, &search, recipe))
  }

  /// The models that a trainer has, the most common first.
  public static func models(of backend: String) -> [KnownModel] {
    guard let recipe = Recipe(backend) else { return [] }
    return KnownModel.all.filter { recipe.model($0.id) != nil }
  }

  /// What a trainer can do with a model.
  public static func methods(_ backend: String, _ model: KnownModel) -> [Method] {
    guard let methods = Recipe(backend)?.model(model.id)?.methods else { return [] }
    return Method.allCases.filter { methods[$0.rawValue] != nil }
  }

  private func unsupported(_ request: StartRequest) -> Unsupported {
    Unsupported(
      request: request, methods: Self.methods(request.backend, request.model),
      models: Self.models(of: request.backend),
      backends: Self.backends.filter {
        Self.methods($0, request.model).contains(request.method)
      })
  }

  private func nothing(
    _ request: StartRequest, _ search: inout StartSearch, _ recipe: Recipe
  ) -> NothingFits {
    var verdicts = search.verdicts
    func fits(_ change: (inout StartRequest) -> Void) -> Bool {
      var other = request
      change(&other)
      guard let recipe = Recipe(other.backend), var search = StartSearch(other, recipe) else {
        return false
      }
      search.verdicts = verdicts
      defer { verdicts = search.verdicts }
      return search.find(into: other.vram) != nil
    }
    let methods = Method.allCases.filter { method in
      method != request.method && fits { $0.method = method }
    }
    var models: [KnownModel] = []
    for model in Self.models(of: request.backend).sorted(by: { Self.size($0) > Self.size($1) })
    where model.id != request.model.id && models.count < Self.mostModels {
      if fits({ $0.model = model }) { models.append(model) }
    }
    let backends = Self.backends.filter { backend in
      backend != request.backend && fits { $0.backend = backend }
    }
    return NothingFits(
      request: request, smallest: search.smallest(), methods: methods,
      models: models, backends: backends)
  }

  /// As many as anybody will look at.
  private static let mostModels = 4

  /// The numbers in a model's denoiser.
  private static func size(_ model: KnownModel) -> Int {
    Catalogue.family(model.id)?.denoiser.flatMap(Catalogue.component)?.parameters ?? 0
  }
}
