import CandorDocument
import CandorExplanation
import CandorReport
import CandorStudy

extension ApplicantPage {
  /// Columns of the names and of the picture.
  private static let (labelWidth, pictureWidth) = (36, 25)
  /// Contributions shown one by one, so that a decision fits one screen.
  private static let shown = 12
  /// Contributions add up where base and sum miss the value by no more than this share of it.
  private static let additiveShare = 0.01

  /// Contributions by falling size: a waterfall from the reference's mean to the applicant where they
  /// add up to the difference, else one bar each from a common zero, as slopes are.
  func bars(_ localizer: Localizer) throws -> [String] {
    let explanation = chosen ?? self.explanation.shapley
    let attributions = explanation.attributions
    let order = attributions.indices.sorted {
      let (a, b) = (attributions[$0], attributions[$1])
      return abs(a.value) == abs(b.value) ? $0 < $1 : abs(a.value) > abs(b.value)
    }
    var steps = order.prefix(Self.shown).map { position in
      let attribution = attributions[position]
      let values = self.explanation.values[position].map { $0.text ?? "–" }
        .joined(separator: "; ")
      return Step(
        label: "\(attribution.source) = \(values)", value: attribution.value,
        error: attribution.standardError)
    }
    let rest = order.dropFirst(Self.shown)
    let sum = attributions.reduce(0) { $0 + $1.value }
    let missed = explanation.baseValue + sum - explanation.explainedValue
    let addsUp = abs(missed) <= Self.additiveShare * max(1, abs(explanation.explainedValue))
    if !rest.isEmpty, addsUp || chosen == nil {
      steps.append(
        Step(
          label: try localizer.string(ReportPhrases.otherContributions(rest.count)),
          value: rest.reduce(0) { $0 + attributions[$1].value }, error: nil))
    }
    guard addsUp else { return fromZero(steps) }
    return try waterfall(
      steps, from: explanation.baseValue, to: explanation.explainedValue, localizer)
  }

  private struct Step {
    let label: String
    let value: Double
    let error: Double?
  }

  private func waterfall(
    _ steps: [Step], from start: Double, to end: Double, _ localizer: Localizer
  ) throws -> [String] {
    var (low, high, level) = (min(start, end), max(start, end), start)
    for step in steps {
      level += step.value
      (low, high) = (min(low, level), max(high, level))
    }
    let columns = Self.pictureWidth
    func column(_ value: Double) -> Int {
      high > low ? Int(((value - low) / (high - low) * Double(columns - 1)).rounded()) : 0
    }
    func point(_ value: Double, _ isStart: Bool) throws -> String {
      let label = try localizer.string(ReportPhrases.waterfallEnd(isStart: isStart))
      let place = column(value)
      return line(
        label, String(repeating: " ", count: place) + "◆", used: place + 1, signed: false, value,
        error: nil)
    }
    var lines = [try point(start, true)]
    level = start
    for step in steps {
      let (a, b) = (column(level), column(level + step.value))
      level += step.value
      // A bar stands between the columns of its two ends; one that is too short is a stroke.
      let picture =
        a == b
        ? String(repeating: " ", count: a) + "│"
        : String(repeating: " ", count: min(a, b)) + bar(abs(a - b), raises: step.value >= 0)
      lines.append(
        line(
          step.label, picture, used: max(min(a, b) + abs(a - b), a == b ? a + 1 : 0),
          signed: true, step.value, error: step.error))
    }
    return lines + [try point(end, false)]
  }

  private func fromZero(_ steps: [Step]) -> [String] {
    let largest = steps.map { abs($0.value) }.max() ?? 0
    let half = Self.pictureWidth / 2
    return steps.map { step in
      let length = largest > 0 ? Int((abs(step.value) / largest * Double(half)).rounded()) : 0
      let picture =
        step.value >= 0
        ? String(repeating: " ", count: half) + "│" + bar(length, raises: true)
        : String(repeating: " ", count: half - length) + bar(length, raises: false) + "│"
      return line(
        step.label, picture, used: half + 1 + (step.value >= 0 ? length : 0), signed: true,
        step.value, error: step.error)
    }
  }

  /// Full blocks raise the risk, shaded ones lower it, so that colour is not needed.
  private func bar(_ length: Int, raises: Bool) -> String {
    Terminal.coloured(
      String(repeating: raises ? "█" : "▒", count: length), raises ? .risk : .safety)
  }

  private func line(
    _ label: String, _ picture: String, used: Int, signed: Bool, _ value: Double, error: Double?
  ) -> String {
    let name = shortened(VisibleText.line(label), to: Self.labelWidth)
    let gap = String(repeating: " ", count: Self.labelWidth - displayWidth(of: name))
    let rest = String(repeating: " ", count: max(0, Self.pictureWidth - used))
    let number = signed ? Numbers.signed(value, 2) : Numbers.decimal(value, 2)
    // An error that would be printed as zero tells nothing here.
    let spread = error.map { $0 >= 0.005 ? " ±\(Numbers.decimal($0, 2))" : "" } ?? ""
    return "  \(name)\(gap) \(picture)\(rest) \(number)\(spread)"
  }

  private func shortened(_ text: String, to width: Int) -> String {
    var kept = ""
    var used = 0
    for character in text {
      let size = displayWidth(of: String(character))
      if used + size > width - 1, displayWidth(of: text) > width { return kept + "…" }
      kept.append(character)
      used += size
    }
    return kept
  }
}
