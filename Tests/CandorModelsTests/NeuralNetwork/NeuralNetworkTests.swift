import CandorConformance
import CandorData
import CandorModels
import CandorNumerics
import CandorScoring
import Testing

@Suite("Neural network")
struct NeuralNetworkTests {
  /// The archive of a network with random weights.
  private func archive(
    sizes: [Int], activation: Activation, output: Activation = .sigmoid, seed: UInt64 = 1
  ) -> TensorArchive {
    var generator = SeedTree(seed: seed).generator()
    var archive = TensorArchive()
    var names: [String] = []
    for l in 1..<sizes.count {
      let layer = DenseLayer<Float>(
        inputs: sizes[l - 1], units: sizes[l], activation: activation, using: &generator)
      archive.tensors["layer-\(l - 1)-weights"] = .init(
        shape: [sizes[l], sizes[l - 1]], elements: .float32(layer.weights))
      archive.tensors["layer-\(l - 1)-biases"] = .init(
        shape: [sizes[l]],
        elements: .float32(layer.biases.map { _ in Float(generator.nextNormal()) }))
      names.append(l == sizes.count - 1 ? output.rawValue : activation.rawValue)
    }
    archive.attributes["activations"] = names.joined(separator: ",")
    return archive
  }

  @Test(
    "Networks of awkward shapes keep every promise of a scorer",
    arguments: [
      [1, 1], [1, 1, 1], [1, 2, 1], [3, 1, 5, 1], [5, 3, 1], [17, 129, 7, 1], [54, 128, 64, 1],
      [2, 33, 31, 9, 4, 1], [131, 5, 1],
    ], Activation.allCases)
  func awkwardShapes(sizes: [Int], activation: Activation) throws {
    let net = try NeuralNetwork(archive: archive(sizes: sizes, activation: activation))
    var generator = SeedTree(seed: 6).generator()
    let rows = EncodedRows(
      Matrix(rows: 131, columns: sizes[0]) { _, _ in generator.nextNormal() })
    #expect(ScorerConformance.check(net, rows: rows).isEmpty)
  }

  @Test("The scale of the margin follows the output")
  func marginScale() throws {
    let logOdds = try NeuralNetwork(archive: archive(sizes: [2, 3, 1], activation: .relu))
    #expect(logOdds.marginScale == .logOdds)
    let distance = try NeuralNetwork(
      archive: archive(sizes: [2, 3, 1], activation: .relu, output: .identity))
    #expect(distance.marginScale == .distance)
  }

  @Test("A ReLU at zero counts as off")
  func kinkIsOff() throws {
    var archive = TensorArchive()
    archive.tensors["layer-0-weights"] = .init(shape: [1, 1], elements: .float32([1]))
    archive.tensors["layer-0-biases"] = .init(shape: [1], elements: .float32([0]))
    archive.tensors["layer-1-weights"] = .init(shape: [1, 1], elements: .float32([2]))
    archive.tensors["layer-1-biases"] = .init(shape: [1], elements: .float32([0]))
    archive.attributes["activations"] = "relu,sigmoid"
    let net = try NeuralNetwork(archive: archive)
    let rows = EncodedRows(Matrix(rows: 3, columns: 1) { r, _ in [-1, 0, 1][r] })
    let gradients = try net.gradients(at: rows)
    #expect(gradients.values == [0, 0, 2])
  }

  @Test(
    "Hostile archives throw",
    arguments: [
      "unknown activation", "no activation", "more activations than layers", "two outputs",
      "relu output", "shapes that do not follow", "flat shape", "negative shape", "short biases",
      "infinite weight", "double weights", "overflowing shape", "too many layers",
      "too wide a layer",
    ])
  func hostileArchives(fault: String) throws {
    var archive = archive(sizes: [3, 4, 1], activation: .relu)
    let weights = try archive.floats("layer-0-weights")
    switch fault {
    case "unknown activation": archive.attributes["activations"] = "swish,sigmoid"
    case "no activation": archive.attributes["activations"] = ""
    case "more activations than layers":
      archive.attributes["activations"] = "relu,relu,sigmoid"
    case "two outputs": archive = self.archive(sizes: [3, 4, 2], activation: .relu)
    case "relu output": archive.attributes["activations"] = "relu,relu"
    case "shapes that do not follow":
      archive.tensors["layer-0-weights"] = .init(shape: [3, 4], elements: .float32(weights))
      archive.tensors["layer-0-biases"] = .init(shape: [3], elements: .float32([0, 0, 0]))
    case "flat shape":
      archive.tensors["layer-0-weights"] = .init(shape: [12], elements: .float32(weights))
    case "negative shape":
      archive.tensors["layer-0-weights"] = .init(shape: [-4, -3], elements: .float32(weights))
    case "short biases":
      archive.tensors["layer-0-biases"] = .init(shape: [4], elements: .float32([0, 0, 0]))
    case "infinite weight":
      archive.tensors["layer-0-weights"] = .init(
        shape: [4, 3], elements: .float32(weights.dropLast() + [.infinity]))
    case "double weights":
      archive.tensors["layer-0-weights"] = .init(
        shape: [4, 3], elements: .float64(weights.map(Double.init)))
    case "too many layers":
      archive = self.archive(sizes: [Int](repeating: 1, count: 67), activation: .relu)
    case "too wide a layer":
      archive = self.archive(sizes: [1, 65_537, 1], activation: .relu)
    case "overflowing shape":
      archive.tensors["layer-0-weights"] = .init(
        shape: [Int.max, Int.max], elements: .float32(weights))
    default: break
    }
    #expect(throws: ScoringError.self) { try NeuralNetwork(archive: archive) }
  }
}
