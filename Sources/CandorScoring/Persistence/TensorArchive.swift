/// Named tensors and short attributes: a scorer's contents, independent of any file format.
public struct TensorArchive: Sendable, Equatable {
  /// The elements of a tensor in row-major order.
  public enum Elements: Sendable, Equatable {
    case float64([Double])
    case float32([Float])
    case int64([Int64])
    case int32([Int32])
    case uint8([UInt8])

    /// The number of elements.
    public var count: Int {
      switch self {
      case .float64(let values): values.count
      case .float32(let values): values.count
      case .int64(let values): values.count
      case .int32(let values): values.count
      case .uint8(let values): values.count
      }
    }
  }

  /// A shape and its elements.
  public struct Tensor: Sendable, Equatable {
    /// The extent of each dimension.
    public let shape: [Int]
    /// The elements, as many as the product of the extents.
    public let elements: Elements

    /// Joins a shape to its elements.
    public init(shape: [Int], elements: Elements) {
      self.shape = shape
      self.elements = elements
    }
  }

  /// The tensors by name.
  public var tensors: [String: Tensor]
  /// Short texts by name (options, activation names).
  public var attributes: [String: String]

  /// Makes an archive; both parts may be empty.
  public init(tensors: [String: Tensor] = [:], attributes: [String: String] = [:]) {
    self.tensors = tensors
    self.attributes = attributes
  }

  /// Adds a vector of `Double`.
  public mutating func set(_ name: String, _ values: [Double]) {
    tensors[name] = Tensor(shape: [values.count], elements: .float64(values))
  }

  /// Adds a vector of `Int32`.
  public mutating func set(_ name: String, _ values: [Int32]) {
    tensors[name] = Tensor(shape: [values.count], elements: .int32(values))
  }

  /// The vector or matrix of `Double` of this name.
  ///
  /// - Parameter name: The tensor's name.
  /// - Returns: Its elements in row-major order.
  /// - Throws: `ScoringError` where it is absent or of another type.
  public func doubles(_ name: String) throws(ScoringError) -> [Double] {
    guard case .float64(let values)? = tensors[name]?.elements else { throw Self.absent(name) }
    return values
  }

  /// The elements of the `Float` tensor of this name.
  ///
  /// - Parameter name: The tensor's name.
  /// - Returns: Its elements in row-major order.
  /// - Throws: `ScoringError` where it is absent or of another type.
  public func floats(_ name: String) throws(ScoringError) -> [Float] {
    guard case .float32(let values)? = tensors[name]?.elements else { throw Self.absent(name) }
    return values
  }

  /// The elements of the `Int32` tensor of this name.
  ///
  /// - Parameter name: The tensor's name.
  /// - Returns: Its elements in row-major order.
  /// - Throws: `ScoringError` where it is absent or of another type.
  public func int32s(_ name: String) throws(ScoringError) -> [Int32] {
    guard case .int32(let values)? = tensors[name]?.elements else { throw Self.absent(name) }
    return values
  }

  /// The attribute of this name.
  ///
  /// - Parameter name: The attribute's name.
  /// - Returns: Its text.
  /// - Throws: `ScoringError` where it is absent.
  public func attribute(_ name: String) throws(ScoringError) -> String {
    guard let text = attributes[name] else {
      throw ScoringError(.invalidModel, "The model has no attribute \"\(name)\".")
    }
    return text
  }

  private static func absent(_ name: String) -> ScoringError {
    ScoringError(.invalidModel, "The model has no tensor \"\(name)\" of the expected type.")
  }
}
