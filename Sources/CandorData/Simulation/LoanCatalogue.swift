/// The columns of simulated loans and the true model. `Documentation/Simulation.md` says the same
/// in formulas.
enum LoanCatalogue {
  /// The log-odds where every other part is 0.
  static let intercept = -3.77
  /// The standard deviation of the unobserved factor's part in the log-odds.
  static let unobservedDeviation = 0.9
  /// How many months `period` has.
  static let months = 24
  /// The middle of the months, counted from zero: drift is nil there.
  static let middleMonth = Double(months - 1) / 2
  /// The rise of the log-odds and of the mean of ln(amount) a month, where there is drift.
  static let driftOfLogOdds = 0.03
  static let driftOfLogAmount = 0.012
  /// What is added to the log-odds of a recorded default in group B, where there is bias.
  static let recordedShift = 0.6
  /// The share of group B.
  static let shareOfGroupB = 0.3
  static let groups = ["A", "B"]
  /// A cell is missing where 16 random bits are below this: 1311 / 65536 = 2.0004 %.
  static let missingBelow: UInt32 = 1311

  /// The durations on offer, in months.
  static let durations = [6, 12, 18, 24, 36, 48, 60, 72, 84]

  static let products = ["unsecured", "secured", "revolving"]
  static let housing = ["rent", "parents", "mortgage", "owner"]
  static let channels = ["online", "branch", "broker", "phone", "partner"]
  static let occupations = [
    "seasonal", "hospitality", "transport", "retail", "construction", "self_employed",
    "manufacturing", "public_sector", "technology", "health",
  ]
  static let purposes = [
    "car", "renovation", "furniture", "consolidation", "education", "medical", "travel", "business",
    "wedding", "moving", "appliances", "other",
  ]
  static let regions = [
    "Ashmere", "Brackwell", "Caldmoor", "Dunholt", "Eastvale", "Farnholm", "Glenrock", "Harrow Bay",
    "Inverlea", "Jutfield", "Kestrel", "Larchwood", "Millbrook", "Northgate", "Oakhaven",
    "Pinecrest", "Quarrydale", "Ravensby", "Southmere", "Thornbury", "Ullsby", "Vale Cross",
    "Westerly", "Yarrow", "Zennor", "Amberton", "Birchfold", "Coldwater", "Driftmouth", "Elmstead",
  ]

  /// The first 28 columns, in the order in which `features` counts them.
  static let core: [LoanFeature] = [
    LoanFeature(
      "amount", decimals: 2, effect: .logarithm(slope: 0.25, reference: 9000)),
    LoanFeature(
      "income", decimals: 2, effect: .logarithm(slope: -0.4, reference: 32_000)),
    LoanFeature(
      "debt_to_income", decimals: 4, effect: .hinge(slope: 2, knot: 0.25), direction: .rising),
    LoanFeature(
      "duration_months", effect: .linear(slope: 0.01, centre: 36), direction: .rising),
    LoanFeature(
      "purpose", levels: purposes,
      effect: .table([
        -0.28, -0.2, 0, 0.24, 0.08, 0.28, 0.04, 0.44, -0.08, 0.16, -0.12, 0.12,
      ])),
    LoanFeature(
      "bureau_score", effect: .saturating(height: -1.1, centre: 640, width: 70)),
    LoanFeature(
      "utilisation", decimals: 3, effect: .parabola(curvature: 3.6, centre: 0.3, limit: 1.3)),
    LoanFeature(
      "housing", levels: housing, effect: .table([0.25, 0.08, -0.08, -0.29])),
    LoanFeature(
      "employment_years", decimals: 1, effect: .decay(height: 0.7, scale: 2.5),
      effectWhenMissing: 0.55, direction: .falling),
    LoanFeature(
      "region", levels: regions,
      effect: .table([
        -0.24, 0.12, 0.32, -0.08, 0.2, -0.36, 0.04, 0.24, -0.16, 0.08, 0.4, -0.28, 0, 0.16, -0.12,
        0.28, -0.2, 0.36, -0.04, 0.08, -0.32, 0.24, 0.12, -0.24, 0.48, -0.08, 0.16, -0.4, 0.32, 0,
      ])),
    LoanFeature(
      "occupation", levels: occupations,
      effect: .table([0.44, 0.28, 0.12, 0.08, 0.16, 0.24, -0.04, -0.36, -0.2, -0.32])),
    LoanFeature(
      "late_payments_12m", effect: .table([0, 0.55, 0.9, 1.1, 1.2]), direction: .rising),
    LoanFeature(
      "inquiries_6m", effect: .table([0, 0.12, 0.28, 0.4, 0.48, 0.52]), direction: .rising),
    LoanFeature("product", levels: products, effect: .table([0.08, -0.24, 0.16])),
    LoanFeature(
      "interest_rate", decimals: 2, effect: .linear(slope: 0.04, centre: 10), direction: .rising),
    LoanFeature("channel", levels: channels, effect: .table([0.05, -0.15, 0.1, 0, -0.05])),
    LoanFeature(
      "account_age_months", effect: .logOnePlus(slope: -0.2, scale: 24), direction: .falling),
    LoanFeature(
      "savings_balance", decimals: 2, effect: .logOnePlus(slope: -0.11, scale: 300),
      direction: .falling),
    LoanFeature(
      "open_accounts", effect: .parabola(curvature: 0.032, centre: 5, limit: 0.7)),
    LoanFeature(
      "existing_debt", decimals: 2, role: .correlated, relatedTo: ["debt_to_income", "income"]),
    LoanFeature(
      "instalment_to_income", decimals: 4, effect: .hinge(slope: 1.6, knot: 0.12),
      direction: .rising),
    LoanFeature(
      "months_at_address", role: .noise),
    LoanFeature(
      "collateral_ratio", decimals: 3),
    LoanFeature("card_limit", role: .correlated, relatedTo: ["income"]),
    LoanFeature(
      "balance_volatility", decimals: 3, effect: .stepUp(height: 0.35, threshold: 0.5),
      direction: .rising),
    LoanFeature(
      "overdraft_days", effect: .logOnePlus(slope: 0.16, scale: 1), direction: .rising),
    LoanFeature(
      "cash_advance_share", decimals: 3, effect: .linear(slope: 1, centre: 0.05),
      direction: .rising),
    LoanFeature("application_hour", role: .noise),
  ]

  /// The products of two features in the log-odds.
  static let interactions: [LoanInteraction] = [
    LoanInteraction(
      "amount", .logarithm(slope: -0.6, reference: 9000),
      "income", .logarithm(slope: 1, reference: 32_000),
      meaning: "a large amount is a risk for a small income and none for a large one"),
    LoanInteraction(
      "housing", .table([1, 0, 0, 0]), "debt_to_income", .hinge(slope: 2.2, knot: 0.3),
      meaning: "debt weighs more on those who rent"),
    LoanInteraction(
      "bureau_score", .stepUp(height: 0.9, threshold: 680),
      "late_payments_12m", .stepUp(height: 1, threshold: 1),
      meaning: "a good score with late payments is no good score"),
    LoanInteraction(
      "purpose", .table([0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]),
      "employment_years", .stepDown(height: 0.9, threshold: 2),
      meaning: "a business is a risk in its first two years"),
    LoanInteraction(
      "utilisation", .stepUp(height: 1, threshold: 0.6),
      "savings_balance", .stepDown(height: 0.8, threshold: 500),
      meaning: "a used-up line without savings"),
    LoanInteraction(
      "channel", .table([0, -0.4, 1, 0.2, 0.4]), "duration_months",
      .linear(slope: 0.02, centre: 36), meaning: "long loans through brokers are worse"),
    LoanInteraction(
      "product", .table([0, 1, 0]), "collateral_ratio", .linear(slope: -1.8, centre: 0.8),
      meaning: "collateral counts where the loan is secured"),
    LoanInteraction(
      "region",
      .table([
        1, -1, 1, 1, -1, 1, -1, -1, 1, -1, 1, -1, 1, -1, -1, 1, 1, -1, 1, -1, -1, 1, -1, 1, 1, -1,
        -1, 1, -1, 1,
      ]), "occupation", .table([0.45, -0.45, 0.45, -0.45, 0.45, 0.45, -0.45, -0.45, 0.45, -0.45]),
      meaning: "which trade does well depends on the region"),
  ]

  /// The columns that `--proxies` adds.
  static let proxies: [LoanFeature] = [
    LoanFeature("neighbourhood_index", decimals: 2, role: .proxy, relatedTo: ["group"]),
    LoanFeature("card_spend_share", decimals: 3, role: .proxy, relatedTo: ["group"]),
    LoanFeature(
      "phone_plan", levels: ["basic", "talk", "data", "premium"], role: .proxy,
      relatedTo: ["group"]),
  ]

  /// The column at a position from `core.count` on: by turns a noise column, a blurred copy of a
  /// core column, a faint measure of the unobserved factor, and a noise count.
  static func extra(at position: Int) -> LoanFeature {
    let number = String(position + 1)
    let name = "attribute_" + String(repeating: "0", count: 3 - number.count) + number
    let turn = position - core.count
    switch turn % 4 {
    case 0: return LoanFeature(name, decimals: 3, role: .noise)
    case 1:
      return LoanFeature(
        name, decimals: 3, role: .correlated, relatedTo: [copied[turn / 4 % copied.count]])
    case 2: return LoanFeature(name, decimals: 3, role: .weak, relatedTo: ["unobserved"])
    default: return LoanFeature(name, role: .noise)
    }
  }

  /// The core columns that extra columns copy, by turns.
  static let copied = ["income", "bureau_score", "debt_to_income", "amount"]

  /// Chances of levels, in the order of the levels; they are weights, not yet shares.
  static let durationWeights: [Double] = [3, 12, 8, 18, 22, 15, 13, 5, 4]
  static let purposeWeights: [Double] = [20, 12, 9, 18, 5, 5, 6, 7, 3, 5, 6, 4]
  static let productWeights: [Double] = [55, 25, 20]
  static let channelWeights: [Double] = [40, 25, 15, 8, 12]
  static let regionWeights: [Double] = (0..<regions.count).map { 1 / Double($0 + 4) }
  static let hourWeights: [Double] = [
    1, 1, 1, 1, 1, 1, 2, 3, 5, 7, 8, 8, 7, 7, 7, 7, 7, 6, 6, 6, 5, 4, 3, 2,
  ]
}
