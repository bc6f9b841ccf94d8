import CandorData
import CandorEvaluation
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Foundation
import Testing

@Suite("Out-of-bag importance")
struct OutOfBagImportanceTests {
  private let map = Fixtures.singles(4)
  private let calibrator = Calibrator.clamp(floor: 0.01)

  private func data(_ count: Int, seed: UInt64) -> (rows: EncodedRows, targets: [Double]) {
    let rows = Fixtures.normal(count, 4, seed: seed)
    var generator = SeedTree(seed: seed).child("targets").generator()
    let targets = Fixtures.arrays(rows).map { row in
      generator.nextUniform() < sigmoid(1.5 * row[0] - row[1] + 0.5 * row[2]) ? 1.0 : 0
    }
    return (rows, targets)
  }

  @Test("Every repeat is that of rows scored one by one by the trees that did not see them")
  func bruteForce() throws {
    let (rows, targets) = data(60, seed: 1)
    let forest = SmallForest(rows: rows, targets: targets, trees: 4, depth: 4, seed: 2)
    let found = try PermutationImportance.outOfBag(
      forest, calibrator: calibrator, sample: .init(name: "training", rows: rows, targets: targets),
      featureMap: map, players: Players(featureMap: map), by: .logLossRise, repeats: 3,
      seeds: SeedTree(seed: 3))
    let heard = (0..<60).map { r in (0..<4).filter { forest.outOfBagRows[$0].contains(r) } }
    let covered = (0..<60).filter { !heard[$0].isEmpty }
    // Four trees leave some rows without a voice.
    #expect(covered.count < 60 && covered.count > 40)
    #expect(found.rowCount == covered.count && found.scheme == .outOfBag)
    func loss(_ row: [Double], _ r: Int) -> Double {
      let shares = heard[r].map {
        forest.ensemble.trees[$0].value[
          forest.ensemble.leaf(of: row, in: forest.ensemble.trees[$0])]
      }
      let p = calibrator.probability(shares.reduce(0, +) / Double(shares.count))
      return targets[r] > 0.5 ? -log(p) : -log1p(-p)
    }
    let matrix = rows.matrix
    let base = Moments.mean(covered.map { loss(Array(matrix.row($0)), $0) })
    #expect(agree(found.unpermuted, base, within: 1e-12))
    for index in 0..<3 {
      var generator = SeedTree(seed: 3).child("out-of-bag importance").child(index).generator()
      let order = Sampling.permutation(covered.count, using: &generator)
      for column in 0..<4 {
        let dealt = covered.indices.map { i -> Double in
          var row = Array(matrix.row(covered[i]))
          row[column] = matrix[covered[order[i]], column]
          return loss(row, covered[i])
        }
        let player = try #require(found.player("x\(column)"))
        #expect(agree(player.repeats[index], Moments.mean(dealt) - base, within: 1e-12))
      }
    }
  }

  @Test("Over seeds it is near the importance on held-out rows")
  func heldOut() throws {
    var outOfBag = [0.0, 0, 0, 0]
    var heldOut = outOfBag
    var variance = outOfBag
    for seed in 0..<6 as Range<UInt64> {
      let (rows, targets) = data(400, seed: 10 + seed)
      let forest = SmallForest(rows: rows, targets: targets, trees: 40, depth: 5, seed: seed)
      let players = try Players(featureMap: map)
      let own = try PermutationImportance.outOfBag(
        forest, calibrator: calibrator,
        sample: .init(name: "training", rows: rows, targets: targets), featureMap: map,
        players: players, repeats: 3, seeds: SeedTree(seed: seed), threads: 2)
      let (others, outcomes) = data(1200, seed: 100 + seed)
      let other = try PermutationImportance.measure(
        ExplainedModel(scorer: forest, calibrator: calibrator, featureMap: map),
        on: .init(name: "held out", rows: others, targets: outcomes), players: players, repeats: 3,
        seeds: SeedTree(seed: seed), threads: 2)
      // On training rows the same number would be far larger than either.
      for j in 0..<4 {
        let first = try #require(own.player("x\(j)"))
        let second = try #require(other.player("x\(j)"))
        outOfBag[j] += first.importance / 6
        heldOut[j] += second.importance / 6
        variance[j] +=
          (first.standardError * first.standardError + second.standardError * second.standardError)
          / 36
      }
    }
    for j in 0..<4 {
      let gap = abs(outOfBag[j] - heldOut[j])
      #expect(gap < 3.5 * variance[j].squareRoot() + 0.01, "\(outOfBag) \(heldOut)")
    }
    #expect(outOfBag[0] > outOfBag[1] && outOfBag[1] > outOfBag[2] && outOfBag[2] > outOfBag[3])
    #expect(abs(outOfBag[3]) < 0.02)
  }

  @Test("Other rows than those of the fit, and forests without out-of-bag rows, are refused")
  func refusals() throws {
    let (rows, targets) = data(60, seed: 1)
    let forest = SmallForest(rows: rows, targets: targets, trees: 4, depth: 3, seed: 2)
    func code(_ forest: some OutOfBagScorer, _ rows: EncodedRows, _ targets: [Double])
      -> ExplanationError.Code?
    {
      do throws(ExplanationError) {
        _ = try PermutationImportance.outOfBag(
          forest, calibrator: calibrator, sample: .init(name: "s", rows: rows, targets: targets),
          featureMap: map, players: Players(featureMap: map), seeds: SeedTree(seed: 1))
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code(forest, rows, targets) == nil)
    let fewer = Array(0..<30)
    #expect(
      code(forest, rows.selecting(rows: fewer), fewer.map { targets[$0] }) == .badShape)
    #expect(code(Seen(inner: forest), rows, targets) == .unsupported)
  }

  private struct Seen: OutOfBagScorer {
    let inner: SmallForest
    var inputWidth: Int { inner.inputWidth }
    var marginScale: MarginScale { inner.marginScale }
    var ensemble: TreeEnsemble { inner.ensemble }
    var outOfBagRows: [[Int]] { inner.outOfBagRows.map { _ in [] } }

    func margins(
      of rows: EncodedRows, into output: inout MutableSpan<Double>
    ) throws(ScoringError) {
      try inner.margins(of: rows, into: &output)
    }
  }
}
