import Foundation
import Testing

/// Words that belong to one place, or to none.
enum Vocabulary {
  /// A rule: what is searched for, and which files may hold it.
  struct Rule: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let search: @Sendable (SourceFile) -> [String]
    let isAllowed: @Sendable (SourceFile) -> Bool

    func violations(in file: SourceFile) -> [String] { isAllowed(file) ? [] : search(file) }
  }

  /// The files that may ask at run time what a scorer can do, by their path below `Sources`, and
  /// what for.
  static let capabilityFiles: [String: String] = [
    "CandorScoring/Contracts/Capabilities.swift": "to name what a scorer can do",
    "CandorExplanation/Methods/MethodSelection.swift": "to choose a method of explanation",
    "CandorExplanation/Methods/MethodSelection+Effects.swift": "to choose where curves come from",
    "CandorExplanation/Methods/MethodSelection+Gradients.swift": "to choose a gradient method",
    "CandorExplanation/Methods/MethodSelection+Randomisation.swift":
      "to find the parameters that a sanity test randomises",
    "CandorExplanation/Methods/MethodSelection+Permutation.swift":
      "to walk only the trees that a dealt feature changes",
    "CandorExplanation/Methods/MethodSelection+Trees.swift": "to find the trees of a model",
    "CandorExplanation/Methods/MethodSelection+Shapley.swift": "to choose a Shapley method",
    "CandorExplanation/Methods/MethodSelection+Rules.swift": "to choose where rows are compared",
    "CandorExplanation/Methods/MethodSelection+Recourse.swift": "to choose how recourse is sought",
    "CandorConformance/ScorerCheck.swift": "to try a scorer by what it claims to be",
  ]

  static let capability = Rule(
    testDescription: "A scorer's capability is asked for in the named files alone",
    search: {
      $0.matches(
        of: #/(?:\bas\?|\bis|\bcase\b.*\bas)\s*\(?\s*any\s+[\w.]*Scorer\b/#, with: ["Scorer"])
    },
    isAllowed: { capabilityFiles[$0.pathInSources] != nil })

  static let chance = Rule(
    testDescription: "Chance comes from the seed tree alone",
    search: {
      $0.matches(
        of:
          #/
          \.shuffled?\(\s*(?:using:|\)) | \.randomElement\( | \bSystemRandomNumberGenerator\b
          | \.random\(\s*(?:in:|\)|using:) | \bUUID\(\)
          /#,
        with: [".shuffle", ".random", "SystemRandomNumberGenerator", "UUID"])
    }, isAllowed: { _ in false })

  /// The files that may look at a clock, by their path below `Sources`, and what for.
  static let clockFiles: [String: String] = [
    "CandorModels/NeuralNetwork/SnapshotPace.swift": "how often a long training keeps a snapshot",
    "CandorExplanation/Counterfactuals/RecourseClock.swift": "the deadline of a search",
    "CandorStudy/Reporting/RunClock.swift": "date and durations in the manifest's clock",
    "CandorStudy/Runs/StudyRun.swift": "durations in the manifest's clock",
    "CandorStudy/Runs/FamilyRun.swift": "durations in the manifest's clock",
    "CandorStudy/Runs/SnapshotFile.swift": "how often a snapshot is written",
    "CandorCLI/Terminal/ProgressBar.swift": "how often a terminal is redrawn",
    "CandorCLI/Terminal/RowCounter.swift": "how often a terminal is redrawn",
  ]

  static let clock = Rule(
    testDescription: "The clock is read in the named files alone",
    search: {
      $0.matches(
        of:
          #/
          \bDate\(\) | \bDate\.now\b | \bsystemUptime\b | \b(?:Continuous|Suspending)Clock\b
          | \b(?:clock_gettime|gettimeofday)\b
          /#,
        with: ["Date", "systemUptime", "Clock", "clock_gettime", "gettimeofday"])
    }, isAllowed: { clockFiles[$0.pathInSources] != nil })

  /// Words of Dispatch, Foundation and the language that start work beside the caller's.
  static let threadWords = [
    "DispatchQueue", "DispatchGroup", "DispatchSemaphore", "OperationQueue", "Thread", "async",
    "await",
  ]

  static let threads = Rule(
    testDescription: "Threads are made by Parallel alone",
    search: {
      $0.matches(
        of: #/\b(?:Dispatch(?:Queue|Group|Semaphore)|OperationQueue|Thread|async|await)\b/#,
        with: threadWords)
    }, isAllowed: { $0.path.hasPrefix("Sources/CandorNumerics/Parallel/") })

  static let rules = [capability, chance, clock, threads]

  /// The most lines of a source file.
  static let mostLines = 450

  /// Whether a text names a path of one machine; the folder must begin there.
  static func namesMachinePath(_ line: some StringProtocol) -> Bool {
    ["work", "home", "tmp"].contains { folder in
      line.ranges(of: "/\(folder)/").contains { range in
        guard range.lowerBound > line.startIndex else { return true }
        let before = line[line.index(before: range.lowerBound)]
        return !before.isLetter && !before.isNumber && !"._-)}]".contains(before)
      }
    }
  }
}

@Suite struct VocabularyTests {
  @Test("A word stands where it belongs", arguments: Vocabulary.rules)
  func words(_ rule: Vocabulary.Rule) throws {
    let found = try SourceFile.sources.get().flatMap(rule.violations)
    #expect(found == [])
  }

  @Test("No source file has more than 450 lines")
  func lengths() throws {
    let long = try SourceFile.sources.get().filter {
      $0.code.lines.count > Vocabulary.mostLines
    }
    #expect(long.map(\.path) == [])
  }

  @Test("No path of one machine stands in sources, tests, examples or pages")
  func paths() throws {
    var found: [String] = []
    let folders = try ["Sources", "Tests", "examples", "Documentation"].flatMap(
      SourceFile.paths(below:))
    for path in folders + ["README.md", "Package.swift", "CONTRIBUTING.md"] {
      // Folders and compressed files are no text.
      guard let text = try? SourceFile.read(path), Vocabulary.namesMachinePath(text) else {
        continue
      }
      for (line, number) in zip(text.split(separator: "\n", omittingEmptySubsequences: false), 1...)
      where Vocabulary.namesMachinePath(line) {
        found.append("\(path):\(number): \(line.prefix(120))")
      }
    }
    #expect(found == [])
  }

  @Test(
    "A planted word is found, outside its place only",
    arguments: [
      (Vocabulary.capability, "if let t = s as? any TreeEnsembleScorer {}"),
      (Vocabulary.capability, "return s is any LinearScorer"),
      (Vocabulary.capability, "switch s { case let t as any AdditiveScorer: 1 }"),
      (Vocabulary.capability, "let t = s as? (any CandorScoring.LinearScorer)"),
      (Vocabulary.chance, "rows.shuffled()"), (Vocabulary.chance, "rows.shuffle(using: &g)"),
      (Vocabulary.chance, "rows.randomElement()"), (Vocabulary.chance, "Int.random(in: 0..<3)"),
      (Vocabulary.chance, "var g = SystemRandomNumberGenerator()"),
      (Vocabulary.chance, "let name = UUID().uuidString"), (Vocabulary.clock, "let now = Date()"),
      (Vocabulary.clock, "ProcessInfo.processInfo.systemUptime"),
      (Vocabulary.clock, "ContinuousClock().now"),
      (Vocabulary.threads, "DispatchQueue.global().async {}"),
      (Vocabulary.threads, "func f() async {}"), (Vocabulary.threads, "Thread.sleep(1)"),
    ])
  func planted(_ rule: Vocabulary.Rule, _ text: String) {
    #expect(rule.violations(in: SourceFile(path: "Sources/A/B.swift", text: text)).count == 1)
    #expect(rule.violations(in: SourceFile(path: "Sources/A/B.swift", text: "// " + text)) == [])
  }

  @Test("The places that may use a word are not found, nor are words of our own")
  func allowed() {
    let here: [(Vocabulary.Rule, String, String)] = [
      (
        Vocabulary.capability, "Sources/CandorScoring/Contracts/Capabilities.swift",
        "s is any LinearScorer"
      ),
      (Vocabulary.capability, "Sources/A/B.swift", "let s: any LinearScorer = t"),
      (Vocabulary.capability, "Sources/A/B.swift", "let s = t as any Scorer"),
      (Vocabulary.chance, "Sources/A/B.swift", "Strata.shuffled(rows, &generator)"),
      (Vocabulary.clock, "Sources/CandorStudy/Runs/StudyRun.swift", "systemUptime"),
      (Vocabulary.clock, "Sources/A/B.swift", "CivilDate(year: 1)"),
      (Vocabulary.threads, "Sources/CandorNumerics/Parallel/P.swift", "DispatchQueue"),
      (Vocabulary.threads, "Sources/A/B.swift", "let threads = 2"),
    ]
    for (rule, path, text) in here {
      #expect(rule.violations(in: SourceFile(path: path, text: text)) == [], "\(path): \(text)")
    }
    #expect(
      Vocabulary.clock.violations(
        in: SourceFile(path: "Sources/CandorModels/StudyRun.swift", text: "Date()")
      ).count == 1)
  }

  @Test("A path of one machine is told from a part of an address")
  func machinePaths() {
    for folder in ["work", "home", "tmp"] {
      #expect(Vocabulary.namesMachinePath("see /\(folder)/x"))
      #expect(Vocabulary.namesMachinePath("\"/\(folder)/x\""))
      #expect(!Vocabulary.namesMachinePath("https://example.org/\(folder)/x"))
      #expect(!Vocabulary.namesMachinePath("a \(folder)/x"))
    }
  }
}
