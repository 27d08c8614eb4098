// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]
/// Loops over many numbers, which take minutes in tests when they are not optimized, and of which
/// there are so many that code is generated for several files at once.
let optimized: [SwiftSetting] = [
  .unsafeFlags(["-O"], .when(configuration: .debug)),
  .unsafeFlags(["-num-threads", "4"], .when(configuration: .release)),
]

let package = Package(
  name: "tuneup",
  products: [.executable(name: "tuneup", targets: ["tuneup"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // Oracles of the tests; no product depends on them.
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
  ],
  targets: [
    // libyaml (Debian: libyaml-dev), linked statically so that the binary runs where it is not installed.
    .systemLibrary(
      name: "CLibYAML", pkgConfig: nil, providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
    // OpenBLAS (Debian: libopenblas-dev): headers only, the library is opened on first use.
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: nil,
      providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    // Square roots and sums that the compiler may vectorise: two lines of C header.
    .systemLibrary(name: "CArithmetic"),
    // Schemas/ and Presets/, embedded byte for byte.
    .target(name: "CKnowledge"),

    .target(
      name: "SourceText", dependencies: ["CLibYAML"], swiftSettings: strict,
      linkerSettings: [
        .linkedLibrary(":libyaml.a", .when(platforms: [.linux])),
        .linkedLibrary("yaml", .when(platforms: [.macOS])),
      ]),
    .target(
      name: "Knowledge", dependencies: ["SourceText", "CKnowledge", "Threads"],
      swiftSettings: strict),
    .target(name: "Threads", swiftSettings: strict),
    .target(
      name: "Optimizers", dependencies: ["COpenBLAS", "CArithmetic", "Threads"],
      swiftSettings: strict + optimized),
    .target(
      name: "Trials", dependencies: ["Optimizers", "SourceText", "Threads"],
      swiftSettings: strict + optimized),
    .target(
      name: "Plans", dependencies: ["SourceText", "Knowledge", "Memory", "Optimizers"],
      swiftSettings: strict),
    .target(
      name: "Backends", dependencies: ["Plans", "SourceText", "Knowledge", "Memory", "Optimizers"],
      swiftSettings: strict),
    .target(
      name: "Analysis", dependencies: ["Plans", "SourceText", "Knowledge", "Memory", "Optimizers"],
      swiftSettings: strict),
    .target(
      name: "Memory", dependencies: ["SourceText", "Knowledge", "Optimizers"], swiftSettings: strict
    ),
    .target(name: "Reporting", dependencies: ["SourceText"], swiftSettings: strict),
    .target(
      name: "Inspection",
      dependencies: [
        "Analysis", "Backends", "Memory", "Optimizers", "Plans", "Reporting", "SourceText",
        "Knowledge", "Threads",
      ],
      swiftSettings: strict),
    // What finished runs have logged.
    .target(
      name: "RunLogs",
      dependencies: [
        "Inspection", "Plans", "Reporting", "SourceText", "Knowledge", "Optimizers",
      ],
      swiftSettings: strict + optimized),
    .target(
      name: "DryRuns",
      dependencies: [
        "Inspection", "Memory", "Plans", "Reporting", "RunLogs", "SourceText", "Knowledge",
        "Optimizers", "Threads", "Trials",
      ],
      swiftSettings: strict),
    .target(
      name: "Advice",
      dependencies: [
        "DryRuns", "Inspection", "Memory", "Plans", "Reporting", "SourceText", "Knowledge",
        "Optimizers", "Trials",
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "tuneup",
      dependencies: [
        "Advice", "DryRuns", "Inspection", "Analysis", "Backends", "Memory", "Plans", "Reporting",
        "RunLogs",
        "SourceText", "Knowledge", "Optimizers", "Threads", "Trials",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    .target(
      name: "TestSupport", dependencies: ["SourceText"], path: "Tests/TestSupport",
      swiftSettings: strict),
    .testTarget(
      name: "SourceTextTests",
      dependencies: [
        "SourceText", "TestSupport", .product(name: "Yams", package: "Yams"),
        .product(name: "TOMLKit", package: "TOMLKit"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "KnowledgeTests", dependencies: ["Knowledge", "SourceText", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "MemoryTests",
      dependencies: ["Memory", "Knowledge", "Optimizers", "SourceText", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "TrialsTests", dependencies: ["Trials", "Optimizers", "SourceText", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "OptimizersTests", dependencies: ["Optimizers", "SourceText", "TestSupport"],
      swiftSettings: strict + optimized),
    .testTarget(
      name: "InspectionTests",
      dependencies: [
        "Inspection", "Analysis", "Backends", "Memory", "Plans", "Reporting", "SourceText",
        "Knowledge", "Optimizers", "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "DryRunsTests",
      dependencies: [
        "DryRuns", "Inspection", "Plans", "Reporting", "RunLogs", "SourceText", "Knowledge",
        "Optimizers", "Trials", "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "AdviceTests",
      dependencies: [
        "Advice", "DryRuns", "Inspection", "Memory", "Plans", "Reporting", "SourceText",
        "Knowledge", "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "RunLogsTests",
      dependencies: [
        "RunLogs", "DryRuns", "Inspection", "Plans", "Reporting", "SourceText", "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CommandTests", dependencies: ["tuneup", "RunLogs", "TestSupport", "SourceText"],
      swiftSettings: strict),
  ],
  cLanguageStandard: .c2x
)
