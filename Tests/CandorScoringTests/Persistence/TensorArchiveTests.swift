import CandorScoring
import Testing

@Suite("Archives of tensors") struct TensorArchiveTests {
  private var archive: TensorArchive {
    var archive = TensorArchive(attributes: ["activation": "relu"])
    archive.set("doubles", [0.1, -2.5, 1e-300])
    archive.set("codes", [3, -1] as [Int32])
    archive.tensors["floats"] = .init(shape: [2, 1], elements: .float32([0.5, -7]))
    archive.tensors["longs"] = .init(shape: [1], elements: .int64([1 << 40]))
    archive.tensors["bytes"] = .init(shape: [3], elements: .uint8([0, 1, 255]))
    return archive
  }

  @Test("Each accessor gives what was set")
  func accessors() throws {
    #expect(try archive.doubles("doubles") == [0.1, -2.5, 1e-300])
    #expect(try archive.int32s("codes") == [3, -1])
    #expect(try archive.floats("floats") == [0.5, -7])
    #expect(try archive.attribute("activation") == "relu")
    #expect(archive.tensors["doubles"]?.shape == [3])
    #expect(archive.tensors["codes"]?.shape == [2])
    let counts = ["doubles", "codes", "floats", "longs", "bytes"].map {
      archive.tensors[$0]?.elements.count
    }
    #expect(counts == [3, 2, 2, 1, 3])
  }

  @Test("An absent tensor, or one of another type, is refused by its name")
  func refused() {
    for name in ["absent", "doubles", "codes", "floats", "longs", "bytes"] {
      if name != "doubles" {
        expectRefusal(name) { () throws(ScoringError) in _ = try archive.doubles(name) }
      }
      if name != "codes" {
        expectRefusal(name) { () throws(ScoringError) in _ = try archive.int32s(name) }
      }
      if name != "floats" {
        expectRefusal(name) { () throws(ScoringError) in _ = try archive.floats(name) }
      }
    }
    expectRefusal("shape") { () throws(ScoringError) in _ = try archive.attribute("shape") }
  }

  private func expectRefusal(_ name: String, _ body: () throws(ScoringError) -> Void) {
    do throws(ScoringError) {
      try body()
      Issue.record("\(name) was read")
    } catch {
      #expect(error.code == .invalidModel)
      #expect(error.description.contains("\"\(name)\""))
    }
  }

  @Test("A tensor that is set again replaces the first")
  func replaced() throws {
    var copy = archive
    copy.set("doubles", [4.5])
    #expect(try copy.doubles("doubles") == [4.5])
    #expect(copy != archive)
  }
}
