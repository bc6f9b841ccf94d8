import CandorData

/// Source features that move together, with everything that they may be moved to.
///
/// Movers share no feature and no encoded column, so that what one of them costs does not depend on
/// the others.
struct Mover: Sendable {
  /// One way to move, or to stay.
  struct Option: Sendable {
    /// The cells of the mover's features.
    let cells: [Cell]
    /// The price of each chosen feature; zero where it stays.
    let prices: [Double]
    /// The price of all of it, that of the changes as such included.
    let cost: Double
    /// The encoded columns of the mover.
    let encoded: [Double]
  }

  /// The places of the features: those that are chosen first, then those that follow from them.
  let features: [Int]
  /// How many of them are chosen.
  let chosen: Int
  /// The encoded columns, in the order of `Option.encoded`.
  let columns: [Int]
  /// The options, rising in value where the mover is one feature with an order.
  let options: [Option]
  /// The option that changes nothing.
  let stay: Int
  /// Whether options were left out because there are too many.
  let isThinned: Bool

  /// The cheapest price of a change.
  var leastPrice: Double {
    options.indices.lazy.filter { $0 != stay }.map { options[$0].cost }.min() ?? .infinity
  }

  /// The same mover with some of its options; staying must be among them.
  func keeping(_ kept: [Int], isThinned thinned: Bool? = nil) -> Mover {
    Mover(
      features: features, chosen: chosen, columns: columns, options: kept.map { options[$0] },
      stay: kept.firstIndex(of: stay) ?? 0, isThinned: thinned ?? isThinned)
  }
}

/// An applicant with all that may be moved.
struct Applicant: Sendable {
  let cells: [Cell]
  let encoded: [Double]
  let movers: [Mover]

  /// What a choice of options costs.
  func cost(of picks: [Int]) -> Double {
    var sum = 0.0
    for (mover, pick) in zip(movers, picks) { sum += mover.options[pick].cost }
    return sum
  }

  /// The options that change nothing.
  var staying: [Int] { movers.map(\.stay) }

  /// The movers that a choice moves.
  func moved(by picks: [Int]) -> [Int] {
    picks.indices.filter { picks[$0] != movers[$0].stay }
  }

  /// The cells after a choice.
  func cells(after picks: [Int]) -> [Cell] {
    var result = cells
    for (mover, pick) in zip(movers, picks) where pick != mover.stay {
      for (place, feature) in mover.features.enumerated() {
        result[feature] = mover.options[pick].cells[place]
      }
    }
    return result
  }

  /// Appends the encoded row after a choice.
  func append(_ picks: [Int], to rows: inout [Double]) {
    let start = rows.count
    rows.append(contentsOf: encoded)
    for (mover, pick) in zip(movers, picks) where pick != mover.stay {
      for (place, column) in mover.columns.enumerated() {
        rows[start + column] = mover.options[pick].encoded[place]
      }
    }
  }
}
