import CandorData
import CandorNumerics
import CandorScoring

/// Rows with all that a forest takes as it is: numbers, missing cells that tell something, level
/// codes, 0/1 columns, directions.
enum MixedRows {
  /// Draws rows. Columns: `up` (the target rises with it), `down`, `gaps` (missing more often where
  /// the target is high), `level` (7 codes in no order, some missing), `mark=a` and `mark=b`.
  static func training(
    rows count: Int, seed: UInt64, task: LearningTask = .classification, weighted: Bool = false
  ) throws -> TrainingRows {
    var generator = SeedTree(seed: seed).child("mixed rows").generator()
    let effects = [1.5, -1, 0.3, 2, -2, 0, 0.8]
    var columns = [[Double]](repeating: [], count: 4)
    var marks: [Int32] = []
    var targets: [Double] = []
    var weights: [Double] = []
    for _ in 0..<count {
      let up = generator.nextNormal()
      let down = generator.nextNormal()
      let gaps = generator.nextNormal()
      let level = generator.nextInteger(below: 7)
      let mark = generator.nextInteger(below: 3)
      let mean =
        up - 0.7 * down + effects[level] + (mark == 0 ? up * 0.5 : 0) + 0.4 * gaps * gaps
      let isBad = generator.nextUniform() < sigmoid(mean - 0.5)
      targets.append(
        task == .classification ? (isBad ? 1 : 0) : 100 + 10 * mean + generator.nextNormal())
      let isGone = generator.nextUniform() < (mean > 1 ? 0.4 : 0.1)
      columns[0].append(generator.nextUniform() < 0.05 ? .nan : up)
      columns[1].append(down)
      columns[2].append(isGone ? .nan : gaps)
      columns[3].append(generator.nextUniform() < 0.1 ? .nan : Double(level))
      marks.append(Int32(mark) - 1)
      weights.append(0.2 + 2 * generator.nextUniform())
    }
    let names = ["up", "down", "gaps", "level", "mark=a", "mark=b"]
    return try TrainingRows(
      rows: EncodedRows(
        blocks: columns.map { .numbers($0) } + [.indicators(marks, width: 2)], count: count),
      targets: targets, weights: weighted ? weights : nil,
      featureMap: FeatureMap(
        sources: [
          .init(name: "up", columns: 0..<1), .init(name: "down", columns: 1..<2),
          .init(name: "gaps", columns: 2..<3), .init(name: "level", columns: 3..<4),
          .init(name: "mark", columns: 4..<6),
        ], columnNames: names, levelCounts: [3: 7]),
      task: task, directions: [0: .increasing, 1: .decreasing])
  }
}
