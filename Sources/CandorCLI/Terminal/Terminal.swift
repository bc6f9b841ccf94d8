import Foundation

/// Standard output for results, standard error for everything else.
enum Terminal {
  /// Whether standard error is a terminal, so that a progress bar makes sense.
  static var errorIsTerminal: Bool { isatty(FileHandle.standardError.fileDescriptor) == 1 }

  /// Whether colour is wanted on standard output (https://no-color.org).
  static var usesColour: Bool {
    isatty(FileHandle.standardOutput.fileDescriptor) == 1
      && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
      && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// Writes a line of results.
  static func say(_ line: String) { write(line + "\n", to: .standardOutput) }

  /// Writes a line for the person at the terminal.
  static func complain(_ line: String) { write(line + "\n", to: .standardError) }

  /// Writes bytes as they are; a reader that has gone away ends the tool quietly.
  static func write(_ text: String, to handle: FileHandle) {
    do {
      try handle.write(contentsOf: Data(text.utf8))
    } catch {
      Foundation.exit(0)
    }
  }

  /// Text between colour codes, or as it is where colour is not wanted.
  static func coloured(_ text: String, _ colour: Colour) -> String {
    usesColour ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// The few colours in use: blue and orange can be told apart by most eyes.
  enum Colour: String {
    case bold = "1"
    case risk = "38;5;166"
    case safety = "38;5;32"
    case faint = "2"
  }
}
