extension Study {
  /// How much work the curves, directions and interactions of the champion may take.
  public struct EffectSettings: Sendable, Equatable {
    /// At most so many test rows stand behind them.
    public var rows = 1000
    /// The curves of so many features are drawn, the most important first.
    public var features = 4
    /// A number's curve has at most so many points.
    public var points = 30
    /// So many resamples of the rows stand behind a band; 0 for no bands.
    public var resamples = 200
    /// The interactions of all pairs of so many features are measured; the cost grows with its square.
    public var interacting = 8
    /// At most so many test rows stand behind the figure of contributions.
    public var contributionRows = 200

    /// The defaults.
    public init() {}
  }

  /// How much work the scorecard of explanation quality may take.
  public struct AuditSettings: Sendable, Equatable {
    /// At most so many test rows are explained anew for every check.
    public var rows = 30
    /// So often the background is resampled for an applicant.
    public var resamples = 10
    /// So many random models stand behind each step of the randomisation test.
    public var randomModels = 2

    /// The defaults.
    public init() {}
  }

  /// How much work the search for changes that turn a refusal may take.
  public struct RecourseSettings: Sendable, Equatable {
    /// At most so many refused test rows are asked for, spread evenly over all of them.
    public var rows = 100
    /// At most so many different ways to change are sought for one applicant in the statistics.
    public var proposals = 1
    /// Seconds an applicant, after which the search gives what it has; nil leaves counts as the only
    /// limit, so that the answer does not depend on the machine.
    public var seconds: Double?

    /// The defaults.
    public init() {}
  }
}
