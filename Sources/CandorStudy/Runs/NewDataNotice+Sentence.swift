public import CandorData

extension NewDataNotice {
  /// The notice as one English sentence for a terminal, without the count.
  public var sentence: String {
    let listed = examples.map { "\"\($0)\"" }.joined(separator: ", ")
    switch kind {
    case .missingColumn: return "The column \"\(feature)\" is not in the data."
    case .wrongType: return "The column \"\(feature)\" has another type than in training."
    case .unseenLevel:
      return "\"\(feature)\" has levels that training never saw: \(listed)."
    case .outsideTrainingRange:
      return "\"\(feature)\" has values outside the training range "
        + "\(trainingRange.joined(separator: " to ")): \(listed)."
    case .unexpectedlyMissing:
      return "\"\(feature)\" is missing, which it never was in training."
    }
  }
}
