import CandorDocument
import Testing

@Suite struct MarkdownWriterTests {
  private func write(_ blocks: Block...) -> String {
    MarkdownWriter().write(Document(language: .english, title: "T", blocks: blocks))
  }

  @Test("Every kind of block is written as GitHub-flavoured Markdown")
  func golden() {
    let text = write(
      .heading(level: 2, text: [.text("Score & cut-off")]),
      .paragraph([
        .text("The "), .strong([.text("AUC")]), .text(" of "), .code("forest_v2"),
        .text(" is "), .emphasis([.text("good")]), .text("; see "),
        .link([.text("notes")], destination: "a b(1).md"),
      ]),
      .list(ordered: true, items: [[.text("one")], [.text("two")]]),
      .list(ordered: false, items: [[.text("- dash first")], [.text("3. number first")]]),
      .figure(
        Figure(path: "figures/roc.svg", alternativeText: "ROC [all]", caption: [.text("Figure 1")])),
      .codeBlock("a\n```\nb", language: "text"),
      .callout(.warning, blocks: [.paragraph([.text("Look.")]), .paragraph([.text("Again.")])]))
    #expect(
      text == """
        ## Score & cut-off

        The **AUC** of `forest_v2` is *good*; see [notes](a%20b%281%29.md)

        1. one
        2. two

        - \\- dash first
        - 3\\. number first

        ![ROC \\[all]](figures/roc.svg)

        Figure 1

        ````text
        a
        ```
        b
        ````

        > [!WARNING]
        > Look.
        >
        > Again.

        """)
  }

  @Test("Tables line up on the screen, also with Chinese cells")
  func eastAsianAlignment() {
    let table = Table(
      columns: [
        Table.Column(header: [.text("特征")]),
        Table.Column(header: [.text("AUC")], alignment: .right),
        Table.Column(header: [.text("结论")], alignment: .centre),
      ],
      rows: [
        [[.text("credit_amount")], [.text("0.78")], [.text("通过")]],
        [[.text("年龄")], [.text("0.5")], [.text("warn")]],
        [[.text("short row")]],
      ])
    let text = MarkdownWriter().write(.table(table))
    #expect(
      text == """
        | 特征          |  AUC | 结论 |
        | ------------- | ---: | :--: |
        | credit_amount | 0.78 | 通过 |
        | 年龄          |  0.5 | warn |
        | short row     |      |      |
        """)
    let widths = Set(text.split(separator: "\n").map { displayWidth(of: String($0)) })
    #expect(widths.count == 1)
  }

  @Test("Marks in data are escaped, underscores inside names are not")
  func escaping() {
    func line(_ text: String) -> String { MarkdownWriter().write([.text(text)]) }
    #expect(line("a|b*c`d[e]~f$g\\") == "a\\|b\\*c\\`d\\[e]\\~f\\$g\\\\")
    #expect(
      line("credit_amount _x_ <100 <b> &amp; a&b A & B")
        == "credit_amount \\_x\\_ <100 \\<b> \\&amp; a\\&b A & B")
    #expect(line("two\nlines") == "two lines")
    #expect(write(.paragraph([.text("# no heading")])) == "\\# no heading\n")
    #expect(write(.paragraph([.text("+ no list")])) == "\\+ no list\n")
    #expect(write(.paragraph([.text("−0.5 stays")])) == "−0.5 stays\n")
  }

  @Test("A pipe in code inside a table cell does not end the cell")
  func pipeInCode() {
    let table = Table(
      columns: [Table.Column(header: [.text("x")])], rows: [[[.code("a|b")]], [[.text("c|d")]]])
    #expect(
      MarkdownWriter().write(.table(table)) == """
        | x      |
        | ------ |
        | `a\\|b` |
        | c\\|d   |
        """)
  }

  @Test("Strong Chinese text that ends in punctuation still closes")
  func flanking() {
    let text = MarkdownWriter().write([
      .text("见"), .strong([.text("结论：")]), .text("通过"), .strong([.text("否")]), .text("。"),
    ])
    #expect(text == "见**结论：** 通过**否**。")
  }
}
