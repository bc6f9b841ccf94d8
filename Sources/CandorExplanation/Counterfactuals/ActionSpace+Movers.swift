import CandorData
import CandorScoring

extension ActionSpace {
  /// The most options of features that move jointly, before equal ones are joined.
  static let mostJointOptions = 4096

  /// An applicant with all that may be moved.
  ///
  /// Features that carry the same column, or make up the same ratio, become one mover, whose options
  /// are their combinations. A feature whose cell is missing stays missing, and one that has no
  /// encoded column, and moves none, stays as it is.
  ///
  /// - Parameters:
  ///   - cells: One cell a feature.
  ///   - model: The model, for the encoded columns.
  /// - Returns: The applicant.
  /// - Throws: `ExplanationError` where a fixed feature is outside its permitted range, or a cell
  ///   does not fit.
  func applicant(
    _ cells: [Cell], model: RecourseModel
  ) throws(ExplanationError) -> Applicant {
    let encoded = try model.encoded(cells)
    for (feature, cell) in zip(features, cells) where feature.change == .fixed && !feature.follows {
      if let fault = outside(feature, cell) {
        throw ExplanationError(
          .badOption,
          "\"\(feature.name)\" may not change and is \(fault), outside what its change rule permits; "
            + "mend the rule or let it change.")
      }
    }
    let movable = features.indices.filter {
      features[$0].change != .fixed && !isMissing(cells[$0])
        && !(features[$0].isNumeric && features[$0].distribution.numbers.isEmpty)
    }
    var movers: [Mover] = []
    for group in joined(movable) {
      let mover = try mover(of: group, cells: cells, encoded: encoded, model: model)
      if let mover, mover.options.count > 1 { movers.append(mover) }
    }
    return Applicant(cells: cells, encoded: encoded, movers: movers)
  }

  private func isMissing(_ cell: Cell) -> Bool { cell.knownNumber == nil && cell.knownLevel == nil }

  /// What a cell is, where it lies outside the permitted range or levels; else nil.
  private func outside(_ feature: Feature, _ cell: Cell) -> String? {
    guard let rule = feature.rule else { return nil }
    if let number = cell.knownNumber {
      let isInside =
        rule.atLeast.map { number >= $0 } ?? true && rule.atMost.map { number <= $0 } ?? true
      return isInside ? nil : plainText(number)
    }
    if let level = cell.knownLevel, let levels = rule.levels, !levels.contains(level) {
      return "\"\(level)\""
    }
    return nil
  }

  /// The features that follow from a chosen one: those it carries, and the ratios of any of them.
  private func following(_ chosen: Int) -> [Int] {
    var names = [features[chosen].name]
    names += (features[chosen].rule?.carries.keys.sorted() ?? []).filter { places[$0] != nil }
    let carried = names.dropFirst().compactMap { places[$0] }
    let ratios = features.indices.filter { place in
      features[place].rule?.ratio.map {
        names.contains($0.numerator) || names.contains($0.denominator)
      } ?? false
    }
    return carried + ratios
  }

  /// The chosen features in groups that share nothing that follows from them.
  private func joined(_ movable: [Int]) -> [[Int]] {
    var groups: [(members: [Int], touched: Set<Int>)] = []
    for place in movable {
      var members = [place]
      var touched = Set(following(place) + [place])
      groups.removeAll { group in
        guard !group.touched.isDisjoint(with: touched) else { return false }
        members = group.members + members
        touched.formUnion(group.touched)
        return true
      }
      groups.append((members, touched))
    }
    return groups.map { $0.members.sorted() }.sorted { $0[0] < $1[0] }
  }

  /// One value that a chosen feature may take, and its price.
  private struct Choice {
    let cell: Cell
    let price: Double
    let isStay: Bool
  }

  private func mover(
    of group: [Int], cells: [Cell], encoded: [Double], model: RecourseModel
  ) throws(ExplanationError) -> Mover? {
    var following: [Int] = []
    for place in group {
      for other in self.following(place) where !following.contains(other) && !group.contains(other)
      {
        following.append(other)
      }
    }
    // Ratios after what they are made of.
    following.sort {
      (features[$0].rule?.ratio == nil ? 0 : 1, $0) < (features[$1].rule?.ratio == nil ? 0 : 1, $1)
    }
    let moved = group + following
    let columns = moved.flatMap { Array(features[$0].columns) }
    guard !columns.isEmpty else { return nil }
    var lists = group.map { choices(of: features[$0], cell: cells[$0]) }
    var thinned = false
    let product = lists.reduce(1.0) { $0 * Double($1.count) }
    if product > Double(Self.mostJointOptions) {
      thinned = true
      var most = FeatureDistribution.mostValues
      while lists.reduce(1, { $0 * min($1.count, most) }) > Self.mostJointOptions { most -= 1 }
      lists = lists.map { list in
        var kept = FeatureDistribution.thinned(list, to: max(most, 2))
        if !kept.contains(where: \.isStay), let stay = list.first(where: \.isStay) {
          let place = list.firstIndex { $0.isStay } ?? 0
          let before = kept.firstIndex { choice in
            (list.firstIndex { $0.cell == choice.cell } ?? 0) > place
          }
          kept.insert(stay, at: before ?? kept.count)
        }
        return kept
      }
    }
    var options: [Mover.Option] = []
    var stay = 0
    var counter = [Int](repeating: 0, count: lists.count)
    var scratch = encoded
    combinations: while true {
      let picked = zip(lists, counter).map { $0[$1] }
      let isStay = picked.allSatisfy(\.isStay)
      if let result = resulting(picked, group: group, following: following, cells: cells) {
        do throws(DataError) {
          for (place, feature) in moved.enumerated() {
            try model.rows.encode(result[place], of: feature, into: &scratch)
          }
        } catch {
          throw ExplanationError(.badShape, "A proposal cannot be encoded: \(error.description).")
        }
        if isStay { stay = options.count }
        var cost = 0.0
        for choice in picked where !choice.isStay { cost += choice.price + costPerChange }
        options.append(
          Mover.Option(
            cells: result, prices: picked.map { $0.isStay ? 0 : $0.price }, cost: cost,
            encoded: isStay ? columns.map { encoded[$0] } : columns.map { scratch[$0] }))
      }
      var place = lists.count - 1
      while place >= 0 {
        counter[place] += 1
        if counter[place] < lists[place].count { continue combinations }
        counter[place] = 0
        place -= 1
      }
      break
    }
    return Mover(
      features: moved, chosen: group.count, columns: columns, options: options, stay: stay,
      isThinned: thinned)
  }

  /// The cells of a mover after a choice, nil where what follows from it is not permitted.
  private func resulting(
    _ picked: [Choice], group: [Int], following: [Int], cells: [Cell]
  ) -> [Cell]? {
    if picked.allSatisfy(\.isStay) { return (group + following).map { cells[$0] } }
    var now: [Int: Cell] = [:]
    for (place, choice) in zip(group, picked) { now[place] = choice.cell }
    for place in following {
      let feature = features[place]
      guard let old = cells[place].knownNumber else {
        now[place] = cells[place]
        continue
      }
      var value = old
      if let ratio = feature.rule?.ratio {
        func part(_ name: String) -> Double? {
          places[name].flatMap { (now[$0] ?? cells[$0]).knownNumber }
        }
        if let above = part(ratio.numerator), let below = part(ratio.denominator) {
          value = ratio.scale * above / below
        }
      } else {
        // Of several changes that imply one of this feature, time passes for all: the largest counts.
        var most = 0.0
        for (source, choice) in zip(group, picked) where !choice.isStay {
          guard let rate = features[source].rule?.carries[feature.name],
            let from = cells[source].knownNumber, let to = choice.cell.knownNumber
          else { continue }
          let implied = rate * (to - from)
          if abs(implied) > abs(most) { most = implied }
        }
        value = old + most
      }
      guard value.isFinite, outside(feature, .number(value)) == nil else { return nil }
      now[place] = .number(value)
    }
    return (group + following).map { now[$0] ?? cells[$0] }
  }

  /// What a chosen feature may become, rising where it has an order, staying included.
  private func choices(of feature: Feature, cell: Cell) -> [Choice] {
    feature.isNumeric ? numbers(of: feature, from: cell) : levels(of: feature, from: cell)
  }

  private func numbers(of feature: Feature, from cell: Cell) -> [Choice] {
    let stay = Choice(cell: cell, price: 0, isStay: true)
    guard let from = cell.knownNumber, let least = feature.distribution.numbers.first,
      let most = feature.distribution.numbers.last
    else { return [stay] }
    let low = max(feature.rule?.atLeast ?? least, feature.change == .up ? from : -.infinity)
    let high = min(feature.rule?.atMost ?? most, feature.change == .down ? from : .infinity)
    var values: [Double] = []
    if let step = feature.rule?.step {
      values = Self.multiples(of: step, from: from, low: low, high: high)
    } else {
      // A bound that the study names can be reached, whether or not training has it.
      values = feature.distribution.values
      if let bound = feature.rule?.atLeast { values.append(bound) }
      if let bound = feature.rule?.atMost { values.append(bound) }
      values = values.filter { $0 >= low && $0 <= high && $0 != from }.sorted()
    }
    let here = feature.distribution.rank(of: from)
    var result: [Choice] = []
    var isPlaced = false
    for value in values {
      if !isPlaced, value > from {
        result.append(stay)
        isPlaced = true
      }
      if case .number(let last)? = result.last?.cell, last == value { continue }
      let price =
        feature.rule?.cost.map { $0 * abs(value - from) }
        ?? feature.distribution.price(
          from: here, to: feature.distribution.rank(of: value), kind: costKind)
      result.append(Choice(cell: .number(value), price: price, isStay: false))
    }
    if !isPlaced { result.append(stay) }
    return result
  }

  /// The numbers at whole multiples of a step, thinned evenly where they are too many.
  private static func multiples(
    of step: Double, from: Double, low: Double, high: Double
  ) -> [Double] {
    // A hair of the step is allowed for rounding: 0.3 is three steps of 0.1.
    let first = ((low - from) / step - 1e-9).rounded(.up)
    let last = ((high - from) / step + 1e-9).rounded(.down)
    guard first <= last, abs(first) < 1e12, abs(last) < 1e12 else { return [] }
    let stride = max(((last - first) / Double(FeatureDistribution.mostValues)).rounded(.up), 1)
    var values: [Double] = []
    var count = (first / stride).rounded(.up) * stride
    while count <= last {
      if count != 0 { values.append(min(max(from + count * step, low), high)) }
      count += stride
    }
    return values
  }

  private func levels(of feature: Feature, from cell: Cell) -> [Choice] {
    let stay = Choice(cell: cell, price: 0, isStay: true)
    guard let level = cell.knownLevel else { return [stay] }
    let distribution = feature.distribution
    let current = distribution.levels.firstIndex(of: level)
    // Its place in the rule's order; a level that the rule does not name has no direction.
    let here = feature.levels.firstIndex { distribution.levels[$0] == level }
    let isOrdered = feature.type == .ordinal
    var result: [Choice] = []
    var isPlaced = false
    for (rank, place) in feature.levels.enumerated() {
      let other = distribution.levels[place]
      if other == level {
        result.append(stay)
        isPlaced = true
        continue
      }
      switch feature.change {
      case .fixed: continue
      case .any: break
      case .up, .down:
        let rises: Bool
        if isOrdered, let current {
          rises = place > current
        } else if let here {
          rises = rank > here
        } else {
          continue
        }
        if rises != (feature.change == .up) { continue }
      }
      let price: Double
      if let cost = feature.rule?.cost {
        price = isOrdered ? cost * Double(abs(place - (current ?? place))) : cost
      } else if isOrdered, let current {
        price = distribution.price(
          from: distribution.rank(ofLevel: current), to: distribution.rank(ofLevel: place),
          kind: costKind)
      } else {
        // Without an order there is nothing to pass: the rarer the level, the dearer it is.
        price = 1 - distribution.shares[place]
      }
      result.append(Choice(cell: .text(other), price: price, isStay: false))
    }
    if !isPlaced { result.append(stay) }
    return result
  }
}
