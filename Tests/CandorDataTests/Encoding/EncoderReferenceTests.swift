import CandorData
import CandorNumerics
import CandorTestSupport
import Testing

@Suite struct EncoderReferenceTests {
  struct Reference: Decodable {
    let trainingRows: Int
    let amount: [Double?]
    let age: [Double]
    let housing: [String]
    let purpose: [String]
    let weights: [Double]
    let standard: [String: [Double]]
    let robust: [String: [Double]]
    let minMax: [String: [Double]]
    let weighted: [String: [Double]]
    let meanImputed: [String: [Double]]
    let oneHot: [String: [Double]]

    func table() throws -> Table {
      try Table(columns: [
        Column(name: "purpose", texts: purpose),
        Column(name: "amount", numbers: amount.map { $0 ?? .nan }),
        Column(name: "housing", texts: housing),
        Column(name: "age", numbers: age),
      ])
    }
  }

  static let features = ["amount", "age", "housing", "purpose"]

  @Test("The default encoding is scikit-learn's imputer, scalers and one-hot encoder")
  func scikitLearn() throws {
    let reference = try ReferenceValues.decode(
      Reference.self, from: "scikit-learn/encoder.json")
    let table = try reference.table()
    let rows = Array(0..<reference.trainingRows)
    var mean = EncodingOptions()
    mean.numericImputation = .mean
    var robust = EncodingOptions()
    robust.scaling = .robust
    var minMax = EncodingOptions()
    minMax.scaling = .minMax
    let cases: [(EncodingOptions, [Double]?, [String: [Double]])] = [
      (EncodingOptions(), nil, reference.standard), (robust, nil, reference.robust),
      (minMax, nil, reference.minMax), (mean, nil, reference.meanImputed),
      (EncodingOptions(), reference.weights, reference.weighted),
    ]
    for (options, weights, expected) in cases {
      let encoder = try Encoder.fit(
        table, features: Self.features, rows: rows, weights: weights, options: options)
      let matrix = try encoder.encode(table).matrix
      for (name, values) in expected.merging(reference.oneHot, uniquingKeysWith: { $1 }) {
        let column = try #require(encoder.featureMap.columnNames.firstIndex(of: name))
        #expect(largestDisagreement(matrix.column(column), values) < Tolerance.exact, "\(name)")
      }
      // Nothing besides but the indicator of the missing amounts.
      #expect(encoder.featureMap.width == 2 + reference.oneHot.count + 1)
      let flag = try #require(encoder.featureMap.columnNames.firstIndex(of: "amount (missing)"))
      #expect(matrix.column(flag) == reference.amount.map { $0 == nil ? 1 : 0 })
      #expect(encoder.featureMap.sources[0].columns == 0..<2)
    }
  }
}
