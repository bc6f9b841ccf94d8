import CandorData
import CandorEvaluation
import CandorNumerics
import CandorScoring
import CandorStudy
import Foundation
import Testing

@Suite("Snapshots, memory and ends of runs")
struct RunSupportTests {
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("candor-run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  @Test("A snapshot file gives every fit its own archive back, and is removed at the end")
  func snapshots() throws {
    try withFolder { folder in
      let path = folder.appendingPathComponent("run.snapshot").path
      let file = try SnapshotFile(path: path)
      #expect(file.isEmpty)
      var archives: [String: TensorArchive] = [:]
      for (place, name) in ["network-fold-1", "network-model"].enumerated() {
        var archive = TensorArchive(attributes: ["epoch": "\(place)"])
        archive.set("weights/1", [1.5, Double(place)])
        archives[name] = archive
        #expect(try file.store(named: name).latest() == nil)
        try file.store(named: name).keep(archive)
      }
      try file.flush()
      let again = try SnapshotFile(path: path)
      #expect(!again.isEmpty)
      for (name, archive) in archives {
        #expect(try again.store(named: name).latest() == archive)
      }
      #expect(try again.store(named: "network-fold-2").latest() == nil)
      again.remove()
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }

  @Test("A file that is no snapshot is not replaced")
  func strangeFile() throws {
    try withFolder { folder in
      let path = folder.appendingPathComponent("loans.csv").path
      try Data("a,b\n1,2\n".utf8).write(to: URL(fileURLWithPath: path))
      #expect(throws: StudyError.self) { try SnapshotFile(path: path) }
      #expect(throws: StudyError.self) { try SnapshotFile(path: folder.path) }
    }
  }

  @Test("Rows and columns are estimated from the first lines, and a limit below the need refuses")
  func memory() throws {
    try withFolder { folder in
      let path = folder.appendingPathComponent("loans.csv").path
      let lines = (0..<20_000).map { "\($0 % 90 + 10),rent,0.25,1" }
      try Data((["a,b,c,d"] + lines).joined(separator: "\n").utf8)
        .write(to: URL(fileURLWithPath: path))
      let estimate = try #require(MemoryEstimate(file: path, fits: 2))
      #expect(estimate.columns == 4)
      #expect((19_500...20_500).contains(estimate.rows))
      #expect(estimate.bytes > 20_000 * 4 * 8)
      let more = try #require(MemoryEstimate(file: path, fits: 3))
      #expect(more.bytes > estimate.bytes)
      try estimate.check(limit: estimate.bytes, file: "loans.csv")
      let error = #expect(throws: StudyError.self) {
        try estimate.check(limit: estimate.bytes - 1, file: "loans.csv")
      }
      #expect(error?.code == .tooLarge)
      #expect(error?.description.contains("--memory-limit") == true)
      #expect(MemoryEstimate(file: folder.path, fits: 1) == nil)
      #expect(MemoryEstimate(file: path + "x", fits: 1) == nil)
    }
    #expect(MemoryEstimate.available > 0)
  }

  @Test(
    "Sizes are read as people write them",
    arguments: [
      ("8G", 8_000_000_000), ("512M", 512_000_000), ("1.5GiB", 1_610_612_736), ("100", 100),
      ("2kb", 2000), ("1Ti", 1_099_511_627_776), ("", nil), ("G", nil), ("-1G", nil),
      ("8X", nil), ("8 G", nil), ("1e400", nil), ("9999999999T", nil), ("5i", nil),
    ] as [(String, Int?)])
  func sizes(text: String, bytes: Int?) {
    #expect(MemoryEstimate.bytes(of: text) == bytes)
  }

  @Test("A run that was asked to end throws before it trains")
  func cancelled() throws {
    let (study, data) = try StudyFixture().load(StudyFixture.byTime)
    let cancellation = Cancellation()
    cancellation.cancel()
    let options = RunOptions(threads: 2, cancellation: cancellation)
    let error = #expect(throws: TrainingError.self) {
      _ = try StudyRun.run(study, data: data, options: options)
    }
    #expect(error?.code == .cancelled)
    #expect(throws: TrainingError.self) {
      _ = try StudyRun.train(family: "logistic", study: study, data: data, options: options)
    }
  }

  @Test("Progress of a family is that of its fits together: it never falls and ends at one")
  func progress() throws {
    let (study, data) = try StudyFixture().load(StudyFixture.byTime)
    let shares = LockedState([Double]())
    _ = try StudyRun.train(
      family: "forest", study: study, data: data,
      options: RunOptions(threads: 1) { progress in
        if progress.stage == "training forest" { shares.withLock { $0.append(progress.fraction) } }
      })
    let seen = shares.withLock { $0 }
    #expect(zip(seen, seen.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(seen.first == 0 && seen.last == 1)
    #expect(seen.count > 6)
  }
}

@Suite("Another share of bad in the population")
struct PriorTests {
  @Test(
    "Log-odds move by the constant, and measures weigh both outcomes to the population's shares")
  func shift() throws {
    let plain = try StudyFixture().load(StudyFixture.byTime)
    let shifted = try StudyFixture().load(
      StudyFixture.byTime + "\nprior: {population_bad_rate: 0.02}\n")
    let prior = try #require(shifted.data.prior)
    let rows = plain.data.split.train
    let rate = rows.reduce(0) { $0 + plain.data.labels[$1] } / Double(rows.count)
    #expect(abs(prior.sampleBadRate - rate) < 1e-12)
    let options = RunOptions(threads: 2)
    let a = try StudyRun.train(
      family: "logistic", study: plain.study, data: plain.data, options: options)
    let b = try StudyRun.train(
      family: "logistic", study: shifted.study, data: shifted.data, options: options)
    #expect(a.scorer.archive == b.scorer.archive)
    for margin in [-2, 0.0, 1.5] {
      let difference = b.calibrator.logOdds(margin) - a.calibrator.logOdds(margin)
      #expect(abs(difference - (log(0.02 / 0.98) - log(rate / (1 - rate)))) < 1e-9)
    }
    let result = try StudyRun.run(shifted.study, data: shifted.data, options: options)
    let sample = result.championTest.sample
    let weights = try #require(sample.weights)
    #expect(Set(weights).count == 2)
  }
}
