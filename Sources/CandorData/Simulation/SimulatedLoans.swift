/// Simulated loans as a table, with what only a simulation knows.
public struct SimulatedLoans: Sendable {
  /// The columns of the CSV file, cell by cell what reading the file back gives.
  public let table: Table
  /// The recorded outcomes: 1 for a default, else 0.
  public let labels: [Double]
  /// The true log-odds of a default, the unobserved part included, bias of the records not.
  public let trueLogOdds: [Double]

  /// The true probability of a default of each row.
  public var truePD: [Double] { trueLogOdds.map(SimulatedLoan.probability) }
}
