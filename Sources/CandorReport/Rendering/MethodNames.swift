package import CandorDocument
import Foundation

/// How methods of estimation are named in reports.
package enum MethodNames {
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
  package static func message(_ method: String) -> Message {
    if let key = keys[method] { return .key(key) }
    let parts = method.components(separatedBy: ", ")
    guard parts.count >= 2, parts[0].hasSuffix(" bootstrap"), parts[1].hasSuffix(" replicates"),
      let replicates = Int(parts[1].dropLast(" replicates".count))
    else { return .text(method) }
    let name = parts[0].hasPrefix("percentile") ? "percentile" : "reflected"
    var message = Message.key("method.\(name)Bootstrap", arguments: ["n": .count(replicates)])
    for part in parts.dropFirst(2) {
      if part.hasSuffix(" of them undefined"),
        let count = Int(part.dropLast(" of them undefined".count))
      {
        message = .key(
          "method.undefined", arguments: ["method": .message(message), "n": .count(count)])
      } else if part == "too few for an interval" {
        message = .key("method.tooFew", arguments: ["method": .message(message)])
      } else {
        return .text(method)
      }
    }
    return message
  }
}
