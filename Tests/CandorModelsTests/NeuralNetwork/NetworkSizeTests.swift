import CandorModels
import CandorNumerics
import CandorScoring
import Testing

@Suite("The size of networks")
struct NetworkSizeTests {
  private func refusal(_ options: NetworkOptions) throws -> String? {
    let training = try FamilyCase.training(rows: 60)
    do throws(TrainingError) {
      _ = try NetworkLearner(options: options).fit(
        training, context: TrainingContext(seeds: SeedTree(seed: 1)))
      return nil
    } catch {
      #expect(error.code == .badOption)
      return error.description
    }
  }

  @Test("Hidden layers with more than fifty million weights are refused before memory is taken")
  func tooManyWeights() throws {
    #expect(throws: TrainingError.self) {
      try NetworkOptions(hidden: [65_536, 65_536]).validated()
    }
    // With one encoded column 2 · 7067 + 7068 · 7067 + 7068 = 49,970,758, each further one 7067 more.
    let options = NetworkOptions(hidden: [7067, 7067])
    #expect(throws: Never.self) { try options.validated() }
    let text = try #require(try refusal(options))
    #expect(text.contains("hidden") && text.contains("50000000"), "\(text)")
  }

  @Test("A batch takes the room of a part of it: wide layers and all rows at once are trained")
  func largeBatches() throws {
    let training = try FamilyCase.training(rows: 6000)
    let options = NetworkOptions(
      hidden: [2048], optimiser: .gradientDescent(rate: 1e-3), epochs: 1, patience: nil)
    let fit = try NetworkLearner(options: options).fit(
      training, context: TrainingContext(seeds: SeedTree(seed: 1), threads: 2))
    #expect(fit.log.measures["training loss"].map { $0.isFinite && $0 < 2 } == true)
  }

  @Test("The settings name the momentum where the optimiser has one, and nowhere else")
  func momentumIsASetting() {
    let named = NetworkOptions(optimiser: .momentum(rate: 0.02, momentum: 0.8)).settings
    #expect(named.first { $0.name == "momentum" }?.value == "0.8")
    for optimiser in [NetworkOptions.Optimiser.adam(), .gradientDescent()] {
      #expect(
        !NetworkOptions(optimiser: optimiser).settings.contains { $0.name == "momentum" })
    }
  }
}
