/// The name closest to a misspelt one, nil where none is near: distance above a third of its length
/// (two at least, one for names under six letters, none for names under three).
///
/// Distance is optimal string alignment (insert, delete, replace, swap neighbours), letters
/// compared without case; O(length²) a name.
public func nearestName(to name: String, among names: [String]) -> String? {
  // A name of one or two letters is as near to any other: there is nothing to suggest.
  let limit = name.count < 3 ? 0 : name.count < 6 ? 1 : max(2, name.count / 3)
  let wanted = Array(name.lowercased())
  var best: (name: String, distance: Int)?
  for candidate in names {
    let distance = alignmentDistance(wanted, Array(candidate.lowercased()))
    if distance <= limit, distance < best?.distance ?? Int.max { best = (candidate, distance) }
  }
  return best?.name
}

private func alignmentDistance(_ a: [Character], _ b: [Character]) -> Int {
  var beforeLast = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  for i in 0..<a.count {
    var current = [i + 1] + [Int](repeating: 0, count: b.count)
    for j in 0..<b.count {
      let change = last[j] + (a[i] == b[j] ? 0 : 1)
      current[j + 1] = min(change, last[j + 1] + 1, current[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        current[j + 1] = min(current[j + 1], beforeLast[j - 1] + 1)
      }
    }
    beforeLast = last
    last = current
  }
  return last[b.count]
}
