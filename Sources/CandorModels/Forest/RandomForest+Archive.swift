public import CandorScoring

extension RandomForest {
  /// The forest as flat tensors, and the attribute `task`.
  ///
  /// `tree-sizes`; `nodes` (level by level: column · 256 + bin, bit 30 set where missing cells go
  /// left, -1 at a leaf); `level-sets` (32 bytes a node that tests level codes, a bit for each bin
  /// that goes right, bin 255 for missing cells); `edge-counts` and `edges` (the bins' upper ends,
  /// column after column); `level-counts` (0 for a column of numbers); `leaf-cover` and
  /// `leaf-value`.
  public var archive: TensorArchive {
    var archive = TensorArchive(attributes: ["task": parts.task.rawValue])
    archive.set("tree-sizes", parts.sizes)
    archive.set("nodes", parts.codes)
    archive.set("edge-counts", parts.edges.map { Int32($0.count) })
    archive.set("edges", parts.edges.flatMap { $0 })
    archive.set("level-counts", parts.levelCounts)
    archive.set("leaf-cover", parts.leafCover)
    archive.set("leaf-value", parts.leafValue)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(parts.sets.count * 32)
    for set in parts.sets {
      for byte in 0..<32 {
        bytes.append(UInt8(truncatingIfNeeded: set[byte / 8] >> UInt64(byte % 8 * 8)))
      }
    }
    archive.tensors["level-sets"] = .init(
      shape: [parts.sets.count, 32], elements: .uint8(bytes))
    return archive
  }

  /// Reads what `archive` wrote, and checks all of it.
  ///
  /// - Parameter archive: The tensors.
  /// - Throws: `ScoringError` where a tensor is absent, a length does not fit, a tree is not a tree,
  ///   or a number is out of range.
  public init(archive: TensorArchive) throws(ScoringError) {
    guard let task = LearningTask(rawValue: try archive.attribute("task")) else {
      throw ForestLayout.invalid("its task is neither classification nor regression")
    }
    guard case .uint8(let bytes)? = archive.tensors["level-sets"]?.elements,
      bytes.count % 32 == 0
    else { throw ForestLayout.invalid("its sets of levels are not 32 bytes each") }
    let sets = (0..<bytes.count / 32).map { set in
      var words = SIMD4<UInt64>.zero
      for byte in 0..<32 {
        words[byte / 8] |= UInt64(bytes[set * 32 + byte]) << UInt64(byte % 8 * 8)
      }
      return words
    }
    try self.init(
      ForestParts(
        task: task, sizes: archive.int32s("tree-sizes"), codes: archive.int32s("nodes"),
        sets: sets, edges: Self.edges(of: archive),
        levelCounts: archive.int32s("level-counts"), leafCover: archive.doubles("leaf-cover"),
        leafValue: archive.doubles("leaf-value")))
  }

  private static func edges(of archive: TensorArchive) throws(ScoringError) -> [[Double]] {
    let counts = try archive.int32s("edge-counts")
    let flat = try archive.doubles("edges")
    var edges: [[Double]] = []
    edges.reserveCapacity(counts.count)
    var position = 0
    for count in counts {
      guard count >= 0, count <= 254, position + Int(count) <= flat.count else {
        throw ForestLayout.invalid("a column's number of bins does not fit its edges")
      }
      edges.append(Array(flat[position..<position + Int(count)]))
      position += Int(count)
    }
    guard position == flat.count else {
      throw ForestLayout.invalid("there are more edges than the columns have")
    }
    return edges
  }
}
