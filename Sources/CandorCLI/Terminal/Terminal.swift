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

  /// Writes a line of results for a person; nothing in it can steer the terminal.
  static func say(_ line: String) {
    write(VisibleText.line(line, keepingColours: usesColour) + "\n", to: .standardOutput)
  }

  /// Writes a line for the person at the terminal.
  static func complain(_ line: String) {
    write(VisibleText.line(line) + "\n", to: .standardError)
  }

  /// Makes a write to a reader that has gone away an error rather than the process's end.
  static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

  /// Writes bytes as they are.
  ///
  /// A reader that has gone away, such as `head`, has what it wanted and ends the tool quietly.
  /// Results that cannot be written for any other reason end it with `EX_IOERR`: a file that is
  /// incomplete must not look complete. What cannot be written to standard error is lost.
  static func write(_ text: String, to handle: FileHandle) {
    write(Data(text.utf8), to: handle)
  }

  /// The same for bytes that are no `String` yet.
  static func write(_ data: Data, to handle: FileHandle) {
    do {
      try handle.write(contentsOf: data)
    } catch {
      guard handle === FileHandle.standardOutput else { return }
      let code = systemCode(of: error)
      if code == EPIPE { Foundation.exit(0) }
      let why = code.map { ", \(reason($0))" } ?? ""
      complain(
        "candor: Standard output cannot be written\(why); the results are incomplete.")
      Foundation.exit(ExitCodes.inputOutput)
    }
  }

  /// The operating system's number of a fault, where one is behind it.
  private static func systemCode(of error: any Error) -> Int32? {
    let fault = error as NSError
    if fault.domain == NSPOSIXErrorDomain { return Int32(fault.code) }
    return (fault.userInfo[NSUnderlyingErrorKey] as? any Error).flatMap(systemCode)
  }

  private static func reason(_ code: Int32) -> String {
    switch code {
    case ENOSPC: "no space is left on the device"
    case EIO: "input/output error"
    case EBADF: "it is closed"
    case EDQUOT: "the quota is used up"
    case EFBIG: "the file is too large"
    default: "error \(code) of the operating system"
    }
  }

  /// Text between colour codes, or as it is where colour is not wanted.
  static func coloured(_ text: String, _ colour: Colour) -> String {
    usesColour ? colour.start + text + Colour.end : text
  }

  /// The few colours in use: blue and orange can be told apart by most eyes.
  enum Colour: String, CaseIterable {
    case bold = "1"
    case risk = "38;5;166"
    case safety = "38;5;32"
    case faint = "2"

    /// The sequence that begins the colour.
    var start: String { "\u{1B}[\(rawValue)m" }
    /// The sequence that ends any colour.
    static let end = "\u{1B}[0m"
  }
}
