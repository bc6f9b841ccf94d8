import CandorData
import CandorNumerics
import CandorTestSupport
import Foundation
import Testing

@Suite struct HostileBytesTests {
  @Test("Random bytes end in a table or in an error, in every encoding, never in a trap")
  func randomBytes() throws {
    let alphabet = Array(",;\t|\"\"\"\n\n\r01.5e-+ aZé性\0".utf8) + [0xFF, 0x81, 0x30, 0xE2, 0xC3]
    var read = 0
    var refused = 0
    for seed in 0..<4000 {
      var generator = SeedTree(seed: UInt64(seed)).child("hostile").generator()
      func pick(_ choices: [UInt8], upTo limit: UInt64) -> [UInt8] {
        (0..<generator.next() % limit).map { _ in
          choices[Int(generator.next() % UInt64(choices.count))]
        }
      }
      // A third of the texts are rows of two cells with a fault now and then, the others noise.
      var bytes = pick(alphabet, upTo: 80)
      if seed % 3 == 0 {
        bytes = Array("a,b\n".utf8)
        for _ in 0..<4 {
          bytes += pick(Array("01.e-+ aZ".utf8), upTo: 6) + [0x2C]
          bytes += pick(Array("01.e-+ aZ".utf8), upTo: 6) + [0x0A]
        }
        if generator.next() % 2 == 0 {
          bytes[Int(generator.next() % UInt64(bytes.count))] = pick(alphabet, upTo: 2).first ?? 0x22
        }
      }
      let encoding = TextEncoding.allCases[seed / 3 % 3]
      do {
        let reading = try CSVReader.read(
          bytes: bytes, name: "f.csv", options: CSVOptions(encoding: encoding))
        #expect(reading.table.rowCount > 0)
        #expect(reading.table.lines.count == reading.table.rowCount)
        #expect(reading.table.lines == reading.table.lines.sorted())
        read += 1
      } catch {
        #expect(!error.message.isEmpty)
        refused += 1
      }
    }
    #expect(read > 200 && refused > 200, "\(read) read, \(refused) refused")
  }

  @Test("Gzip data with a changed byte end in a table or in an error")
  func changedGzip() throws {
    let file = ReferenceValues.examples.appendingPathComponent(
      "taiwan-credit/taiwan-credit.csv.gz")
    // A short piece keeps this quick; it is cut off, so that it can only be refused.
    let bytes = [UInt8](try Data(contentsOf: file)).prefix(4000)
    for seed in 0..<200 {
      var generator = SeedTree(seed: UInt64(seed)).child("gzip").generator()
      var changed = Array(bytes)
      changed[Int(generator.next() % 4000)] ^= UInt8(generator.next() % 255 + 1)
      let error = dataError { _ = try CSVReader.read(bytes: changed, name: "f.gz") }
      #expect(error != nil, "seed \(seed)")
    }
  }
}
