/// Writes a document as one page that needs nothing beside it: style and figures stand inside.
public struct HTMLWriter: Sendable {
  private let figures: [String: String]

  /// Makes a writer.
  ///
  /// - Parameter figures: SVG text by the path that the document's figures name; a figure whose
  ///   path is not here is linked instead.
  public init(figures: [String: String] = [:]) { self.figures = figures }

  /// The whole page; ends with a line break.
  public func write(_ document: Document) -> String {
    let language = document.language == .english ? "en" : "zh-Hans"
    return """
      <!DOCTYPE html>
      <html lang="\(language)">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(escapedMarkup(document.title))</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      <main>
      \(document.blocks.map(write).joined(separator: "\n"))
      </main>
      </body>
      </html>

      """
  }

  /// One block.
  public func write(_ block: Block) -> String {
    switch block {
    case .heading(let level, let text):
      let level = min(max(level, 1), 6)
      let name = escapedMarkup(headingAnchor(for: text.plainText))
      return "<h\(level) id=\"\(name)\">\(write(text))</h\(level)>"
    case .paragraph(let text): return "<p>\(write(text))</p>"
    case .list(let ordered, let items):
      let name = ordered ? "ol" : "ul"
      return (["<\(name)>"] + items.map { "<li>\(write($0))</li>" } + ["</\(name)>"])
        .joined(separator: "\n")
    case .table(let table): return write(table)
    case .figure(let figure):
      let image =
        figures[figure.path].map { $0.hasSuffix("\n") ? String($0.dropLast()) : $0 }
          ?? """
          <img src="\(escapedMarkup(figure.path))" alt="\(escapedMarkup(figure.alternativeText))">
          """
      return "<figure>\n\(image)\n<figcaption>\(write(figure.caption))</figcaption>\n</figure>"
    case .codeBlock(let code, _):
      return "<pre><code>\(escapedMarkup(code))</code></pre>"
    case .callout(let tone, let blocks):
      return "<aside class=\"\(tone.rawValue)\">\n"
        + blocks.map(write).joined(separator: "\n") + "\n</aside>"
    }
  }

  private func write(_ table: Table) -> String {
    func cells(_ texts: [[Inline]], _ name: String) -> String {
      let parts = zip(texts, table.columns).map { text, column in
        let side =
          switch column.alignment {
          case .left: ""
          case .right: " class=\"right\""
          case .centre: " class=\"centre\""
          }
        return "<\(name)\(side)>\(write(text))</\(name)>"
      }
      return "<tr>" + parts.joined() + "</tr>"
    }
    return """
      <div class="table"><table>
      <thead>\(cells(table.columns.map(\.header), "th"))</thead>
      <tbody>
      \(table.rows.map { cells($0, "td") }.joined(separator: "\n"))
      </tbody>
      </table></div>
      """
  }

  private func write(_ inlines: [Inline]) -> String { inlines.map(write).joined() }

  private func write(_ inline: Inline) -> String {
    switch inline {
    case .text(let text): return escapedMarkup(text)
    case .strong(let inlines): return "<strong>\(write(inlines))</strong>"
    case .emphasis(let inlines): return "<em>\(write(inlines))</em>"
    case .code(let code): return "<code>\(escapedMarkup(code))</code>"
    case .link(let inlines, let destination):
      return "<a href=\"\(escapedMarkup(destination))\">\(write(inlines))</a>"
    }
  }

  private static let style = """
    body { margin: 0; background: #fff; color: #1f2328; font: 15px/1.55 system-ui, -apple-system,
      "Segoe UI", Helvetica, Arial, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC",
      sans-serif; }
    main { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
    h1, h2, h3 { line-height: 1.25; margin: 2.2em 0 .6em; }
    h1 { margin-top: 0; } h2 { border-bottom: 1px solid #d1d9e0; padding-bottom: .25em; }
    .table { overflow-x: auto; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 1em 0; }
    th, td { border: 1px solid #d1d9e0; padding: .3em .6em; text-align: left;
      vertical-align: top; }
    th { background: #f6f8fa; } .right { text-align: right; } .centre { text-align: center; }
    figure { margin: 1.5em 0; } figure svg, figure img { max-width: 100%; height: auto; }
    figcaption { color: #59636e; }
    code { background: #f6f8fa; padding: .1em .3em; overflow-wrap: anywhere; }
    pre { background: #f6f8fa; padding: 1em; overflow-x: auto; }
    pre code { padding: 0; overflow-wrap: normal; }
    aside { border-left: 4px solid #0072b2; padding: .1em 1em; margin: 1em 0; }
    aside.warning { border-color: #d55e00; }
    @media print { main { max-width: none; } h2 { break-after: avoid; }
      figure, tr { break-inside: avoid; } }
    """
}

/// Text with `&`, `<`, `>` and quotation marks written as references, and characters that XML
/// 1.0 forbids left out.
func escapedMarkup(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
    default:
      if scalar.value >= 0x20, scalar.value != 0xFFFE, scalar.value != 0xFFFF {
        result.unicodeScalars.append(scalar)
      }
    }
  }
  return result
}
