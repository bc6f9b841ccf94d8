extension StudyReader {
  /// `explain.effects`.
  static func effectSettings(_ node: StudyNode) throws(StudyError) -> Study.EffectSettings {
    let parts = try node.mapping(known: [
      "rows", "features", "points", "resamples", "interacting", "contribution_rows",
    ])
    var settings = Study.EffectSettings()
    if let rows = parts["rows"] { settings.rows = try rows.integer(in: 50...1_000_000) }
    if let count = parts["features"] { settings.features = try count.integer(in: 1...50) }
    if let points = parts["points"] { settings.points = try points.integer(in: 2...1000) }
    if let resamples = parts["resamples"] {
      settings.resamples = try resamples.integer(in: 0...10_000)
      guard settings.resamples == 0 || settings.resamples >= 20 else {
        throw resamples.error(
          .outOfRange,
          "must be 0 for no bands, or 20 to 10000; found \(settings.resamples), of which no band "
            + "can be read.")
      }
    }
    if let count = parts["interacting"] { settings.interacting = try count.integer(in: 2...50) }
    if let rows = parts["contribution_rows"] {
      settings.contributionRows = try rows.integer(in: 20...100_000)
    }
    return settings
  }

  /// `explain.audit`.
  static func auditSettings(_ node: StudyNode) throws(StudyError) -> Study.AuditSettings {
    let parts = try node.mapping(known: ["rows", "resamples", "random_models"])
    var settings = Study.AuditSettings()
    if let rows = parts["rows"] { settings.rows = try rows.integer(in: 10...10_000) }
    if let count = parts["resamples"] { settings.resamples = try count.integer(in: 2...1000) }
    if let count = parts["random_models"] {
      settings.randomModels = try count.integer(in: 1...100)
    }
    return settings
  }

  /// `explain.recourse`.
  static func recourseSettings(_ node: StudyNode) throws(StudyError) -> Study.RecourseSettings {
    let parts = try node.mapping(known: ["rows", "proposals", "seconds"])
    var settings = Study.RecourseSettings()
    if let rows = parts["rows"] { settings.rows = try rows.integer(in: 10...1_000_000) }
    if let count = parts["proposals"] { settings.proposals = try count.integer(in: 1...20) }
    settings.seconds = try parts["seconds"]?.number(in: 0.001...3600)
    return settings
  }
}
