import CandorNumerics

/// Second differences of rows in the cells of a grid, and what accumulates from them.
struct Surface: Sendable {
  /// The rows of the sample that have a cell.
  let rows: [Int]
  /// Each one's cell.
  let bins: [(Int, Int)]
  /// Each one's second difference over its cell.
  let differences: [Double]
  /// The number of cells along both axes.
  let shape: (Int, Int)

  /// A centred surface and its size.
  struct Effects: Sendable {
    let values: Matrix
    let size: Double
  }

  /// The centred surface under one weight a row of the sample: O(rows + cells²) where cells are
  /// empty, else O(rows + cells).
  func effects(weights: [Double]) -> Effects {
    var rises = Matrix(rows: shape.0, columns: shape.1)
    var contents = rises
    for (position, bin) in bins.enumerated() {
      let weight = weights[rows[position]]
      rises[bin.0, bin.1] += weight * differences[position]
      contents[bin.0, bin.1] += weight
    }
    for i in 0..<shape.0 {
      for j in 0..<shape.1 where contents[i, j] > 0 { rises[i, j] /= contents[i, j] }
    }
    fillEmpty(&rises, contents)
    var surface = Matrix(rows: shape.0 + 1, columns: shape.1 + 1)
    for i in 0..<shape.0 {
      for j in 0..<shape.1 {
        surface[i + 1, j + 1] =
          rises[i, j] + surface[i, j + 1] + surface[i + 1, j] - surface[i, j]
      }
    }
    let first = mainEffect(of: surface, contents, alongFirst: true)
    let second = mainEffect(of: surface, contents, alongFirst: false)
    for i in 0...shape.0 {
      for j in 0...shape.1 { surface[i, j] -= first[i] + second[j] }
    }
    var sum = 0.0
    var total = 0.0
    func middle(_ i: Int, _ j: Int) -> Double {
      (surface[i, j] + surface[i, j + 1] + surface[i + 1, j] + surface[i + 1, j + 1]) / 4
    }
    for i in 0..<shape.0 {
      for j in 0..<shape.1 {
        sum += contents[i, j] * middle(i, j)
        total += contents[i, j]
      }
    }
    let mean = total > 0 ? sum / total : 0
    for i in 0...shape.0 {
      for j in 0...shape.1 { surface[i, j] -= mean }
    }
    var squares = 0.0
    for i in 0..<shape.0 {
      for j in 0..<shape.1 {
        let value = middle(i, j)
        squares += contents[i, j] * value * value
      }
    }
    return Effects(values: surface, size: total > 0 ? (squares / total).squareRoot() : 0)
  }

  /// Gives a cell without weight the difference of the nearest one with weight, distances counted as
  /// shares of the axes; the first of equals.
  private func fillEmpty(_ rises: inout Matrix, _ contents: Matrix) {
    var filled: [(Int, Int)] = []
    for i in 0..<shape.0 {
      for j in 0..<shape.1 where contents[i, j] > 0 { filled.append((i, j)) }
    }
    guard filled.count < shape.0 * shape.1, !filled.isEmpty else { return }
    for i in 0..<shape.0 {
      for j in 0..<shape.1 where contents[i, j] <= 0 {
        var nearest = (distance: Double.infinity, cell: filled[0])
        for cell in filled {
          let down = Double(cell.0 - i) / Double(shape.0)
          let across = Double(cell.1 - j) / Double(shape.1)
          let distance = down * down + across * across
          if distance < nearest.distance { nearest = (distance, cell) }
        }
        rises[i, j] = rises[nearest.cell.0, nearest.cell.1]
      }
    }
  }

  /// The accumulated local effect that the surface itself has along one axis.
  private func mainEffect(
    of surface: Matrix, _ contents: Matrix, alongFirst: Bool
  ) -> [Double] {
    let steps = alongFirst ? shape.0 : shape.1
    let others = alongFirst ? shape.1 : shape.0
    func rise(_ step: Int, _ other: Int) -> Double {
      alongFirst
        ? surface[step + 1, other] - surface[step, other]
        : surface[other, step + 1] - surface[other, step]
    }
    var effect = [0.0]
    for step in 0..<steps {
      var sum = 0.0
      var total = 0.0
      for other in 0..<others {
        let content = alongFirst ? contents[step, other] : contents[other, step]
        sum += content * (rise(step, other) + rise(step, other + 1)) / 2
        total += content
      }
      effect.append(effect[step] + (total > 0 ? sum / total : 0))
    }
    return effect
  }
}
