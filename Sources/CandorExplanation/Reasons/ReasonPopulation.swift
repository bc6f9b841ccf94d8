/// The printed reasons of many refusals, looked at as a population: which subjects are printed how
/// often, by which groups of applicants, which never, and which nearly always.
public struct ReasonPopulation: Sendable, Equatable, Codable {
  /// How often one subject was printed.
  public struct Frequency: Sendable, Equatable, Codable {
    /// The feature or group.
    public let subject: String
    /// How many lists print it.
    public let count: Int
    /// The share of lists that print it; nil without a list.
    public let share: Double?
  }

  /// The lists of the applicants in one group.
  public struct Group: Sendable, Equatable, Codable {
    /// The group's name.
    public let name: String
    /// How many lists it has.
    public let lists: Int
    /// One frequency a subject, in the order of the subjects.
    public let frequencies: [Frequency]
  }

  /// How many lists there are.
  public let lists: Int
  /// One frequency a subject, most frequent first, equal ones in the order of the subjects.
  public let frequencies: [Frequency]
  /// Subjects that no list prints, in order.
  public let neverPrinted: [String]
  /// Subjects that more than half of the lists print, most frequent first.
  public let overHalf: [String]
  /// The groups by name, where the applicants' groups are known.
  public let groups: [Group]

  /// Counts.
  ///
  /// - Parameters:
  ///   - printed: The printed subjects of each list.
  ///   - subjects: All subjects that could be printed.
  ///   - groups: The group of each list's applicant, nil where unknown; empty without groups.
  public init(printed: [[String]], subjects: [String], groups: [String?] = []) {
    lists = printed.count
    let all = Self.frequencies(printed, subjects: subjects)
    frequencies = all.enumerated().sorted {
      ($1.element.count, $0.offset) < ($0.element.count, $1.offset)
    }.map(\.element)
    neverPrinted = all.filter { $0.count == 0 }.map(\.subject)
    overHalf = frequencies.filter { 2 * $0.count > printed.count }.map(\.subject)
    var members: [String: [[String]]] = [:]
    for (list, group) in zip(printed, groups) {
      if let group { members[group, default: []].append(list) }
    }
    self.groups = members.keys.sorted().map { name in
      let own = members[name] ?? []
      return Group(
        name: name, lists: own.count, frequencies: Self.frequencies(own, subjects: subjects))
    }
  }

  private static func frequencies(_ printed: [[String]], subjects: [String]) -> [Frequency] {
    subjects.map { subject in
      let count = printed.count { $0.contains(subject) }
      return Frequency(
        subject: subject, count: count,
        share: printed.isEmpty ? nil : Double(count) / Double(printed.count))
    }
  }
}
