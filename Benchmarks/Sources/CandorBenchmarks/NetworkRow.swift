import Candor
import Foundation
import Synchronization

/// A network of 128 and 64 units on the shared encoding, by epochs.
enum NetworkRow {
  static func run(_ request: Request, size: String) throws -> Measurement {
    let training = try request.work.training(size)
    let test = try request.work.encoded(size, test: true)
    let epochs = try request.work.shape(size).epochs
    let (fit, times) = try fit(training, epochs: epochs, request: request)
    let losses = fit.log.curves.first { $0.name == "training loss" }?.values ?? []
    return Measurement(
      seconds: quantile(times, 0.5),
      settings: "batch 256, Adam 1e-3, Float, \(request.threads) threads",
      quality: ["losses": .numbers(losses), "epoch_seconds": .numbers(times)],
      output: try fit.model.margins(of: test))
  }

  /// Trains, and tells how long each epoch took.
  static func fit(
    _ training: TrainingRows, epochs: Int, request: Request
  ) throws -> (fit: Trained<NeuralNetwork>, seconds: [Double]) {
    let learner = NetworkLearner(
      options: NetworkOptions(
        hidden: [128, 64], optimiser: .adam(rate: 1e-3), batchSize: 256, epochs: epochs,
        patience: nil, l2: 0))
    let clock = EpochClock()
    let fit = try learner.fit(
      training,
      context: TrainingContext(
        seeds: request.seeds, threads: request.threads, progress: clock.note))
    return (fit, clock.epochs(epochs))
  }
}

/// Notes when each epoch ends.
final class EpochClock: Sendable {
  private let ends = Mutex<[(share: Double, time: Double)]>([])
  private let began = ProcessInfo.processInfo.systemUptime

  @Sendable func note(_ share: Double) {
    let time = ProcessInfo.processInfo.systemUptime
    ends.withLock { $0.append((share, time)) }
  }

  /// The length of each epoch: from one note of a whole number of epochs to the next.
  func epochs(_ count: Int) -> [Double] {
    let notes = ends.withLock { $0 }
    var last = began
    var lengths: [Double] = []
    for epoch in 1...count {
      let due = Double(epoch) / Double(count) - 1e-9
      guard let end = notes.first(where: { $0.share >= due })?.time else { break }
      lengths.append(end - last)
      last = end
    }
    return lengths
  }
}
