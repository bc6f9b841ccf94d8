import CandorBundle
import CandorNumerics
public import CandorScoring
import Foundation

/// A file with the snapshots of the fits of one run, written beside and renamed, so that what stands
/// there is always whole.
///
/// The file is in the safetensors layout; each fit has a store of its own under its name.
public final class SnapshotFile: Sendable {
  private struct State: Sendable {
    var fits: [String: TensorArchive]
    var written: Double
    var isBehind = false
  }

  /// The file as the user named it.
  public let path: String
  private let state: LockedState<State>

  /// The least seconds between two writings: a fit may keep a snapshot more often.
  private static let pause = 1.0
  private static let names = "candor.snapshot.fits"

  /// Opens the file, or begins a new one where there is none.
  ///
  /// - Parameter path: The file.
  /// - Throws: `StudyError` where it is no snapshot, or a folder.
  public init(path: String) throws(StudyError) {
    self.path = path
    switch FileKind(ofPath: path) {
    case .absent: state = LockedState(State(fits: [:], written: 0))
    case .folder:
      throw StudyError(.cannotWrite, "This is a folder; name a file for the snapshot.", file: path)
    default:
      guard let bytes = FileManager.default.contents(atPath: path),
        let file = try? SafetensorsFile(bytes: Array(bytes)), file.metadata[Self.names] != nil
      else {
        throw StudyError(
          .cannotWrite,
          "This file is no snapshot of ours, so it is not replaced; name another file.", file: path)
      }
      state = LockedState(State(fits: Self.separated(file.archive), written: 0))
    }
  }

  /// Whether the file held a snapshot when it was opened, or holds one now.
  public var isEmpty: Bool { state.withLock { $0.fits.isEmpty } }

  /// The store of one fit.
  ///
  /// - Parameter name: The fit's name, without a slash.
  /// - Returns: The store.
  public func store(named name: String) -> any SnapshotStore { Store(file: self, name: name) }

  /// Writes what was kept since the last writing.
  ///
  /// - Throws: `TrainingError` of code `badSnapshot` where the file cannot be written.
  public func flush() throws(TrainingError) {
    try write { $0.isBehind }
  }

  /// Removes the file, since the run has ended well.
  public func remove() { try? FileManager.default.removeItem(atPath: path) }

  private func latest(_ name: String) -> TensorArchive? { state.withLock { $0.fits[name] } }

  private func keep(_ snapshot: TensorArchive, _ name: String) throws(TrainingError) {
    state.withLock { state in
      state.fits[name] = snapshot
      state.isBehind = true
    }
    let now = ProcessInfo.processInfo.systemUptime
    try write { now - $0.written >= Self.pause }
  }

  private func write(if isDue: (State) -> Bool) throws(TrainingError) {
    let fault: String? = state.withLock { state in
      guard isDue(state) else { return nil }
      do {
        let bytes = try SafetensorsFile(archive: Self.joined(state.fits)).bytes()
        try OutputFolder.write(Data(bytes), to: path)
        state.written = ProcessInfo.processInfo.systemUptime
        state.isBehind = false
        return nil
      } catch { return "\(error)" }
    }
    if let fault {
      throw TrainingError(.badSnapshot, "The snapshot \(path) cannot be kept: \(fault)")
    }
  }

  private static func joined(_ fits: [String: TensorArchive]) -> TensorArchive {
    var whole = TensorArchive(attributes: [names: fits.keys.sorted().joined(separator: "/")])
    for (fit, archive) in fits {
      for (name, tensor) in archive.tensors { whole.tensors["\(fit)/\(name)"] = tensor }
      for (name, text) in archive.attributes { whole.attributes["\(fit)/\(name)"] = text }
    }
    return whole
  }

  private static func separated(_ whole: TensorArchive) -> [String: TensorArchive] {
    var fits: [String: TensorArchive] = [:]
    for name in whole.attributes[names]?.split(separator: "/") ?? [] {
      fits[String(name)] = TensorArchive()
    }
    /// The fit and the name within it.
    func parts(_ name: String) -> (fit: String, rest: String)? {
      guard let slash = name.firstIndex(of: "/") else { return nil }
      return (String(name[..<slash]), String(name[name.index(after: slash)...]))
    }
    for (name, tensor) in whole.tensors {
      if let (fit, rest) = parts(name) { fits[fit]?.tensors[rest] = tensor }
    }
    for (name, text) in whole.attributes {
      if let (fit, rest) = parts(name) { fits[fit]?.attributes[rest] = text }
    }
    return fits
  }

  private struct Store: SnapshotStore {
    let file: SnapshotFile
    let name: String

    func latest() throws(TrainingError) -> TensorArchive? { file.latest(name) }

    func keep(_ snapshot: TensorArchive) throws(TrainingError) { try file.keep(snapshot, name) }
  }
}
