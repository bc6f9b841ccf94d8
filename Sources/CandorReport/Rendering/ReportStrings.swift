public import CandorDocument
import Foundation

/// The texts of reports in every language.
public enum ReportStrings {
  /// The catalogue of a language.
  ///
  /// - Parameter language: The language.
  /// - Returns: The catalogue.
  /// - Throws: `DocumentError` where the embedded file is broken.
  public static func catalogue(_ language: Language) throws(DocumentError) -> StringCatalogue {
    let bytes =
      switch language {
      case .english: PackageResources.en_json
      case .simplifiedChinese: PackageResources.zh_Hans_json
      }
    return try StringCatalogue(language: language, json: Data(bytes))
  }

  /// The localizer of a language.
  ///
  /// - Parameter language: The language.
  /// - Returns: The localizer.
  /// - Throws: `DocumentError` where the embedded file is broken.
  public static func localizer(_ language: Language) throws(DocumentError) -> Localizer {
    Localizer(catalogue: try catalogue(language))
  }
}
