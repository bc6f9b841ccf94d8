/// What a coder's error says, as part of a sentence: the place in the JSON and what is wrong there.
enum CodingFault {
  /// The place and the fault, without a full stop; faults of other kinds are named in general terms.
  static func sentence(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      "\(place(context.codingPath + [key])) is missing"
    case DecodingError.valueNotFound(_, let context):
      "\(place(context.codingPath)) is null where a value must stand"
    case DecodingError.typeMismatch(_, let context), DecodingError.dataCorrupted(let context):
      text(context.codingPath, context.debugDescription)
    case EncodingError.invalidValue(_, let context):
      text(context.codingPath, context.debugDescription)
    default: "it cannot be converted"
    }
  }

  private static func text(_ path: [any CodingKey], _ description: String) -> String {
    let ending = description.hasSuffix(".") ? String(description.dropLast()) : description
    return path.isEmpty ? ending : "\(place(path)): \(ending)"
  }

  private static func place(_ path: [any CodingKey]) -> String {
    var text = ""
    for key in path {
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        text += (text.isEmpty ? "" : ".") + key.stringValue
      }
    }
    return "`\(text)`"
  }
}
