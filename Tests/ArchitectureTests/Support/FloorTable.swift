/// The floor table of `Package.swift`: which target stands on which floor, and what it may import.
struct FloorTable {
  /// One target.
  struct Floor: Equatable {
    let name: String
    let level: Int
    /// Our own targets that it may import.
    let ours: [String]
    /// Modules of other people that it may import.
    let doors: [String]
  }

  /// The libraries and the tool, in the manifest's order.
  let floors: [Floor]
  /// The system libraries, which stand on floor 0.
  let systemLibraries: [String]
  /// Our targets in C, which stand there too.
  let targetsInC: [String]

  /// Reads the table out of a manifest's text.
  init(manifest: String) {
    let product = #/let (\w+) = Target\.Dependency\.product\(\s*name: "(\w+)"/#
    let modules = Dictionary(
      manifest.matches(of: product).map { (String($0.1), String($0.2)) },
      uniquingKeysWith: { first, _ in first })
    let entry =
      #/
      Floor\( \s* name: \s* "(\w+)", \s* level: \s* (\d+), \s* ours: \s* \[ ([^\]]*) \]
      (?: ,? \s* doors: \s* \[ ([^\]]*) \] )?
      /#
    floors = manifest.matches(of: entry).map { match in
      Floor(
        name: String(match.1), level: Int(match.2) ?? 0, ours: Self.quoted(match.3),
        doors: (match.4 ?? "").split(whereSeparator: { ", \n".contains($0) }).map {
          modules[String($0)] ?? String($0)
        })
    }
    systemLibraries = manifest.matches(of: #/\.systemLibrary\(\s*name: "(\w+)"/#).map {
      String($0.1)
    }
    targetsInC = manifest.matches(of: #/\.target\(\s*name: "(\w+)"\)/#).map { String($0.1) }
  }

  private static func quoted(_ list: Substring) -> [String] {
    list.matches(of: #/"(\w+)"/#).map { String($0.1) }
  }

  /// The target of this name.
  func floor(named name: String) -> Floor? { floors.first { $0.name == name } }

  /// The level of one of our modules, nil where it is none.
  func level(of module: String) -> Int? {
    (systemLibraries + targetsInC).contains(module) ? 0 : floor(named: module)?.level
  }

  /// Every module of other people that has a door.
  var doors: [String] { floors.flatMap(\.doors) }
}
