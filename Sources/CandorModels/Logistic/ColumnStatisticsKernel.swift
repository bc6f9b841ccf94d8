/// Weighted moments and the range of one column, in blocks so that rounding stays small.
enum ColumnStatisticsKernel {
  struct Found {
    var mean = 0.0
    var variance = 0.0
    var low = 0.0
    var high = 0.0
    var isTwoValued = false
  }

  /// Mean and variance in two passes; `total` is the sum of the weights.
  static func statistics(
    _ values: Span<Double>, offset: Int, stride: Int, weights: Span<Double>, total: Double
  ) -> Found {
    let count = weights.count
    precondition(offset >= 0 && stride >= 1 && count >= 1)
    precondition(offset + (count - 1) * stride < values.count)
    var found = Found(low: values[offset], high: values[offset])
    var sum = 0.0
    var position = offset
    var start = 0
    while start < count {
      let end = min(start + 1024, count)
      var part = 0.0
      for r in start..<end {
        let value = unsafe values[unchecked: position]
        part += unsafe weights[unchecked: r] * value
        found.low = value < found.low ? value : found.low
        found.high = value > found.high ? value : found.high
        position += stride
      }
      sum += part
      start = end
    }
    found.mean = sum / total
    sum = 0
    start = 0
    position = offset
    var between = 0
    while start < count {
      let end = min(start + 1024, count)
      var part = 0.0
      for r in start..<end {
        let value = unsafe values[unchecked: position]
        let distance = value - found.mean
        part += unsafe weights[unchecked: r] * distance * distance
        between += value != found.low && value != found.high ? 1 : 0
        position += stride
      }
      sum += part
      start = end
    }
    found.variance = sum / total
    found.isTwoValued = between == 0
    return found
  }
}
