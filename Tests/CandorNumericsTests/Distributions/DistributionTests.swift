import CandorNumerics
import CandorTestSupport
import Testing

private struct ReferenceCase: Decodable {
  let function: String
  let arguments: [Double]
  let value: Double
}

private struct ReferenceFile: Decodable {
  let cases: [ReferenceCase]
}

@Suite("Distributions")
struct DistributionTests {
  @Test(
    "Distribution functions and quantiles agree with SciPy to 1e-12, relative also in the tails")
  func agreeWithSciPy() throws {
    let file: ReferenceFile = try ReferenceValues.decode(from: "scipy/distributions.json")
    #expect(file.cases.count > 500)
    for item in file.cases {
      let value = try #require(evaluate(item), "\(item.function)")
      #expect(
        relative(value, item.value) <= 1e-12,
        "\(item.function)(\(item.arguments)) = \(value), SciPy \(item.value)")
    }
  }

  @Test("Normal quantiles invert the distribution function to 1e-12 of the probability")
  func normalRoundTrip() {
    var p = 1e-305
    while p < 0.5 {
      // One rounding of x moves the tail by x² roundings; x is 37 at the far end.
      #expect(relative(Normal.cumulative(Normal.quantile(p)), p) < 1e-12)
      p *= 7
    }
    #expect(Normal.quantile(0) == -.infinity)
    #expect(Normal.quantile(1) == .infinity)
    #expect(Normal.quantile(1.01).isNaN)
    #expect(Normal.quantile(.nan).isNaN)
  }

  @Test("Quantiles invert their distribution functions over seeded parameters")
  func quantilesInvert() {
    var generator = SeedTree(seed: 11).generator()
    for _ in 0..<300 {
      let p = generator.nextUniform()
      let a = SpecialFunctions.logistic(generator.nextNormal() * 2) * 60 + 0.2
      let b = SpecialFunctions.logistic(generator.nextNormal() * 2) * 60 + 0.2
      let t = StudentT.quantile(p, degreesOfFreedom: a)
      #expect(agree(StudentT.cumulative(t, degreesOfFreedom: a), p, within: 1e-12))
      let c = ChiSquared.quantile(p, degreesOfFreedom: a)
      #expect(agree(ChiSquared.cumulative(c, degreesOfFreedom: a), p, within: 1e-12))
      let f = FDistribution.quantile(p, numerator: a, denominator: b)
      #expect(
        agree(FDistribution.cumulative(f, numerator: a, denominator: b), p, within: 1e-12))
      let x = BetaDistribution.quantile(p, alpha: a, beta: b)
      #expect(agree(BetaDistribution.cumulative(x, alpha: a, beta: b), p, within: 1e-12))
    }
  }

  @Test("Binomial probabilities sum to the distribution function and to one")
  func binomialSums() {
    for (trials, probability) in [(1, 0.3), (12, 0.04), (60, 0.5), (200, 0.93)] {
      var sum = CompensatedSum()
      for k in 0...trials {
        sum.add(BinomialDistribution.mass(k, trials: trials, probability: probability))
        #expect(
          agree(
            sum.value,
            BinomialDistribution.cumulative(k, trials: trials, probability: probability),
            within: 1e-13))
        let p = BinomialDistribution.cumulative(k, trials: trials, probability: probability)
        if p < 1 - 1e-9, p > 1e-9 {
          #expect(
            BinomialDistribution.quantile(
              p * (1 - 1e-12), trials: trials, probability: probability) == k)
        }
      }
      #expect(agree(sum.value, 1, within: 1e-13))
    }
  }

  @Test("Clopper–Pearson covers at least, and Wilson about, the nominal share: exact coverage")
  func coverage() {
    let trials = 40
    for probability in [0.02, 0.1, 0.35, 0.5] {
      var exact = 0.0
      var score = 0.0
      for k in 0...trials {
        let mass = BinomialDistribution.mass(k, trials: trials, probability: probability)
        let wide = BinomialDistribution.clopperPearson(successes: k, trials: trials)
        if wide.lower <= probability, probability <= wide.upper { exact += mass }
        let wilson = BinomialDistribution.wilsonInterval(successes: k, trials: trials)
        if wilson.lower <= probability, probability <= wilson.upper { score += mass }
      }
      #expect(exact >= 0.95)
      #expect(score > 0.9 && score < 0.995)
    }
  }

  @Test("Arguments outside the domain give NaN and limits give limits")
  func domains() {
    #expect(StudentT.cumulative(1, degreesOfFreedom: 0).isNaN)
    #expect(StudentT.quantile(0.3, degreesOfFreedom: -1).isNaN)
    #expect(ChiSquared.cumulative(1, degreesOfFreedom: -1).isNaN)
    #expect(ChiSquared.cumulative(-1, degreesOfFreedom: 3) == 0)
    #expect(ChiSquared.quantile(0, degreesOfFreedom: 3) == 0)
    #expect(ChiSquared.quantile(1, degreesOfFreedom: 3) == .infinity)
    #expect(BetaDistribution.cumulative(0.5, alpha: 0, beta: 1).isNaN)
    #expect(BetaDistribution.quantile(1, alpha: 2, beta: 1) == 1)
    #expect(SpecialFunctions.regularizedIncompleteBeta(1.2, a: 1, b: 1).isNaN)
    #expect(SpecialFunctions.regularizedIncompleteGamma(.infinity, shape: 2) == 1)
    #expect(BinomialDistribution.clopperPearson(successes: 5, trials: 3).lower.isNaN)
    #expect(BinomialDistribution.wilsonInterval(successes: 0, trials: 0) == (0, 1))
    #expect(StudentT.quantile(0, degreesOfFreedom: 3) == -.infinity)
    #expect(StudentT.cumulative(.infinity, degreesOfFreedom: 3) == 1)
    #expect(
      agree(
        StudentT.quantile(0.975, degreesOfFreedom: .infinity), Normal.quantile(0.975),
        within: 1e-15))
    #expect(SpecialFunctions.logOnePlusExp(.infinity) == .infinity)
    #expect(SpecialFunctions.logOnePlusExp(-.infinity) == 0)
  }

  private func relative(_ a: Double, _ b: Double) -> Double {
    a == b ? 0 : abs(a - b) / max(abs(a), abs(b))
  }

  private func evaluate(_ item: ReferenceCase) -> Double? {
    let a = item.arguments
    let x = a[0]
    switch item.function {
    case "normal.cumulative": return Normal.cumulative(x)
    case "normal.survival": return Normal.survival(x)
    case "normal.density": return Normal.density(x)
    case "normal.quantile": return Normal.quantile(x)
    case "studentT.cumulative": return StudentT.cumulative(x, degreesOfFreedom: a[1])
    case "studentT.survival": return StudentT.survival(x, degreesOfFreedom: a[1])
    case "studentT.density": return StudentT.density(x, degreesOfFreedom: a[1])
    case "studentT.quantile": return StudentT.quantile(x, degreesOfFreedom: a[1])
    case "chiSquared.cumulative": return ChiSquared.cumulative(x, degreesOfFreedom: a[1])
    case "chiSquared.survival": return ChiSquared.survival(x, degreesOfFreedom: a[1])
    case "chiSquared.quantile": return ChiSquared.quantile(x, degreesOfFreedom: a[1])
    case "f.cumulative":
      return FDistribution.cumulative(x, numerator: a[1], denominator: a[2])
    case "f.survival": return FDistribution.survival(x, numerator: a[1], denominator: a[2])
    case "f.quantile": return FDistribution.quantile(x, numerator: a[1], denominator: a[2])
    case "beta.cumulative": return BetaDistribution.cumulative(x, alpha: a[1], beta: a[2])
    case "beta.survival": return BetaDistribution.survival(x, alpha: a[1], beta: a[2])
    case "beta.quantile": return BetaDistribution.quantile(x, alpha: a[1], beta: a[2])
    case "logBeta": return SpecialFunctions.logBeta(x, a[1])
    case "binomial.mass":
      return BinomialDistribution.mass(Int(x), trials: Int(a[1]), probability: a[2])
    case "binomial.cumulative":
      return BinomialDistribution.cumulative(Int(x), trials: Int(a[1]), probability: a[2])
    case "binomial.survival":
      return BinomialDistribution.survival(Int(x), trials: Int(a[1]), probability: a[2])
    case "wilson.lower", "wilson.upper":
      let limits = BinomialDistribution.wilsonInterval(
        successes: Int(x), trials: Int(a[1]), confidence: a[2])
      return item.function == "wilson.lower" ? limits.lower : limits.upper
    case "clopperPearson.lower", "clopperPearson.upper":
      let limits = BinomialDistribution.clopperPearson(
        successes: Int(x), trials: Int(a[1]), confidence: a[2])
      return item.function == "clopperPearson.lower" ? limits.lower : limits.upper
    case "gamma.lower": return SpecialFunctions.regularizedIncompleteGamma(x, shape: a[1])
    case "gamma.upper":
      return SpecialFunctions.regularizedIncompleteGammaComplement(x, shape: a[1])
    case "logGamma": return SpecialFunctions.logGamma(x)
    case "logOnePlusExp": return SpecialFunctions.logOnePlusExp(x)
    case "logistic": return SpecialFunctions.logistic(x)
    default: return nil
    }
  }
}
