import Knowledge
import Testing

@testable import Memory

@Suite struct ControlBranchTests {
  /// lllyasviel/control_v11p_sd15_*: 361,279,120 parameters.
  @Test func hasThePublishedSize() throws {
    let unet = try #require(Catalogue.component("sd15/unet"))
    #expect(ControlBranch.component(of: unet)?.parameters == 361_279_120)
  }

  @Test func transformersHaveNone() throws {
    let flux = try #require(Catalogue.component("flux1_dev/transformer"))
    #expect(ControlBranch.component(of: flux) == nil)
    var run = try EstimateTests.run("flux1_dev", .full)
    #expect(throws: MemoryUnknown.self) { try run.addControlNet(format: .float32) }
  }

  /// Only the branch is trained, and the denoiser stays.
  @Test func addsTheBranch() throws {
    let plain = try EstimateTests.run("sd15", .full)
    var run = plain
    try run.addControlNet(format: .float32)
    #expect(run.trained.parameters == 361_279_120)
    let weights = EstimateTests.bytes(try MemoryEstimate(run), .weights)
    #expect(weights - EstimateTests.bytes(try MemoryEstimate(plain), .weights) == 4 * 361_279_120)
  }
}
