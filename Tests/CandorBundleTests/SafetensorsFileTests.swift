import CandorBundle
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Foundation
import Testing

private struct StoredTensors: Decodable {
  struct Tensor: Decodable {
    let name: String
    let shape: [Int]
    let type: String
    let bits: [String]
  }
  let tensors: [Tensor]
  let metadata: [String: String]
}

@Suite("Files in the safetensors layout")
struct SafetensorsFileTests {
  private func bits(_ elements: TensorArchive.Elements) -> (type: String, bits: [UInt64]) {
    switch elements {
    case .float64(let values): ("F64", values.map(\.bitPattern))
    case .float32(let values): ("F32", values.map { UInt64($0.bitPattern) })
    case .int64(let values): ("I64", values.map { UInt64(bitPattern: $0) })
    case .int32(let values): ("I32", values.map { UInt64(UInt32(bitPattern: $0)) })
    case .uint8(let values): ("U8", values.map { UInt64($0) })
    }
  }

  private func expectEqual(_ a: SafetensorsFile, _ b: SafetensorsFile) {
    #expect(a.metadata == b.metadata)
    #expect(a.tensors.map(\.name) == b.tensors.map(\.name))
    #expect(a.tensors.map(\.tensor.shape) == b.tensors.map(\.tensor.shape))
    for (left, right) in zip(a.tensors, b.tensors) {
      #expect(bits(left.tensor.elements) == bits(right.tensor.elements))
    }
  }

  /// A file with random tensors of every type, some of them empty.
  private func randomFile(_ seed: Int) throws -> SafetensorsFile {
    var generator = SeedTree(seed: 51).child(seed).generator()
    var tensors: [(name: String, tensor: TensorArchive.Tensor)] = []
    for index in 0..<generator.nextInteger(below: 7) {
      let shape = (0..<generator.nextInteger(below: 4)).map { _ in generator.nextInteger(below: 5) }
      let count = shape.reduce(1, *)
      let words = (0..<count).map { _ in generator.next() }
      let elements: TensorArchive.Elements =
        switch generator.nextInteger(below: 5) {
        case 0: .float64(words.map { Double(bitPattern: $0) })
        case 1: .float32(words.map { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) })
        case 2: .int64(words.map { Int64(bitPattern: $0) })
        case 3: .int32(words.map { Int32(truncatingIfNeeded: $0) })
        default: .uint8(words.map { UInt8(truncatingIfNeeded: $0) })
        }
      tensors.append(("tensor \"\(index)\"\\\u{1F} ü", .init(shape: shape, elements: elements)))
    }
    var metadata: [String: String] = [:]
    for index in 0..<generator.nextInteger(below: 4) {
      metadata["key \(index)\n"] = String(repeating: "模\u{0}\"", count: index)
    }
    return try SafetensorsFile(tensors: tensors, metadata: metadata)
  }

  @Test("What is written is read to the bit, in order, aligned, and written as the same bytes")
  func roundTrip() throws {
    for seed in 0..<200 {
      let file = try randomFile(seed)
      let bytes = file.bytes()
      let read = try SafetensorsFile(bytes: bytes)
      expectEqual(read, file)
      #expect(read.bytes() == bytes)
      #expect(bytes[0] % 8 == 0)
    }
  }

  @Test("Signalling and payload-carrying NaNs keep their bits")
  func notANumber() throws {
    let patterns: [UInt64] = [0x7FF0_0000_0000_0001, 0xFFF8_0000_DEAD_BEEF, 0x8000_0000_0000_0000]
    let file = try SafetensorsFile(tensors: [
      (
        "x",
        TensorArchive.Tensor(
          shape: [3], elements: .float64(patterns.map { Double(bitPattern: $0) }))
      )
    ])
    let read = try SafetensorsFile(bytes: file.bytes())
    #expect(bits(read.tensors[0].tensor.elements).bits == patterns)
  }

  @Test("A file that NumPy wrote from the layout's description is read to the bit")
  func fromNumPy() throws {
    let stored: StoredTensors = try ReferenceValues.decode(from: "safetensors/numpy.json")
    let bytes = [UInt8](try ReferenceValues.data("safetensors/numpy.safetensors"))
    let file = try SafetensorsFile(bytes: bytes)
    #expect(file.metadata == stored.metadata)
    #expect(file.tensors.map(\.name) == stored.tensors.map(\.name))
    for (tensor, expected) in zip(file.tensors.map(\.tensor), stored.tensors) {
      #expect(tensor.shape == expected.shape)
      let found = bits(tensor.elements)
      #expect(found.type == expected.type)
      #expect(found.bits == expected.bits.compactMap { UInt64($0) })
    }
    expectEqual(try SafetensorsFile(bytes: file.bytes()), file)
  }

  @Test("The layout is the published one: length, header, elements")
  func layout() throws {
    let file = try SafetensorsFile(
      tensors: [
        ("b", .init(shape: [2], elements: .int32([1, -2]))),
        ("a", .init(shape: [], elements: .uint8([9]))),
      ], metadata: ["z": "1", "k": "é"])
    let header =
      #"{"__metadata__":{"k":"é","z":"1"},"b":{"dtype":"I32","shape":[2],"data_offsets":[0,8]},"#
      + #""a":{"dtype":"U8","shape":[],"data_offsets":[8,9]}}"#
    let padding = String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    let length = header.utf8.count + padding.utf8.count
    #expect(
      file.bytes() == [UInt8(length), 0, 0, 0, 0, 0, 0, 0] + Array((header + padding).utf8)
        + [1, 0, 0, 0, 254, 255, 255, 255, 9])
  }

  @Test("An archive keeps its tensors and attributes")
  func archive() throws {
    var archive = TensorArchive(attributes: ["kind": "forest"])
    archive.set("w", [1.0, 2])
    archive.set("c", [Int32(3)])
    let file = try SafetensorsFile(bytes: try SafetensorsFile(archive: archive).bytes())
    #expect(file.archive == archive)
    #expect(file.tensor("w") == archive.tensors["w"])
    #expect(file.tensor("absent") == nil)
  }

  @Test("Names that are there twice or reserved, and shapes that do not hold, are not written")
  func refusedContents() {
    let one = TensorArchive.Tensor(shape: [1], elements: .uint8([1]))
    #expect(throws: BundleError.self) { try SafetensorsFile(tensors: [("a", one), ("a", one)]) }
    #expect(throws: BundleError.self) { try SafetensorsFile(tensors: [("__metadata__", one)]) }
    for shape in [[2], [0], [-1, -1], [1 << 62, 4]] {
      #expect(throws: BundleError.self) {
        try SafetensorsFile(tensors: [("a", .init(shape: shape, elements: .uint8([1])))])
      }
    }
  }
}
