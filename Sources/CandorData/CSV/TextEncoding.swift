/// How the characters of a text file are stored.
public enum TextEncoding: String, Sendable, Codable, CaseIterable {
  /// UTF-8 (RFC 3629), with or without a byte-order mark.
  case utf8
  /// GB 18030, and with it its subsets GBK and GB 2312.
  case gb18030
  /// ISO 8859-1.
  case latin1
}
