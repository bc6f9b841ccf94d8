extension TreeBranchAndBound {
  /// A box of options that may hold a solution.
  private struct Box {
    let lower: Double
    let number: Int
    let masks: [SIMD4<UInt64>]
    let corner: [Int]
  }

  /// Opens boxes, the cheapest first, until one's cheapest corner is approved, none is left, or the
  /// limit is reached.
  ///
  /// - Parameters:
  ///   - boxes: All options of every mover.
  ///   - drops: The margins of each mover's options with the rest of the row still.
  /// - Returns: No solution is cheaper than this.
  mutating func proveByBoxes(_ boxes: [SIMD4<UInt64>], drops: [[Double]]) -> Double {
    var profiles = TreeProfiles(trees: trees, options: options, picks: applicant.staying)
    var heap = Heap()
    var number = 0
    func box(_ masks: [SIMD4<UInt64>]) -> Box {
      var corner: [Int] = []
      var lower = 0.0
      for (mover, mask) in masks.enumerated() {
        let cheapest = Self.cheapest(movers[mover], mask)
        corner.append(cheapest)
        lower += movers[mover].options[cheapest].cost
      }
      number += 1
      return Box(lower: lower, number: number, masks: masks, corner: corner)
    }
    heap.insert(box(boxes))
    while let open = heap.removeFirst() {
      let budget = pool.budget(1)
      if open.lower >= budget - 1e-12 { return budget }
      if profiles.visits >= visitLimit || clock.isOver {
        answer.limitReached = true
        return open.lower
      }
      for (mover, option) in open.corner.enumerated() { profiles.set(mover, to: option) }
      answer.evaluations += 1
      if profiles.margin() <= target {
        take(open.corner)
        return open.lower
      }
      if profiles.least(of: open.masks) > loose { continue }
      guard let mover = widest(open, drops: drops) else { continue }
      for half in halves(open.masks[mover], of: movers[mover]) {
        var masks = open.masks
        masks[mover] = half
        let child = box(masks)
        if child.lower < pool.budget(1) { heap.insert(child) }
      }
    }
    return pool.budget(1)
  }

  private static func contains(_ mask: SIMD4<UInt64>, _ option: Int) -> Bool {
    mask[option / 64] >> UInt64(option % 64) & 1 == 1
  }

  private static func cheapest(_ mover: Mover, _ mask: SIMD4<UInt64>) -> Int {
    var best = -1
    for option in mover.options.indices where contains(mask, option) {
      if best < 0 || mover.options[option].cost < mover.options[best].cost { best = option }
    }
    return max(best, 0)
  }

  /// The mover with more than one option left that can take most off the margin by itself.
  private func widest(_ box: Box, drops: [[Double]]) -> Int? {
    var best: (mover: Int, drop: Double)?
    for (mover, mask) in box.masks.enumerated() {
      var least = Double.infinity
      var count = 0
      for option in movers[mover].options.indices where Self.contains(mask, option) {
        least = min(least, drops[mover][option])
        count += 1
      }
      guard count > 1 else { continue }
      let drop = drops[mover][box.corner[mover]] - least
      if best.map({ drop > $0.drop }) ?? true { best = (mover, drop) }
    }
    return best?.mover
  }

  /// Two parts of a mask: staying and the rest where staying is in it, else the cheaper and the dearer
  /// half.
  private func halves(_ mask: SIMD4<UInt64>, of mover: Mover) -> [SIMD4<UInt64>] {
    var options = mover.options.indices.filter { Self.contains(mask, $0) }
    options.sort { (mover.options[$0].cost, $0) < (mover.options[$1].cost, $1) }
    let cut = options.contains(mover.stay) ? 1 : options.count / 2
    if options.contains(mover.stay), let place = options.firstIndex(of: mover.stay) {
      options.swapAt(0, place)
    }
    return [options[..<cut], options[cut...]].map { part in
      var half = SIMD4<UInt64>.zero
      for option in part { half[option / 64] |= 1 << UInt64(option % 64) }
      return half
    }
  }

  /// A binary heap of boxes, the cheapest on top; ties by their numbers.
  private struct Heap {
    private var boxes: [Box] = []

    private static func precedes(_ a: Box, _ b: Box) -> Bool {
      a.lower != b.lower ? a.lower < b.lower : a.number < b.number
    }

    mutating func insert(_ box: Box) {
      boxes.append(box)
      var place = boxes.count - 1
      while place > 0, Self.precedes(boxes[place], boxes[(place - 1) / 2]) {
        boxes.swapAt(place, (place - 1) / 2)
        place = (place - 1) / 2
      }
    }

    mutating func removeFirst() -> Box? {
      guard let first = boxes.first, let last = boxes.popLast() else { return nil }
      guard !boxes.isEmpty else { return first }
      boxes[0] = last
      var place = 0
      while true {
        var least = place
        for child in [2 * place + 1, 2 * place + 2]
        where child < boxes.count && Self.precedes(boxes[child], boxes[least]) {
          least = child
        }
        if least == place { return first }
        boxes.swapAt(place, least)
        place = least
      }
    }
  }
}
