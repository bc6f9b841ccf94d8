import CandorData
import CandorNumerics

extension SourceValues {
  /// The source values as rows for a learner: one column a feature, numbers as they are, levels as the
  /// codes of given dictionaries, missing cells and unknown levels as NaN.
  ///
  /// - Parameter reference: The sample whose dictionaries give the codes.
  /// - Returns: The rows and their map.
  func learnable(as reference: SourceValues) -> (rows: EncodedRows, map: FeatureMap) {
    var levelCounts: [Int: Int] = [:]
    var contents: [[Double]] = []
    for (f, column) in columns.enumerated() {
      switch (column.storage, reference.columns[f].storage) {
      case (.numbers(let numbers), .numbers): contents.append(numbers)
      case (.codes(let codes, let levels), .codes(_, let known)):
        levelCounts[f] = known.count
        let byCode = levels.levels.map { known.code(of: $0).map(Double.init) ?? .nan }
        contents.append(codes.map { $0 < 0 ? .nan : byCode[Int($0)] })
      case (.numbers, .codes), (.codes, .numbers):
        contents.append(Array(repeating: .nan, count: count))
      }
    }
    let names = columns.map(\.name)
    let map = FeatureMap(
      sources: names.enumerated().map { .init(name: $1, columns: $0..<$0 + 1) },
      columnNames: names, levelCounts: levelCounts)
    return (EncodedRows(Matrix(rows: count, columns: names.count) { contents[$1][$0] }), map)
  }
}
