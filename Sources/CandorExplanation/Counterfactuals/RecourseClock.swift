/// The deadline of a search, looked at between pieces of work.
struct RecourseClock: Sendable {
  private let end: ContinuousClock.Instant?

  /// Starts to count; nil never ends.
  init(seconds: Double?) {
    end = seconds.map { .now + .seconds(min($0, 1e9)) }
  }

  /// Whether the time is over.
  var isOver: Bool { end.map { ContinuousClock.now >= $0 } ?? false }
}
