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

  /// The table and the uses of the optimizers have the same names.
  @Test(arguments: Catalogue.trainers)
  func hasEveryOptimizer(_ backend: String) {
    let names = Catalogue.simulations.filter { $0.backend == backend }.map(\.name)
    let uses = Catalogue.optimizers(of: backend).flatMap { $0.uses(in: backend) }
    #expect(Set(uses.map(\.name)).subtracting(names) == [])
    // Some stand in the table under two names.
    #expect(names.filter { Catalogue.optimizer(named: $0, in: backend) == nil } == [])
  }

  /// What runs as one algorithm is one optimizer.
  @Test func runsOneOptimizerAsOneAlgorithm() {
    var ids: [String: Set<String>] = [:]
    for simulation in Catalogue.simulations {
      guard let algorithm = simulation.algorithm,
        let found = Catalogue.optimizer(named: simulation.name, in: simulation.backend)
      else { continue }
      ids[algorithm, default: []].insert(found.facts.id)
    }
    #expect(ids.filter { $1.count > 1 } == [:])
    for (algorithm, found) in ids where Catalogue.optimizer(algorithm) != nil {
      #expect(found == [algorithm])
    }
  }

  /// The engine starts from the defaults that the data gives the library.
  @Test(
    arguments: Catalogue.simulations.filter {
      // OneTrainer passes every option itself.
      $0.algorithm != nil && $0.backend != "onetrainer"
    }.map { Named($0) })
  func startsFromTheLibrarysDefaults(_ named: Named) throws {
    let simulation = named.simulation
    let family = try #require(OptimizerFamily[id: simulation.algorithm ?? ""])
    let found = Catalogue.optimizer(named: simulation.name, in: simulation.backend)
    let use = try #require(found?.use)
    for option in use.options where option.ignored == nil {
      guard let own = family.hyperparameters.first(where: { $0.name == option.key }),
        simulation.options[option.key] == nil
      else { continue }
      let standard = SettingValue(own.standard)
      // Null lets a library choose, and the engine says what it chooses.
      if option.libraryDefault == .null { continue }
      #expect(
        standard == option.libraryDefault || standard.number == option.libraryDefault.number,
        "\(option.key)")
    }
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

extension SettingValue {
  fileprivate init(_ value: HyperparameterValue) {
    self =
      switch value {
      case .number(let number): .number(number)
      case .flag(let flag): .boolean(flag)
      case .text(let text): .text(text)
      case .none: .null
      }
  }
}
