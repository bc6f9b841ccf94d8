import CCandorKernels

/// Counts distinct numbers, NaN apart, zeros of both signs being one.
enum DistinctNumbersKernel {
  /// 1.5 · 2⁵²: a number of at most 2⁵¹ in size plus this is rounded to a whole one, which the low
  /// bits of the sum hold (Warren, "Hacker's Delight", section 17-3).
  private static let rounder = 0x1.8p52
  /// Places that must be free in `rest`, since vectors are stored whole.
  static let spare = 8

  /// The number of NaNs, and the least and greatest of the others (infinities where there is none);
  /// O(n).
  static func range(
    _ numbers: Span<Double>, level: VectorLevel
  ) -> (missing: Int, low: Double, high: Double) {
    if level == .avx512 {
      precondition(level <= .best)
      var (low, high) = (Double.infinity, -Double.infinity)
      let missing = unsafe numbers.withUnsafeBufferPointer { buffer in
        guard let start = buffer.baseAddress else { return 0 }
        return unsafe candor_number_range(start, buffer.count, &low, &high)
      }
      return (missing, low, high)
    }
    let raw = unsafe numbers.bytes
    let count = numbers.count
    var lows = SIMD8<Double>(repeating: .infinity)
    var highs = SIMD8<Double>(repeating: -.infinity)
    var missing = SIMD8<Int64>(repeating: 0)
    let zero = SIMD8<Int64>(repeating: 0)
    let one = SIMD8<Int64>(repeating: 1)
    var i = 0
    while i + 8 <= count {
      let block = unsafe raw.unsafeLoadUnaligned(
        fromUncheckedByteOffset: i * 8, as: SIMD8<Double>.self)
      lows.replace(with: block, where: block .< lows)
      highs.replace(with: block, where: block .> highs)
      missing &+= zero.replacing(with: one, where: block .!= block)
      i += 8
    }
    var low = lows.min()
    var high = highs.max()
    var absent = Int(missing.wrappedSum())
    while i < count {
      let number = unsafe numbers[unchecked: i]
      if number < low { low = number }
      if number > high { high = number }
      if number.isNaN { absent += 1 }
      i += 1
    }
    return (absent, low, high)
  }

  /// Whether a number is a whole number of units of `1 / scale`: then it is the only one that rounds
  /// to that many, since the quotient is a function of the units.
  static func isMultiple(_ number: Double, scale: Double) -> Bool {
    let units = (number * scale + rounder) - rounder
    return units / scale == number
  }

  /// The units of `1 / scale` next to a number; of more than 2⁵¹ units, something else.
  static func units(_ number: Double, scale: Double) -> Int {
    Int(truncatingIfNeeded: (number * scale + rounder).bitPattern)
      &- Int(truncatingIfNeeded: rounder.bitPattern)
  }

  /// Counts the numbers that are whole numbers of units of `1 / scale`, from `low` units on, with
  /// one bit a unit; the others, and those beyond the bits, go to `rest` from its beginning. Nil
  /// where that has no room for them. O(n).
  ///
  /// - Returns: The number of distinct numbers that have a bit, and of numbers in `rest`.
  static func count(
    _ numbers: Span<Double>, scale: Double, low: Int, bits: inout [UInt64], rest: inout [Double]
  ) -> (distinct: Int, rest: Int)? {
    scale == 1
      ? count(numbers, scale: 1, isScaled: false, low: low, bits: &bits, rest: &rest)
      : count(numbers, scale: scale, isScaled: true, low: low, bits: &bits, rest: &rest)
  }

  @inline(__always)
  private static func count(
    _ numbers: Span<Double>, scale: Double, isScaled: Bool, low: Int, bits: inout [UInt64],
    rest: inout [Double]
  ) -> (distinct: Int, rest: Int)? {
    var words = bits.mutableSpan
    let limit = UInt(words.count) &* 64
    let base = Int(truncatingIfNeeded: rounder.bitPattern) &+ low
    var distinct: UInt64 = 0
    var others = 0
    for i in 0..<numbers.count {
      let number = unsafe numbers[unchecked: i]
      let sum = isScaled ? number * scale + rounder : number + rounder
      let units = sum - rounder
      let place = UInt(bitPattern: Int(truncatingIfNeeded: sum.bitPattern) &- base)
      if (isScaled ? units / scale : units) != number || place >= limit {
        if number.isNaN { continue }
        guard others < rest.count else { return nil }
        rest[others] = number
        others &+= 1
        continue
      }
      let word = Int(bitPattern: place &>> 6)
      let bit = UInt64(truncatingIfNeeded: place & 63)
      let before = unsafe words[unchecked: word]
      distinct &+= ~(before &>> bit) & 1
      unsafe words[unchecked: word] = before | (1 &<< bit)
    }
    return (Int(truncatingIfNeeded: distinct), others)
  }

  /// The same with the kernel in C, whose twin it is: marks come first, into one byte a unit where
  /// `bytes` has room for `size` units and one, else into one bit a unit, and are counted at the end.
  static func mark(
    _ numbers: Span<Double>, scale: Double, low: Int, size: Int, bytes: inout [UInt8],
    bits: inout [UInt64], rest: inout [Double]
  ) -> (distinct: Int, rest: Int)? {
    precondition(VectorLevel.best == .avx512 && rest.count >= spare)
    precondition(bytes.count == size + 1 || (bytes.isEmpty && bits.count == size / 64 + 1))
    let room = rest.count - spare
    let isBytes = !bytes.isEmpty
    let others = unsafe numbers.withUnsafeBufferPointer { numbers in
      unsafe bytes.withUnsafeMutableBufferPointer { bytes in
        unsafe bits.withUnsafeMutableBufferPointer { bits in
          unsafe rest.withUnsafeMutableBufferPointer { rest in
            guard let start = numbers.baseAddress, let left = rest.baseAddress else { return 0 }
            return unsafe candor_mark_numbers(
              start, numbers.count, scale, Int64(low), Int64(size),
              isBytes ? bytes.baseAddress : nil, bits.baseAddress, left, room)
          }
        }
      }
    }
    guard others >= 0 else { return nil }
    var distinct = 0
    if isBytes {
      for unit in 0..<size { distinct &+= Int(truncatingIfNeeded: bytes[unit]) }
    } else {
      // The bit behind the last unit stands for what has none.
      bits[size / 64] &= (1 &<< UInt64(size % 64)) &- 1
      for word in bits { distinct &+= word.nonzeroBitCount }
    }
    return (distinct, others)
  }

  /// Counts any numbers of which `present` are no NaN: their bits are dealt out by a hash to parts
  /// that fit a first-level cache, and each part is counted in a small open-addressed table. O(n) on
  /// average.
  static func count(_ numbers: Span<Double>, present: Int) -> Int {
    // About a thousand numbers a part.
    let partBits = UInt64(max(1, 64 - (present / 1024).leadingZeroBitCount))
    let parts = 1 << Int(partBits)
    var ends = [Int](repeating: 0, count: parts + 1)
    for i in 0..<numbers.count {
      let number = unsafe numbers[unchecked: i]
      if number.isNaN { continue }
      ends[Int(truncatingIfNeeded: hash(number) &>> (64 &- partBits)) + 1] += 1
    }
    var largest = 0
    for part in 0..<parts {
      largest = max(largest, ends[part + 1])
      ends[part + 1] += ends[part]
    }
    var dealt = [UInt64](repeating: 0, count: ends[parts])
    for i in 0..<numbers.count {
      let number = unsafe numbers[unchecked: i]
      if number.isNaN { continue }
      let hash = hash(number)
      let part = Int(truncatingIfNeeded: hash &>> (64 &- partBits))
      dealt[ends[part]] = hash
      ends[part] += 1
    }
    // The product with an odd number loses nothing, so equal products are equal numbers. Zero is the
    // product of zero alone.
    var size = 2
    while size < 2 * largest { size *= 2 }
    var table = [UInt64](repeating: 0, count: size)
    let mask = size - 1
    var distinct = 0
    var start = 0
    var hasZero = false
    for part in 0..<parts {
      let end = ends[part]
      if start < end {
        for slot in 0..<size { table[slot] = 0 }
        for i in start..<end {
          let hash = dealt[i]
          if hash == 0 {
            hasZero = true
            continue
          }
          var slot = Int(truncatingIfNeeded: hash &>> 16) & mask
          while table[slot] != 0, table[slot] != hash { slot = (slot &+ 1) & mask }
          if table[slot] == 0 {
            table[slot] = hash
            distinct += 1
          }
        }
      }
      start = end
    }
    return distinct + (hasZero ? 1 : 0)
  }

  /// Fibonacci hashing (Knuth, volume 3, section 6.4): the product with 2⁶⁴ / φ.
  @inline(__always)
  private static func hash(_ number: Double) -> UInt64 {
    (number == 0 ? 0 : number.bitPattern) &* 0x9E37_79B9_7F4A_7C15
  }
}
