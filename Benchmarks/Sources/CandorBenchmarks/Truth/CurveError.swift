import Candor

/// How far the curve of one feature is from the true one, both centred over the applicants' values.
struct CurveError {
  /// The weighted mean of squared errors.
  let square: Double
  /// The variance of the true curve.
  let variance: Double
  /// The largest absolute error.
  let largest: Double
  /// The variance of the curve that was found.
  let foundVariance: Double
  /// How many bands with a width there are, and how many hold the true curve.
  let bands: (count: Int, held: Int)

  init(
    _ points: [(at: FeatureGrid.Point, effect: EffectEstimate)], feature: Int,
    truth: TrueContributions, of world: TruthWorld, scaled: Double = 1
  ) {
    let levels = world.truth.features[feature].levels
    var shares: [Double] = []
    var expected: [Double] = []
    var found: [EffectEstimate] = []
    for (at, effect) in points {
      // A level that the effects do not know cannot be; it would be left out, and be seen as missing.
      guard
        let cell = at.isMissing
          ? Double.nan : at.number ?? levels.firstIndex(of: at.label).map(Double.init)
      else { continue }
      shares.append(at.share)
      expected.append(scaled * truth.curve(feature, at: cell))
      found.append(effect)
    }
    let total = shares.reduce(0, +)
    func mean(_ values: [Double]) -> Double {
      total == 0
        ? values.reduce(0, +) / Double(max(values.count, 1))
        : zip(shares, values).reduce(0) { $0 + $1.0 * $1.1 } / total
    }
    let trueMean = mean(expected)
    let foundMean = mean(found.map(\.value))
    let errors = zip(found, expected).map { ($0.value - foundMean) - ($1 - trueMean) }
    square = mean(errors.map { $0 * $0 })
    variance = mean(expected.map { ($0 - trueMean) * ($0 - trueMean) })
    foundVariance = mean(found.map { ($0.value - foundMean) * ($0.value - foundMean) })
    largest = errors.map(abs).max() ?? 0
    var count = 0
    var held = 0
    for (effect, value) in zip(found, expected) {
      guard let lower = effect.lower, let upper = effect.upper, upper - lower > 1e-12 else {
        continue
      }
      count += 1
      if (lower...upper).contains(value - trueMean + foundMean) { held += 1 }
    }
    bands = (count, held)
  }

  /// The root of all squared errors as a share of the root of all true variances.
  static func relative(_ curves: [CurveError]) -> Double {
    (curves.reduce(0) { $0 + $1.square } / curves.reduce(0) { $0 + $1.variance }).squareRoot()
  }

  /// The share of bands that hold the true curve; nil without any.
  static func coverage(_ curves: [CurveError]) -> Double? {
    let count = curves.reduce(0) { $0 + $1.bands.count }
    return count == 0 ? nil : Double(curves.reduce(0) { $0 + $1.bands.held }) / Double(count)
  }
}
