import Foundation

/// The shape of a neural network and how it is trained.
public struct NetworkOptions: Sendable, Equatable {
  /// What training makes small, as a weighted mean over rows.
  public enum Loss: String, Sendable, CaseIterable {
    /// `−t ln p − (1 − t) ln(1 − p)`, with a sigmoid output.
    case crossEntropy = "cross-entropy"
    /// Cross-entropy in which rows that are already well told apart count less (Lin, Goyal, Girshick,
    /// He and Dollár 2017, arXiv:1708.02002), with a sigmoid output; the margin is then no log-odds.
    case focal
    /// `(y − t)²`.
    case squaredError = "squared-error"
  }

  /// How weights are moved along the gradient.
  public enum Optimiser: Sendable, Equatable {
    /// One step an epoch on all rows.
    case gradientDescent(rate: Double = 0.1)
    /// Mini-batches with momentum (Polyak 1964).
    case momentum(rate: Double = 0.01, momentum: Double = 0.9)
    /// Mini-batches with Adam (Kingma and Ba, 2015, arXiv:1412.6980).
    case adam(
      rate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8)

    var name: String {
      switch self {
      case .gradientDescent: "gradient-descent"
      case .momentum: "momentum"
      case .adam: "adam"
      }
    }

    var rate: Double {
      switch self {
      case .gradientDescent(let rate), .momentum(let rate, _), .adam(let rate, _, _, _): rate
      }
    }
  }

  /// What stands for the levels of a one-hot feature in the first layer.
  public enum Embeddings: Sendable, Equatable {
    /// The 0/1 columns themselves.
    case none
    /// So many numbers a level as `min(50, 1.6 · levels^0.56)` gives, rounded: the rule of thumb of the
    /// fastai library (Howard and Gugger 2020, doi:10.3390/info11020108).
    case automatic
    /// This many numbers a level.
    case dimension(Int)

    /// The value in the study file's words.
    public var name: String {
      switch self {
      case .none: "none"
      case .automatic: "auto"
      case .dimension(let dimension): "\(dimension)"
      }
    }

    /// The numbers that stand for each of so many levels; 0 for none, and never more than levels.
    func dimension(levels: Int) -> Int {
      switch self {
      case .none: 0
      case .automatic: min(50, levels, Int((1.6 * pow(Double(levels), 0.56)).rounded()))
      case .dimension(let dimension): min(dimension, levels)
      }
    }
  }

  /// The number of units of each hidden layer; empty for none.
  public var hidden: [Int]
  /// The activation of the hidden layers.
  public var activation: Activation
  /// The activation of the output: sigmoid, or identity with the squared error.
  public var output: Activation
  /// What training makes small.
  public var loss: Loss
  /// How weights are moved.
  public var optimiser: Optimiser
  /// The rows of a mini-batch; gradient descent ignores it.
  public var batchSize: Int
  /// The most passes over the rows.
  public var epochs: Int
  /// How many passes without a better validation loss end the training; nil to take all epochs and
  /// hold no rows back.
  public var patience: Int?
  /// The share of the rows, by outcome, that is held back to measure the validation loss.
  public var validationShare: Double
  /// Half of this times the sum of squared weights (not biases) is added to the mean loss.
  public var l2: Double
  /// The share of a weight (not a bias) that a step of rate one takes away, apart from the gradient
  /// (Loshchilov and Hutter 2019, arXiv:1711.05101).
  public var weightDecay: Double
  /// How much a row counts by its outcome.
  public var classWeights: ClassWeights
  /// The exponent of the focal loss; the others ignore it.
  public var focalGamma: Double
  /// The share of each hidden layer's outputs that is set to zero in training (inverted dropout).
  public var dropout: Double
  /// Whether hidden layers normalise their sums over the rows of a batch's fixed part (ghost batch
  /// normalisation), and by running averages in scoring.
  public var batchNormalisation: Bool
  /// What stands for the levels of a one-hot feature.
  public var embeddings: Embeddings
  /// How the learning rate goes over the epochs.
  public var schedule: LearningRateSchedule
  /// The epochs over which the learning rate rises to its value.
  public var warmUpEpochs: Int
  /// The largest norm of a step's gradient, penalty left out; nil for no limit.
  public var clipNorm: Double?

  /// Options with the defaults of the study file.
  public init(
    hidden: [Int] = [128, 64], activation: Activation = .relu, output: Activation = .sigmoid,
    loss: Loss = .crossEntropy, optimiser: Optimiser = .adam(), batchSize: Int = 200,
    epochs: Int = 200, patience: Int? = 10, validationShare: Double = 0.1, l2: Double = 1e-3,
    weightDecay: Double = 0, classWeights: ClassWeights = .none, focalGamma: Double = 2,
    dropout: Double = 0, batchNormalisation: Bool = false, embeddings: Embeddings = .none,
    schedule: LearningRateSchedule = .constant, warmUpEpochs: Int = 0, clipNorm: Double? = nil
  ) {
    self.hidden = hidden
    self.activation = activation
    self.output = output
    self.loss = loss
    self.optimiser = optimiser
    self.batchSize = batchSize
    self.epochs = epochs
    self.patience = patience
    self.validationShare = validationShare
    self.l2 = l2
    self.weightDecay = weightDecay
    self.classWeights = classWeights
    self.focalGamma = focalGamma
    self.dropout = dropout
    self.batchNormalisation = batchNormalisation
    self.embeddings = embeddings
    self.schedule = schedule
    self.warmUpEpochs = warmUpEpochs
    self.clipNorm = clipNorm
  }
}
