import ArgumentParser
import CandorBundle
import CandorData
import CandorDocument
import CandorEvaluation
import CandorExplanation
import CandorIntegrity
import CandorNumerics
import CandorScoring
import CandorStudy
import Foundation

/// The one place that maps errors to exit codes, as `sysexits.h` has them.
enum ExitCodes {
  /// Wrong usage of the command line.
  static let usage: Int32 = 64
  /// Input data are wrong.
  static let data: Int32 = 65
  /// An input file is not there or cannot be read.
  static let noInput: Int32 = 66
  /// What was asked for is more than the machine, or its limit, allows.
  static let unavailable: Int32 = 69
  /// Something failed that is not the user's doing.
  static let software: Int32 = 70
  /// An output file cannot be made.
  static let cannotCreate: Int32 = 73
  /// Results cannot be written out.
  static let inputOutput: Int32 = 74
  /// The study is wrong.
  static let configuration: Int32 = 78

  /// Somebody pressed Ctrl-C: 128 plus the signal's number, as shells have it.
  static let interrupted: Int32 = 130

  /// Prints one sentence on standard error and ends the process.
  static func leave(with error: any Error) -> Never {
    if let code = code(of: error) {
      Terminal.complain("candor: \(sentence(of: error))")
      Foundation.exit(code)
    }
    CandorCommand.exit(withError: error)
  }

  private static func sentence(of error: any Error) -> String {
    guard case EncodingError.invalidValue(_, let context)? = error as? EncodingError else {
      return "\(error)"
    }
    let place = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
    return "A result cannot be written as JSON, at \(place.joined(separator: ".")): "
      + "\(context.debugDescription)"
  }

  /// The exit code of one of our errors, nil where the argument parser answers.
  static func code(of error: any Error) -> Int32? {
    switch error {
    case let error as DataError:
      switch error.code {
      case .fileNotFound, .fileNotReadable: noInput
      case .fileNotWritable: cannotCreate
      default: data
      }
    case let error as StudyError:
      switch error.code {
      case .fileNotFound: noInput
      case .cannotWrite: cannotCreate
      case .notPossible: data
      case .tooLarge: unavailable
      default: configuration
      }
    case let error as TrainingError:
      switch error.code {
      case .badOption, .unsupportedTask: configuration
      case .cancelled: interrupted
      default: data
      }
    case let error as BundleError: error.code == .notReadable ? noInput : data
    case is ScoringError, is EvaluationError, is ExplanationError: data
    case is DocumentError, is LinearAlgebraError, is EncodingError: software
    case let error as IntegrityError: error.isMissingFile ? noInput : data
    case let error as ToolError: error.code
    default: nil
    }
  }
}

/// A fault of a command's own making, with its exit code.
struct ToolError: Error, CustomStringConvertible {
  let code: Int32
  let description: String

  init(_ code: Int32, _ description: String) {
    self.code = code
    self.description = description
  }
}
