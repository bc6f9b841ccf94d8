import CandorData
import CandorTestSupport
import Foundation
import Testing

@Suite struct SchemaTests {
  private func reading() throws -> CSVReading {
    try read(
      "id,amount,grade,since,member,town\nA1,\"1,200\",low,2024-01,yes,Köln\n"
        + "A2,-1,high,2023-02,no,\nA3,3,low,,yes,Bonn\n", CSVOptions(missing: ["", "-1"]),
      [
        "amount": ColumnDeclaration(type: .numeric, thousands: ","),
        "grade": ColumnDeclaration(type: .ordinal, levels: ["low", "high"]),
      ])
  }

  @Test("Roles default to feature and errors name the nearest column")
  func roles() throws {
    let schema = try Schema.inferred(
      from: try reading(), roles: ["id": .identifier, "since": .period])
    #expect(schema.featureNames == ["amount", "grade", "member", "town"])
    #expect(schema.names(of: .period) == ["since"])
    #expect(schema.column("id")?.levels == nil)
    #expect(schema.column("grade")?.levels == ["low", "high"])
    #expect(schema.assigning(["town": .ignored]).featureNames == ["amount", "grade", "member"])
    let error = dataError {
      _ = try Schema.inferred(from: try reading(), roles: ["towm": .ignored])
    }
    #expect(error?.message.contains("did you mean \"town\"?") == true)
  }

  @Test("New data read with a schema's declarations get the training codes")
  func declarations() throws {
    let schema = try Schema.inferred(from: try reading(), roles: ["id": .identifier])
    let again = try JSONDecoder().decode(Schema.self, from: JSONEncoder().encode(schema))
    #expect(again == schema)
    let new = try read(
      "town,member,since,grade,amount,id\nBonn,no,2025-12,high,\"2,000\",B1\nKöln,no,,low,-1,B2\n"
        + "Ulm,no,,low,5,B3\n", again.options, again.declarations)
    #expect(new.table.column("town")?.codes?.codes == [1, 0, 2])
    #expect(new.table.column("member")?.codes?.codes == [0, 0, 0])
    #expect(new.table.column("member")?.codes?.levels.levels == ["no", "yes"])
    #expect(new.table.column("grade")?.codes?.codes == [1, 0, 0])
    #expect(new.table.column("amount")?.numbers?[0] == 2000)
    #expect(new.table.column("amount")?.isMissing(1) == true)
    #expect(new.table.column("since")?.text(0) == "2025-12-01")
    #expect(new.table.columns.allSatisfy { again.column($0.name)?.type == $0.type })
  }

  @Test("A data set read with its own schema is the same table")
  func fixedPoint() throws {
    let file = ReferenceValues.examples.appendingPathComponent("german-credit/german-credit.csv")
    let first = try CSVReader.read(file: file.path)
    let schema = try Schema.inferred(from: first, roles: ["credit": .target])
    let second = try CSVReader.read(
      file: file.path, options: schema.options, columns: schema.declarations)
    #expect(second.table == first.table)
    #expect(schema.featureNames.count == 21)
  }
}

@Suite struct BinaryTargetTests {
  private let texts = Column(name: "y", texts: ["good", "bad", "good"])

  @Test("The bad value is 1 and the other 0, whichever comes first")
  func labels() throws {
    #expect(try BinaryTarget.labels(of: texts, bad: "bad") == [0, 1, 0])
    #expect(try BinaryTarget.labels(of: texts, bad: "good") == [1, 0, 1])
    let numbers = Column(name: "y", numbers: [1, 2, 2])
    #expect(try BinaryTarget.labels(of: numbers, bad: "2.0", good: "1") == [0, 1, 1])
    let codes = Column(name: "y", texts: ["1.0", "0.0"])
    #expect(try BinaryTarget.labels(of: codes, bad: "1") == [1, 0])
  }

  @Test("Values are compared as whole texts")
  func wholeTexts() {
    let column = Column(name: "y", texts: ["not bad", "Bad"])
    #expect(
      dataError { _ = try BinaryTarget.labels(of: column, bad: "bad") }?.code
        == .unknownTargetValue)
  }

  @Test("Every fault of a target is one sentence")
  func faults() throws {
    func fault(_ column: Column, _ bad: String, _ good: String? = nil) -> DataError? {
      dataError {
        _ = try BinaryTarget.labels(
          of: column, bad: bad, good: good, lines: [2, 3, 4, 5], file: "f.csv")
      }
    }
    let absent = fault(texts, "bda")
    #expect(absent?.code == .unknownTargetValue && absent?.value == "bda")
    #expect(absent?.message.contains("\"good\", \"bad\"; did you mean \"bad\"?") == true)

    let third = fault(Column(name: "y", texts: ["good", "bad", "late", "good"]), "bad")
    #expect(third?.code == .unknownTargetValue && third?.line == 4 && third?.value == "late")
    #expect(third?.message.contains("\"good\", \"bad\", \"late\"") == true)
    let named = fault(Column(name: "y", texts: ["good", "bad", "late"]), "bad", "good")
    #expect(named?.line == 4 && named?.message.contains("unknown target value") == true)

    let missing = fault(Column(name: "y", texts: ["good", nil, "bad", nil]), "bad")
    #expect(missing?.code == .missingTarget && missing?.line == 3)
    #expect(missing?.message.contains("1 other") == true)
    #expect(fault(Column(name: "y", texts: [nil, nil]), "bad")?.code == .missingTarget)

    #expect(fault(Column(name: "y", texts: ["bad", "bad"]), "bad")?.code == .oneClassOnly)
    #expect(fault(texts, "1", "1.0")?.code == .badOption)
    let table = try Table(columns: [texts])
    let column = dataError { _ = try BinaryTarget.labels(in: table, target: "z", bad: "bad") }
    #expect(column?.code == .missingColumn)
  }

  @Test("Of many values ten are shown")
  func manyValues() {
    let column = Column(name: "y", numbers: (0..<25).map(Double.init))
    let error = dataError { _ = try BinaryTarget.labels(of: column, bad: "99") }
    #expect(error?.message.contains("\"9\" and 15 others") == true)
  }
}
