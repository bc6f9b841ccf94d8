import CandorScoring

/// An archive that lacks everything, or holds numbers that are not finite, is refused; other damage
/// may be refused or not but never ends the program.
enum DamagedArchive {
  static let check = ScorerCheck(
    "damaged archives are refused without a crash",
    persistable: { scorer, _ in damage(scorer) })

  private static func damage<Model: PersistableScorer>(_ scorer: Model) -> [String] {
    var findings: [String] = []
    if loads(Model.self, TensorArchive()) { findings.append("an empty archive was read") }
    let archive = scorer.archive
    for name in archive.attributes.keys.sorted() {
      var damaged = archive
      damaged.attributes[name] = "no such thing"
      _ = loads(Model.self, damaged)
      damaged.attributes[name] = nil
      _ = loads(Model.self, damaged)
    }
    for name in archive.tensors.keys.sorted() {
      guard let tensor = archive.tensors[name] else { continue }
      var damaged = archive
      damaged.tensors[name] = nil
      _ = loads(Model.self, damaged)
      for shorter in [0, tensor.elements.count - 1] where shorter >= 0 {
        damaged.tensors[name] = .init(
          shape: [shorter], elements: cut(tensor.elements, to: shorter))
        _ = loads(Model.self, damaged)
        damaged.tensors[name] = .init(
          shape: tensor.shape, elements: cut(tensor.elements, to: shorter))
        _ = loads(Model.self, damaged)
      }
      for elements in extremes(of: tensor.elements) {
        damaged.tensors[name] = .init(shape: tensor.shape, elements: elements)
        _ = loads(Model.self, damaged)
      }
      if let elements = withNaN(tensor.elements) {
        damaged.tensors[name] = .init(shape: tensor.shape, elements: elements)
        if loads(Model.self, damaged) { findings.append("a NaN in tensor \(name) was read") }
      }
    }
    return findings
  }

  private static func loads<Model: PersistableScorer>(
    _: Model.Type, _ archive: TensorArchive
  ) -> Bool {
    do throws(ScoringError) {
      _ = try Model(archive: archive)
      return true
    } catch {
      return false
    }
  }

  private static func cut(
    _ elements: TensorArchive.Elements, to count: Int
  ) -> TensorArchive.Elements {
    switch elements {
    case .float64(let values): .float64(Array(values.prefix(count)))
    case .float32(let values): .float32(Array(values.prefix(count)))
    case .int64(let values): .int64(Array(values.prefix(count)))
    case .int32(let values): .int32(Array(values.prefix(count)))
    case .uint8(let values): .uint8(Array(values.prefix(count)))
    }
  }

  /// The elements with the first and, apart from it, the last replaced by the ends of the range.
  private static func extremes(
    of elements: TensorArchive.Elements
  ) -> [TensorArchive.Elements] {
    guard elements.count > 0 else { return [] }
    return [0, elements.count - 1].flatMap { position -> [TensorArchive.Elements] in
      switch elements {
      case .float64(let values):
        replaced(values, position, by: [.infinity, -1e308, 0]).map { .float64($0) }
      case .float32(let values):
        replaced(values, position, by: [.infinity, -3e38, 0]).map { .float32($0) }
      case .int64(let values):
        replaced(values, position, by: [.max, .min, -1, 0]).map { .int64($0) }
      case .int32(let values):
        replaced(values, position, by: [.max, .min, -1, 0]).map { .int32($0) }
      case .uint8(let values): replaced(values, position, by: [.max, 0]).map { .uint8($0) }
      }
    }
  }

  private static func replaced<Element>(
    _ values: [Element], _ position: Int, by replacements: [Element]
  ) -> [[Element]] {
    replacements.map { replacement in
      var copy = values
      copy[position] = replacement
      return copy
    }
  }

  private static func withNaN(
    _ elements: TensorArchive.Elements
  ) -> TensorArchive.Elements? {
    switch elements {
    case .float64(var values) where !values.isEmpty:
      values[values.count - 1] = .nan
      return .float64(values)
    case .float32(var values) where !values.isEmpty:
      values[values.count - 1] = .nan
      return .float32(values)
    default: return nil
    }
  }
}
