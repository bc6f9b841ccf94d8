import CandorBundle
import CandorData
import CandorNumerics
import CandorScoring
import Foundation
import Testing

@Suite("Hostile bundles") struct HostileBundleTests {
  private let bytes: [UInt8]
  private let rows: Table

  init() throws {
    bytes = try BundleWriter.bytes(of: ToyModel.model())
    rows = try ToyModel.table(rows: 12, seed: 4)
  }

  // MARK: One fault at a time

  /// Writes the bundle again with another header and other tensors.
  private func rewritten(
    header change: (inout [String: Any]) throws -> Void = { _ in },
    tensor: (String, TensorArchive.Tensor) -> TensorArchive.Tensor? = { $1 }
  ) throws -> [UInt8] {
    let file = try SafetensorsFile(bytes: bytes)
    var header = try #require(try header(of: file) as? [String: Any])
    try change(&header)
    return try rebuilt(
      header,
      tensors: file.tensors.compactMap { item in
        tensor(item.name, item.tensor).map { (item.name, $0) }
      })
  }

  private func header(of file: SafetensorsFile) throws -> Any {
    let json = try #require(file.metadata["candor"])
    return try JSONSerialization.jsonObject(with: Data(json.utf8))
  }

  private func rebuilt(
    _ header: Any, tensors: [(name: String, tensor: TensorArchive.Tensor)]
  ) throws -> [UInt8] {
    let json = try JSONSerialization.data(withJSONObject: header, options: .fragmentsAllowed)
    return try SafetensorsFile(
      tensors: tensors, metadata: ["candor": String(decoding: json, as: UTF8.self)]
    ).bytes()
  }

  private func refusal(
    of bytes: [UInt8], registry: FamilyRegistry = ToyModel.registry
  ) -> BundleError? {
    do throws(BundleError) {
      _ = try BundleReader.read(bytes: bytes, registry: registry)
      return nil
    } catch {
      return error
    }
  }

  @Test("A bundle that is only written anew is read")
  func control() throws {
    let model = try BundleReader.read(bytes: try rewritten(), registry: ToyModel.registry)
    #expect(try model.score(rows) == ToyModel.model().score(rows))
  }

  @Test("A format version that is not known is refused by its number")
  func unknownVersion() throws {
    for version in [0, 2, -1, 999] {
      // The rest may have any form then: the version is looked at first.
      let error = refusal(
        of: try rewritten(header: { header in
          header = ["format": version]
        }))
      #expect(error?.code == .unknownVersion)
      #expect(error?.description.contains("\(version)") == true)
    }
    let absent = refusal(of: try rewritten(header: { $0["format"] = nil }))
    #expect(absent?.code == .badHeader)
  }

  @Test("A family that is not known is refused by its name")
  func unknownFamily() throws {
    let error = refusal(of: bytes, registry: FamilyRegistry())
    #expect(error?.code == .badModel)
    #expect(error?.description.contains("\"weighted-sum\"") == true)
  }

  @Test("A reference code without a level is refused")
  func codes() throws {
    for code in [3, 1000, -2, Int32.max, Int32.min] {
      let error = refusal(
        of: try rewritten(tensor: { name, tensor in
          guard name == "reference/0/2", case .int32(var codes) = tensor.elements else {
            return tensor
          }
          codes[5] = code
          return .init(shape: tensor.shape, elements: .int32(codes))
        }))
      #expect(error?.code == .badModel)
      #expect(error?.description.contains("\"housing\"") == true)
    }
  }

  @Test("Reference cells that are infinite or not of their column's type are refused")
  func referenceTypes() throws {
    for (place, type) in [(0, "categorical"), (0, "boolean"), (2, "numeric"), (5, "date")] {
      let error = refusal(
        of: try rewritten(header: { header in
          let path: [Step] = [
            .member("references"), .element(0), .member("columns"), .element(place),
            .member("type"),
          ]
          let changed = replacing(header, path[...], with: type)
          header = try #require(changed as? [String: Any])
        }))
      #expect(error?.code == .badModel, "\(type)")
    }
    for number in [Double.infinity, -.infinity] {
      let error = refusal(
        of: try rewritten(tensor: { name, tensor in
          guard name == "reference/0/6", case .float64(var numbers) = tensor.elements else {
            return tensor
          }
          numbers[1] = number
          return .init(shape: tensor.shape, elements: .float64(numbers))
        }))
      #expect(error?.code == .badModel, "\(number)")
    }
  }

  @Test("An encoder that would write beyond its columns is refused")
  func encoderPlaces() throws {
    // Of two lists of levels the first one places cells, and the last one names columns.
    for (first, last) in [(["a", "own", "rent"], ["own"]), (["own"], ["a", "own", "rent"])] {
      let bytes = try rewritten(
        header: { header in
          let path: [Step] = [
            .member("encoder"), .member("steps"), .element(3), .member("transformations"),
          ]
          let steps = [first, last].map { ["oneHot": ["levels": $0]] }
          header = try #require(replacing(header, path[...], with: steps) as? [String: Any])
        },
        tensor: { name, tensor in
          guard name == "scorer/weights" else { return tensor }
          // The step had three columns.
          let weights = [Double](repeating: 0.5, count: tensor.elements.count - 3 + last.count)
          return .init(shape: [weights.count], elements: .float64(weights))
        })
      #expect(refusal(of: bytes)?.code == .badHeader)
    }
  }

  @Test("A tensor that is absent, of another type or of another length is refused")
  func tensors() throws {
    for name in ["scorer/weights", "reference/0/0", "reference/1/5"] {
      let changes: [(TensorArchive.Tensor) -> TensorArchive.Tensor?] = [
        { _ in nil }, { _ in .init(shape: [0], elements: .float64([])) },
        { .init(shape: $0.shape, elements: .uint8(.init(repeating: 0, count: $0.elements.count))) },
        { _ in .init(shape: [2], elements: .float64([1, 2])) },
        { _ in .init(shape: [2], elements: .int32([0, 0])) },
      ]
      for change in changes {
        let error = refusal(of: try rewritten(tensor: { $0 == name ? change($1) : $1 }))
        #expect(error?.code == .badModel, "\(name)")
      }
    }
  }

  @Test("A safetensors file that is no bundle, and a header that is no JSON, are refused")
  func otherFiles() throws {
    let plain = try SafetensorsFile(tensors: [], metadata: [:]).bytes()
    #expect(refusal(of: plain)?.description.contains("not a Candor bundle") == true)
    for text in ["", "{", "[]", "null", "{\"format\":\"1\"}", "{\"format\":1}"] {
      let file = try SafetensorsFile(tensors: [], metadata: ["candor": text]).bytes()
      #expect(refusal(of: file)?.code == .badHeader, "\(text)")
    }
    #expect(refusal(of: [])?.code == .truncated)
  }

  @Test("A scorer that does not fit the encoder is refused")
  func width() throws {
    let error = refusal(
      of: try rewritten(tensor: {
        $0 == "scorer/weights" ? .init(shape: [2], elements: .float64([1, 2])) : $1
      }))
    #expect(error?.code == .badModel)
    #expect(error?.description.contains("the scorer takes 2") == true)
  }

  // MARK: Many faults

  /// How a damaged bundle was met: refused, or read into a model that works or refuses itself.
  private func isRead(_ bytes: [UInt8]) throws -> Bool {
    let model: RiskModel
    do throws(BundleError) {
      model = try BundleReader.read(bytes: bytes, registry: ToyModel.registry)
    } catch {
      #expect(!error.description.isEmpty)
      return false
    }
    _ = model.encoder.notices(for: rows)
    do {
      #expect(try model.score(rows).count == rows.rowCount)
    } catch {
      #expect(error is DataError || error is ScoringError)
    }
    for table in model.references.map(\.table) {
      _ = TableHash.value(of: table)
      _ = table.columns.flatMap { column in (0..<table.rowCount).map(column.text) }
    }
    _ = model.catalogue.players(for: model.features)
    return true
  }

  @Test("Changed bytes never end the program: a bundle is read or refused")
  func changedBytes() throws {
    var generator = SeedTree(seed: 17).child("changed bytes").generator()
    var readable = 0
    let trials = 1500
    for _ in 0..<trials {
      var damaged = bytes
      for _ in 0..<1 + generator.nextInteger(below: 3) {
        let place = generator.nextInteger(below: damaged.count)
        damaged[place] = UInt8(generator.nextInteger(below: 256))
      }
      if try isRead(damaged) { readable += 1 }
    }
    // Numbers may change unseen; the layout may not.
    #expect(readable > 0 && readable < trials)
  }

  @Test("Digits and letters that change inside the header never end the program")
  func changedHeader() throws {
    var generator = SeedTree(seed: 18).child("changed header").generator()
    let length = bytes[..<8].enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    let signs = Array("0123456789-+.eE\",:[]{}\\tfnu ".utf8)
    var readable = 0
    let trials = 1500
    for _ in 0..<trials {
      var damaged = bytes
      let place = 8 + generator.nextInteger(below: length)
      damaged[place] = signs[generator.nextInteger(below: signs.count)]
      if try isRead(damaged) { readable += 1 }
    }
    #expect(readable > 0 && readable < trials)
  }

  @Test("A bundle that is cut short or has bytes too many is refused")
  func truncations() throws {
    var generator = SeedTree(seed: 19).child("truncations").generator()
    let lengths =
      Array(0..<64) + (1...64).map { bytes.count - $0 }
      + (0..<400).map { _ in generator.nextInteger(below: bytes.count) }
    for length in lengths { #expect(try !isRead(Array(bytes[..<length])), "\(length)") }
    #expect(try !isRead(bytes + [0]))
    for _ in 0..<200 {
      var damaged = bytes
      let start = generator.nextInteger(below: damaged.count)
      let end = min(damaged.count, start + 1 + generator.nextInteger(below: 40))
      damaged.removeSubrange(start..<end)
      _ = try isRead(damaged)
    }
  }

  /// One step into a JSON value.
  private enum Step {
    case member(String)
    case element(Int)
  }

  private func paths(_ value: Any) -> [[Step]] {
    var result: [[Step]] = [[]]
    if let object = value as? [String: Any] {
      for key in object.keys.sorted() {
        guard let member = object[key] else { continue }
        result += paths(member).map { [.member(key)] + $0 }
      }
    } else if let list = value as? [Any] {
      for (place, element) in list.enumerated() {
        result += paths(element).map { [.element(place)] + $0 }
      }
    }
    return result
  }

  /// The value with another one at the end of a path; nil takes it away.
  private func replacing(_ value: Any, _ path: ArraySlice<Step>, with other: Any?) -> Any? {
    guard let step = path.first else { return other }
    switch step {
    case .member(let key):
      guard var object = value as? [String: Any], let member = object[key] else { return value }
      object[key] = replacing(member, path.dropFirst(), with: other)
      return object
    case .element(let place):
      guard var list = value as? [Any] else { return value }
      if let element = replacing(list[place], path.dropFirst(), with: other) {
        list[place] = element
      } else {
        list.remove(at: place)
      }
      return list
    }
  }

  @Test("Whatever stands in place of any value of the header, a bundle is read or refused")
  func replacedValues() throws {
    let file = try SafetensorsFile(bytes: bytes)
    let header = try header(of: file)
    let paths = paths(header)
    #expect(paths.count > 300)
    let others: [Any?] = [
      nil, NSNull(), -1, 0, 7, 1e300, -1e300, Int.max, Int.min, true, "", "numeric", "income",
      [Any](), ["a", "b"], [-1, 2], [String: Any](),
    ]
    var readable = 0
    var refused = 0
    for (number, path) in paths.enumerated() {
      // Five of the values for each place, in turn: all of them everywhere take a while.
      for other in (0..<5).map({ others[(5 * number + $0) % others.count] }) {
        guard let changed = replacing(header, path[...], with: other) else { continue }
        if try isRead(try rebuilt(changed, tensors: file.tensors)) {
          readable += 1
        } else {
          refused += 1
        }
      }
    }
    #expect(readable > 0 && refused > 0)
  }

  @Test("Lists of the header with an element twice are read or refused")
  func repeatedElements() throws {
    let file = try SafetensorsFile(bytes: bytes)
    let header = try header(of: file)
    for path in paths(header) {
      guard case .element(let place)? = path.last else { continue }
      let parent = path.dropLast()
      guard let list = value(header, parent) as? [Any] else { continue }
      let changed = replacing(header, parent, with: list + [list[place]])
      if let changed { _ = try isRead(try rebuilt(changed, tensors: file.tensors)) }
    }
  }

  private func value(_ value: Any, _ path: ArraySlice<Step>) -> Any? {
    guard let step = path.first else { return value }
    switch step {
    case .member(let key):
      return (value as? [String: Any])?[key].flatMap { self.value($0, path.dropFirst()) }
    case .element(let place):
      return (value as? [Any]).flatMap { self.value($0[place], path.dropFirst()) }
    }
  }
}
