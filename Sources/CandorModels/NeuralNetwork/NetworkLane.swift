import CandorNumerics

/// What all lanes do next: one step's gradient over a batch, or the loss over rows.
struct NetworkJob: Sendable {
  /// The two kinds of work.
  enum Kind: Sendable {
    /// The gradient over `range` of `order`.
    case gradient
    /// The loss over `range` of `order`, as in scoring.
    case loss
  }

  var kind = Kind.gradient
  /// The parameters; lanes read them alone.
  var parameters: [Float]
  /// Means, then variances of batch normalisation in scoring.
  var statistics: [Float]
  /// Rows by their positions, shuffled for a gradient.
  var order: [Int32]
  /// The part of `order` at hand.
  var range = 0..<0
  /// The step, for the masks of dropout.
  var step = 0
}

/// One of the fixed parts into which every batch is cut, with its own room and results.
///
/// The cut depends on the batch's size alone, and results are added in the order of the lanes, so that
/// threads, of which each takes whole lanes, change no bit.
struct NetworkLane: Sendable {
  /// Rows of one pass; more are taken in turn, so that the room does not grow with the batch.
  static let mostRows = 256

  /// How many lanes a batch of so many rows is cut into: one where a part would be too small for a
  /// product to be worth it; more for the whole-batch steps that alone are large.
  static func count(batch: Int, parameters: Int) -> Int {
    if batch < 64 { return 1 }
    return batch <= 4096 || parameters > 2_000_000 ? 2 : 8
  }

  private(set) var passes: Backpropagation<Float>
  /// The sum of weight times loss.
  private(set) var loss = 0.0
  /// The sum of the weights; of a loss alone.
  private(set) var weightSum = 0.0
  /// The sums over passes of the moments of batch normalisation: means, then variances.
  private(set) var moments: [Float]
  /// The passes whose moments were summed.
  private(set) var momentPasses = 0
  private let index: Int
  private let count: Int
  private let lossFunction: NetworkLoss
  private let masks: SeedTree

  init(
    plan: NetworkPlan, index: Int, of count: Int, batch: Int, loss: NetworkLoss, masks: SeedTree
  ) {
    let share = (batch + count - 1) / count
    let pieces = (share + Self.mostRows - 1) / Self.mostRows
    passes = Backpropagation(plan: plan, capacity: max((share + pieces - 1) / max(pieces, 1), 1))
    moments = [Float](repeating: 0, count: 2 * plan.statisticCount)
    self.index = index
    self.count = count
    lossFunction = loss
    self.masks = masks
  }

  /// Does this lane's part of a job.
  mutating func work(_ job: NetworkJob, records: NetworkRecords) {
    let all = job.range.count
    let part =
      job.range.lowerBound + all * index / count..<job.range.lowerBound
      + all * (index + 1) / count
    loss = 0
    weightSum = 0
    switch job.kind {
    case .gradient: addGradient(job, part, records)
    case .loss: addLoss(job, part, records)
    }
  }

  /// Gives the gradient away, so that its owner can change it in place.
  mutating func takeGradient() -> [Float] {
    defer { passes.gradient = [] }
    return passes.gradient
  }

  /// Takes the room for a gradient back.
  mutating func returnGradient(_ room: [Float]) { passes.gradient = room }

  /// Adds the gradient to that of another lane.
  func addGradient(to sums: inout [Float]) {
    var span = sums.mutableSpan
    OptimiserKernel.add(passes.gradient.span, to: &span)
  }

  private mutating func addGradient(
    _ job: NetworkJob, _ part: Range<Int>, _ records: NetworkRecords
  ) {
    passes.clearGradient()
    for i in moments.indices { moments[i] = 0 }
    momentPasses = 0
    let pieces = (part.count + passes.capacity - 1) / passes.capacity
    let scale = 1 / Float(job.range.count)
    for piece in 0..<pieces {
      let rows =
        part.lowerBound + part.count * piece / pieces..<part.lowerBound
        + part.count * (piece + 1) / pieces
      passes.load(records, order: job.order, range: rows)
      fetchAhead(job, rows, records)
      if passes.plan.layers[0].dropout > 0 {
        // By place in the batch, which lanes and pieces share out without overlap.
        passes.drawMasks(masks.child(job.step).child(rows.lowerBound - job.range.lowerBound))
      }
      passes.forward(job.parameters)
      loss += passes.backward(job.parameters, loss: lossFunction, scale: scale)
      noteMoments(rows.count)
    }
  }

  /// Fetches what this lane most likely reads in the next step, while it computes.
  private func fetchAhead(_ job: NetworkJob, _ rows: Range<Int>, _ records: NetworkRecords) {
    let step = job.range.count
    let next = rows.lowerBound + step..<rows.upperBound + step
    guard next.upperBound <= job.order.count else { return }
    RecordKernel.fetch(
      records.values.span, stride: records.layout.stride, order: job.order.span, range: next)
  }

  /// The running variance is that of a sample, divided by the rows less one.
  private mutating func noteMoments(_ rows: Int) {
    let count = passes.plan.statisticCount
    guard count > 0, rows > 1 else { return }
    let factor = Float(rows) / Float(rows - 1)
    for i in 0..<count {
      moments[i] += passes.means[i]
      moments[count + i] += passes.variances[i] * factor
    }
    momentPasses += 1
  }

  private mutating func addLoss(
    _ job: NetworkJob, _ part: Range<Int>, _ records: NetworkRecords
  ) {
    for rows in Parallel.blocks(of: part.count, size: passes.capacity) {
      passes.load(
        records, order: job.order,
        range: part.lowerBound + rows.lowerBound..<part.lowerBound + rows.upperBound)
      passes.evaluate(job.parameters, statistics: job.statistics)
      loss += passes.lossOnly(lossFunction)
      for r in 0..<rows.count { weightSum += Double(passes.weights[r]) }
    }
  }
}
