import Candor
import Testing

@Suite("Families by name")
struct ModelLibraryTests {
  private func refusal(_ family: String, _ options: [ModelOption]) -> String? {
    do throws(TrainingError) {
      _ = try ModelLibrary.learner(family: family, options: options)
      return nil
    } catch {
      return error.description
    }
  }

  @Test("Every setting that a learner names is an option that a study may give")
  func settingsAreOptions() throws {
    for family in ModelLibrary.familyKeys {
      let known = ModelLibrary.optionNames(of: family)
      let learner = try ModelLibrary.learner(family: family)
      #expect(learner.settings.allSatisfy { known.contains($0.name) }, "\(family)")
    }
    let momentum = try ModelLibrary.learner(
      family: "network",
      options: [
        ModelOption(name: "optimiser", value: .text("momentum")),
        ModelOption(name: "momentum", value: .number(0.75)),
      ])
    #expect(momentum.settings.contains { $0.name == "momentum" && $0.value == "0.75" })
    let known = ModelLibrary.optionNames(of: "network")
    #expect(momentum.settings.allSatisfy { known.contains($0.name) })
  }

  @Test("A network takes what it can be made of, and its settings say so")
  func networkDepth() throws {
    let given: [(String, ModelOption.Value, String)] = [
      ("activation", .text("leaky-relu"), "leaky-relu"), ("loss", .text("focal"), "focal"),
      ("focal_gamma", .number(1.5), "1.5"), ("weight_decay", .number(0.01), "0.01"),
      ("dropout", .number(0.2), "0.2"), ("batch_norm", .flag(true), "true"),
      ("embeddings", .text("auto"), "auto"), ("schedule", .text("step"), "step"),
      ("schedule_epochs", .number(5), "5"), ("schedule_factor", .number(0.5), "0.5"),
      ("warm_up", .number(2), "2"), ("clip_norm", .number(3), "3.0"),
    ]
    let learner = try ModelLibrary.learner(
      family: "network", options: given.map { ModelOption(name: $0.0, value: $0.1) })
    for (name, _, text) in given {
      #expect(learner.settings.first { $0.name == name }?.value == text, "\(name)")
    }
    let known = ModelLibrary.optionNames(of: "network")
    #expect(learner.settings.allSatisfy { known.contains($0.name) })
    for stray in ["schedule_epochs", "schedule_factor", "focal_gamma"] {
      let text = try #require(
        refusal("network", [ModelOption(name: stray, value: .number(1))]))
      #expect(text.contains("\(stray) is given"))
    }
    #expect(refusal("network", [ModelOption(name: "embeddings", value: .number(1.5))]) != nil)
    #expect(refusal("network", [ModelOption(name: "clip_norm", value: .text("none"))]) == nil)
  }

  @Test("The linear SVM takes its limits on iterations and passes")
  func supportVectorLimits() throws {
    let learner = try ModelLibrary.learner(
      family: "svm",
      options: [
        ModelOption(name: "maximum_iterations", value: .number(17)),
        ModelOption(name: "maximum_passes", value: .number(5)),
      ])
    #expect(learner.settings.contains { $0.name == "maximum_iterations" && $0.value == "17" })
    #expect(learner.settings.contains { $0.name == "maximum_passes" && $0.value == "5" })
    for value in [0, -1, 0.5, 1e300, Double.infinity, .nan] {
      #expect(refusal("svm", [ModelOption(name: "maximum_passes", value: .number(value))]) != nil)
    }
  }

  @Test("A forest gets levels and missing cells as they are, unless it is told otherwise")
  func nativeEncoding() throws {
    func encoding(
      _ options: [ModelOption] = [], _ preparation: EncodingOptions = EncodingOptions()
    ) throws -> EncodingOptions {
      try ModelLibrary.encoding(of: "forest", preparation, options: options)
    }
    let native = try encoding()
    #expect(native.categorical == .levelCodes && native.numericImputation == .keepMissing)
    #expect(native.scaling == .none)
    let told = try encoding([
      ModelOption(name: "categories", value: .text("one-hot")),
      ModelOption(name: "missing", value: .text("impute")),
    ])
    #expect(told.categorical == .oneHot(dropReference: false))
    #expect(told.numericImputation == .median)
    var preparation = EncodingOptions()
    preparation.categorical = .weightOfEvidence
    #expect(try encoding([], preparation).categorical == .weightOfEvidence)
    for name in ["categories", "missing"] {
      let wrong = ModelOption(name: name, value: .text("sometimes"))
      #expect(refusal("forest", [wrong])?.contains("native") == true)
    }
    let logistic = try ModelLibrary.encoding(of: "logistic", EncodingOptions())
    #expect(logistic.categorical == .oneHot(dropReference: true))
    #expect(logistic.numericImputation == .median)
  }

  @Test("A momentum for an optimiser that has none is refused")
  func strayMomentum() throws {
    let momentum = ModelOption(name: "momentum", value: .number(0.9))
    let alone = try #require(refusal("network", [momentum]))
    #expect(alone.contains("momentum is given") && alone.contains("adam"))
    let descent = try #require(
      refusal(
        "network", [momentum, ModelOption(name: "optimiser", value: .text("gradient-descent"))]))
    #expect(descent.contains("gradient-descent"))
  }

  @Test("No number given for any option traps")
  func wildNumbers() {
    let wild: [Double] = [
      .nan, .infinity, -.infinity, 1e300, -1e300, 9.3e18, -9.3e18, 0x1p63, 0.5, -0.0, 0, -1, 1,
      .leastNonzeroMagnitude,
    ]
    for family in ModelLibrary.familyKeys {
      for name in ModelLibrary.optionNames(of: family) {
        for number in wild {
          _ = refusal(family, [ModelOption(name: name, value: .number(number))])
          _ = refusal(family, [ModelOption(name: name, value: .numbers([number, number]))])
        }
      }
      #expect(refusal(family, []) == nil)
    }
    #expect(refusal("forest", [ModelOption(name: "trees", value: .number(.nan))]) != nil)
    #expect(refusal("network", [ModelOption(name: "hidden", value: .numbers([1e300]))]) != nil)
  }
}
