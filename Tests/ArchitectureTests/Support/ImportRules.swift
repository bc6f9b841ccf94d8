/// An `import` line.
struct ImportLine: Equatable {
  let module: String
  let line: Int
}

extension SourceFile {
  /// The modules that the file imports.
  var imports: [ImportLine] {
    let pattern =
      #/
      (?:^|;) \s* (?:@\w+(?:\([^)]*\))? \s+)*
      (?:(?:public|package|internal|fileprivate|private) \s+)? import \s+
      (?:(?:struct|class|enum|protocol|typealias|func|let|var) \s+)? (\w+)
      /#
    return code.lines(with: ["import"]).flatMap { number, line in
      line.matches(of: pattern).map { ImportLine(module: String($0.1), line: number) }
    }
  }
}

/// What may import what. Each rule gives its violations as sentences, none where it is kept.
struct ImportRules {
  let table: FloorTable

  /// What comes with the toolchain and may be imported anywhere.
  static let toolchain: Set<String> = ["Foundation", "Glibc", "Synchronization"]

  private func violations(
    in files: [SourceFile], where isForbidden: (SourceFile, String) -> Bool
  ) -> [String] {
    files.flatMap { file in
      file.imports.filter { isForbidden(file, $0.module) }.map {
        "\(file.path):\($0.line): \(file.target.isEmpty ? file.name : file.target) imports "
          + $0.module
      }
    }
  }

  /// Imports of ours that the importer's entry does not list.
  func unlisted(in files: [SourceFile]) -> [String] {
    violations(in: files) { file, module in
      table.level(of: module) != nil && file.target != module
        && table.floor(named: file.target)?.ours.contains(module) != true
    }
  }

  /// Imports of a floor that does not lie below the importer's.
  func upward(in files: [SourceFile]) -> [String] {
    violations(in: files) { file, module in
      guard let own = table.level(of: file.target), let other = table.level(of: module) else {
        return false
      }
      return other >= own
    }
  }

  /// Entries of the table that list a floor not below their own, or a target that is not there.
  func upwardEntries() -> [String] {
    table.floors.flatMap { floor in
      floor.ours.filter { (table.level(of: $0) ?? .max) >= floor.level }.map {
        "\(floor.name) on floor \(floor.level) lists \($0)"
      }
    }
  }

  /// Imports of other people's modules by a target that is not their door.
  func besideTheDoor(in files: [SourceFile]) -> [String] {
    violations(in: files) { file, module in
      table.doors.contains(module)
        && table.floor(named: file.target)?.doors.contains(module) != true
    }
  }

  /// Other people's modules with more than one door.
  func sharedDoors() -> [String] {
    let doors = table.doors
    return Set(doors).filter { module in doors.count { $0 == module } > 1 }.sorted()
  }

  /// Imports of modules that are neither ours, nor behind a door, nor the toolchain's.
  func unknown(in files: [SourceFile]) -> [String] {
    violations(in: files) { _, module in
      table.level(of: module) == nil && !table.doors.contains(module)
        && !Self.toolchain.contains(module)
    }
  }

  /// Imports of a module by files of other names than these.
  func imports(of module: String, outside names: Set<String>, in files: [SourceFile]) -> [String] {
    violations(in: files) { file, imported in imported == module && !names.contains(file.name) }
  }

  /// Imports of a module by the files of a target, listed or not.
  func imports(of module: String, by target: String, in files: [SourceFile]) -> [String] {
    violations(in: files) { file, imported in file.target == target && imported == module }
  }
}
