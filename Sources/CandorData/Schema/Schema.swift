/// One column of a schema.
public struct SchemaColumn: Sendable, Equatable, Codable {
  /// The column's name.
  public let name: String
  /// What it is for.
  public let role: Role
  /// How its cells are understood.
  public let type: ColumnType
  /// The levels by code, for categorical, boolean and ordinal columns; nil where they are not
  /// kept because they name rows.
  public let levels: [String]?
  /// How its cells are read.
  public let declaration: ColumnDeclaration

  /// A column of a schema.
  public init(
    name: String, role: Role = .feature, type: ColumnType, levels: [String]? = nil,
    declaration: ColumnDeclaration = ColumnDeclaration()
  ) {
    self.name = name
    self.role = role
    self.type = type
    self.levels = levels
    self.declaration = declaration
  }
}

/// What every column of a data set is, and how to read new data exactly as these were read.
public struct Schema: Sendable, Equatable, Codable {
  /// The columns, in the file's order.
  public let columns: [SchemaColumn]
  /// How files were read; a delimiter that was detected stays to be detected.
  public let options: CSVOptions

  /// A schema of these columns.
  public init(columns: [SchemaColumn], options: CSVOptions = CSVOptions()) {
    self.columns = columns
    self.options = options
  }

  /// The schema of a file that was read; roles that are not given are `feature`. Throws where a
  /// role is given to a column that is not there.
  public static func inferred(
    from reading: CSVReading, roles: [String: Role] = [:]
  ) throws(DataError) -> Schema {
    for name in roles.keys.sorted() where reading.table.column(name) == nil {
      throw DataError.missingColumn(name, among: reading.table.names)
    }
    let columns = zip(reading.table.columns, reading.inferences).map { column, inference in
      let role = roles[column.name] ?? .feature
      let namesRows = role == .identifier || (role != .feature && inference.looksLikeIdentifier)
      return SchemaColumn(
        name: column.name, role: role, type: column.type,
        levels: namesRows ? nil : column.codes?.levels.levels,
        declaration: settled(
          reading.declarations[column.name] ?? ColumnDeclaration(), by: inference,
          options: reading.options))
    }
    return Schema(columns: columns, options: reading.options)
  }

  /// The names of the columns that are features, in order.
  public var featureNames: [String] { names(of: .feature) }

  /// The names of the columns of a role, in order.
  public func names(of role: Role) -> [String] {
    columns.filter { $0.role == role }.map(\.name)
  }

  /// The column of this name, nil where there is none.
  public func column(_ name: String) -> SchemaColumn? { columns.first { $0.name == name } }

  /// The column of this name; throws a sentence with the nearest name where there is none.
  public func requiredColumn(_ name: String) throws(DataError) -> SchemaColumn {
    if let column = column(name) { return column }
    throw DataError.missingColumn(name, among: columns.map(\.name))
  }

  /// The same schema with these roles; names that are not there are left out.
  public func assigning(_ roles: [String: Role]) -> Schema {
    Schema(
      columns: columns.map { column in
        SchemaColumn(
          name: column.name, role: roles[column.name] ?? column.role, type: column.type,
          levels: column.levels, declaration: column.declaration)
      }, options: options)
  }

  /// Declarations that read new data exactly as these were read: types, codes of levels, missing
  /// codes, signs in numbers and formats of dates.
  public var declarations: [String: ColumnDeclaration] {
    var declarations: [String: ColumnDeclaration] = [:]
    for column in columns {
      var declaration = column.declaration
      declaration.type = column.type
      // A boolean column of which only one level was ever seen cannot be declared boolean with
      // two levels; as a categorical one it reads the same.
      if column.type == .boolean, column.levels?.count != 2 { declaration.type = .categorical }
      if let levels = column.levels { declaration.levels = levels }
      declarations[column.name] = declaration
    }
    return declarations
  }

  private static func settled(
    _ declaration: ColumnDeclaration, by inference: ColumnInference, options: CSVOptions
  ) -> ColumnDeclaration {
    var settled = declaration
    settled.type = inference.type
    settled.dateFormat = inference.dateFormat?.rawValue
    if inference.type == .numeric {
      settled.decimal = declaration.decimal ?? options.decimal
      settled.thousands = declaration.thousands ?? options.thousands
    }
    return settled
  }
}
