import CandorDocument
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct ChartTests {
  static let long =
    "status of the checking account at the time of the application, in Deutsche Mark"

  static let samples: [(name: String, chart: Chart)] = {
    let axis = Axis(label: .text("False positive rate"), minimum: 0, maximum: 1)
    let roc = LineChart(
      title: .text("ROC curves & <limits> of four families on the held-out test sample of loans"),
      description: .text("d"), x: axis,
      y: Axis(label: .text("True positive rate"), minimum: 0, maximum: 1),
      series: (0..<4).map { k in
        LineChart.Series(
          name: .text(["Logistic regression", "Random forest", "神经网络", "Linear SVM"][k]),
          points: (0...20).map { i in
            let x = Double(i) / 20
            return LineChart.Point(x: x, y: pow(x, 0.5 - 0.08 * Double(k)))
          })
      }, diagonal: .text("No skill"))
    let calibration = LineChart(
      title: .text("校准曲线"), description: .text("d"),
      x: Axis(label: .text("平均预测违约概率"), isPercent: true),
      y: Axis(label: .text("观察到的坏样本率"), isPercent: true),
      series: [
        LineChart.Series(
          name: .text("十分位"),
          points: (1...10).map { i in
            let x = Double(i) * 0.07
            return LineChart.Point(x: x, y: x * 1.05, lower: x * 0.8, upper: x * 1.3)
          }, mark: .points)
      ], diagonal: .text("完全校准"))
    let importance = IntervalChart(
      title: .text("Permutation importance"), description: .text("d"),
      axis: Axis(label: .text("Drop in AUC when the feature is shuffled")),
      series: [.text("logistic"), .text("forest")],
      rows: [
        IntervalChart.Row(
          label: .text(long),
          estimates: [
            IntervalChart.Estimate(value: 0.08, lower: 0.06, upper: 0.1),
            IntervalChart.Estimate(value: 0.07, lower: 0.05, upper: 0.09),
          ]),
        IntervalChart.Row(
          label: .text("信用历史"),
          estimates: [IntervalChart.Estimate(value: 0.03, lower: -0.01, upper: 0.05), nil]),
        IntervalChart.Row(
          label: .text("averyveryverylongcolumnnamewithoutanyplacetobreakitinsideatallreally"),
          estimates: [IntervalChart.Estimate(value: -0.004), IntervalChart.Estimate(value: 0)]),
      ])
    let diverging = BarChart(
      title: .text("Contributions"), description: .text("d"),
      axis: Axis(label: .text("Log-odds")), series: [.text("Towards bad"), .text("Towards good")],
      rows: [
        BarChart.Row(label: .text("duration = 48"), values: [0.912]),
        BarChart.Row(label: .text("savings = <100"), values: [-0.35]),
        BarChart.Row(label: .text("amount"), values: [0.0]),
      ], isDiverging: true, format: .fixed(2))
    let gains = BarChart(
      title: .text("Bad rate by decile"), description: .text("d"),
      axis: Axis(label: .text("Bad rate"), isPercent: true),
      series: [.text("Observed"), .text("Predicted")],
      rows: (1...10).map {
        BarChart.Row(label: .text("\($0)"), values: [0.7 / Double($0), 0.65 / Double($0)])
      }, format: .percent(1))
    let waterfall = WaterfallChart(
      title: .text("From the reference to this applicant"), description: .text("d"),
      axis: Axis(label: .text("Log-odds of bad")), startLabel: .text("Mean of the reference"),
      start: -2.1,
      steps: [
        WaterfallChart.Step(label: .text("duration_months = 48"), change: 1.3),
        WaterfallChart.Step(label: .text(long), change: 0.9),
        WaterfallChart.Step(label: .text("savings"), change: -0.4),
        WaterfallChart.Step(label: .text("all others"), change: 0.02),
      ], endLabel: .text("This applicant"),
      directions: [.text("Raises risk"), .text("Lowers risk")])
    let histogram = HistogramChart(
      title: .text("Scores of goods and bads"), description: .text("d"),
      x: Axis(label: .text("Points")), y: Axis(label: .text("Share of group"), isPercent: true),
      edges: (0...10).map { 400 + Double($0) * 20 },
      series: [
        HistogramChart.Series(
          name: .text("Good"),
          shares: [0.01, 0.02, 0.05, 0.08, 0.12, 0.16, 0.2, 0.18, 0.12, 0.06]),
        HistogramChart.Series(
          name: .text("Bad"),
          shares: [0.1, 0.14, 0.2, 0.18, 0.14, 0.1, 0.06, 0.04, 0.03, 0.01]),
      ])
    let effect = LineChart(
      title: .text("Accumulated local effect of duration"), description: .text("d"),
      x: Axis(label: .text("duration")), y: Axis(label: .text("Log-odds")),
      series: [
        LineChart.Series(
          name: .text("ALE"),
          points: (0...12).map { i in
            let y = 0.1 * Double(i) - 0.6
            return LineChart.Point(x: Double(i) * 5, y: y, lower: y - 0.1, upper: y + 0.15)
          }, mark: .band)
      ], rug: [0, 6, 12, 12.5, 60, 99])
    let swarm = BeeswarmChart(
      title: .text("Shapley values of 200 applicants"), description: .text("d"),
      axis: Axis(label: .text("Log-odds")),
      rows: [
        BeeswarmChart.Row(
          label: .text(long),
          dots: (0..<200).map { i in
            BeeswarmChart.Dot(
              value: sin(Double(i)) * 0.4, level: i % 5 == 0 ? nil : Double(i) / 200)
          }),
        BeeswarmChart.Row(
          label: .text("储蓄"), dots: [BeeswarmChart.Dot(value: 0, level: 0.5)]),
      ], low: .text("low value"), high: .text("high value"), none: .text("no order"))
    return [
      ("effect", .line(effect)), ("swarm", .beeswarm(swarm)),
      ("roc", .line(roc)), ("calibration", .line(calibration)),
      ("importance", .interval(importance)), ("diverging", .bar(diverging)),
      ("gains", .bar(gains)), ("waterfall", .waterfall(waterfall)),
      ("histogram", .histogram(histogram)),
    ]
  }()

  static let localizer = Localizer(catalogue: StringCatalogue(language: .english, texts: [:]))

  @Test("Every chart is well-formed XML with role, title and description, and is stable")
  func wellFormed() throws {
    for (name, chart) in Self.samples {
      let svg = try SVGWriter.svg(for: chart, localizer: Self.localizer)
      let parser = XMLParser(data: Data(svg.utf8))
      #expect(parser.parse(), "\(name)")
      #expect(svg.contains("role=\"img\"") && svg.contains("<title>") && svg.contains("<desc>"))
      #expect(svg == (try SVGWriter.svg(for: chart, localizer: Self.localizer)))
      #expect(!svg.contains("nan") && !svg.contains("inf"))
      if let folder = ProcessInfo.processInfo.environment["CANDOR_CHART_FOLDER"] {
        try svg.write(toFile: "\(folder)/\(name).svg", atomically: true, encoding: .utf8)
      }
    }
  }

  @Test("Charts come back from JSON as they were")
  func codable() throws {
    for (_, chart) in Self.samples {
      #expect(try JSONWriter.value(Chart.self, from: JSONWriter.bytes(of: chart)) == chart)
    }
  }

  @Test("No mark and no text of a chart lies outside its picture, by a rough measure of text")
  func nothingIsCut() throws {
    for (name, chart) in Self.samples {
      let svg = try SVGWriter.svg(for: chart, localizer: Self.localizer)
      let reader = ElementReader()
      let parser = XMLParser(data: Data(svg.utf8))
      parser.delegate = reader
      #expect(parser.parse())
      #expect(reader.texts.count > 5)
      for text in reader.texts where !text.isRotated {
        let width =
          text.content.unicodeScalars.reduce(0.0) { sum, scalar in
            sum + (scalar.value > 0x2E80 ? 1 : 0.5)
          } * text.size
        let start =
          switch text.anchor {
          case "end": text.x - width
          case "middle": text.x - width / 2
          default: text.x
          }
        #expect(start >= 0 && start + width <= reader.width, "\(name): \(text.content)")
        #expect(text.y > 0 && text.y < reader.height, "\(name): \(text.content)")
      }
      for first in reader.texts.indices {
        for second in reader.texts.indices where second > first {
          let a = reader.texts[first]
          let b = reader.texts[second]
          let same = a.x == b.x && a.anchor == b.anchor && !a.isRotated && !b.isRotated
          #expect(!same || abs(a.y - b.y) >= 11, "\(name): \(a.content) on \(b.content)")
        }
      }
    }
  }

  @Test(
    "A band is one polygon with its ends, and dots do not hide each other")
  func bandsAndDots() throws {
    let all = Dictionary(uniqueKeysWithValues: Self.samples)
    let effect = try SVGWriter.svg(for: try #require(all["effect"]), localizer: Self.localizer)
    #expect(effect.components(separatedBy: "<polygon").count == 2)
    #expect(effect.contains("fill-opacity=\"0.18\""))
    let swarm = try SVGWriter.svg(for: try #require(all["swarm"]), localizer: Self.localizer)
    let circles = swarm.components(separatedBy: "<circle ").dropFirst().map {
      String($0.prefix { $0 != ">" })
    }
    #expect(circles.count == 201)
    #expect(circles.filter { $0.contains("#8C959F") }.count == 40)
    let places = Set(circles.map { $0.components(separatedBy: " fill").first ?? "" })
    #expect(places.count > 150)
  }

  @Test("A chart without points refuses to be drawn")
  func empty() {
    let chart = LineChart(
      title: .text(""), description: .text(""), x: Axis(label: .text("")),
      y: Axis(label: .text("")), series: [])
    #expect(throws: DocumentError.self) {
      try SVGWriter.svg(for: .line(chart), localizer: Self.localizer)
    }
  }
}

private final class ElementReader: NSObject, XMLParserDelegate {
  struct Text {
    var content = ""
    var x = 0.0
    var y = 0.0
    var size = 0.0
    var anchor = "start"
    var isRotated = false
  }

  var width = 0.0
  var height = 0.0
  var texts: [Text] = []
  private var isInText = false

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    isInText = name == "text"
    if name == "svg" {
      width = Double(attributes["width"] ?? "") ?? 0
      height = Double(attributes["height"] ?? "") ?? 0
    } else if isInText {
      texts.append(
        Text(
          x: Double(attributes["x"] ?? "") ?? -1, y: Double(attributes["y"] ?? "") ?? -1,
          size: Double(attributes["font-size"] ?? "") ?? 0,
          anchor: attributes["text-anchor"] ?? "start",
          isRotated: attributes["transform"] != nil))
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    if isInText { texts[texts.count - 1].content += string }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    isInText = false
  }
}
