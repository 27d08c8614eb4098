import Foundation
import Knowledge
import Optimizers
import TestSupport
import Testing

/// Every optimizer of every trainer is run or said not to be.
@Suite struct SimulationTests {
  @Test(arguments: Catalogue.simulations.filter { $0.algorithm != nil }.map { Named($0) })
  func namesAnAlgorithm(_ named: Named) throws {
    let simulation = named.simulation
    let family = try #require(
      OptimizerFamily[id: simulation.algorithm ?? ""], "there is no \(simulation.algorithm ?? "")")
    for option in simulation.options.keys {
      #expect(family.hyperparameters.contains { $0.name == option }, "\(option)")
    }
  }

  @Test func saysWhyNot() {
    for simulation in Catalogue.simulations where simulation.algorithm == nil {
      #expect(!simulation.remark.isEmpty, "\(simulation.backend) \(simulation.name)")
    }
  }

  @Test func hasEveryOptimizerOfOneTrainer() {
    let names = Catalogue.simulations.filter { $0.backend == "onetrainer" }.map(\.name)
    let uses = Catalogue.optimizers.compactMap { $0.use(in: "onetrainer")?.name }
    #expect(names.sorted() == uses.sorted())
  }

  /// The lists that were taken from the trainers' sources.
  @Test(.enabled(if: SharedFiles.arePresent), arguments: ["kohya", "simpletuner", "ai-toolkit"])
  func hasEveryOptimizerOfTheOthers(_ backend: String) throws {
    let known = Set(Catalogue.simulations.filter { $0.backend == backend }.map(\.name))
    let file = try #require(
      SharedFiles.all(["json"]).first { $0.path().hasSuffix("facts/\(backend)/optimizers.json") })
    let root = try #require(
      JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    let entries = try #require(root["optimizers"] as? [[String: Any]])
    let names = entries.flatMap { entry -> [String] in
      let one = (entry["name"] ?? entry["optimizer_type"]) as? String
      // "any other name starting with …" is no name.
      return (one.map { [$0] } ?? entry["names"] as? [String] ?? []).filter {
        !$0.contains("any other") && !$0.contains("<")
      }
    }
    #expect(Set(names).subtracting(known).isEmpty)
    #expect(!names.isEmpty)
  }
}

struct Named: CustomTestStringConvertible, Sendable {
  let simulation: Simulation
  init(_ simulation: Simulation) { self.simulation = simulation }
  var testDescription: String { "\(simulation.backend) \(simulation.name)" }
}
