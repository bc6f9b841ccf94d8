import CandorBundle
import CandorData
import CandorIntegrity
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
    return try hashed(String(decoding: json, as: UTF8.self), tensors: tensors)
  }

  /// A file whose hash holds, so that what is behind the hash has to see the fault.
  private func hashed(
    _ json: String, tensors: [(name: String, tensor: TensorArchive.Tensor)]
  ) throws -> [UInt8] {
    try SafetensorsFile(
      tensors: tensors,
      metadata: [
        "candor": json,
        BundleHash.metadataKey: BundleHash.value(header: json, tensors: tensors).hex,
      ]
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
          let path: [JSONPath.Step] = [
            .member("references"), .element(0), .member("columns"), .element(place),
            .member("type"),
          ]
          let changed = JSONPath.replacing(header, path[...], with: type)
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
          let path: [JSONPath.Step] = [
            .member("encoder"), .member("steps"), .element(3), .member("transformations"),
          ]
          let steps = [first, last].map { ["oneHot": ["levels": $0]] }
          header = try #require(
            JSONPath.replacing(header, path[...], with: steps) as? [String: Any])
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
      #expect(refusal(of: try hashed(text, tensors: []))?.code == .badHeader, "\(text)")
      let file = try SafetensorsFile(tensors: [], metadata: ["candor": text]).bytes()
      #expect(refusal(of: file)?.code == .badHeader, "\(text), without hash")
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

  private var headerLength: Int {
    bytes[..<8].enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
  }

  /// The places of the spaces that fill the header up: they say nothing.
  private var padding: Range<Int> {
    let end = 8 + headerLength
    let text = bytes[8..<end]
    return (text.lastIndex { $0 != UInt8(ascii: " ") } ?? end - 1) + 1..<end
  }

  @Test("A bundle in which any byte is changed is refused, padding apart")
  func changedByte() throws {
    var generator = SeedTree(seed: 17).child("changed bytes").generator()
    let dataStart = 8 + headerLength
    #expect(bytes.count - dataStart > 1000)
    for trial in 0..<2000 {
      var damaged = bytes
      // Half of the changes in the tensors, where no other check would see most of them.
      let place =
        trial % 2 == 0
        ? dataStart + generator.nextInteger(below: bytes.count - dataStart)
        : generator.nextInteger(below: dataStart)
      damaged[place] ^= UInt8(1 + generator.nextInteger(below: 255))
      let error = refusal(of: damaged)
      if !padding.contains(place) { #expect(error != nil, "byte \(place)") }
      if place >= dataStart {
        #expect(error?.code == .altered)
        #expect(error?.description.contains("altered or damaged") == true)
      }
    }
  }

  @Test("A changed number of the header is refused by its hash, a changed hash likewise")
  func changedHeaderNumber() throws {
    let file = try SafetensorsFile(bytes: bytes)
    let json = try #require(file.metadata["candor"])
    let hash = try #require(file.metadata[BundleHash.metadataKey])
    let changed = json.replacingOccurrences(of: "\"cutOff\":0.37", with: "\"cutOff\":0.73")
    #expect(changed != json)
    for (header, claimed) in [(changed, hash), (json, hash.uppercased()), (json, "")] {
      let altered = try SafetensorsFile(
        tensors: file.tensors,
        metadata: ["candor": header, BundleHash.metadataKey: claimed]
      ).bytes()
      #expect(refusal(of: altered)?.code == .altered)
    }
  }

  @Test("The hash tells names, types, shapes, order and borders of tensors apart")
  func hashBorders() {
    func tensor(_ shape: [Int], _ elements: TensorArchive.Elements) -> TensorArchive.Tensor {
      TensorArchive.Tensor(shape: shape, elements: elements)
    }
    let one = tensor([1], .uint8([7]))
    let contents: [(String, [(name: String, tensor: TensorArchive.Tensor)])] = [
      ("", []), ("h", []), ("h", [("a", one)]), ("", [("ha", one)]), ("h", [("b", one)]),
      ("h", [("a", tensor([1, 1], .uint8([7])))]), ("h", [("a", tensor([1], .int32([7])))]),
      ("h", [("a", tensor([2], .uint8([7, 8])))]), ("h", [("a", one), ("b", one)]),
      ("h", [("b", one), ("a", one)]), ("h", [("a", tensor([1], .float64([0])))]),
      ("h", [("a", tensor([1], .float64([-0.0])))]), ("h", [("a", tensor([1], .int64([0])))]),
    ]
    let hashes = contents.map { BundleHash.value(header: $0.0, tensors: $0.1).hex }
    #expect(Set(hashes).count == contents.count)
  }

  @Test("Numbers that change behind a hash that holds never end the program")
  func changedElements() throws {
    var generator = SeedTree(seed: 20).child("changed elements").generator()
    let dataStart = 8 + headerLength
    var readable = 0
    let trials = 800
    for _ in 0..<trials {
      var damaged = bytes
      for _ in 0..<1 + generator.nextInteger(below: 3) {
        let place = dataStart + generator.nextInteger(below: damaged.count - dataStart)
        damaged[place] = UInt8(generator.nextInteger(below: 256))
      }
      let file = try SafetensorsFile(bytes: damaged)
      let json = try #require(file.metadata["candor"])
      if try isRead(try hashed(json, tensors: file.tensors)) { readable += 1 }
    }
    // Coefficients may change then; reference rows may not.
    #expect(readable > 0 && readable < trials)
  }

  @Test("Digits and letters that change inside the header never end the program")
  func changedHeader() throws {
    var generator = SeedTree(seed: 18).child("changed header").generator()
    let signs = Array("0123456789-+.eE\",:[]{}\\tfnu ".utf8)
    let file = try SafetensorsFile(bytes: bytes)
    let json = Array(try #require(file.metadata["candor"]).utf8)
    var readable = 0
    let trials = 1500
    for _ in 0..<trials {
      var damaged = json
      damaged[generator.nextInteger(below: json.count)] =
        signs[generator.nextInteger(below: signs.count)]
      let text = String(decoding: damaged, as: UTF8.self)
      if try isRead(try hashed(text, tensors: file.tensors)) { readable += 1 }
    }
    #expect(readable > 0 && readable < trials)
  }

  @Test("A scale of points that is none is refused")
  func pointsScale() throws {
    for (key, value) in [
      ("baseOdds", 0.0), ("baseOdds", -2), ("pointsToDoubleOdds", 0), ("pointsToDoubleOdds", -20),
    ] {
      let error = refusal(
        of: try rewritten(header: { header in
          let path: [JSONPath.Step] = [.member("pointsScale"), .member(key)]
          header = try #require(
            JSONPath.replacing(header, path[...], with: value) as? [String: Any])
        }))
      #expect(error?.code == .badModel)
      #expect(error?.description.contains("points") == true)
    }
  }

  @Test("Reasons and permutations beyond a study's ranges are refused")
  func cardRanges() throws {
    for (key, value) in [
      ("reasonsAtMost", 0), ("reasonsAtMost", 5), ("permutations", 63), ("permutations", .max),
    ] {
      let error = refusal(
        of: try rewritten(header: { header in
          let path: [JSONPath.Step] = [.member("card"), .member(key)]
          header = try #require(
            JSONPath.replacing(header, path[...], with: value) as? [String: Any])
        }))
      #expect(error?.code == .badModel)
      #expect(error?.description.contains("\(value)") == true)
    }
  }

  @Test("A header without a part, or with one of another type, is refused by its place")
  func partsOfTheHeader() throws {
    let card: [JSONPath.Step] = [.member("card"), .member("trainingRows")]
    let column: [JSONPath.Step] = [
      .member("schema"), .member("columns"), .element(1), .member("name"),
    ]
    for (path, value, place) in [
      (card, nil, "`card.trainingRows` is missing"),
      (card, "many", "`card.trainingRows`: "),
      (column, 7, "`schema.columns[1].name`: "),
    ] as [([JSONPath.Step], Any?, String)] {
      let error = refusal(
        of: try rewritten(header: { header in
          let other = value
          header = try #require(
            JSONPath.replacing(header, path[...], with: other) as? [String: Any])
        }))
      #expect(error?.code == .badHeader)
      #expect(error?.description.contains(place) == true, "\(error?.description ?? "")")
      #expect(error?.description.contains("CodingKeys") == false)
    }
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

  @Test("Whatever stands in place of any value of the header, a bundle is read or refused")
  func replacedValues() throws {
    let file = try SafetensorsFile(bytes: bytes)
    let header = try header(of: file)
    let paths = JSONPath.all(in: header)
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
        guard let changed = JSONPath.replacing(header, path[...], with: other) else { continue }
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
    for path in JSONPath.all(in: header) {
      guard case .element(let place)? = path.last else { continue }
      let parent = path.dropLast()
      guard let list = JSONPath.value(header, parent) as? [Any] else { continue }
      let changed = JSONPath.replacing(header, parent, with: list + [list[place]])
      if let changed { _ = try isRead(try rebuilt(changed, tensors: file.tensors)) }
    }
  }
}
