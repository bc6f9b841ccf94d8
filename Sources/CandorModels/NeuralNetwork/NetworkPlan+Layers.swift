package import CandorNumerics

extension NetworkPlan {
  /// Parameters at the start of training: weights as `DenseLayer` draws them, each layer by the child
  /// of its number; scales one, biases zero; embeddings uniform with the variance of one over their
  /// dimension, so that an embedded block starts as large as one that is not.
  ///
  /// - Parameters:
  ///   - columns: The encoded column of each plain column, then of each 0/1 block's first one.
  ///   - seeds: Where the draws come from.
  /// - Returns: `parameterCount` numbers.
  package func initialParameters<Scalar: NetworkScalar>(
    columns: [Int], seeds: SeedTree
  ) -> [Scalar] {
    var parameters = [Scalar](repeating: 0, count: parameterCount)
    for (l, layer) in layers.enumerated() {
      var generator = seeds.child(l + 1).generator()
      let drawn = DenseLayer<Scalar>(
        inputs: layer.rows, units: layer.units, activation: layer.activation, using: &generator)
      // Draws go by encoded column, so that the order in which columns are stored changes nothing.
      let places = l == 0 && !hasEmbeddings ? columnOfRow(columns) : Array(0..<layer.rows)
      for row in 0..<layer.rows {
        for u in 0..<layer.units {
          parameters[layer.weights.lowerBound + row * layer.units + u] =
            drawn.weights[u * layer.rows + places[row]]
        }
      }
      for i in layer.scales { parameters[i] = 1 }
    }
    for (b, block) in blocks.enumerated() where block.dimension > 0 {
      var generator = seeds.child("embeddings").child(b).generator()
      let bound = (3 / Double(block.dimension)).squareRoot()
      for i in block.table {
        parameters[i] = Scalar((2 * generator.nextUniform() - 1) * bound)
      }
    }
    return parameters
  }

  /// The encoded column of each row of the first layer; without embeddings.
  private func columnOfRow(_ columns: [Int]) -> [Int] {
    var result = Array(columns.prefix(numbers))
    for (b, block) in blocks.enumerated() {
      result += (0..<block.width).map { columns[numbers + b] + $0 }
    }
    return result
  }

  /// The network as plain dense layers over the encoded columns, for scoring.
  ///
  /// An embedding is a linear map of its 0/1 block, hence a part of the first layer: its rows there
  /// are the table times the weights of its dimensions (Guo and Berkhahn, "Entity embeddings of
  /// categorical variables", 2016, arXiv:1604.06737, section III). Batch normalisation at scoring is a
  /// scale and a shift by fixed numbers, hence a part of its layer (Ioffe and Szegedy 2015, algorithm
  /// 2). The output is multiplied and shifted from the standardised target of a regression.
  ///
  /// - Parameters:
  ///   - parameters: The parameters.
  ///   - statistics: Means, then variances of batch normalisation.
  ///   - columns: As in `initialParameters`.
  ///   - scale: What the output is multiplied by.
  ///   - shift: What is then added to it.
  /// - Returns: The layers, computed in `Double`.
  package func folded(
    _ parameters: [Float], statistics: [Float], columns: [Int], scale: Double = 1,
    shift: Double = 0
  ) -> [DenseLayer<Float>] {
    layers.enumerated().map { l, layer in
      var rows = (0..<layer.rows).map { row in
        (0..<layer.units).map {
          Double(parameters[layer.weights.lowerBound + row * layer.units + $0])
        }
      }
      if l == 0 { rows = columnRows(rows, parameters: parameters, columns: columns) }
      var biases = layer.biases.map { Double(parameters[$0]) }
      for u in 0..<layer.units where layer.isNormalised {
        let place = layer.statistics + u
        let variance = Double(statistics[statisticCount + place])
        let factor =
          Double(parameters[layer.scales.lowerBound + u])
          / (variance + NormalisationKernel.epsilon).squareRoot()
        for row in rows.indices { rows[row][u] *= factor }
        biases[u] -= Double(statistics[place]) * factor
      }
      if l == layers.count - 1 {
        for row in rows.indices { rows[row][0] *= scale }
        biases[0] = biases[0] * scale + shift
      }
      var weights: [Float] = []
      weights.reserveCapacity(rows.count * layer.units)
      for u in 0..<layer.units {
        for row in rows { weights.append(Float(row[u])) }
      }
      return DenseLayer(
        inputs: rows.count, units: layer.units, weights: weights, biases: biases.map { Float($0) },
        activation: layer.activation)
    }
  }

  /// The first layer's rows by encoded column, embeddings multiplied out.
  private func columnRows(
    _ rows: [[Double]], parameters: [Float], columns: [Int]
  ) -> [[Double]] {
    let units = layers[0].units
    var result = [[Double]](repeating: [Double](repeating: 0, count: units), count: columnCount)
    for c in 0..<numbers { result[columns[c]] = rows[c] }
    for (b, block) in blocks.enumerated() {
      for level in 0..<block.width {
        let column = columns[numbers + b] + level
        guard block.dimension > 0 else {
          result[column] = rows[block.firstRow + level]
          continue
        }
        for k in 0..<block.dimension {
          let factor = Double(parameters[block.table.lowerBound + level * block.dimension + k])
          for u in 0..<units { result[column][u] += factor * rows[block.firstRow + k][u] }
        }
      }
    }
    return result
  }
}
