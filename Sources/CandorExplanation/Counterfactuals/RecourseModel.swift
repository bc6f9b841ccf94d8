public import CandorData
import CandorNumerics
public import CandorScoring

/// A model as it will be deployed: raw cells in, decision out.
public struct RecourseModel: Sendable {
  /// From cells to encoded columns.
  public let encoder: CandorData.Encoder
  /// From encoded columns to the margin.
  public let scorer: any Scorer
  /// From the margin to the PD.
  public let calibrator: Calibrator
  /// The PD at and above which an applicant is refused.
  public let cutOff: Double
  let rows: RowEncoder

  /// Joins the parts; throws where they do not fit together.
  public init(
    encoder: CandorData.Encoder, scorer: any Scorer, calibrator: Calibrator, cutOff: Double
  ) throws(ExplanationError) {
    guard encoder.featureMap.width == scorer.inputWidth else {
      throw ExplanationError(
        .badShape,
        "The encoder makes \(encoder.featureMap.width) columns; the scorer takes "
          + "\(scorer.inputWidth).")
    }
    guard cutOff > 0, cutOff <= 1 else {
      throw ExplanationError(.badOption, "The cut-off \(cutOff) is not a PD between 0 and 1.")
    }
    if case .platt(let slope, _) = calibrator, !(slope >= 0) {
      throw ExplanationError(
        .unsupported,
        "The calibrator's slope is \(slope); recourse needs a PD that rises with the margin.")
    }
    self.encoder = encoder
    self.scorer = scorer
    self.calibrator = calibrator
    self.cutOff = cutOff
    rows = RowEncoder(encoder)
  }

  /// The same of a saved model.
  public init(_ model: RiskModel) throws(ExplanationError) {
    try self.init(
      encoder: model.encoder, scorer: model.scorer, calibrator: model.calibrator,
      cutOff: model.cutOff)
  }

  /// The source features, in the order of the cells.
  public var features: [String] { rows.features }

  /// Whether a margin is approved.
  func approves(_ margin: Double) -> Bool { calibrator.probability(margin) < cutOff }

  /// The encoded row of an applicant.
  func encoded(_ cells: [Cell]) throws(ExplanationError) -> [Double] {
    do throws(DataError) {
      return try rows.encode(cells)
    } catch {
      throw ExplanationError(.badShape, "The applicant cannot be encoded: \(error.description).")
    }
  }

  /// The margins of encoded rows that stand one behind another.
  func margins(
    of values: [Double], threads: Int = 1
  ) throws(ExplanationError) -> [Double] {
    let width = scorer.inputWidth
    let rows: EncodedRows
    do throws(LinearAlgebraError) {
      rows = EncodedRows(
        try Matrix(rows: width == 0 ? 0 : values.count / width, columns: width, values: values))
    } catch {
      throw ExplanationError(.numerical, error.description)
    }
    do throws(ScoringError) {
      return try scorer.margins(of: rows, threads: threads)
    } catch {
      throw ExplanationError(error)
    }
  }
}

extension Table {
  /// The cells of one row in the order of these features, as a `RowEncoder` takes them.
  ///
  /// - Parameters:
  ///   - row: The row's position, inside the table.
  ///   - features: The columns wanted.
  /// - Returns: One cell a feature.
  /// - Throws: `DataError` where a column is missing.
  public func cells(ofRow row: Int, features: [String]) throws(DataError) -> [Cell] {
    var cells: [Cell] = []
    cells.reserveCapacity(features.count)
    for name in features {
      let column = try requiredColumn(name)
      if column.isMissing(row) {
        cells.append(.missing)
      } else if let numbers = column.numbers {
        cells.append(.number(numbers[row]))
      } else {
        cells.append(column.text(row).map { .text($0) } ?? .missing)
      }
    }
    return cells
  }
}

extension Cell {
  /// The number, nil where there is none.
  var knownNumber: Double? {
    if case .number(let number) = self, !number.isNaN { number } else { nil }
  }

  /// The level, nil where there is none.
  var knownLevel: String? { if case .text(let level) = self { level } else { nil } }
}
