import CandorData
import Foundation
import Yams

/// A place in a study file: a YAML node that knows its path and line, so that every complaint has
/// both.
struct StudyNode {
  let node: Node
  let path: String
  let file: String

  /// The line, from one.
  var line: Int? { node.mark?.line }

  /// Parses a whole file.
  static func root(of text: String, file: String) throws(StudyError) -> StudyNode {
    let composed: Node?
    do {
      composed = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw syntaxError(error, file: file)
    } catch {
      throw StudyError(.badSyntax, "The study is not valid YAML: \(error).", file: file)
    }
    guard let node = composed else {
      throw StudyError(
        .missingKey, "The study is empty; it needs at least `data` and `target`.", file: file)
    }
    return StudyNode(node: node, path: "", file: file)
  }

  private static func syntaxError(_ error: YamlError, file: String) -> StudyError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return StudyError(
        .badSyntax, "The study is not valid YAML: \(problem).", file: file, line: mark.line)
    case .duplicatedKeysInMapping(let duplicates, let context):
      return StudyError(
        .badSyntax, "The key \(duplicates.map { "`\($0)`" }.joined(separator: ", ")) stands twice.",
        file: file, line: context.mark.line)
    default:
      return StudyError(.badSyntax, "The study is not valid YAML: \(error).", file: file)
    }
  }

  /// The node as YAML with sorted keys, in which comments and layout no longer count. The entries of
  /// the named keys keep their order, where order has a meaning.
  func normalised(keepingOrderOf ordered: Set<String>) throws(StudyError) -> String {
    do {
      return try Yams.serialize(
        node: Self.sorted(node, keepingOrderOf: ordered), width: -1, allowUnicode: true)
    } catch {
      throw self.error(.badSyntax, "The study cannot be written as YAML: \(error).")
    }
  }

  private static func sorted(
    _ node: Node, keepingOrderOf ordered: Set<String> = [], keepsOrder: Bool = false
  ) -> Node {
    switch node {
    case .mapping(let mapping):
      var pairs = mapping.map { key, value in
        (key, sorted(value, keepsOrder: ordered.contains(key.scalar?.string ?? "")))
      }
      if !keepsOrder {
        pairs.sort { ($0.0.scalar?.string ?? "") < ($1.0.scalar?.string ?? "") }
      }
      return .mapping(Node.Mapping(pairs))
    case .sequence(let sequence):
      return .sequence(Node.Sequence(sequence.map { sorted($0) }))
    case .scalar(let scalar): return .scalar(Node.Scalar(scalar.string))
    case .alias: return node
    }
  }

  func error(_ code: StudyError.Code, _ message: String) -> StudyError {
    StudyError(code, path.isEmpty ? message : "`\(path)`: \(message)", file: file, line: line)
  }

  private func child(_ node: Node, _ name: String) -> StudyNode {
    StudyNode(node: node, path: path.isEmpty ? name : "\(path).\(name)", file: file)
  }

  /// The entries of a mapping in the file's order, whatever their keys.
  func entries() throws(StudyError) -> [(key: String, value: StudyNode)] {
    if isNull { return [] }
    guard case .mapping(let mapping) = node else {
      throw error(.wrongType, "expected a mapping of names to values.")
    }
    var result: [(String, StudyNode)] = []
    for (key, value) in mapping {
      guard let name = key.scalar?.string else {
        throw error(.wrongType, "every key must be a plain name.")
      }
      result.append((name, child(value, name)))
    }
    return result
  }

  /// The entries of a mapping by key; a key that is not known is refused with the nearest one.
  func mapping(known: [String]) throws(StudyError) -> [String: StudyNode] {
    var result: [String: StudyNode] = [:]
    for (key, value) in try entries() {
      guard known.contains(key) else { throw value.unknownKey(key, known: known) }
      result[key] = value
    }
    return result
  }

  /// The complaint about a key that is not known.
  func unknownKey(_ key: String, known: [String]) -> StudyError {
    let advice =
      nearestName(to: key, among: known).map { "did you mean `\($0)`?" }
      ?? "the keys here are \(known.map { "`\($0)`" }.joined(separator: ", "))."
    return StudyError(
      .unknownKey, "The key `\(key)` is not known\(within); \(advice)", file: file, line: line)
  }

  private var within: String {
    guard let dot = path.lastIndex(of: ".") else { return "" }
    return " in `\(path[..<dot])`"
  }

  var isNull: Bool {
    guard case .scalar(let scalar) = node else { return false }
    return scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
  }

  /// The items of a list.
  func items() throws(StudyError) -> [StudyNode] {
    guard case .sequence(let sequence) = node else {
      throw error(.wrongType, "expected a list, for example `[a, b]`.")
    }
    return sequence.enumerated().map { child($1, "\($0 + 1)") }
  }

  /// A text; numbers and other plain scalars count as their spelling.
  func text() throws(StudyError) -> String {
    if isNull { throw error(.wrongType, "expected a text, found nothing.") }
    guard case .scalar(let scalar) = node else { throw error(.wrongType, "expected a text.") }
    return scalar.string
  }

  func texts() throws(StudyError) -> [String] {
    var result: [String] = []
    for item in try items() { result.append(try item.text()) }
    return result
  }

  /// A finite number, within a range where one is given.
  func number(in range: ClosedRange<Double>? = nil) throws(StudyError) -> Double {
    let spelling = try text()
    guard let value = Double(spelling), value.isFinite else {
      throw error(.wrongType, "expected a number, found \"\(spelling)\".")
    }
    if let range, !range.contains(value) {
      throw error(
        .outOfRange,
        "must be between \(plainText(range.lowerBound)) and \(plainText(range.upperBound)); "
          + "found \(spelling).")
    }
    return value
  }

  func numbers() throws(StudyError) -> [Double] {
    var result: [Double] = []
    for item in try items() { result.append(try item.number()) }
    return result
  }

  /// A whole number within a range.
  func integer(in range: ClosedRange<Int>) throws(StudyError) -> Int {
    let spelling = try text()
    guard let value = Int(spelling) else {
      throw error(.wrongType, "expected a whole number, found \"\(spelling)\".")
    }
    guard range.contains(value) else {
      throw error(
        .outOfRange,
        "must be between \(range.lowerBound) and \(range.upperBound); found \(spelling).")
    }
    return value
  }

  func flag() throws(StudyError) -> Bool {
    switch try text().lowercased() {
    case "true", "yes", "on": return true
    case "false", "no", "off": return false
    case let other: throw error(.wrongType, "expected `true` or `false`, found \"\(other)\".")
    }
  }

  /// One of a few words.
  func choice<Word: RawRepresentable & CaseIterable>(
    _ type: Word.Type
  ) throws(StudyError) -> Word where Word.RawValue == String {
    let spelling = try text()
    if let word = Word(rawValue: spelling) { return word }
    let known = Word.allCases.map(\.rawValue)
    let nearest = nearestName(to: spelling, among: known).map { "; did you mean `\($0)`?" } ?? "."
    throw error(
      .outOfRange,
      "must be one of \(known.map { "`\($0)`" }.joined(separator: ", ")); found \"\(spelling)\""
        + nearest)
  }

  var isMapping: Bool { if case .mapping = node { true } else { false } }
  var isSequence: Bool { if case .sequence = node { true } else { false } }
}
