public import CandorDocument

/// Something in a section.
public enum ReportItem: Sendable, Equatable, Codable {
  /// A paragraph.
  case paragraph(Message)
  /// A heading inside the section.
  case subheading(Message)
  /// A list of sentences.
  case list([Message])
  /// A sentence that must not be missed.
  case notice(Block.Tone, Message)
  /// Findings, as a table with the methods under it.
  case findings([Finding])
  /// Findings of other sections repeated, as a table.
  case repeatedFindings([Finding])
  /// A table.
  case table(ReportTable)
  /// A figure.
  case figure(ReportFigure)
  /// What the institution supplied, or did not.
  case supplied([SuppliedField])
  /// Checks that were not done, with the reason.
  case notTested([NotTestedCheck])
  /// Lines that are kept as they are.
  case code(String)
}
