/// Writes a document as GitHub-flavoured Markdown that also reads well as plain text.
///
/// The specification is GitHub Flavored Markdown 0.29; tables are padded by display width, so
/// that Chinese text lines up too. The same document gives the same text.
public struct MarkdownWriter: Sendable {
  /// Cells wider than this are not used to widen a table's column.
  public let widestPadding: Int

  /// Makes a writer.
  public init(widestPadding: Int = 48) { self.widestPadding = widestPadding }

  /// The whole document; ends with a line break.
  public func write(_ document: Document) -> String {
    document.blocks.map(write).joined(separator: "\n\n") + "\n"
  }

  /// One block, without a line break at its end.
  public func write(_ block: Block) -> String {
    switch block {
    case .heading(let level, let text):
      return String(repeating: "#", count: min(max(level, 1), 6)) + " " + write(text)
    case .paragraph(let text): return Self.guardedStart(write(text))
    case .list(let ordered, let items):
      return items.enumerated().map { index, item in
        (ordered ? "\(index + 1). " : "- ") + Self.guardedStart(write(item))
      }.joined(separator: "\n")
    case .table(let table): return write(table)
    case .figure(let figure):
      let image =
        "![\(write([.text(figure.alternativeText)]))](\(Self.destination(figure.path)))"
      return figure.caption.isEmpty
        ? image : image + "\n\n" + Self.guardedStart(write(figure.caption))
    case .codeBlock(let code, let language):
      let fence = Self.fence(around: code, character: "`", atLeast: 3)
      return "\(fence)\(language)\n\(code)\n\(fence)"
    case .callout(let tone, let blocks):
      let name =
        switch tone {
        case .note: "NOTE"
        case .important: "IMPORTANT"
        case .warning: "WARNING"
        }
      let inner = blocks.map(write).joined(separator: "\n\n")
      let lines =
        ["[!\(name)]"]
        + inner.split(separator: "\n", omittingEmptySubsequences: false)
        .map(String.init)
      return lines.map { $0.isEmpty ? ">" : "> " + $0 }.joined(separator: "\n")
    }
  }

  /// Running text on one line.
  public func write(_ inlines: [Inline]) -> String {
    var text = ""
    for (index, inline) in inlines.enumerated() {
      let piece = write(inline)
      guard Self.isMarked(inline) else {
        text += piece
        continue
      }
      // A mark beside a letter opens or closes nothing when its other side is punctuation
      // (CommonMark, "left-flanking"): Chinese text has no spaces there, so one is put in.
      let content = inline.plainText
      if let before = text.last, Self.isWordCharacter(before), let first = content.first,
        !Self.isWordCharacter(first)
      {
        text += " "
      }
      text += piece
      if index + 1 < inlines.count, let last = content.last, !Self.isWordCharacter(last),
        let next = inlines[index + 1].plainText.first, Self.isWordCharacter(next)
      {
        text += " "
      }
    }
    return text
  }

  private func write(_ inline: Inline) -> String {
    switch inline {
    case .text(let text): return Self.escaped(text)
    case .strong(let inlines): return inlines.isEmpty ? "" : "**\(write(inlines))**"
    case .emphasis(let inlines): return inlines.isEmpty ? "" : "*\(write(inlines))*"
    case .code(let code): return Self.code(code)
    case .link(let inlines, let destination):
      return "[\(write(inlines))](\(Self.destination(destination)))"
    }
  }

  private func write(_ table: Table) -> String {
    let header = table.columns.map { Self.cell(write($0.header)) }
    let rows = table.rows.map { row in row.map { Self.cell(write($0)) } }
    let widths = table.columns.indices.map { column in
      let longest =
        ([header] + rows).map { displayWidth(of: $0[column]) }
        .filter { $0 <= widestPadding }.max() ?? 0
      return max(3, longest)
    }
    func line(_ cells: [String]) -> String {
      let padded = cells.enumerated().map { column, cell in
        Self.padded(cell, to: widths[column], table.columns[column].alignment)
      }
      return "| " + padded.joined(separator: " | ") + " |"
    }
    let rule = table.columns.enumerated().map { column, value in
      let width = widths[column]
      return switch value.alignment {
      case .left: String(repeating: "-", count: width)
      case .right: String(repeating: "-", count: width - 1) + ":"
      case .centre: ":" + String(repeating: "-", count: width - 2) + ":"
      }
    }
    return ([line(header), "| " + rule.joined(separator: " | ") + " |"] + rows.map(line))
      .joined(separator: "\n")
  }

  private static func padded(_ cell: String, to width: Int, _ alignment: Table.Alignment)
    -> String
  {
    let missing = max(0, width - displayWidth(of: cell))
    let left =
      switch alignment {
      case .left: 0
      case .right: missing
      case .centre: missing / 2
      }
    return String(repeating: " ", count: left) + cell
      + String(repeating: " ", count: missing - left)
  }

  /// A cell: a pipe in code would still end it.
  private static func cell(_ text: String) -> String {
    var cell = ""
    var escaped = false
    for character in text {
      if character == "|", !escaped { cell += "\\" }
      escaped = character == "\\" && !escaped
      cell.append(character)
    }
    return cell
  }

  /// Escapes what Markdown would take for a mark; an underscore inside a word is none.
  static func escaped(_ text: String) -> String {
    let characters = Array(text)
    var result = ""
    for (index, character) in characters.enumerated() {
      let before = index > 0 ? characters[index - 1] : " "
      let after = index + 1 < characters.count ? characters[index + 1] : " "
      switch character {
      case "\\", "`", "*", "[", "|", "~", "$": result += "\\" + String(character)
      case "_":
        let inWord = isWordCharacter(before) && isWordCharacter(after)
        result += inWord ? "_" : "\\_"
      case "<":
        result += after.isLetter || after == "/" || after == "!" || after == "?" ? "\\<" : "<"
      case "&": result += after.isLetter || after == "#" ? "\\&" : "&"
      case "\n", "\r", "\r\n", "\t": result += " "
      default: result.append(character)
      }
    }
    return result
  }

  /// Escapes a start that would make a paragraph a heading, list, quotation or rule.
  private static func guardedStart(_ text: String) -> String {
    guard let first = text.first else { return text }
    if first == "#" || first == ">" || first == "=" { return "\\" + text }
    if first == "-" || first == "+" {
      let next = text.dropFirst().first
      return next == nil || next == " " || next == first ? "\\" + text : text
    }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let rest = text.dropFirst(digits.count)
    if !digits.isEmpty, rest.hasPrefix(". ") || rest.hasPrefix(") ") {
      return digits + "\\" + rest
    }
    return text
  }

  private static func code(_ code: String) -> String {
    let flat = String(code.map { $0.isNewline ? " " : $0 })
    guard !flat.isEmpty else { return "" }
    let fence = fence(around: flat, character: "`", atLeast: 1)
    let space = flat.hasPrefix("`") || flat.hasSuffix("`") ? " " : ""
    return fence + space + flat + space + fence
  }

  private static func fence(around code: String, character: Character, atLeast: Int) -> String {
    var longest = 0
    var run = 0
    for next in code {
      run = next == character ? run + 1 : 0
      longest = max(longest, run)
    }
    let alone = longest == 0 ? atLeast : max(atLeast, longest + 1)
    return String(repeating: character, count: alone)
  }

  private static func destination(_ path: String) -> String {
    var result = ""
    for character in path {
      switch character {
      case " ": result += "%20"
      case "(": result += "%28"
      case ")": result += "%29"
      case "<": result += "%3C"
      case ">": result += "%3E"
      default: result.append(character)
      }
    }
    return result
  }

  private static func isMarked(_ inline: Inline) -> Bool {
    switch inline {
    case .strong, .emphasis: true
    default: false
    }
  }

  private static func isWordCharacter(_ character: Character) -> Bool {
    character.isLetter || character.isNumber
  }
}
