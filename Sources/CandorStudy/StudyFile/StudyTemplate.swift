public import CandorData

/// Writes a commented study from what reading a file found out.
public enum StudyTemplate {
  /// The study as YAML, one comment a column that says what was inferred and why.
  ///
  /// - Parameters:
  ///   - reading: The data as read without a study.
  ///   - path: The data's path as the study is to have it.
  ///   - name: The study's name.
  ///   - target: The target column.
  ///   - bad: Its value that means bad.
  ///   - good: Its value that means good, where the column has more than two.
  /// - Returns: A study that `candor report` takes as it is.
  public static func text(
    for reading: CSVReading, path: String, name: String, target: String, bad: String,
    good: String? = nil
  ) -> String {
    var lines = [
      "# A Candor study, inferred from the data by `candor init`. Every line but `data` and",
      "# `target` may go; what is left out has a default.",
      "name: \(quoted(name))",
      "data:",
      "  path: \(quoted(path))",
    ]
    lines.append(
      "  # Read with delimiter \(delimiterName(reading.dialect.delimiter)), "
        + "\(reading.table.rowCount) rows, \(reading.table.columns.count) columns.")
    lines += readingOptions(reading).map { "  " + $0 }
    let goodPart = good.map { ", good: \(quoted($0))" } ?? ""
    lines.append("target: {column: \(quoted(target)), bad: \(quoted(bad))\(goodPart)}")
    lines.append("")
    lines.append("# Roles: feature, protected (measures fairness, never an input), identifier,")
    lines.append("# weight, period, ignored. Types: numeric, categorical, boolean, ordinal, date.")
    lines.append("columns:")
    for inference in reading.inferences where inference.name != target {
      lines.append(contentsOf: column(inference))
    }
    lines += [
      "",
      "# Fixed before the run and hashed; without a limit there is no verdict.",
      "# limits: {auc: {at_least: 0.7}, psi: {at_most: 0.25}}",
      "split: {kind: stratified, test: 0.3}",
      "models:",
      "  logistic: {}",
      "  svm: {}",
      "  forest: {}",
      "  network: {}",
      "champion: best        # lowest log-loss out of fold, or a family's name",
      "calibration: platt    # or isotonic, none",
      "# What it costs to approve a bad applicant and to refuse a good one.",
      "policy: {cutoff: {cost: {false_good: 5, false_bad: 1}}}",
      "# How many of the strongest features are left out of a fit each; 0 makes no such fit. More work",
      "# for the report's explanations: Documentation/StudyFile.md has all keys.",
      "explain: {drop_columns: 3}",
      "report: {languages: [en]}",
      "seed: 20240101",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// The keys of `data` that are not at their defaults: without them the file would be read
  /// otherwise.
  private static func readingOptions(_ reading: CSVReading) -> [String] {
    let options = reading.options
    let defaults = CSVOptions()
    var lines: [String] = []
    if options.encoding != defaults.encoding {
      lines.append("encoding: \(options.encoding.rawValue)")
    }
    if let delimiter = options.delimiter {
      lines.append("delimiter: \(quoted(delimiter))")
    }
    if options.decimal != defaults.decimal { lines.append("decimal: \(quoted(options.decimal))") }
    if let thousands = options.thousands { lines.append("thousands: \(quoted(thousands))") }
    if options.missing != defaults.missing { lines.append("missing: \(list(options.missing))") }
    return lines
  }

  private static func list(_ texts: [String]) -> String {
    "[" + texts.map(quoted).joined(separator: ", ") + "]"
  }

  private static func column(_ inference: ColumnInference) -> [String] {
    let name = quoted(inference.name)
    let missing = inference.missingCount == 0 ? "" : ", \(inference.missingCount) missing"
    let comment =
      "\(inference.type.rawValue): \(inference.reason) "
      + "(\(inference.distinctCount) distinct\(missing))"
    var lines = ["  # " + printable(comment)]
    if inference.looksLikeIdentifier {
      return lines + ["  \(name): {role: identifier}"]
    }
    if ProtectedNames.suggests(inference.name) {
      return lines + [
        "  # The name suggests a protected characteristic; change the role if it is not one.",
        "  \(name): {role: protected}",
      ]
    }
    if !inference.strayCells.isEmpty {
      return lines + [
        "  # Those cells are read as missing; correct them in the data if they are not.",
        "  \(name): {type: numeric, missing: \(list(inference.strayCells))}",
      ]
    }
    if let hint = inference.numberHint {
      let thousands = hint.thousands.map { ", thousands: \(quoted($0))" } ?? ""
      return lines + ["  \(name): {type: numeric, decimal: \(quoted(hint.decimal))\(thousands)}"]
    }
    let mostLevels = EncodingOptions().maximumLevels
    if inference.type == .categorical, inference.distinctCount > mostLevels {
      lines.append(
        "  # Ignored: as names it has \(inference.distinctCount) categories; a model takes "
          + "\(mostLevels) at most.")
      if inference.suspectedMissingCode == nil {
        lines.append(
          "  # To use it, group its values in the data into fewer and give it {type: categorical}.")
      }
      return lines + ["  \(name): {role: ignored}"]
    }
    return lines + ["  \(name): {type: \(inference.type.rawValue)}"]
  }

  private static func delimiterName(_ delimiter: String) -> String {
    delimiter == "\t" ? "tab" : "`\(delimiter)`"
  }

  /// A YAML double-quoted text where plain style could be read as something else.
  static func quoted(_ text: String) -> String {
    let plain =
      !text.isEmpty && text.allSatisfy { $0.isLetter || $0.isNumber || "_-./ ".contains($0) }
      && text.first.map { $0.isLetter } ?? false && text.last != " "
      && !["true", "false", "yes", "no", "on", "off", "null", "y", "n"].contains(text.lowercased())
    return plain ? text : doubleQuoted(text)
  }

  private static func doubleQuoted(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": escaped += "\\\""
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\r": escaped += "\\r"
      case "\t": escaped += "\\t"
      case _ where isSpecial(scalar):
        let digits = String(scalar.value, radix: 16, uppercase: true)
        escaped += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return "\"\(escaped)\""
  }

  /// A text as part of a comment: in one line, and without characters that YAML does not allow.
  private static func printable(_ text: String) -> String {
    var line = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      line.append(isSpecial(scalar) ? " " : scalar)
    }
    return String(line)
  }

  /// Control characters, further breaks of lines, and the byte-order mark.
  private static func isSpecial(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
    default: false
    }
  }
}
