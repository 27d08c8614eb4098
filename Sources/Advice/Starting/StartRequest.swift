/// What somebody wants to train, and on what.
public struct StartRequest: Sendable {
  /// The trainer, by id.
  public var backend: String
  public var model: KnownModel
  public var method: Method
  /// The memory of the card in bytes.
  public var vram: Int
  public var images: Int
  /// Optimizer steps, where the user says.
  public var steps: Int?
  public var experience = Experience.beginner
  public var goal = Goal.firstAttempt

  /// Pictures where nothing tells how many there are.
  public static let usualImages = 30

  public init(
    backend: String, model: KnownModel, method: Method, vram: Int, images: Int = usualImages
  ) {
    self.backend = backend
    self.model = model
    self.method = method
    self.vram = vram
    self.images = images
  }
}

/// What is trained.
public enum Method: String, Sendable, CaseIterable {
  case lora, full, embedding

  public var words: String {
    switch self {
    case .lora: "a LoRA"
    case .full: "the whole model"
    case .embedding: "an embedding"
    }
  }
}

public enum Experience: String, Sendable, CaseIterable { case beginner, intermediate, advanced }

public enum Goal: String, Sendable, CaseIterable {
  case firstAttempt = "first-attempt"
  case refine
  case saveMemory = "save-memory"
}

extension StartRequest {
  /// The optimizers in the order in which the guides try them.
  ///
  /// "First attempt → Prodigy. Refinement → AdamW at 1e-4. VRAM pressure → Lion at 1e-5", and Lion not
  /// in a first training (choosing-your-optimizer); Adafactor as a lean AdamW, "without the 8bit
  /// quantization loss" (OneTrainer's guide).
  var optimizers: [String] {
    let lean =
      experience == .advanced
      ? ["lion", "adafactor", "adamw-8bit", "adamw"]
      : ["adafactor", "adamw-8bit", "adamw", "lion"]
    switch goal {
    case .firstAttempt: return ["prodigy"] + lean
    case .refine: return ["adamw"] + lean.filter { $0 != "adamw" }
    case .saveMemory: return lean
    }
  }
}
