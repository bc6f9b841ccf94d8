import CandorData
import CandorNumerics
import CandorScoring
import Foundation

/// A plain loop over the layers, the output's activation left out, gives the margin.
enum LayerWalk {
  static let check = ScorerCheck(
    "a plain walk through the layers gives the margin",
    layered: { scorer, rows in
      let layers = scorer.layers
      guard layers.last?.weights.rows == 1, layers.first?.weights.columns == scorer.inputWidth
      else { return ["the layers do not lead from \(scorer.inputWidth) inputs to one output"] }
      return Trial.withMargins(scorer, rows) { margins in
        for r in 0..<rows.count {
          guard let walked = walk(layers, Array(rows.matrix.row(r))) else {
            return ["the layers do not fit one another or name an unknown activation"]
          }
          if !Trial.agree(walked, margins[r], within: Trial.exact) {
            return ["row \(r): the layers give \(walked), the scorer \(margins[r])"]
          }
        }
        return []
      }
    })

  private static func walk(_ layers: [LayerView], _ row: [Double]) -> Double? {
    var values = row
    for (position, layer) in layers.enumerated() {
      guard layer.weights.columns == values.count, layer.weights.rows == layer.biases.count
      else { return nil }
      var next: [Double] = []
      for unit in 0..<layer.weights.rows {
        let sum = zip(layer.weights.row(unit), values).reduce(layer.biases[unit]) {
          $0 + $1.0 * $1.1
        }
        if position == layers.count - 1 {
          next.append(sum)
        } else {
          switch layer.activation {
          case "relu": next.append(max(sum, 0))
          case "leaky-relu": next.append(sum > 0 ? sum : 0.01 * sum)
          case "gelu":
            let inner = (2 / Double.pi).squareRoot() * (sum + 0.044715 * sum * sum * sum)
            next.append(sum * (1 + tanh(inner)) / 2)
          case "tanh": next.append(tanh(sum))
          case "sigmoid": next.append(sigmoid(sum))
          case "identity": next.append(sum)
          default: return nil
          }
        }
      }
      values = next
    }
    return values.first
  }
}
