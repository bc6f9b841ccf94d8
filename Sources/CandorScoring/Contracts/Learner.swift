public import CandorData
public import CandorNumerics

/// What is learnt from the targets.
public enum LearningTask: String, Sendable, Codable {
  /// Which rows turn out bad: targets 1 and 0.
  case classification
  /// The mean of a number, for example a loss given default: finite targets.
  case regression
}

/// The sign that a feature's effect on the margin must have.
public enum Direction: String, Sendable, CaseIterable, Codable {
  /// The margin never falls where the feature rises.
  case increasing
  /// The margin never rises where the feature rises.
  case decreasing
}

/// Rows to learn from: encoded, labelled, weighted.
public struct TrainingRows: Sendable {
  /// The encoded rows.
  public let rows: EncodedRows
  /// One target a row: 1 where it turned out bad, 0 where good; in a regression any finite number.
  public let targets: [Double]
  /// One non-negative weight a row; nil means one each.
  public let weights: [Double]?
  /// Which encoded columns are which source feature.
  public let featureMap: FeatureMap
  /// What is learnt.
  public let task: LearningTask
  /// The directions that a monotone fit must keep, by encoded column; columns without one are free.
  public let directions: [Int: Direction]

  /// Joins the parts; throws where their lengths differ, a target does not fit the task (neither 0
  /// nor 1 in a classification, not finite in a regression), a weight is negative or not finite,
  /// there are fewer than two rows, all targets are equal, or a direction is that of a column that is
  /// not there or holds level codes.
  public init(
    rows: EncodedRows, targets: [Double], weights: [Double]? = nil, featureMap: FeatureMap,
    task: LearningTask = .classification, directions: [Int: Direction] = [:]
  ) throws(TrainingError) {
    guard rows.count == targets.count, weights.map({ $0.count == rows.count }) ?? true else {
      throw TrainingError(
        .shapeMismatch, "Rows, targets and weights must have the same length to train.")
    }
    guard featureMap.width == rows.width else {
      throw TrainingError(
        .shapeMismatch,
        "The feature map names \(featureMap.width) encoded columns; the rows have \(rows.width).")
    }
    guard rows.count > 1 else {
      throw TrainingError(.tooFewRows, "There are \(rows.count) rows to train on; two at least.")
    }
    switch task {
    case .classification:
      guard targets.allSatisfy({ $0 == 0 || $0 == 1 }) else {
        throw TrainingError(.badTarget, "Every target must be 0 (good) or 1 (bad).")
      }
    case .regression:
      guard targets.allSatisfy(\.isFinite) else {
        throw TrainingError(.badTarget, "Every target of a regression must be a finite number.")
      }
    }
    for column in directions.keys.sorted() {
      guard column >= 0, column < rows.width, featureMap.levelCounts[column] == nil else {
        throw TrainingError(
          .badOption,
          "Encoded column \(column) cannot have a direction: it is not there or holds level codes.")
      }
    }
    if let weights, !weights.allSatisfy({ $0 >= 0 && $0.isFinite }) {
      throw TrainingError(.badTarget, "Every weight must be a finite number, zero or more.")
    }
    guard let first = targets.first, targets.contains(where: { $0 != first }) else {
      throw TrainingError(
        .oneClassOnly, "All training rows have the same outcome; a model needs good and bad rows.")
    }
    self.rows = rows
    self.targets = targets
    self.weights = weights
    self.featureMap = featureMap
    self.task = task
    self.directions = directions
  }

  /// Refuses a regression, for a family that has none.
  ///
  /// - Parameter family: The family's name in the sentence, for example `linear SVM`.
  /// - Throws: `TrainingError` where the task is a regression.
  public func requireClassification(_ family: String) throws(TrainingError) {
    guard task == .classification else {
      throw TrainingError(
        .unsupportedTask,
        "The \(family) learns which rows turn out bad, not a number; use a random forest or a "
          + "neural network for a regression.")
    }
  }

  /// The number of rows.
  public var count: Int { targets.count }
}

/// What a fit may use besides its rows and options.
public struct TrainingContext: Sendable {
  /// The source of this fit's randomness.
  public let seeds: SeedTree
  /// At most so many threads; the result does not depend on it.
  public let threads: Int
  /// Told from time to time how much of the work is done (0 to 1); may be called on any thread.
  public let progress: (@Sendable (Double) -> Void)?
  /// Where somebody may ask the fit to end; nil where nobody can.
  public let cancellation: Cancellation?
  /// Where a long fit keeps how far it has come, and from where it goes on; nil keeps nothing.
  public let snapshots: (any SnapshotStore)?

  /// Joins seeds, threads and optional listeners.
  public init(
    seeds: SeedTree, threads: Int = 1, progress: (@Sendable (Double) -> Void)? = nil,
    cancellation: Cancellation? = nil, snapshots: (any SnapshotStore)? = nil
  ) {
    self.seeds = seeds
    self.threads = threads
    self.progress = progress
    self.cancellation = cancellation
    self.snapshots = snapshots
  }

  /// Ends a fit that was asked to end; learners call it at least a few times a second.
  ///
  /// - Throws: `TrainingError` of code `cancelled` once the cancellation was asked for.
  public func checkCancellation() throws(TrainingError) {
    if cancellation?.isCancelled == true {
      throw TrainingError(.cancelled, "The training was ended before it was done.")
    }
  }
}

/// Options that are fitted to rows.
public protocol Learner: Sendable {
  /// What fitting gives.
  associatedtype Model: PersistableScorer

  /// The options as (name, value) pairs, in the study file's names, for cards and reports.
  var settings: [(name: String, value: String)] { get }

  /// Whether the fit keeps the directions of its training rows; others take rows without any.
  var keepsDirections: Bool { get }

  /// Fits a model; equal rows, options and seeds give equal bytes at any number of threads.
  ///
  /// - Parameters:
  ///   - training: The rows, with both outcomes among them.
  ///   - context: Seeds, threads and the listener for progress.
  /// - Returns: The model, and apart from it what happened on the way.
  /// - Throws: `TrainingError` where an option is out of range or the rows do not allow a fit.
  func fit(
    _ training: TrainingRows, context: TrainingContext
  ) throws(TrainingError) -> Trained<Model>
}

extension Learner {
  /// Directions bind nobody unless a learner says otherwise.
  public var keepsDirections: Bool { false }
}

/// A fitted model and, apart from it, what happened while it was fitted.
public struct Trained<Model: Sendable>: Sendable {
  /// The fitted model.
  public let model: Model
  /// What happened on the way.
  public let log: TrainingLog

  /// Joins model and log.
  public init(model: Model, log: TrainingLog) {
    self.model = model
    self.log = log
  }
}

/// Why a fit was refused or failed.
public struct TrainingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of fault.
  public enum Code: String, Sendable {
    case badOption, shapeMismatch, tooFewRows, badTarget, oneClassOnly, noConvergence, numerical
    case unsupportedTask, cancelled, badSnapshot
  }

  /// The kind of fault.
  public let code: Code
  /// The sentence: what is wrong and what to do.
  public let description: String

  /// Makes an error from its kind and its sentence.
  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
