import CandorData
import CandorNumerics
import Foundation
import Testing

@Suite struct NumberKernelTests {
  private func read(_ text: String, _ format: NumberFormat = .plain) -> NumberReading {
    let bytes = Array(text.utf8)
    return NumberKernel.read(bytes.span, format: format)
  }

  @Test(
    "Numbers read as the standard library reads them, to the bit",
    arguments: [
      "0", "-0", "1", "+7", "12.5", "-.5", "5.", "1e3", "1E-3", "1.e2", "9007199254740993",
      "123456789012345678901234567890", "0.1", "0.1234567890123456789", "2.2250738585072011e-308",
      "1e22", "1e23", "4.9e-324", "000.250", "1797693134862315708e290", "3.14159265358979",
    ])
  func agreesWithStandardLibrary(text: String) throws {
    var plain = text
    if let dot = plain.range(of: ".e") { plain.replaceSubrange(dot, with: ".0e") }
    if plain.hasSuffix(".") { plain += "0" }
    let expected = try #require(Double(plain))
    guard case .number(let value) = read(text) else {
      Issue.record("\(text) was not read as a number")
      return
    }
    #expect(value.bitPattern == expected.bitPattern)
  }

  @Test("Random numbers with up to 22 digits read as the standard library reads them")
  func randomNumbers() throws {
    var generator = SeedTree(seed: 1).child("numbers").generator()
    for _ in 0..<100_000 {
      let digits = Int(generator.next() % 22) + 1
      var text = generator.next() % 2 == 0 ? "" : "-"
      let point = Int(generator.next() % UInt64(digits + 1))
      for place in 0..<digits {
        if place == point { text += "." }
        text += String(generator.next() % 10)
      }
      if generator.next() % 4 == 0 { text += "e\(Int(generator.next() % 60) - 30)" }
      let plain = text.replacingOccurrences(of: "-.", with: "-0.")
      let expected = try #require(Double(plain.hasPrefix(".") ? "0" + plain : plain), "\(text)")
      #expect(read(text) == .number(expected), "\(text)")
    }
    // Halfway between two doubles, and one unit in the last digit to either side.
    for text in [
      "4503599627370496.5", "4503599627370497.5", "9007199254740993.0",
      "9007199254740993.001", "900719925474099.2999", "0.5000000000000000555",
    ] {
      #expect(read(text) == .number(try #require(Double(text))), "\(text)")
    }
  }

  @Test(
    "Texts that are not numbers are refused",
    arguments: ["", " ", "-", ".", "e5", "1e", "1e+", "1,5", "0x10", "12a", "1 2", "--1", "1.2.3"])
  func refuses(text: String) { #expect(read(text) == .notNumber) }

  @Test(
    "Names of non-finite values and overflowing numbers are told apart",
    arguments: ["nan", "NaN", "-NaN", "inf", "-Infinity", "1e999", "#DIV/0!"])
  func notFinite(text: String) { #expect(read(text) == .notFinite) }

  @Test("Thousands separators count only in groups")
  func thousands() throws {
    let english = try NumberFormat(decimal: ".", thousands: ",")
    #expect(read("1,234,567.5", english) == .number(1_234_567.5))
    #expect(read("-1,234", english) == .number(-1234))
    #expect(read("12,34,567", english) == .number(1_234_567))
    #expect(read("950", english) == .number(950))
    #expect(read("1,5", english) == .notNumber)
    #expect(read("1,2345", english) == .notNumber)
    #expect(read(",123", english) == .notNumber)
    let german = try NumberFormat(decimal: ",", thousands: ".")
    #expect(read("1.234.567,25", german) == .number(1_234_567.25))
    #expect(read("0,1234567890123456789", german) == read("0.1234567890123456789"))
    #expect(throws: DataError.self) { try NumberFormat(decimal: ",", thousands: ",") }
    #expect(throws: DataError.self) { try NumberFormat(decimal: ";", thousands: nil) }
  }

  @Test("Whole digits behind a zero are recognised as codes")
  func leadingZeros() {
    for (text, expected) in [
      ("007", true), ("00", true), ("0", false), ("0.5", false), ("10", false),
    ] {
      let bytes = Array(text.utf8)
      #expect(NumberKernel.hasLeadingZero(bytes.span) == expected)
    }
  }
}
