public import Foundation

/// Writes values as JSON whose bytes depend on the value alone.
public enum JSONWriter {
  /// A value as JSON: keys sorted, two spaces a level, shortest numbers that read back equal,
  /// `"NaN"`, `"Infinity"` and `"-Infinity"` for numbers that JSON lacks, and a final line break.
  ///
  /// - Parameter value: The value.
  /// - Returns: The bytes in UTF-8.
  /// - Throws: `DocumentError` where the value refuses to be encoded.
  public static func bytes(of value: some Encodable) throws(DocumentError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    do {
      var bytes = try encoder.encode(value)
      bytes.append(0x0A)
      return bytes
    } catch {
      throw DocumentError(.encoding, "The value cannot be written as JSON: \(error).")
    }
  }

  /// A value read from JSON that ``bytes(of:)`` wrote.
  ///
  /// - Parameters:
  ///   - type: What to read.
  ///   - bytes: The JSON.
  /// - Returns: The value.
  /// - Throws: `DocumentError` where the bytes are no such value.
  public static func value<Value: Decodable>(
    _ type: Value.Type = Value.self, from bytes: Data
  ) throws(DocumentError) -> Value {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    do {
      return try decoder.decode(type, from: bytes)
    } catch {
      throw DocumentError(.encoding, "The JSON is no \(type): \(error).")
    }
  }
}
