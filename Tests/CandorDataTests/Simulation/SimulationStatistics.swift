import CandorData
import Foundation

/// The few statistics that the tests of the simulator need.
enum SimulationStatistics {
  static func mean(_ x: [Double]) -> Double { x.reduce(0, +) / Double(x.count) }

  static func deviation(_ x: [Double]) -> Double {
    let centre = mean(x)
    return mean(x.map { ($0 - centre) * ($0 - centre) }).squareRoot()
  }

  /// The correlation over the rows where both are known.
  static func correlation(_ x: [Double], _ y: [Double]) -> Double {
    let pairs = zip(x, y).filter { !$0.isNaN && !$1.isNaN }
    let (a, b) = (pairs.map(\.0), pairs.map(\.1))
    let (centreA, centreB) = (mean(a), mean(b))
    let together = mean(zip(a, b).map { ($0 - centreA) * ($1 - centreB) })
    return together / (deviation(a) * deviation(b))
  }

  /// The area under the ROC curve by ranks; rows whose score is not known are left out.
  static func auc(_ labels: [Double], _ scores: [Double]) -> Double {
    let pairs = zip(scores, labels).filter { !$0.0.isNaN }.sorted { $0.0 < $1.0 }
    var ranks = 0.0
    var first = 0
    while first < pairs.count {
      var end = first
      while end < pairs.count, pairs[end].0 == pairs[first].0 { end += 1 }
      let rank = Double(first + end + 1) / 2
      for index in first..<end where pairs[index].1 == 1 { ranks += rank }
      first = end
    }
    let bads = Double(pairs.count { $0.1 == 1 })
    return (ranks - bads * (bads + 1) / 2) / (bads * (Double(pairs.count) - bads))
  }

  static func numbers(_ table: Table, _ name: String) -> [Double] {
    table.column(name)?.numbers ?? []
  }

  /// Level texts as numbers: 1 where the cell is this level, else 0.
  static func indicator(_ table: Table, _ name: String, _ level: String) -> [Double] {
    guard let column = table.column(name) else { return [] }
    return (0..<column.count).map { column.text($0) == level ? 1 : 0 }
  }
}
