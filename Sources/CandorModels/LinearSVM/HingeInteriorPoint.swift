import CandorNumerics
import CandorScoring

/// A primal-dual interior-point method for the dual of the linear SVM with hinge loss,
/// `min ½‖Aᵀα‖² − Σα` over `0 ≤ α ≤ C` with rows `yᵢxᵢ` of A, for many rows of few columns.
///
/// Every step solves one system of the columns' size, `I + AᵀEA` with a diagonal E, by Cholesky
/// (Ferris and Munson, "Interior-point methods for massive support vector machines", SIAM J. Optim.
/// 13, 2002, doi:10.1137/S1052623400374379), with Mehrotra's predictor and corrector. A few dozen
/// steps give nine digits where coordinate descent needs tens of thousands of passes.
struct HingeInteriorPoint {
  let design: LinearDesign
  let signs: [Double]
  let costs: [Double]
  let threads: Int

  struct Outcome {
    let alphas: [Double]
    let steps: Int
    let gaps: [Double]
  }

  /// α, its distance to C, and the multipliers of both bounds; all stay above zero.
  private struct State {
    var alphas: [Double]
    var rooms: [Double]
    var lower: [Double]
    var upper: [Double]

    var complementarity: Double {
      var terms = [Double](repeating: 0, count: alphas.count)
      for r in alphas.indices { terms[r] = alphas[r] * lower[r] + rooms[r] * upper[r] }
      return OrderedReduction.sum(terms) / Double(2 * alphas.count)
    }
  }

  private struct Move {
    var alphas: [Double]
    var lower: [Double]
    var upper: [Double]
  }

  /// Runs until the relative duality gap, as `certify` has it, is at most `tolerance`, or no
  /// longer falls.
  func solve(
    tolerance: Double, maximumSteps: Int,
    check: () throws(TrainingError) -> Void,
    certify: ([Double]) -> (primal: Double, dual: Double)
  ) throws(TrainingError) -> Outcome {
    var state = start()
    var best = state.alphas
    var bestGap = Double.infinity
    var gaps: [Double] = []
    var steps = 0
    while steps < maximumSteps {
      try check()
      let (primal, dual) = certify(state.alphas)
      let gap = primal - dual
      gaps.append(gap)
      if gap < bestGap {
        bestGap = gap
        best = state.alphas
      }
      if gap <= tolerance * max(abs(primal), 1e-300) || state.complementarity < 1e-300 { break }
      steps += 1
      do {
        guard try advance(&state) else { break }
      } catch {
        // The system can no longer be solved in `Double`: the best point so far is the answer.
        break
      }
    }
    return Outcome(alphas: best, steps: steps, gaps: gaps)
  }

  private func start() -> State {
    let alphas = costs.map { $0 / 2 }
    let slopes = slopes(at: alphas)
    return State(
      alphas: alphas, rooms: costs.map { $0 / 2 }, lower: slopes.map { max($0, 0) + 1 },
      upper: slopes.map { max(-$0, 0) + 1 })
  }

  /// The gradient of the dual, `A(Aᵀα) − 1`.
  private func slopes(at alphas: [Double]) -> [Double] {
    let combined = transposedProduct(alphas)
    return product(combined).map { $0 - 1 }
  }

  /// `Aw`.
  private func product(_ weights: [Double]) -> [Double] {
    var output = design.margins(at: weights, threads: threads)
    for r in output.indices { output[r] *= signs[r] }
    return output
  }

  /// `Aᵀv`.
  private func transposedProduct(_ vector: [Double]) -> [Double] {
    design.transposedProduct(vector.indices.map { vector[$0] * signs[$0] }, threads: threads)
  }

  /// One predictor-corrector step; false where the step length has died.
  private func advance(_ state: inout State) throws(LinearAlgebraError) -> Bool {
    let count = signs.count
    let slopes = slopes(at: state.alphas)
    var scaling = [Double](repeating: 0, count: count)
    for r in 0..<count {
      scaling[r] =
        1 / (state.lower[r] / state.alphas[r] + state.upper[r] / state.rooms[r])
    }
    var system = design.gram(scaling, threads: threads)
    for j in 0..<design.width { system[j, j] += 1 }
    let factor = try Cholesky(system)

    let mean = state.complementarity
    let predictor = try move(
      state, slopes: slopes, scaling: scaling, factor: factor, target: 0, previous: nil)
    let reach = longestStep(state, predictor)
    var ahead = [Double](repeating: 0, count: count)
    for r in 0..<count {
      ahead[r] =
        (state.alphas[r] + reach * predictor.alphas[r])
        * (state.lower[r] + reach * predictor.lower[r])
        + (state.rooms[r] - reach * predictor.alphas[r])
        * (state.upper[r] + reach * predictor.upper[r])
    }
    let ratio = OrderedReduction.sum(ahead) / Double(2 * count) / mean
    let corrector = try move(
      state, slopes: slopes, scaling: scaling, factor: factor, target: ratio * ratio * ratio * mean,
      previous: predictor)
    let length = min(1, 0.995 * longestStep(state, corrector))
    guard length > 1e-10 else { return false }
    for r in 0..<count {
      state.alphas[r] += length * corrector.alphas[r]
      state.rooms[r] -= length * corrector.alphas[r]
      state.lower[r] += length * corrector.lower[r]
      state.upper[r] += length * corrector.upper[r]
      // Rounding may not let α and its room drift from their sum.
      if state.alphas[r] < state.rooms[r] {
        state.rooms[r] = costs[r] - state.alphas[r]
      } else {
        state.alphas[r] = costs[r] - state.rooms[r]
      }
    }
    return true
  }

  /// Solves the linearised conditions for complementarity `target`, with the second-order terms of
  /// `previous`.
  private func move(
    _ state: State, slopes: [Double], scaling: [Double], factor: Cholesky, target: Double,
    previous: Move?
  ) throws(LinearAlgebraError) -> Move {
    let count = signs.count
    var lowerGoal = [Double](repeating: target, count: count)
    var upperGoal = lowerGoal
    if let previous {
      for r in 0..<count {
        lowerGoal[r] -= previous.alphas[r] * previous.lower[r]
        upperGoal[r] += previous.alphas[r] * previous.upper[r]
      }
    }
    var right = [Double](repeating: 0, count: count)
    for r in 0..<count {
      right[r] = lowerGoal[r] / state.alphas[r] - upperGoal[r] / state.rooms[r] - slopes[r]
    }
    let weights = try factor.solve(
      transposedProduct(right.indices.map { scaling[$0] * right[$0] }))
    let seen = product(weights)
    var move = Move(alphas: right, lower: right, upper: right)
    for r in 0..<count {
      let step = scaling[r] * (right[r] - seen[r])
      move.alphas[r] = step
      move.lower[r] =
        (lowerGoal[r] - state.lower[r] * step) / state.alphas[r] - state.lower[r]
      move.upper[r] =
        (upperGoal[r] + state.upper[r] * step) / state.rooms[r] - state.upper[r]
    }
    return move
  }

  /// The longest step, one at most, that leaves every number at zero or more.
  private func longestStep(_ state: State, _ move: Move) -> Double {
    var length = 1.0
    for r in signs.indices {
      if move.alphas[r] < 0 { length = min(length, -state.alphas[r] / move.alphas[r]) }
      if move.alphas[r] > 0 { length = min(length, state.rooms[r] / move.alphas[r]) }
      if move.lower[r] < 0 { length = min(length, -state.lower[r] / move.lower[r]) }
      if move.upper[r] < 0 { length = min(length, -state.upper[r] / move.upper[r]) }
    }
    return length
  }
}
