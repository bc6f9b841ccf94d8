// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who uses Candor builds its benchmarks.
let package = Package(
  name: "candor-benchmarks",
  dependencies: [
    .package(name: "candor", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .executableTarget(
      name: "candor-benchmarks",
      dependencies: [
        .product(name: "Candor", package: "candor"),
        .product(name: "CandorStudy", package: "candor"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Sources/CandorBenchmarks",
      swiftSettings: [.strictMemorySafety(), .treatAllWarnings(as: .error)])
  ],
  swiftLanguageModes: [.v6]
)
