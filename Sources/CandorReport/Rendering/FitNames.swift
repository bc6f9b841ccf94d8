import CandorDocument

/// How options and measures of a fit are named for a reader; the program's own word stands behind.
package enum FitNames {
  /// The options that have a name, in the study file's words.
  package static let settings: Set<String> = [
    "ridge", "tolerance", "maximum_iterations", "maximum_passes", "c", "loss", "bias",
    "class_weights", "trees", "criterion", "features_per_split", "minimum_leaf", "maximum_depth",
    "bins", "bootstrap", "sample_share", "hidden", "activation", "output", "optimiser",
    "learning_rate", "momentum", "batch", "epochs", "patience", "validation_share", "l2", "penalty",
    "solver", "lambda", "l1_share", "firth", "standard_errors", "weight_decay", "focal_gamma",
    "dropout", "batch_norm", "embeddings", "schedule", "schedule_epochs", "schedule_factor",
    "warm_up", "clip_norm", "splits", "monotone", "out_of_bag",
  ]

  /// The keys of measures, by the names that training logs use.
  package static let measures: [String: String] = [
    "AIC": "fitted.aic",
    "Newton decrement": "fitted.newtonDecrement",
    "deviance": "fitted.deviance",
    "null deviance": "fitted.nullDeviance",
    "gradient norm": "fitted.gradientNorm",
    "log-likelihood": "fitted.logLikelihood",
    "objective": "fitted.objective",
    "ridge": "fitted.ridgeUsed",
    "duality gap": "fitted.dualityGap",
    "dual objective": "fitted.dualObjective",
    "KKT violation": "fitted.kktViolation",
    "coefficients not zero": "fitted.notZero",
    "steps on a sample": "fitted.sampleSteps",
    "lasso": "fitted.lasso",
    "penalised log-likelihood": "fitted.penalisedLogLikelihood",
    "rows with a loss": "fitted.rowsWithLoss",
    "passes": "fitted.passes",
    "interior-point steps": "fitted.interiorSteps",
    "nodes": "fitted.nodes",
    "out-of-bag AUC": "fitted.outOfBagAUC",
    "out-of-bag coverage": "fitted.outOfBagCoverage",
    "out-of-bag log-loss": "fitted.outOfBagLogLoss",
    "best epoch": "fitted.bestEpoch",
    "training loss": "fitted.trainingLoss",
    "validation loss": "fitted.validationLoss",
    "validation rows": "fitted.validationRows",
  ]

  static func setting(_ name: String) -> Value {
    settings.contains(name)
      ? .message(key("setting.\(name)", ["code": .code(name)])) : .code(name)
  }

  static func measure(_ name: String) -> Value {
    measures[name].map { .message(.key($0)) }
      ?? .message(key("design.measure", ["name": .code(name)]))
  }
}
