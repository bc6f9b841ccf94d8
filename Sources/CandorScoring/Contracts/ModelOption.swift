/// An option of a family as a study file or a command line gives it.
public struct ModelOption: Sendable, Equatable {
  /// The value as it was written.
  public enum Value: Sendable, Equatable {
    case number(Double)
    case text(String)
    case flag(Bool)
    case numbers([Double])

    /// The value as a person would write it.
    public var description: String {
      switch self {
      case .number(let number): String(number)
      case .text(let text): text
      case .flag(let flag): String(flag)
      case .numbers(let numbers): numbers.map { String($0) }.joined(separator: ", ")
      }
    }
  }

  /// The option's name.
  public let name: String
  /// Its value.
  public let value: Value

  /// Joins name and value.
  public init(name: String, value: Value) {
    self.name = name
    self.value = value
  }
}
