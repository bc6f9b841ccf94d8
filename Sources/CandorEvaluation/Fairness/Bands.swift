/// Named bands of a number, such as age, for statistics by group.
public enum Bands {
  /// The band of each value by ascending edges, nil for NaN; a value on an edge belongs above it.
  ///
  /// Edges 25, 40 and 60 name `<25`, `25-39`, `40-59` and `≥60` where all values are whole, else
  /// `<25`, `25 to <40`, `40 to <60` and `≥60`.
  /// - Parameters:
  ///   - values: The numbers, NaN for missing.
  ///   - edges: The lower ends of all bands but the first.
  /// - Returns: One name for each value.
  /// - Throws: `EvaluationError` where there is no edge or edges do not ascend.
  public static func labels(_ values: [Double], edges: [Double]) throws(EvaluationError)
    -> [String?]
  {
    let whole = values.allSatisfy { $0.isNaN || $0 == $0.rounded() }
    let names = try names(edges: edges, whole: whole)
    return values.map { value in
      value.isNaN ? nil : names[edges.count { value >= $0 }]
    }
  }

  /// The names of the bands in ascending order; throws where edges do not ascend.
  public static func names(edges: [Double], whole: Bool) throws(EvaluationError) -> [String] {
    guard let first = edges.first, let last = edges.last, edges.allSatisfy(\.isFinite),
      zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw EvaluationError(.badOption, "The edges of bands must be finite and ascend: \(edges).")
    }
    let whole = whole && edges.allSatisfy { $0 == $0.rounded() }
    let inner = zip(edges, edges.dropFirst()).map { low, high in
      if !whole { return "\(BinLabel.text(low)) to <\(BinLabel.text(high))" }
      return high - low == 1
        ? BinLabel.text(low) : "\(BinLabel.text(low))-\(BinLabel.text(high - 1))"
    }
    return ["<\(BinLabel.text(first))"] + inner + ["≥\(BinLabel.text(last))"]
  }
}
