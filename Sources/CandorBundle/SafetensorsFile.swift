import CandorIntegrity
public import CandorScoring

/// Named tensors and texts in the safetensors layout: eight bytes of header length, a JSON header,
/// then the elements one tensor after the other.
///
/// The layout is that of https://huggingface.co/docs/safetensors. Reading runs nothing and believes
/// nothing: each length is checked against the file before memory is taken for it, so that a file
/// of n bytes never costs more than a small multiple of n. Equal contents give equal bytes.
public struct SafetensorsFile: Sendable {
  /// The tensors in the order of their bytes.
  public let tensors: [(name: String, tensor: TensorArchive.Tensor)]
  /// Texts by name, the layout's `__metadata__`.
  public let metadata: [String: String]

  /// The longest header that is read, as in the layout's reference implementation.
  public static let longestHeader = 100_000_000
  /// The name in the header that is not a tensor's.
  static let metadataName = "__metadata__"

  /// Joins tensors and texts; the order of the tensors is kept.
  ///
  /// - Parameters:
  ///   - tensors: The tensors, each with a name of its own.
  ///   - metadata: Texts by name.
  /// - Throws: `BundleError` where a name is there twice or reserved, or a shape does not hold as
  ///   many elements as there are.
  public init(
    tensors: [(name: String, tensor: TensorArchive.Tensor)], metadata: [String: String] = [:]
  ) throws(BundleError) {
    var names = Set<String>()
    for (name, tensor) in tensors {
      guard name != Self.metadataName, names.insert(name).inserted else {
        throw BundleError(
          .badTensor, "The tensor name \"\(name)\" is reserved or there twice; choose another.")
      }
      guard SafetensorsLayout.elementCount(tensor.shape) == tensor.elements.count else {
        throw BundleError(
          .badTensor,
          "The tensor \"\(name)\" has \(tensor.elements.count) elements, which its shape "
            + "\(tensor.shape) does not hold.")
      }
    }
    self.tensors = tensors
    self.metadata = metadata
  }

  /// Joins the contents of an archive, tensors in order of their names.
  ///
  /// - Parameter archive: The contents; its attributes become the texts.
  /// - Throws: `BundleError` where a name is reserved or a shape does not hold its elements.
  public init(archive: TensorArchive) throws(BundleError) {
    var ordered: [(name: String, tensor: TensorArchive.Tensor)] = []
    for name in archive.tensors.keys.sorted() {
      if let tensor = archive.tensors[name] { ordered.append((name, tensor)) }
    }
    try self.init(tensors: ordered, metadata: archive.attributes)
  }

  /// Reads a file's bytes.
  ///
  /// - Parameter bytes: The whole file.
  /// - Throws: `BundleError` with what is wrong; no contents of the bytes stop the program.
  public init(bytes: [UInt8]) throws(BundleError) {
    let header = try SafetensorsLayout.header(of: bytes)
    var read: [(name: String, tensor: TensorArchive.Tensor)] = []
    read.reserveCapacity(header.tensors.count)
    for entry in header.tensors {
      let elements = SafetensorsLayout.elements(
        of: entry.type, in: bytes.span, at: header.dataStart + entry.start, count: entry.count)
      read.append((entry.name, TensorArchive.Tensor(shape: entry.shape, elements: elements)))
    }
    tensors = read
    metadata = header.metadata
  }

  /// The tensor of this name, or nil.
  public func tensor(_ name: String) -> TensorArchive.Tensor? {
    tensors.first { $0.name == name }?.tensor
  }

  /// The contents without their order.
  public var archive: TensorArchive {
    TensorArchive(
      tensors: Dictionary(
        tensors.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first }),
      attributes: metadata)
  }

  /// The file: header padded with spaces so that the elements start at a multiple of eight bytes.
  public func bytes() -> [UInt8] {
    var parts: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { Self.quoted($0.key) + ":" + Self.quoted($0.value) }
      parts.append("\"\(Self.metadataName)\":{" + texts.joined(separator: ",") + "}")
    }
    var place = 0
    for (name, tensor) in tensors {
      let type = SafetensorsLayout.ElementType(tensor.elements)
      let end = place + tensor.elements.count * type.size
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      parts.append(
        Self.quoted(name)
          + ":{\"dtype\":\"\(type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(place),\(end)]}")
      place = end
    }
    var header = Array(("{" + parts.joined(separator: ",") + "}").utf8)
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    var result: [UInt8] = []
    result.reserveCapacity(8 + header.count + place)
    SafetensorsLayout.append(UInt64(header.count), bytes: 8, to: &result)
    result += header
    for (_, tensor) in tensors { SafetensorsLayout.append(tensor.elements, to: &result) }
    return result
  }

  private static func quoted(_ text: String) -> String { CanonicalJSON.text(text).compact }
}
