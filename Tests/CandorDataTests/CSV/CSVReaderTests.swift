import CandorData
import CandorNumerics
import CandorTestSupport
import Foundation
import Testing

func read(
  _ text: String, _ options: CSVOptions = CSVOptions(),
  _ columns: [String: ColumnDeclaration] = [:]
) throws -> CSVReading {
  try CSVReader.read(bytes: Array(text.utf8), name: "f.csv", options: options, columns: columns)
}

func texts(_ reading: CSVReading, _ name: String) -> [String?] {
  guard let column = reading.table.column(name) else { return [] }
  return (0..<column.count).map { column.text($0) }
}

@Suite struct CSVReaderTests {
  @Test("Quotes, doubled quotes, and delimiters and line ends inside fields follow RFC 4180")
  func quoting() throws {
    let reading = try read("a,b\n\"x, \"\"y\"\"\r\nz\",1\n\"\",2\nmid\"dle,3\n")
    #expect(texts(reading, "a") == ["x, \"y\"\r\nz", nil, "mid\"dle"])
    #expect(reading.table.column("b")?.numbers == [1, 2, 3])
    #expect(reading.table.lines == [2, 4, 5])
  }

  @Test(
    "Delimiters are detected",
    arguments: [
      ("a;b;c\n1,5;2;3\n2,5;3;4\n", ";"), ("a\tb\nx, y\tz\n", "\t"), ("a|b\n1|2\n", "|"),
      ("a,b\n1;2,3\n", ","), ("only\n1,\n", ","), ("one\nx\n", ","),
      ("\"a;b\",c\n\"1;2\",3\n", ","), ("sep=|\na|b\n1|2\n", "|"),
    ])
  func delimiter(text: String, expected: String) throws {
    if text.hasPrefix("only") {
      #expect(throws: DataError.self) { try read(text) }
    } else {
      #expect(try read(text).dialect.delimiter == expected)
    }
  }

  @Test(
    "Line ends of every kind give the same table",
    arguments: [("\n", CSVDialect.LineEnding.lf), ("\r\n", .crlf), ("\r", .cr)])
  func lineEndings(end: String, kind: CSVDialect.LineEnding) throws {
    let reading = try read(["a,b", "1,x", "2,\"y\"", "3,"].joined(separator: end))
    #expect(reading.dialect.lineEnding == kind)
    #expect(reading.table.column("a")?.numbers == [1, 2, 3])
    #expect(texts(reading, "b") == ["x", "y", nil])
    #expect(reading.table.lines == [2, 3, 4])
    let closed = try read(["a,b", "1,x", "2,\"y\"", "3,", "", ""].joined(separator: end))
    #expect(closed.table == reading.table)
    #expect(closed.notices.isEmpty)
  }

  @Test("A byte-order mark is dropped and reported")
  func byteOrderMark() throws {
    let reading = try read("\u{FEFF}a,b\n1,2\n")
    #expect(reading.dialect.hadByteOrderMark)
    #expect(reading.table.names == ["a", "b"])
  }

  @Test("Blank lines between rows are skipped with a notice")
  func blankLines() throws {
    let reading = try read("a,b\n1,2\n\n  \n3,4\n\n")
    #expect(reading.table.rowCount == 2)
    #expect(reading.notices == ["2 blank lines were skipped, the first at line 3."])
    #expect(reading.table.lines == [2, 5])
  }

  @Test("Spaces around unquoted cells are dropped unless told otherwise")
  func spaces() throws {
    #expect(texts(try read("a, b\n x , \"y \"\n"), "b") == ["y "])
    #expect(texts(try read("a,b\n x ,y\n"), "a") == ["x"])
    #expect(texts(try read("a,b\n x ,y\n", CSVOptions(trimsSpaces: false)), "a") == [" x "])
  }

  @Test("GB 18030 and Latin-1 are decoded")
  func encodings() throws {
    // 性别,备注 / 男,€ and a four-byte character (U+20000) in GB 18030.
    let chinese: [UInt8] =
      [0xD0, 0xD4, 0xB1, 0xF0, 0x2C, 0xB1, 0xB8, 0xD7, 0xA2, 0x0A]
      + [0xC4, 0xD0, 0x2C, 0xA2, 0xE3, 0x0A] + [0xC5, 0xAE, 0x2C, 0x95, 0x32, 0x82, 0x36, 0x0A]
    let reading = try CSVReader.read(
      bytes: chinese, name: "f.csv", options: CSVOptions(encoding: .gb18030))
    #expect(reading.table.names == ["性别", "备注"])
    #expect(texts(reading, "性别") == ["男", "女"])
    #expect(texts(reading, "备注") == ["€", "\u{20000}"])
    let latin = try CSVReader.read(
      bytes: [0x61, 0x0A, 0x6D, 0xFC, 0xDF, 0x0A], name: "f.csv",
      options: CSVOptions(encoding: .latin1))
    #expect(texts(latin, "a") == ["müß"])
    #expect(throws: DataError.self) {
      try CSVReader.read(
        bytes: [0x61, 0x0A, 0xFF, 0xFF, 0x0A], name: "f.csv",
        options: CSVOptions(encoding: .gb18030))
    }
  }

  @Test("Missing codes count in all columns or in their own, numbers by value")
  func missing() throws {
    let reading = try read(
      "a,b,c\n-999,-999,x\n1,1,unknown\n-999.0,NA,?\n", CSVOptions(missing: ["", "NA", "?"]),
      [
        "a": ColumnDeclaration(missing: ["-999"]), "c": ColumnDeclaration(missing: ["unknown"]),
      ])
    #expect(texts(reading, "a") == [nil, "1", nil])
    #expect(texts(reading, "b") == ["-999", "1", nil])
    #expect(texts(reading, "c") == ["x", nil, nil])
    #expect(reading.inferences.map(\.missingCount) == [2, 1, 2])
  }

  @Test("Declared types, levels, signs and dates are followed")
  func declared() throws {
    let reading = try read(
      "o;n;d;k\nhigh;1.234,5;24.11.2026;1\nlow;-2;1.2.2025;2\n", CSVOptions(),
      [
        "o": ColumnDeclaration(type: .ordinal, levels: ["low", "middle", "high"]),
        "n": ColumnDeclaration(type: .numeric, thousands: ".", decimal: ","),
        "d": ColumnDeclaration(type: .date, dateFormat: "dd.MM.yyyy"),
        "k": ColumnDeclaration(type: .categorical, levels: ["2"]),
      ])
    #expect(reading.table.column("o")?.codes?.codes == [2, 0])
    #expect(reading.table.column("o")?.type == .ordinal)
    #expect(reading.table.column("n")?.numbers == [1234.5, -2])
    #expect(texts(reading, "d") == ["2026-11-24", "2025-02-01"])
    #expect(reading.table.column("k")?.codes?.codes == [1, 0])
    #expect(reading.notices == ["Column \"k\" has 1 level outside the declared ones: \"1\"."])
  }

  @Test("Texts that are one text to Unicode are one level")
  func canonicalEquivalence() throws {
    let reading = try read("a\n\u{E9}\ne\u{301}\nx\n")
    #expect(reading.table.column("a")?.codes?.codes == [0, 0, 1])
    #expect(reading.table.column("a")?.codes?.levels.count == 2)
  }

  @Test("Random tables written and read again are the same, for every dialect")
  func roundTrip() throws {
    let alphabet = [
      "a", "B", ",", ";", "\"", "\n", "\r\n", " ", "é", "性", "|", "\t", "1", "-", ".", "NA",
    ]
    for seed in 0..<60 {
      var generator = SeedTree(seed: UInt64(seed)).child("csv").generator()
      let rows = Int(generator.next() % 30) + 1
      let columns = Int(generator.next() % 4) + 1
      var made: [Column] = []
      for c in 0..<columns {
        if generator.next() % 2 == 0 {
          let values = (0..<rows).map { _ -> Double in
            if generator.next() % 7 == 0 { return .nan }
            let bits = Double(bitPattern: generator.next())
            return bits.isFinite ? bits : 0.1
          }
          made.append(Column(name: "n \"\(c)", numbers: values))
        } else {
          let values = (0..<rows).map { _ -> String? in
            let length = Int(generator.next() % 5)
            let text = (0..<length).map { _ in
              alphabet[Int(generator.next() % UInt64(alphabet.count))]
            }.joined()
            return text.isEmpty || text == "NA" ? nil : text
          }
          made.append(Column(name: "t,\(c)", texts: values))
        }
      }
      let table = try Table(columns: made)
      let delimiter = [",", ";", "\t", "|"][seed % 4]
      let writer = CSVWriter(delimiter: delimiter, lineEnding: ["\n", "\r\n"][seed % 2])
      let declarations = Dictionary(
        uniqueKeysWithValues: made.map { ($0.name, ColumnDeclaration(type: $0.type)) })
      let again = try CSVReader.read(
        bytes: writer.bytes(table), name: "f.csv", options: CSVOptions(delimiter: delimiter),
        columns: declarations
      ).table
      #expect(again.names == table.names, "seed \(seed)")
      for (left, right) in zip(table.columns, again.columns) {
        #expect(left.count == right.count, "seed \(seed)")
        for row in 0..<min(left.count, right.count) {
          if let numbers = left.numbers, let others = right.numbers {
            let same = numbers[row] == others[row] || (numbers[row].isNaN && others[row].isNaN)
            #expect(same, "seed \(seed), row \(row)")
          } else {
            #expect(left.text(row) == right.text(row), "seed \(seed), row \(row)")
          }
        }
      }
    }
  }
}

@Suite struct ExampleDataTests {
  @Test("German credit reads as 1000 rows and 22 columns with the published levels")
  func german() throws {
    let file = ReferenceValues.examples.appendingPathComponent("german-credit/german-credit.csv")
    let reading = try CSVReader.read(file: file.path)
    #expect(reading.table.rowCount == 1000)
    #expect(reading.table.columns.count == 22)
    let levelCounts = [
      "status": 4, "credit_history": 5, "purpose": 10, "savings": 5, "present_employment": 5,
      "status_sex": 4, "sex": 2, "other_debtors": 3, "property": 4, "installment_plans": 3,
      "housing": 3, "job": 4, "telephone": 2, "foreign_worker": 2, "credit": 2,
    ]
    for column in reading.table.columns {
      #expect(column.codes?.levels.count == levelCounts[column.name], "\(column.name)")
    }
    #expect(reading.table.column("foreign_worker")?.type == .boolean)
    #expect(reading.table.column("foreign_worker")?.codes?.levels.levels == ["no", "yes"])
    #expect(reading.table.column("status")?.text(0) == "... < 0 DM")
    #expect(
      reading.table.column("telephone")?.text(0)
        == "yes, registered under the customer name")
    // Sums and distinct counts by pandas.
    #expect(reading.table.column("credit_amount")?.numbers?.reduce(0, +) == 3_271_258)
    #expect(reading.table.column("duration")?.numbers?.reduce(0, +) == 20_903)
    #expect(reading.inferences.first { $0.name == "credit_amount" }?.distinctCount == 921)
    #expect(reading.inferences.allSatisfy { $0.missingCount == 0 && !$0.looksLikeIdentifier })
    let labels = try BinaryTarget.labels(in: reading.table, target: "credit", bad: "bad")
    #expect(labels.reduce(0, +) == 300)
    #expect(reading.notices.isEmpty)
    #expect(reading.byteCount == 257_430)
  }

  @Test("The readable German file is the file of codes, column by column")
  func germanCodes() throws {
    let folder = ReferenceValues.examples.appendingPathComponent("german-credit")
    let readable = try CSVReader.read(
      file: folder.appendingPathComponent("german-credit.csv").path
    ).table
    let coded = try CSVReader.read(
      file: folder.appendingPathComponent("german_credit_codes.csv").path
    ).table
    #expect(coded.rowCount == 1000)
    for column in coded.columns {
      let other = try readable.requiredColumn(column.name)
      var pairs: Set<[String?]> = []
      for row in 0..<1000 { pairs.insert([column.text(row), other.text(row)]) }
      #expect(pairs.count == Set(pairs.map { $0[0] }).count, "\(column.name)")
      #expect(pairs.count == Set(pairs.map { $0[1] }).count, "\(column.name)")
    }
  }

  @Test("Taiwan credit reads through gzip as 30000 rows and 25 columns of numbers")
  func taiwan() throws {
    let file = ReferenceValues.examples.appendingPathComponent(
      "taiwan-credit/taiwan-credit.csv.gz")
    let reading = try CSVReader.read(file: file.path)
    #expect(reading.dialect.compressed)
    #expect(reading.table.rowCount == 30_000)
    #expect(reading.table.columns.count == 25)
    #expect(reading.table.columns.allSatisfy { $0.type == .numeric })
    // Sums and distinct counts by pandas.
    let sums: [String: Double] = [
      "ID": 450_015_000, "LIMIT_BAL": 5_024_529_680, "PAY_0": -501, "BILL_AMT1": 1_536_699_927,
      "PAY_AMT6": 156_465_077, "default.payment.next.month": 6636,
    ]
    for (name, sum) in sums {
      #expect(reading.table.column(name)?.numbers?.reduce(0, +) == sum, "\(name)")
    }
    let distinct = Dictionary(
      uniqueKeysWithValues: reading.inferences.map { ($0.name, $0.distinctCount) })
    #expect(distinct["BILL_AMT1"] == 22_723)
    #expect(distinct["PAY_AMT1"] == 7943)
    #expect(reading.inferences.filter(\.looksLikeIdentifier).map(\.name) == ["ID"])
    let labels = try BinaryTarget.labels(
      in: reading.table, target: "default.payment.next.month", bad: "1")
    #expect(labels.reduce(0, +) == 6636)
  }
}
