import CandorData
import CandorNumerics

/// The search for the best split of a node over columns drawn at random, with all that it needs kept
/// from node to node.
struct SplitSearch<S: NodeStatistic, Q: SplitQuality> {
  private let ground: GrowingGround
  private let quality: Q
  private let wanted: Int
  private let minimumLeaf: Double
  private var generator: CounterGenerator
  /// The constant columns of the node's ancestors stand in front.
  private var columns: [Int32]
  private var cells: [S]
  private var marks: [UInt64]
  private var list: [S]
  private var listBins: [UInt8]
  /// For each bin of the best split's column 1 where it goes right.
  private(set) var goesRight: [UInt8]

  /// Prepares to search with this generator.
  init(ground: GrowingGround, quality: Q, generator: CounterGenerator) {
    self.ground = ground
    self.quality = quality
    self.generator = generator
    let width = ground.binned.columns
    wanted = ground.options.featuresPerSplit.number(of: width)
    minimumLeaf = Double(ground.options.minimumLeaf)
    columns = (0..<width).map { Int32($0) }
    let most = min(wanted, HistogramKernel.columnLimit)
    cells = Array(repeating: .zero, count: most * HistogramKernel.width)
    marks = Array(repeating: 0, count: most * 4)
    list = Array(repeating: .zero, count: HistogramKernel.width + 1)
    listBins = Array(repeating: 0, count: HistogramKernel.width + 1)
    goesRight = Array(repeating: 0, count: HistogramKernel.width)
  }

  /// Looks at columns until as many as wanted vary, or none is left; where a split was found,
  /// `goesRight` is filled for it.
  ///
  /// The constant columns stand before `constants`, those looked at at the end.
  mutating func bestSplit(
    entries: Span<UInt64>, from: Int, to: Int, bins: Span<UInt8>, values: Span<SIMD2<Double>>,
    totals: S, constants: inout Int
  ) -> SplitCandidate<S> {
    var best = SplitCandidate<S>()
    var looked = 0
    var end = columns.count
    let isSparse = to - from < HistogramKernel.sparseBelow
    while looked < wanted, end > constants {
      let drawn = min(wanted - looked, end - constants, HistogramKernel.columnLimit)
      for _ in 0..<drawn {
        let position = constants + generator.nextInteger(below: end - constants)
        end -= 1
        columns.swapAt(position, end)
      }
      addHistograms(
        entries: entries, from: from, to: to, bins: bins, values: values, first: end,
        count: drawn, isSparse: isSparse)
      var place = end
      for j in 0..<drawn {
        let column = columns[place]
        if tryColumn(column, histogram: j, isSparse: isSparse, totals: totals, best: &best) {
          looked += 1
        } else {
          // To the front: the looked-at column that stands first makes room.
          columns.swapAt(place, end)
          columns.swapAt(end, constants)
          constants += 1
          end += 1
        }
        place += 1
      }
    }
    if best.column >= 0 { settle(&best, totals: totals) }
    return best
  }

  private mutating func addHistograms(
    entries: Span<UInt64>, from: Int, to: Int, bins: Span<UInt8>, values: Span<SIMD2<Double>>,
    first: Int, count: Int, isSparse: Bool
  ) {
    let stride = ground.binned.stride
    if isSparse {
      HistogramKernel.addMarking(
        entries: entries, from: from, to: to, bins: bins, stride: stride, values: values,
        columns: columns, first: first, count: count, cells: &cells, marks: &marks)
    } else {
      HistogramKernel.add(
        entries: entries, from: from, to: to, bins: bins, stride: stride, values: values,
        columns: columns, first: first, count: count, cells: &cells)
    }
  }

  /// Tries the splits of one column; false where it does not vary at the node.
  private mutating func tryColumn(
    _ column: Int32, histogram: Int, isSparse: Bool, totals: S, best: inout SplitCandidate<S>
  ) -> Bool {
    let levels = ground.levels[Int(column)]
    let count: Int
    if isSparse {
      count = HistogramKernel.collectMarked(
        histogram: histogram, cells: &cells, marks: &marks, list: &list, listBins: &listBins)
    } else {
      let binCount = levels > 0 ? levels : ground.binned.edges[Int(column)].count + 1
      count = HistogramKernel.collect(
        histogram: histogram, binCount: binCount, cells: &cells, list: &list,
        listBins: &listBins)
    }
    guard count > 1 else { return false }
    let hasMissing = listBins[count - 1] == BinnedMatrix.missingBin
    let cut: Int
    if ground.options.splitter == .random {
      cut = tryRandom(column, count: count, hasMissing: hasMissing, totals: totals, best: &best)
    } else {
      if levels > 0 { SplitScanKernel.order(list: &list, bins: &listBins, count: count) }
      cut = SplitScanKernel.scan(
        list: list, count: count, missingLast: levels == 0 && hasMissing, totals: totals,
        minimumLeaf: minimumLeaf, quality: quality, direction: ground.directions[Int(column)],
        best: &best)
    }
    if cut >= 0 {
      record(
        column, cut: cut, count: count, isLevels: levels > 0, hasMissing: hasMissing, best: &best)
    }
    return true
  }

  /// Writes the best cut so far, of this column, into `best`.
  private func record(
    _ column: Int32, cut: Int, count: Int, isLevels: Bool, hasMissing: Bool,
    best: inout SplitCandidate<S>
  ) {
    best.column = column
    best.sawMissing = hasMissing
    if isLevels {
      var set = SIMD4<UInt64>.zero
      for i in (cut + 1)..<count {
        set[Int(listBins[i] >> 6)] |= 1 << UInt64(listBins[i] & 63)
      }
      best.rightSet = set
      best.missingGoesLeft = hasMissing && set[3] >> 63 == 0
      best.splitsMissingOff = false
      // Which levels have rows at the node, for `settle`.
      var seen = set
      for i in 0...cut { seen[Int(listBins[i] >> 6)] |= 1 << UInt64(listBins[i] & 63) }
      best.seenSet = seen
    } else if best.splitsMissingOff {
      best.bin = UInt8(ground.binned.edges[Int(column)].count)
    } else {
      // Through the middle of the empty bins between the two sides.
      best.bin = UInt8((Int(listBins[cut]) + Int(listBins[cut + 1]) - 1) / 2)
    }
  }

  /// Decides where the node says nothing: missing cells and levels that it does not have go to the
  /// child with more rows, to the left where both have as many. Fills `goesRight`.
  private mutating func settle(_ best: inout SplitCandidate<S>, totals: S) {
    let largerIsLeft = best.left.count >= (totals - best.left).count
    if !best.sawMissing { best.missingGoesLeft = largerIsLeft }
    let levels = ground.levels[Int(best.column)]
    if levels == 0 {
      for bin in 0..<255 { goesRight[bin] = bin > Int(best.bin) ? 1 : 0 }
      goesRight[255] = best.missingGoesLeft ? 0 : 1
      return
    }
    if !largerIsLeft {
      for bin in 0..<levels where best.seenSet[bin >> 6] >> UInt64(bin & 63) & 1 == 0 {
        best.rightSet[bin >> 6] |= 1 << UInt64(bin & 63)
      }
    }
    if !best.missingGoesLeft { best.rightSet[3] |= 1 << 63 }
    for bin in 0..<256 {
      goesRight[bin] = UInt8(best.rightSet[bin >> 6] >> UInt64(bin & 63) & 1)
    }
  }

  /// Tries one split drawn at random: of numbers a cut between the node's lowest and highest bin, of
  /// levels a side for each. Geurts, Ernst and Wehenkel, "Extremely randomized trees", 2006,
  /// doi:10.1007/s10994-006-6226-1, who draw the cut between the lowest and highest value: bins hold
  /// equally many rows, so that here it is drawn on the scale of ranks.
  private mutating func tryRandom(
    _ column: Int32, count: Int, hasMissing: Bool, totals: S, best: inout SplitCandidate<S>
  ) -> Int {
    let isLevels = ground.levels[Int(column)] > 0
    let cut: Int
    var missingGoesLeft = false
    let numbers = hasMissing ? count - 1 : count
    if isLevels {
      // Left levels to the front, by a shuffle and a cut: every level has a side of its own.
      for last in stride(from: count - 1, to: 0, by: -1) {
        let chosen = generator.nextInteger(below: last + 1)
        list.swapAt(chosen, last)
        listBins.swapAt(chosen, last)
      }
      cut = generator.nextInteger(below: count - 1)
    } else if numbers == 1 {
      cut = 0
    } else {
      let lowest = Int(listBins[0])
      let drawn =
        lowest + generator.nextInteger(below: Int(listBins[numbers - 1]) - lowest)
      cut = (0..<numbers - 1).last { Int(listBins[$0]) <= drawn } ?? 0
      missingGoesLeft = hasMissing && generator.nextInteger(below: 2) == 0
    }
    var left = missingGoesLeft ? list[count - 1] : S.zero
    for i in 0...cut { left += list[i] }
    let right = totals - left
    guard left.count >= minimumLeaf, right.count >= minimumLeaf else { return -1 }
    let missingOff = !isLevels && numbers == 1
    guard
      SplitScanKernel.consider(
        left: left, right: right, quality: quality,
        direction: missingOff ? 0 : ground.directions[Int(column)], best: &best)
    else { return -1 }
    best.missingGoesLeft = missingGoesLeft
    best.splitsMissingOff = missingOff
    return cut
  }
}
