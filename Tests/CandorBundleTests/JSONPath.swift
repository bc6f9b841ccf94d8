/// Ways into a JSON value as Foundation reads it, to put something else at their ends.
enum JSONPath {
  /// One step into a JSON value.
  enum Step {
    case member(String)
    case element(Int)
  }

  /// The paths to every value inside one, itself included.
  static func all(in value: Any) -> [[Step]] {
    var result: [[Step]] = [[]]
    if let object = value as? [String: Any] {
      for key in object.keys.sorted() {
        guard let member = object[key] else { continue }
        result += all(in: member).map { [.member(key)] + $0 }
      }
    } else if let list = value as? [Any] {
      for (place, element) in list.enumerated() {
        result += all(in: element).map { [.element(place)] + $0 }
      }
    }
    return result
  }

  /// The value with another one at the end of a path; nil takes it away.
  static func replacing(_ value: Any, _ path: ArraySlice<Step>, with other: Any?) -> Any? {
    guard let step = path.first else { return other }
    switch step {
    case .member(let key):
      guard var object = value as? [String: Any], let member = object[key] else { return value }
      object[key] = replacing(member, path.dropFirst(), with: other)
      return object
    case .element(let place):
      guard var list = value as? [Any] else { return value }
      if let element = replacing(list[place], path.dropFirst(), with: other) {
        list[place] = element
      } else {
        list.remove(at: place)
      }
      return list
    }
  }

  /// What stands at the end of a path; nil where it leads nowhere.
  static func value(_ value: Any, _ path: ArraySlice<Step>) -> Any? {
    guard let step = path.first else { return value }
    switch step {
    case .member(let key):
      return (value as? [String: Any])?[key].flatMap { Self.value($0, path.dropFirst()) }
    case .element(let place):
      return (value as? [Any]).flatMap { Self.value($0[place], path.dropFirst()) }
    }
  }
}
