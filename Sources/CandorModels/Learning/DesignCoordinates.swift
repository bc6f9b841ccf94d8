import CandorNumerics

/// The variables of a fit over a design's columns: variable k stands for the column `kept[k]` less
/// `centres[k]`, over `scales[k]`; columns that are not kept have the coefficient zero.
///
/// The change of variables is done on vectors and matrices of the columns' size, never on the rows.
struct DesignCoordinates: Sendable {
  /// The design column of each variable.
  let kept: [Int]
  /// What is taken from each column; zero for the constant one.
  let centres: [Double]
  /// What each column is divided by.
  let scales: [Double]
  /// The variable of the constant column, where there is one.
  let constantVariable: Int?
  /// The number of the design's columns.
  let width: Int

  /// The design's columns as they are.
  init(_ design: LinearDesign) {
    kept = Array(0..<design.width)
    centres = [Double](repeating: 0, count: design.width)
    scales = [Double](repeating: 1, count: design.width)
    constantVariable = design.constant == nil ? nil : design.width - 1
    width = design.width
  }

  init(
    kept: [Int], centres: [Double], scales: [Double], constantVariable: Int?, width: Int
  ) {
    self.kept = kept
    self.centres = centres
    self.scales = scales
    self.constantVariable = constantVariable
    self.width = width
  }

  /// The number of variables.
  var dimension: Int { kept.count }

  /// The coefficients of the design's columns.
  func designPoint(_ point: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: width)
    var shift = 0.0
    for k in kept.indices {
      let value = point[k] / scales[k]
      result[kept[k]] += value
      shift += value * centres[k]
    }
    if let constantVariable { result[kept[constantVariable]] -= shift }
    return result
  }

  /// The gradient in the variables.
  func gradient(_ gradient: [Double]) -> [Double] {
    let constant = constantVariable.map { gradient[kept[$0]] } ?? 0
    return kept.indices.map { (gradient[kept[$0]] - centres[$0] * constant) / scales[$0] }
  }

  /// The second derivatives in the variables, from those in the design's columns.
  func curvature(_ gram: Matrix) -> Matrix {
    let dimension = dimension
    let ones = constantVariable.map { kept[$0] }
    var half = Matrix(rows: width, columns: dimension)
    for r in 0..<width {
      let constant = ones.map { gram[r, $0] } ?? 0
      for k in 0..<dimension {
        half[r, k] = (gram[r, kept[k]] - centres[k] * constant) / scales[k]
      }
    }
    var result = Matrix(rows: dimension, columns: dimension)
    for k in 0..<dimension {
      for l in 0...k {
        let constant = ones.map { half[$0, k] } ?? 0
        let value = (half[kept[l], k] - centres[l] * constant) / scales[l]
        result[k, l] = value
        result[l, k] = value
      }
    }
    return result
  }

  /// `T·C·Tᵀ`: a covariance of the variables as one of the design's columns.
  func designCovariance(_ covariance: Matrix) -> Matrix {
    let columns = (0..<dimension).map { k in designPoint(Array(covariance.row(k))) }
    var half = Matrix(rows: dimension, columns: width)
    for k in 0..<dimension { half.setRow(k, to: columns[k]) }
    var result = Matrix(rows: width, columns: width)
    for c in 0..<width { result.setRow(c, to: designPoint(half.column(c))) }
    return result
  }
}
