/// The name under which a heading can be linked, as GitHub makes it: lower case, spaces as hyphens,
/// letters, digits, hyphens and underscores kept, all else dropped.
public func headingAnchor(for heading: String) -> String {
  var anchor = ""
  for character in heading.lowercased() {
    if character == " " {
      anchor += "-"
    } else if character.isLetter || character.isNumber || character == "-" || character == "_" {
      anchor.append(character)
    }
  }
  return anchor
}
