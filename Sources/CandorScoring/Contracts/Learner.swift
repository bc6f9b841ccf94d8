public import CandorData
public import CandorNumerics

/// Rows to learn from: encoded, labelled, weighted.
public struct TrainingRows: Sendable {
  /// The encoded rows.
  public let rows: EncodedRows
  /// One target a row: 1 where it turned out bad, 0 where good.
  public let targets: [Double]
  /// One non-negative weight a row; nil means one each.
  public let weights: [Double]?
  /// Which encoded columns are which source feature.
  public let featureMap: FeatureMap

  /// Joins the parts; throws where their lengths differ, a target is neither 0 nor 1, a weight is
  /// negative or not finite, there is no row, or all targets are equal.
  public init(
    rows: EncodedRows, targets: [Double], weights: [Double]? = nil, featureMap: FeatureMap
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
    guard targets.allSatisfy({ $0 == 0 || $0 == 1 }) else {
      throw TrainingError(.badTarget, "Every target must be 0 (good) or 1 (bad).")
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

  /// Joins seeds, threads and an optional listener.
  public init(
    seeds: SeedTree, threads: Int = 1, progress: (@Sendable (Double) -> Void)? = nil
  ) {
    self.seeds = seeds
    self.threads = threads
    self.progress = progress
  }
}

/// Options that are fitted to rows.
public protocol Learner: Sendable {
  /// What fitting gives.
  associatedtype Model: PersistableScorer

  /// The options as (name, value) pairs, in the study file's names, for cards and reports.
  var settings: [(name: String, value: String)] { get }

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
