package import CandorIntegrity
package import CandorScoring

/// The hash that a bundle carries of all that it holds: its header and its tensors.
///
/// It tells damage and careless edits from the file that was written. It is no signature: who can
/// write the file can write the hash as well.
package enum BundleHash {
  /// The key of the hash in the file's metadata.
  package static let metadataKey = "sha256"

  /// SHA-256 over the text of the header and, in the order of the file, name, element type, shape
  /// and bytes of each tensor; everything of varying length stands behind its length.
  package static func value(
    header: String, tensors: [(name: String, tensor: TensorArchive.Tensor)]
  ) -> Digest {
    var builder = HashBuilder()
    builder.update("candor bundle 1\n")
    add(header, to: &builder)
    builder.update(integer: tensors.count)
    for (name, tensor) in tensors {
      add(name, to: &builder)
      add(SafetensorsLayout.ElementType(tensor.elements).rawValue, to: &builder)
      builder.update(integer: tensor.shape.count)
      for extent in tensor.shape { builder.update(integer: extent) }
      var bytes: [UInt8] = []
      SafetensorsLayout.append(tensor.elements, to: &bytes)
      builder.update(integer: bytes.count)
      builder.update(bytes)
    }
    return builder.finish()
  }

  private static func add(_ text: String, to builder: inout HashBuilder) {
    builder.update(integer: text.utf8.count)
    builder.update(text)
  }
}
