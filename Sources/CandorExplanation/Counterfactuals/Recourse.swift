public import CandorData

/// What a refused applicant could change to be approved.
public struct Recourse: Sendable, Equatable, Codable {
  /// What came of the search.
  public enum Verdict: String, Sendable, Codable {
    /// At least one counterfactual was found.
    case found
    /// Every permitted change was ruled out: there is none.
    case provenImpossible
    /// None was found within the limits; there may be one.
    case notFoundInTime
    /// None was asked for.
    case notSought
  }

  /// The model that was searched, which says how far the answer can be trusted.
  public enum Method: String, Sendable, Codable {
    /// Exact, by branch and bound over the options of a linear margin.
    case linear
    /// By profiles of the trees and branch and bound over boxes.
    case trees
    /// Greedy steps and local improvement, without any proof.
    case search
  }

  /// What came of it.
  public let verdict: Verdict
  /// How it was sought.
  public let method: Method
  /// The counterfactuals, cheapest first; none has all the changes of one before it.
  public let counterfactuals: [Counterfactual]
  /// The PD of the applicant as it is.
  public let probability: Double
  /// The PD at and above which an applicant is refused.
  public let cutOff: Double
  /// No counterfactual is cheaper than this; nil where nothing is proven.
  public let lowerBound: Double?
  /// How many proposals were scored, one by one or many at once.
  public let evaluations: Int
  /// Whether a limit of counts or time ended the search.
  public let limitReached: Bool
  /// Whether it was the deadline, so that another run may find another answer.
  public let deadlineReached: Bool
  /// What a reader should know, in plain sentences.
  public let warnings: [String]
}

/// A verified change of an applicant that the model approves.
public struct Counterfactual: Sendable, Equatable, Codable {
  /// How good the answer is known to be.
  public enum Optimality: Sendable, Equatable, Codable {
    /// None is cheaper among the permitted proposals that add to no counterfactual before this one.
    case optimal
    /// One may be cheaper, by no more than down to this cost.
    case gap(lowerBound: Double)
    /// Nothing is known.
    case notProven
  }

  /// The changes, in the order of the model's features; those that follow from others included.
  public let changes: [RecourseChange]
  /// The whole price, that of the changes as such included.
  public let cost: Double
  /// How many features were chosen to change; those that follow are not counted.
  public let changeCount: Int
  /// The PD after the changes, scored anew from the raw cells.
  public let probability: Double
  /// Whether the deployed model approves the changed cells: always true in what is returned.
  public let isVerified: Bool
  /// The Gower distance to the nearest approved row.
  public let distance: Double
  /// The share of approved rows that are nearer to their own nearest neighbour.
  public let distanceQuantile: Double
  /// Whether that share is within the limit.
  public let isPlausible: Bool
  /// How good the answer is known to be.
  public let optimality: Optimality
}

/// The change of one feature.
public struct RecourseChange: Sendable, Equatable, Codable {
  /// The source feature.
  public let feature: String
  /// What it is.
  public let from: RecourseValue
  /// What it would be.
  public let to: RecourseValue
  /// The price of the distance moved; zero where the change follows from another.
  public let cost: Double
  /// Whether it follows from another change rather than being chosen.
  public let follows: Bool
}

/// A cell's value in raw units.
public enum RecourseValue: Sendable, Equatable, Codable {
  /// A number, or a date as days since 1970-01-01.
  case number(Double)
  /// A level.
  case level(String)
  /// No value.
  case missing

  /// The value of a cell.
  public init(_ cell: Cell) {
    switch cell {
    case .number(let number): self = number.isNaN ? .missing : .number(number)
    case .text(let level): self = .level(level)
    case .missing: self = .missing
    }
  }

  /// The cell of this value.
  public var cell: Cell {
    switch self {
    case .number(let number): .number(number)
    case .level(let level): .text(level)
    case .missing: .missing
    }
  }

  /// The value as text: digits, or the level; `(missing)` where there is none.
  public var text: String {
    switch self {
    case .number(let number): plainText(number)
    case .level(let level): level
    case .missing: EncodingStep.missingLevel
    }
  }
}
