// swift-tools-version: 6.2
import PackageDescription

// The architecture as data. A target imports only targets of lower floors, and a third-party
// package has one door: the one target that may import it. `ArchitectureTests` reads this table.

struct Floor {
  let name: String
  let level: Int
  let ours: [String]
  var doors: [Target.Dependency] = []
  var embeds: [String] = []
}

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

let libraries: [Floor] = [
  Floor(name: "CandorNumerics", level: 1, ours: ["CLAPACK"]),
  Floor(name: "CandorIntegrity", level: 1, ours: [], doors: [crypto]),
  Floor(name: "CandorDocument", level: 1, ours: []),
  Floor(name: "CandorData", level: 2, ours: ["CandorNumerics", "CZlib", "CCandorKernels"]),
  Floor(name: "CandorEvaluation", level: 2, ours: ["CandorNumerics"]),
  Floor(name: "CandorScoring", level: 3, ours: ["CandorNumerics", "CandorData"]),
  Floor(
    name: "CandorModels", level: 4,
    ours: ["CandorNumerics", "CandorData", "CandorScoring", "CCandorKernels"]),
  Floor(
    name: "CandorExplanation", level: 4,
    ours: ["CandorNumerics", "CandorData", "CandorScoring", "CandorEvaluation"]),
  Floor(
    name: "CandorBundle", level: 4,
    ours: ["CandorNumerics", "CandorData", "CandorScoring", "CandorIntegrity"]),
  Floor(
    name: "CandorConformance", level: 4,
    ours: ["CandorNumerics", "CandorData", "CandorScoring"]),
  Floor(
    name: "CandorReport", level: 5,
    ours: [
      "CandorDocument", "CandorIntegrity", "CandorData", "CandorScoring", "CandorEvaluation",
      "CandorExplanation",
    ], embeds: ["Strings/en.json", "Strings/zh-Hans.json"]),
  Floor(
    name: "Candor", level: 6,
    ours: [
      "CandorNumerics", "CandorIntegrity", "CandorDocument", "CandorData", "CandorEvaluation",
      "CandorScoring", "CandorModels", "CandorExplanation", "CandorBundle", "CandorConformance",
      "CandorReport",
    ]),
  Floor(
    name: "CandorStudy", level: 7,
    ours: [
      "CandorNumerics", "CandorIntegrity", "CandorDocument", "CandorData", "CandorEvaluation",
      "CandorScoring", "CandorModels", "CandorExplanation", "CandorBundle", "CandorReport",
      "Candor",
    ], doors: [yams]),
]

let tool = Floor(
  name: "CandorCLI", level: 9,
  ours: [
    "CandorNumerics", "CandorIntegrity", "CandorDocument", "CandorData", "CandorEvaluation",
    "CandorScoring", "CandorExplanation", "CandorBundle", "CandorReport", "Candor", "CandorStudy",
  ], doors: [argumentParser])

let settings: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func dependencies(of floor: Floor) -> [Target.Dependency] {
  floor.ours.map { .byName(name: $0) } + floor.doors
}

func tests(of name: String, using ours: [String]) -> Target {
  .testTarget(
    name: name, dependencies: ours.map { .byName(name: $0) } + ["CandorTestSupport"],
    swiftSettings: settings)
}

/// What the tests of a library may use: the library, what it may import, and for the families the
/// shipped conformance suite.
func testedWith(_ floor: Floor) -> [String] {
  floor.ours.filter { !["CLAPACK", "CZlib", "CCandorKernels"].contains($0) } + [floor.name]
    + (floor.name == "CandorModels" ? ["CandorConformance"] : [])
}

let package = Package(
  name: "candor",
  products: [
    .executable(name: "candor", targets: ["CandorCLI"]),
    .library(name: "Candor", targets: ["Candor"]),
    .library(name: "CandorStudy", targets: ["CandorStudy"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CLAPACK", providers: [.apt(["liblapacke-dev", "libopenblas-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CCandorKernels"),
  ]
    + libraries.map { floor in
      .target(
        name: floor.name, dependencies: dependencies(of: floor),
        resources: floor.embeds.map { .embedInCode($0) }, swiftSettings: settings)
    }
    + [
      .executableTarget(
        name: tool.name, dependencies: dependencies(of: tool), swiftSettings: settings),
      .target(
        name: "CandorTestSupport", dependencies: ["CandorData", "CandorNumerics", "CandorScoring"],
        path: "Tests/CandorTestSupport", swiftSettings: settings),
      tests(of: "ArchitectureTests", using: []),
    ]
    + libraries.map { floor in
      tests(of: floor.name + "Tests", using: testedWith(floor))
    }
    + [tests(of: "CandorCLITests", using: [])],
  swiftLanguageModes: [.v6]
)
