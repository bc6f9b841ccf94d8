import CandorData
import CandorNumerics
import CandorTestSupport
import Foundation
import Testing

/// Everything that a reading says, with numbers by their bits, so that NaN equals NaN.
private struct Account: Equatable {
  var error: DataError?
  var names: [String] = []
  var types: [ColumnType] = []
  var bits: [[UInt64]] = []
  var levels: [[String]] = []
  var lines: [Int] = []
  var inferences: [ColumnInference] = []
  var dialect: CSVDialect?
  var byteCount = 0
  var notices: [String] = []

  init(_ read: () throws(DataError) -> CSVReading) {
    do throws(DataError) {
      let reading = try read()
      for column in reading.table.columns {
        names.append(column.name)
        types.append(column.type)
        switch column.storage {
        case .numbers(let numbers):
          bits.append(numbers.map { $0.isNaN ? 1 : $0.bitPattern })
          levels.append([])
        case .codes(let codes, let dictionary):
          bits.append(codes.map { UInt64(bitPattern: Int64($0)) })
          // By bytes, because texts that differ in bytes may be equal as texts.
          levels.append(dictionary.levels.map { Array($0.utf8).description })
        }
      }
      lines = reading.table.lines
      inferences = reading.inferences
      dialect = reading.dialect
      byteCount = reading.byteCount
      notices = reading.notices
    } catch {
      self.error = error
    }
  }
}

/// A text with columns of many kinds, and now and then with something odd in it.
private struct RandomText {
  var text: [UInt8] = []
  var options = CSVOptions()
  var columns: [String: ColumnDeclaration] = [:]
  private var generator: CounterGenerator

  /// How a column's cells are made.
  private typealias Cells = (inout CounterGenerator, Int) -> String

  init(seed: Int) {
    generator = SeedTree(seed: UInt64(seed)).child("plain").generator()
    let delimiter = pick([",", ",", ",", ";", "\t", "|"])
    let ending = pick(["\n", "\n", "\r\n", "\r"], weights: [6, 3, 4, 1])
    let rows = 1 + generator.nextInteger(below: 60)
    let width = 1 + generator.nextInteger(below: 6)
    if oneIn(4) { options.delimiter = delimiter }
    if oneIn(5) { options.trimsSpaces = false }
    if oneIn(4) {
      options.missing = pick([["-999"], [""], ["NA", "-1.0", "x"], ["", "3", "007"]])
    }
    if oneIn(6) { options.decimal = "," }
    if oneIn(8) { options.thousands = options.decimal == "," ? "." : pick([",", "'", " "]) }

    var makers: [Cells] = []
    let shares = [0, 0, 20, 3][generator.nextInteger(below: 4)]
    for column in 0..<width {
      makers.append(maker())
      if oneIn(5) { columns["c\(column)"] = declaration() }
    }
    if oneIn(60) { columns["absent"] = ColumnDeclaration(type: .numeric) }
    if oneIn(5) { text += [0xEF, 0xBB, 0xBF] }
    if oneIn(10) { text += Array("sep=\(delimiter)\(ending)".utf8) }
    if oneIn(20) { text += Array(ending.utf8) }
    var names = (0..<width).map { "c\($0)" }
    if oneIn(10) { names = names.map { "\"\($0)\"" } }
    text += Array((names.joined(separator: delimiter) + ending).utf8)
    let faults = oneIn(3) ? 1 : 0
    for row in 0..<rows {
      var cells = makers.map { $0(&generator, row) }
      cells = cells.map { cell in
        if shares > 0, oneIn(shares) { return pick(["", "NA", "  ", "\"\"", " NA "]) }
        if shares > 0, oneIn(shares * 2) { return "\"\(cell)\"" }
        return shares > 0 && oneIn(shares * 2) ? "  \(cell) " : cell
      }
      if faults > 0, oneIn(30) { cells = oddRow(cells, delimiter) }
      let isLast = row == rows - 1
      text += Array((cells.joined(separator: delimiter) + (isLast && oneIn(3) ? "" : ending)).utf8)
      if faults > 0, oneIn(100) { text.append(pick([0xFF, 0xC3, 0x00, 0x22, 0x0D, 0x0A])) }
    }
    if oneIn(10) { text += Array((ending + ending).utf8) }
  }

  private mutating func oneIn(_ count: Int) -> Bool { generator.nextInteger(below: count) == 0 }

  private mutating func pick<T>(_ choices: [T]) -> T {
    choices[generator.nextInteger(below: choices.count)]
  }

  private mutating func pick<T>(_ choices: [T], weights: [Int]) -> T {
    pick(zip(choices, weights).flatMap { Array(repeating: $0, count: $1) })
  }

  private mutating func oddRow(_ cells: [String], _ delimiter: String) -> [String] {
    var cells = cells
    let place = generator.nextInteger(below: cells.count)
    switch generator.nextInteger(below: 9) {
    case 0: cells.append("more")
    case 1: cells.remove(at: place)
    case 2: cells[place] = "\"two\nlines\""
    case 3: cells[place] = "\"a\(delimiter)b\""
    case 4: cells[place] = "\"say \"\"so\"\"\""
    case 5: cells[place] = "\"open"
    case 6: cells[place] = "\"x\"y"
    case 7: cells = []
    default: cells[place] = "a\"b\""
    }
    return cells
  }

  private mutating func maker() -> Cells {
    let point = options.decimal
    let levels = pick([
      ["yes", "no"], ["F", "T", "T"], ["0", "1"], ["n", "Y"], ["red", "green", "blue"],
      ["é", "e\u{301}", "文字", "x"], ["a text of more than sixteen bytes", "a text of more"],
      [String(repeating: "long ", count: 60), "short", String(repeating: "longer", count: 9)],
      ["a", "abcdefgh", "abcdefghi", "abcdefghijklmnop", "abcdefghijklmnopq"],
    ])
    let start = generator.nextInteger(below: 20_000)
    let late = pick([
      "n/a", "?", "12a", "nan", "1e999", "007", "-", "+", ".", "1.2.3", "Inf", "5 5",
    ])
    let odd = [
      "-0", "0", "-0.0", "1e3", "+4", "-2.5E-3", "9007199254740993", "0.1234567890123456",
    ]
    switch generator.nextInteger(below: 16) {
    case 0, 1:
      return { g, _ in
        "\(g.nextInteger(below: 100_000))\(point)\(g.nextInteger(below: 90) + 10)"
      }
    case 2: return { g, _ in String(g.nextInteger(below: 30) - 8) }
    case 3: return { _, row in String(start + row) }
    case 4: return { g, _ in (g.nextNormal() * 1e5).description }
    case 5: return { g, _ in "\(g.nextInteger(below: 9))\(point)" + (g.next() % 2 == 0 ? "" : "0") }
    case 6: return { g, _ in (0..<1 + g.next() % 22).map { _ in String(g.next() % 10) }.joined() }
    case 7:
      return { g, row in
        row > 12 && g.next() % 15 == 0 ? late : String(g.nextInteger(below: 99))
      }
    case 8:
      return { g, _ in
        CivilDate(daysSinceEpoch: start + g.nextInteger(below: 400)).description
      }
    case 9:
      return { g, _ in "\(1 + g.nextInteger(below: 28))/\(1 + g.nextInteger(below: 12))/2024" }
    case 10: return { g, row in "id-\(row)-\(g.nextInteger(below: 1000))" }
    case 11: return { g, _ in "\(g.nextInteger(below: 30)),\(100 + g.nextInteger(below: 800))" }
    case 12:
      return { g, _ in
        odd[g.nextInteger(below: odd.count)]
      }
    default: return { g, _ in levels[g.nextInteger(below: levels.count)] }
    }
  }

  private mutating func declaration() -> ColumnDeclaration {
    switch generator.nextInteger(below: 8) {
    case 0: ColumnDeclaration(type: .numeric)
    case 1: ColumnDeclaration(type: .categorical)
    case 2: ColumnDeclaration(levels: ["red", "no", "no such"])
    case 3:
      ColumnDeclaration(
        type: .ordinal,
        levels: ["red", "green", "blue", "yes", "no", "F", "T", "0", "1"] + (oneIn(3) ? [] : ["x"]))
    case 4: ColumnDeclaration(type: .boolean)
    case 5: ColumnDeclaration(type: .date)
    case 6: ColumnDeclaration(type: .date, dateFormat: "dd/MM/yyyy")
    default: ColumnDeclaration(missing: ["7", "red", "1000"])
    }
  }
}

@Suite struct PlainReaderTests {
  private static func cut(_ seed: Int) -> PlainCut {
    // The twins of the kernels in C read a third of the texts.
    let vectors = seed % 3 == 0 ? VectorLevel.none : .best
    return [
      PlainCut(vectors: vectors), PlainCut(segment: 1, block: 1, sample: 1),
      PlainCut(segment: 17, block: 64, sample: 3), PlainCut(segment: 100, block: 30, sample: 10),
      PlainCut(segment: 1000, block: 7, sample: 500),
    ][seed % 5]
  }

  @Test("One walk on threads, however cut, gives what two walks give: tables, notices and errors")
  func sameAsTwoWalks() {
    var plain = 0
    var faulty = 0
    var types: [ColumnType: Int] = [:]
    for seed in 0..<1200 {
      let random = RandomText(seed: seed)
      func account(_ cut: PlainCut?, threads: Int) -> Account {
        Account { () throws(DataError) in
          try CSVReader.read(
            bytes: random.text, name: "f.csv", options: random.options, columns: random.columns,
            threads: threads, cut: cut)
        }
      }
      let expected = account(nil, threads: 1)
      for other in [account(Self.cut(seed), threads: 1), account(Self.cut(seed / 5), threads: 3)]
      where other != expected {
        Issue.record(
          "seed \(seed): \(String(decoding: random.text, as: UTF8.self).debugDescription)")
        return
      }
      if expected.error != nil { faulty += 1 }
      if CSVReader.isPlain(random.text, options: random.options, columns: random.columns) {
        plain += 1
        for type in expected.types { types[type, default: 0] += 1 }
      }
    }
    #expect(plain > 250 && faulty > 250, "\(plain) plain, \(faulty) faulty")
    for type in ColumnType.allCases { #expect(types[type, default: 0] > 1, "\(type)") }
  }

  @Test("A file is read as its bytes are, with threads, marks and compression")
  func files() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "candor-plain-\(ProcessInfo.processInfo.globallyUniqueString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("f.csv").path
    for seed in 0..<200 {
      let random = RandomText(seed: seed)
      try Data(random.text).write(to: URL(fileURLWithPath: file))
      let expected = Account { () throws(DataError) in
        try CSVReader.read(
          bytes: random.text, name: file, options: random.options, columns: random.columns,
          threads: 1, cut: nil)
      }
      let found = Account { () throws(DataError) in
        try CSVReader.read(
          file: file, options: random.options, columns: random.columns, threads: 2,
          cut: Self.cut(seed))
      }
      #expect(found == expected, "seed \(seed)")
    }
  }

  @Test("Quoted cells, spaces, missing words and late strangers keep a text plain")
  func plainTexts() {
    let texts = [
      "a,b\n1,x\n2,y\n", "a,b\r\n1,x\r\n2,y\r\n", "a;b\n1;\"x\"\n \"2\" ;y",
      "a,b\n1,NA\nn/a,\n", "a,b\n007,2024-01-05\n008,2024-02-06\n", "\"a\",\"b\"\n1e5,é\n",
    ]
    for text in texts {
      #expect(CSVReader.isPlain(Array(text.utf8), options: CSVOptions(), columns: [:]), "\(text)")
    }
    let others = [
      "a\n1\n", "a,b\n1\n", "a,b\n1,\"x\ny\"\n", "a,b\n1,\"x,y\"\n", "a,b\n\n1,x\n", "a,b\n",
      "a,b\n1,x\r2,y\n", "a,b\n1,\"say \"\"x\"\"\"\n",
    ]
    for text in others {
      #expect(!CSVReader.isPlain(Array(text.utf8), options: CSVOptions(), columns: [:]), "\(text)")
    }
  }

  @Test("Numbers of plain text are those that the standard library reads")
  func numbers() throws {
    var generator = SeedTree(seed: 4).child("numbers").generator()
    var texts: [String] = ["0.5", ".5", "5.", "-.25", "9007199254740992", "9007199254740993"]
    for _ in 0..<20_000 {
      let digits = (0..<1 + generator.nextInteger(below: 18)).map { _ in
        String(generator.nextInteger(below: 10))
      }
      let point = generator.nextInteger(below: digits.count + 1)
      texts.append(
        (generator.next() % 3 == 0 ? "-" : "") + digits[..<point].joined() + "."
          + digits[point...].joined())
    }
    let text = "a,b\n" + texts.map { "\($0),x\n" }.joined()
    let table = try CSVReader.read(bytes: Array(text.utf8), name: "f.csv").table
    let found = try #require(table.column("a")?.numbers)
    for (text, number) in zip(texts, found) {
      let whole = text.hasSuffix(".") ? text + "0" : text
      let expected = try #require(
        Double(whole.replacing("-.", with: "-0.").replacing(/^\./, with: "0.")))
      #expect(number.bitPattern == expected.bitPattern, "\(text)")
    }
  }

  @Test("Distinct numbers are counted as a set counts them, whatever their form")
  func distinct() throws {
    var generator = SeedTree(seed: 5).child("distinct").generator()
    for form in 0..<8 {
      for rows in [1, 7, 500, 30_000] {
        let numbers = (0..<rows).map { row -> String in
          let whole = generator.nextInteger(below: [3, 100, 10_000, 1 << 40][form % 4])
          switch form {
          case 0, 1: return row % 9 == 0 ? "-0" : String(whole - 1)
          case 2, 3: return "\(whole).\(generator.nextInteger(below: 100))"
          case 4, 5: return (generator.nextNormal() * 1e-3).description
          case 6: return row % 50 == 0 ? "1e200" : "\(whole).5"
          default: return row % 3 == 0 ? "" : row == 200 ? "0.000125" : "0.\(whole % 1000)"
          }
        }
        let text = "a,b\n" + numbers.map { "\($0),x\n" }.joined()
        let reading = try CSVReader.read(bytes: Array(text.utf8), name: "f.csv")
        let found = try #require(reading.table.columns[0].numbers)
        let present = found.filter { !$0.isNaN }.map { $0 == 0 ? 0 : $0 }
        #expect(reading.inferences[0].distinctCount == Set(present).count, "\(form), \(rows)")
        #expect(reading.inferences[0].missingCount == found.count - present.count)
        var first: [Double] = []
        for number in present where first.count < 5 && !first.contains(number) {
          first.append(number)
        }
        #expect(reading.inferences[0].examples == first.map { plainText($0) })
      }
    }
  }
}
