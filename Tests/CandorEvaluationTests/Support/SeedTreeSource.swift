import CandorNumerics

enum SeedTreeSource {
  static func generator(_ purpose: String, _ index: Int) -> CounterGenerator {
    SeedTree(seed: 20_26).child(purpose).child(index).generator()
  }
}
