/// What a person should know of a list of reasons before a notice is sent.
public enum ReasonReview: String, Sendable, Codable, CaseIterable {
  /// Another draw might still print another list.
  case notSettled
  /// The explanation behind it is below the limits of fidelity.
  case belowFidelity
  /// A printed factor alone, moved to the reference, does not lower the risk.
  case direction
  /// The wording of a printed factor says high or low, and the applicant's value lies on the other side
  /// of the reference's mean.
  case wording
  /// The applicant has values that the model was not trained on.
  case outsideDomain
  /// A printed factor tells a protected group from the others well.
  case proxy

  /// Whether a person looks at the list before a notice is sent. A proxy is a fact of the model and of
  /// no one applicant: it is said with the list, and answered for in the report.
  public var holdsNotice: Bool { self != .proxy }
}
