/// The first records of a text, from which the types of columns are supposed.
struct PlainSample {
  private let bytes: [UInt8]
  private var records: [[Field]] = []

  /// Takes whole records behind the header, up to the first faulty one.
  init(_ bytes: [UInt8], header: CSVHeader, isWhole: Bool, records limit: Int) {
    self.bytes = bytes
    var cursor = header.next
    while records.count < limit, cursor.position < bytes.count {
      var fields: [Field] = []
      repeat {
        fields.append(FieldKernel.next(in: bytes.span, at: &cursor, syntax: header.syntax))
      } while fields.last?.ending == .delimiter && fields.last?.fault == nil
      guard fields.count == header.names.count,
        fields.allSatisfy({ $0.fault == nil && !$0.hasDoubledQuotes }),
        fields.last?.ending == .line || isWhole
      else { return }
      records.append(fields)
    }
  }

  /// How each column is to be read: as numbers where it is declared so or nothing in the sample
  /// speaks against it, else as texts, of which those of the sample come first.
  func forms(_ plans: [ColumnPlan]) -> [PlainColumnPlan] {
    var forms: [PlainColumnPlan] = []
    for (column, plan) in plans.enumerated() {
      var trial = plan
      if plan.isOpen {
        for record in records {
          let field = record[column]
          trial.count(bytes.span.extracting(field.start..<field.end))
        }
      }
      let conclusion = trial.conclude()
      let rules = trial.rules(conclusion)
      if conclusion.type == .numeric {
        forms.append(PlainColumnPlan(form: .numbers(areSupposed: plan.isOpen), rules: rules))
        continue
      }
      var levels = LevelTable()
      for record in records {
        let cell = bytes.span.extracting(record[column].start..<record[column].end)
        if !rules.missing.contains(cell) { _ = levels.insert(cell) }
      }
      forms.append(PlainColumnPlan(form: .texts(levels), rules: rules))
    }
    return forms
  }
}
