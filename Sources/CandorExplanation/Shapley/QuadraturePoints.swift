/// A few quadrature points worked at once.
protocol QuadraturePoints: Sendable {
  /// How many.
  static var count: Int { get }
  /// The same number at every point.
  init(repeating value: Double)
  /// One number.
  subscript(_ point: Int) -> Double { get set }
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static func / (a: Self, b: Self) -> Self
  static func * (a: Double, b: Self) -> Self
  static func + (a: Double, b: Self) -> Self
}

/// Two points.
struct TwoPoints: QuadraturePoints {
  var a: SIMD2<Double>

  static var count: Int { 2 }

  @inline(__always) init(_ a: SIMD2<Double>) { self.a = a }
  @inline(__always) init(repeating value: Double) { a = SIMD2(repeating: value) }
  subscript(_ point: Int) -> Double {
    get { a[point] }
    set { a[point] = newValue }
  }
  @inline(__always) static func + (a: Self, b: Self) -> Self { Self(a.a + b.a) }
  @inline(__always) static func - (a: Self, b: Self) -> Self { Self(a.a - b.a) }
  @inline(__always) static func * (a: Self, b: Self) -> Self { Self(a.a * b.a) }
  @inline(__always) static func / (a: Self, b: Self) -> Self { Self(a.a / b.a) }
  @inline(__always) static func * (a: Double, b: Self) -> Self { Self(a * b.a) }
  @inline(__always) static func + (a: Double, b: Self) -> Self { Self(a + b.a) }
}

/// Four points.
struct FourPoints: QuadraturePoints {
  var a: SIMD4<Double>

  static var count: Int { 4 }

  @inline(__always) init(_ a: SIMD4<Double>) { self.a = a }
  @inline(__always) init(repeating value: Double) { a = SIMD4(repeating: value) }
  subscript(_ point: Int) -> Double {
    get { a[point] }
    set { a[point] = newValue }
  }
  @inline(__always) static func + (a: Self, b: Self) -> Self { Self(a.a + b.a) }
  @inline(__always) static func - (a: Self, b: Self) -> Self { Self(a.a - b.a) }
  @inline(__always) static func * (a: Self, b: Self) -> Self { Self(a.a * b.a) }
  @inline(__always) static func / (a: Self, b: Self) -> Self { Self(a.a / b.a) }
  @inline(__always) static func * (a: Double, b: Self) -> Self { Self(a * b.a) }
  @inline(__always) static func + (a: Double, b: Self) -> Self { Self(a + b.a) }
}

/// Six points.
struct SixPoints: QuadraturePoints {
  var a: SIMD4<Double>
  var b: SIMD2<Double>

  static var count: Int { 6 }

  @inline(__always) init(_ a: SIMD4<Double>, _ b: SIMD2<Double>) {
    self.a = a
    self.b = b
  }
  @inline(__always) init(repeating value: Double) {
    a = SIMD4(repeating: value)
    b = SIMD2(repeating: value)
  }
  subscript(_ point: Int) -> Double {
    get { point < 4 ? a[point] : b[point - 4] }
    set { if point < 4 { a[point] = newValue } else { b[point - 4] = newValue } }
  }
  @inline(__always) static func + (x: Self, y: Self) -> Self { Self(x.a + y.a, x.b + y.b) }
  @inline(__always) static func - (x: Self, y: Self) -> Self { Self(x.a - y.a, x.b - y.b) }
  @inline(__always) static func * (x: Self, y: Self) -> Self { Self(x.a * y.a, x.b * y.b) }
  @inline(__always) static func / (x: Self, y: Self) -> Self { Self(x.a / y.a, x.b / y.b) }
  @inline(__always) static func * (x: Double, y: Self) -> Self { Self(x * y.a, x * y.b) }
  @inline(__always) static func + (x: Double, y: Self) -> Self { Self(x + y.a, x + y.b) }
}

/// Eight points.
struct EightPoints: QuadraturePoints {
  var a: SIMD8<Double>

  static var count: Int { 8 }

  @inline(__always) init(_ a: SIMD8<Double>) { self.a = a }
  @inline(__always) init(repeating value: Double) { a = SIMD8(repeating: value) }
  subscript(_ point: Int) -> Double {
    get { a[point] }
    set { a[point] = newValue }
  }
  @inline(__always) static func + (a: Self, b: Self) -> Self { Self(a.a + b.a) }
  @inline(__always) static func - (a: Self, b: Self) -> Self { Self(a.a - b.a) }
  @inline(__always) static func * (a: Self, b: Self) -> Self { Self(a.a * b.a) }
  @inline(__always) static func / (a: Self, b: Self) -> Self { Self(a.a / b.a) }
  @inline(__always) static func * (a: Double, b: Self) -> Self { Self(a * b.a) }
  @inline(__always) static func + (a: Double, b: Self) -> Self { Self(a + b.a) }
}
