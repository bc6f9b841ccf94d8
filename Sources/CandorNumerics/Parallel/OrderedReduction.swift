/// Sums whose shape depends on the number of terms alone, so that threads never change a bit.
public enum OrderedReduction {
  /// The pairwise (tree) sum: error grows with the logarithm of the count.
  ///
  /// Higham, "The accuracy of floating point summation", 1993, doi:10.1137/0914050.
  public static func sum(_ terms: [Double]) -> Double { sum(terms[...]) }

  private static func sum(_ terms: ArraySlice<Double>) -> Double {
    if terms.count <= 32 { return terms.reduce(0, +) }
    let middle = terms.startIndex + terms.count / 2
    return sum(terms[..<middle]) + sum(terms[middle...])
  }

  /// The element-wise pairwise sum of vectors of equal length.
  public static func sum(_ vectors: [[Double]]) -> [Double] {
    guard let first = vectors.first else { return [] }
    if vectors.count == 1 { return first }
    let middle = vectors.count / 2
    let left = sum(Array(vectors[..<middle]))
    let right = sum(Array(vectors[middle...]))
    return zip(left, right).map { $0 + $1 }
  }
}
