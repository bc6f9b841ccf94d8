import CandorData
import CandorNumerics

/// Real applicants of a sample who are nearest to one, as the model sees it, and what differs.
///
/// Each is a real person's row: pseudonymous personal data, to be shown only where the law allows it.
public struct ComparableApplicants: Sendable, Equatable, Codable {
  /// How nearness is measured.
  public enum Measure: String, Sendable, Codable {
    /// One less the share of trees in which both reach the same leaf: the proximity of Breiman 2001,
    /// doi:10.1023/A:1010933404324.
    case leafProfile
    /// The Euclidean distance of the activations of the last hidden layer, each unit over its standard
    /// deviation in the sample.
    case lastHiddenLayer
    /// Gower's distance on source features (1971), which the model has no say in.
    case sourceFeatures
  }

  /// Which rows of the sample may be shown.
  public enum Wanted: Sendable, Equatable, Codable {
    /// All.
    case any
    /// Those with a value below the cut-off.
    case approved(below: Double)
    /// Those with a value at or above the cut-off.
    case refused(from: Double)
  }

  /// A source feature in which the two differ, in raw values.
  public struct Difference: Sendable, Equatable, Codable {
    /// The source feature.
    public let source: String
    /// The applicant's value.
    public let applicant: String
    /// The comparable applicant's value.
    public let comparable: String
  }

  /// One comparable applicant.
  public struct Item: Sendable, Equatable, Codable {
    /// The row's position in the sample.
    public let row: Int
    /// The distance.
    public let distance: Double
    /// The model's value.
    public let value: Double
    /// How the loan turned out, 1 bad and 0 good; nil where it is not known.
    public let outcome: Double?
    /// The features in which the two differ, in the feature map's order.
    public let differences: [Difference]
    /// The number of features in which they do not.
    public let sameFeatures: Int
  }

  /// How nearness is measured.
  public let measure: Measure
  /// Which rows were asked for.
  public let wanted: Wanted
  /// The scale of the values.
  public let scale: ExplainedScale
  /// The sample's name.
  public let sampleName: String
  /// The sample's hash.
  public let sampleHash: String
  /// The rows of the sample that were asked for.
  public let candidates: Int
  /// The nearest, rising by distance; equal ones by their position.
  public let items: [Item]
  /// The share of the sample's rows that are farther from the applicant than the nearest candidate: near
  /// 0, nobody asked for is like this applicant.
  public let shareFarther: Double
  /// Whether the rows are those of real persons under a pseudonym: true wherever this was computed.
  public let isPseudonymous: Bool
  /// What a reader must be told.
  public let warnings: [String]

  /// Chooses the nearest from one distance a row of the sample, NaN for rows that are left out; values
  /// and outcomes are those of the sample's rows.
  package static func nearest(
    _ count: Int, distances: [Double], values: [Double], outcomes: [Double]?, wanted: Wanted,
    measure: Measure, scale: ExplainedScale, applicant: (values: SourceValues, row: Int),
    sample: SourceValues, background: Background
  ) -> ComparableApplicants {
    let allowed = values.indices.filter { r in
      // A row that is left out has no distance.
      if distances[r].isNaN { return false }
      return switch wanted {
      case .any: true
      case .approved(let cutOff): values[r] < cutOff
      case .refused(let cutOff): values[r] >= cutOff
      }
    }
    let order = Ranks.order(allowed.map { distances[$0] }).map { allowed[$0] }
    let items = order.prefix(count).map { r in
      var differences: [Difference] = []
      for (f, column) in sample.columns.enumerated() {
        let own = applicant.values.text(row: applicant.row, feature: f)
        let other = sample.text(row: r, feature: f)
        if own != other {
          differences.append(
            Difference(source: column.name, applicant: own, comparable: other))
        }
      }
      return Item(
        row: r, distance: distances[r], value: values[r], outcome: outcomes.map { $0[r] },
        differences: differences, sameFeatures: sample.columns.count - differences.count)
    }
    let nearest = items.first?.distance ?? .infinity
    let farther = Double(distances.count { $0 > nearest }) / Double(max(distances.count, 1))
    var warnings: [String] = []
    if items.count < count {
      warnings.append("The sample has \(items.count) of the \(count) applicants asked for.")
    }
    if measure == .leafProfile, let first = items.first, first.distance >= 1 {
      warnings.append("No applicant asked for shares a leaf with this one in any tree.")
    }
    return ComparableApplicants(
      measure: measure, wanted: wanted, scale: scale, sampleName: background.name,
      sampleHash: background.hash, candidates: allowed.count, items: items,
      shareFarther: farther, isPseudonymous: true, warnings: warnings)
  }
}
