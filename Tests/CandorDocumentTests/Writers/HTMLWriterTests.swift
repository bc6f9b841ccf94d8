import CandorDocument
import Testing

@Suite struct HTMLWriterTests {
  @Test("A page is well-formed, holds its figures and escapes what stands in data")
  func page() {
    let document = Document(
      language: .simplifiedChinese, title: "a<b",
      blocks: [
        .heading(level: 1, text: [.text("报告 <1>")]),
        .table(
          Table(
            columns: [Table.Column(header: [.text("x")], alignment: .right)],
            rows: [[[.text("<script>alert(\"1\")</script>")]]])),
        .figure(Figure(path: "f.svg", alternativeText: "f", caption: [.text("c")])),
        .figure(Figure(path: "g.svg", alternativeText: "g\"", caption: [])),
        .callout(.note, blocks: [.paragraph([.text("n")])]),
        .list(ordered: false, items: [[.code("a&b")]]),
      ])
    let page = HTMLWriter(figures: ["f.svg": "<svg></svg>\n"]).write(document)
    #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"zh-Hans\">"))
    #expect(page.contains("<h1 id=\"报告-1\">报告 &lt;1&gt;</h1>"))
    #expect(page.contains("<td class=\"right\">&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;"))
    #expect(page.contains("<figure>\n<svg></svg>\n<figcaption>c"))
    #expect(page.contains("<img src=\"g.svg\" alt=\"g&quot;\">"))
    #expect(page.contains("<aside class=\"note\">"))
    #expect(page.contains("<li><code>a&amp;b</code></li>"))
    #expect(!page.contains("http"))
  }
}
