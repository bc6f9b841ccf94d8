import CandorDocument

/// How methods of estimation are named in reports.
enum MethodNames {
  private static let keys = [
    "Wilson": "method.wilson",
    "Newcombe": "method.newcombe",
    "DeLong, logit interval": "method.deLongLogit",
    "DeLong linearised for weights, logit interval": "method.deLongLogitWeighted",
    "paired DeLong linearised for weights, normal interval": "method.pairedDeLongWeighted",
    "maximum likelihood": "method.maximumLikelihood",
    "maximum likelihood, robust standard error": "method.maximumLikelihoodRobust",
    "exact Poisson": "method.exactPoisson",
    "Poisson, effective number of bads": "method.effectivePoisson",
    "DeLong for independent samples, normal interval": "method.deLongIndependent",
    "paired DeLong, normal interval": "method.pairedDeLong",
    "mean of rows, normal interval": "method.meanOfRows",
    "Cohen's d, pooled within-group deviation, normal interval": "method.cohen",
    "log scale, delta method": "method.logDelta",
    "log scale, delta method with half an approval added": "method.logDeltaCorrected",
    "no interval": "method.noInterval",
    "no interval from one row": "method.noInterval",
    "no interval: a class has one row only": "method.noInterval",
    "no interval: all scores are equal": "method.noInterval",
    "no interval: the two rankings place all rows alike": "method.noInterval",
    "exact bound: bads and goods do not overlap": "method.exactBound",
  ]

  /// The name of a method as an estimate states it; one that is not known here stays as it is.
  static func message(_ method: String) -> Message {
    if let key = keys[method] { return .key(key) }
    let words = method.split(separator: " ")
    if words.count >= 4, words[1] == "bootstrap,", let replicates = Int(words[2]) {
      switch words[0] {
      case "percentile":
        return .key("method.percentileBootstrap", arguments: ["n": .count(replicates)])
      case "reflected", "basic":
        return .key("method.reflectedBootstrap", arguments: ["n": .count(replicates)])
      default: break
      }
    }
    return .text(method)
  }
}
