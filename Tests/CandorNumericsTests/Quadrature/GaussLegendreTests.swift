import CandorNumerics
import CandorTestSupport
import Testing

@Suite("Gauss–Legendre quadrature")
struct GaussLegendreTests {
  @Test(
    "An order integrates every power up to degree 2·order − 1 and no further",
    arguments: [1, 2, 3, 5, 10, 24, 50])
  func exactDegree(order: Int) {
    let (nodes, weights) = GaussLegendre.nodesAndWeights(order: order)
    #expect(zip(nodes, nodes.dropFirst()).allSatisfy { $0 < $1 })
    func integral(_ power: Int) -> Double {
      var sum = CompensatedSum()
      for k in 0..<order {
        sum.add(weights[k] * (0..<power).reduce(1.0) { product, _ in product * nodes[k] })
      }
      return sum.value
    }
    for power in 0..<2 * order {
      #expect(abs(integral(power) * Double(power + 1) - 1) < 2e-14 * Double(power + 5))
    }
    if order <= 10 { #expect(integral(2 * order) != 1 / Double(2 * order + 1)) }
    if order <= 5 { #expect(abs(integral(2 * order) - 1 / Double(2 * order + 1)) > 1e-7) }
  }

  @Test("The rule of two nodes is the textbook's, and order zero has none")
  func textbook() {
    let (nodes, weights) = GaussLegendre.nodesAndWeights(order: 2)
    #expect(largestDisagreement(nodes, [0.2113248654051871, 0.7886751345948129]) < 1e-15)
    #expect(largestDisagreement(weights, [0.5, 0.5]) < 1e-15)
    #expect(GaussLegendre.nodesAndWeights(order: 0).nodes.isEmpty)
  }
}
