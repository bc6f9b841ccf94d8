/// Colours that colour-blind readers can tell apart: Okabe and Ito, "Color universal design",
/// 2008; yellow is left out, since it vanishes on white.
public enum Palette {
  /// Blue, vermillion, green, purple, orange, sky blue, black.
  public static let series = [
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000",
  ]
  /// What moves towards bad.
  public static let adverse = "#D55E00"
  /// What moves towards good.
  public static let favourable = "#0072B2"
  static let ink = "#24292F"
  static let faint = "#57606A"
  static let grid = "#E1E4E8"
  static let axis = "#8C959F"
  static let ground = "#FFFFFF"

  private static let dashes: [[Double]] = [[], [7, 3], [2, 3], [9, 3, 2, 3]]

  static func color(_ index: Int) -> String { series[index % series.count] }

  /// Lines differ by dash as well as by colour, so that a black-and-white print tells them apart.
  static func stroke(_ index: Int, width: Double = 2) -> Drawing.Stroke {
    Drawing.Stroke(color(index), width: width, dash: dashes[index % dashes.count])
  }
}
