import Glibc

/// Memory in pages of 2 MiB: a first touch costs far less than of 512 small ones, and reads at random
/// places of much memory seldom miss the processor's table of pages.
package enum LargePagesKernel {
  /// Asks for large pages where a buffer holds whole ones; the system may decline.
  package static func advise(_ buffer: UnsafeMutableRawBufferPointer) {
    let page: UInt = 1 << 21
    guard let start = buffer.baseAddress else { return }
    let address = UInt(bitPattern: start)
    let first = (address + page - 1) / page * page
    let end = (address + UInt(buffer.count)) / page * page
    guard first < end else { return }
    _ = unsafe madvise(
      UnsafeMutableRawPointer(bitPattern: first), Int(end - first), MADV_HUGEPAGE)
  }
}
