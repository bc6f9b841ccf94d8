import Foundation

/// Round positions on an axis: multiples of 1, 2 or 5 times a power of ten.
public struct Ticks: Sendable, Hashable {
  /// The positions, rising.
  public let values: [Double]
  /// How many decimals print the positions exactly.
  public let decimals: Int

  /// Ticks inside a range.
  ///
  /// - Parameters:
  ///   - minimum: The lower end.
  ///   - maximum: The upper end; a range without width is widened.
  ///   - count: About how many ticks; at least half and at most twice as many are made.
  ///   - isWhole: Whether fractions are left out.
  public init(minimum: Double, maximum: Double, count: Int = 6, isWhole: Bool = false) {
    let (low, high) = Self.widened(minimum, maximum)
    let rough = (high - low) / Double(max(count, 2))
    var exponent = Int(log10(rough).rounded(.down))
    var factor = 1
    let scaled = rough / pow(10, Double(exponent))
    // The nearest of 1, 2, 5 and 10 by ratio: the bounds are √2, √10 and √50.
    if scaled < 1.4142 {
      factor = 1
    } else if scaled < 3.1623 {
      factor = 2
    } else if scaled < 7.0711 {
      factor = 5
    } else {
      exponent += 1
    }
    if isWhole, exponent < 0 {
      exponent = 0
      factor = 1
    }
    func position(_ index: Double) -> Double {
      // One division or one multiplication: 3 · 0.1 as 3 / 10, so that ticks are exact decimals.
      exponent < 0
        ? index * Double(factor) / pow(10, Double(-exponent))
        : index * Double(factor) * pow(10, Double(exponent))
    }
    let step = position(1)
    let slack = 1e-9
    let first = (low / step - slack).rounded(.up)
    let last = (high / step + slack).rounded(.down)
    var values: [Double] = []
    var index = first
    while index <= last, values.count < 1000 {
      values.append(index == 0 ? 0 : position(index))
      index += 1
    }
    self.values = values
    decimals = max(0, -exponent)
  }

  /// A range widened to the ticks around it.
  static func rounded(_ minimum: Double, _ maximum: Double, count: Int = 6) -> (Double, Double) {
    let (low, high) = widened(minimum, maximum)
    let values = Ticks(minimum: low, maximum: high, count: count).values
    guard let first = values.first, let last = values.last, values.count > 1 else {
      return (low, high)
    }
    let step = values[1] - first
    let slack = step * 1e-6
    return (low < first - slack ? first - step : first, high > last + slack ? last + step : last)
  }

  private static func widened(_ minimum: Double, _ maximum: Double) -> (Double, Double) {
    guard minimum.isFinite, maximum.isFinite else { return (0, 1) }
    if maximum > minimum { return (minimum, maximum) }
    let half = max(abs(minimum) * 0.1, 0.5)
    return (minimum - half, minimum + half)
  }
}
