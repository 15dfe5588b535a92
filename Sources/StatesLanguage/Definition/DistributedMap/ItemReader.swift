import JSON

/// Where a distributed Map's items come from, if not from the state's input.
///
/// Source: reference §14.
package struct ItemReader: Sendable {
    package enum Source: String, Sendable, Hashable, CaseIterable {
        /// One object, which holds the items or names the objects that do.
        case getObject
        /// The objects of a bucket.
        case listObjects = "listObjectsV2"
    }

    package let source: Source
    /// What the source is asked with: `Bucket`, `Key`, `Prefix` and the like.
    package let parameters: Template
    package let configuration: ReaderConfiguration
}

/// How an ItemReader reads what its source gives: `ReaderConfig`.
package struct ReaderConfiguration: Sendable {
    package enum InputType: String, Sendable, Hashable, CaseIterable {
        case csv = "CSV"
        case json = "JSON"
        case jsonLines = "JSONL"
        /// Refused when it is read.
        case parquet = "PARQUET"
        /// An S3 inventory, as older definitions name it.
        case manifest = "MANIFEST"
    }

    package enum Transformation: String, Sendable, Hashable, CaseIterable {
        case none = "NONE"
        /// The items of a listing's objects, instead of what the listing says of them.
        case loadAndFlatten = "LOAD_AND_FLATTEN"
    }

    package enum ManifestType: String, Sendable, Hashable, CaseIterable {
        case athena = "ATHENA_DATA"
        case inventory = "S3_INVENTORY"
    }

    package enum HeaderLocation: String, Sendable, Hashable, CaseIterable {
        case firstRow = "FIRST_ROW"
        case given = "GIVEN"
    }

    package enum Delimiter: String, Sendable, Hashable, CaseIterable {
        case comma = "COMMA"
        case pipe = "PIPE"
        case semicolon = "SEMICOLON"
        case space = "SPACE"
        case tab = "TAB"
    }

    /// `nil` only where nothing is loaded, and for inventories.
    package var inputType: InputType?
    package var transformation = Transformation.none
    package var manifestType: ManifestType?
    /// Set for CSV.
    package var headerLocation: HeaderLocation?
    package var headers: [String] = []
    package var delimiter = Delimiter.comma
    /// Where in a JSON document the items are, as RFC 6901 writes it.
    package var itemsPointer: String?
    /// How many items are read at most, from 1.
    package var maxItems: IntegerField?
}

extension ItemReader {
    init?(reading fields: Fields, of state: StateReader) {
        fields.allow(only: ["Resource", "Parameters", "Arguments", "ReaderConfig"])
        fields.checkLanguageOfParameters()
        fields.require("Resource")
        let source = fields.s3Action(among: Source.self)
        let required = source == .getObject ? ["Bucket", "Key"] : ["Bucket"]
        let parameters = state.parameters(of: fields, requiring: required)
        let configuration = source.flatMap { ReaderConfiguration(readingFor: $0, in: fields, of: state) }
        guard let source, let parameters, let configuration else { return nil }
        self.init(source: source, parameters: parameters, configuration: configuration)
    }
}

extension ReaderConfiguration {
    /// Reads `ReaderConfig`, which only a listing of which nothing is loaded can do without.
    init?(readingFor source: ItemReader.Source, in reader: Fields, of state: StateReader) {
        guard reader.has("ReaderConfig") else {
            if source == .getObject { reader.require("ReaderConfig") }
            self.init()
            return
        }
        guard let fields = reader.part("ReaderConfig") else { return nil }
        fields.allow(only: [
            "InputType", "Transformation", "ManifestType", "CSVHeaderLocation", "CSVHeaders", "CSVDelimiter",
            "ItemsPointer", "MaxItems", "MaxItemsPath",
        ])
        fields.refuse(["MaxItemsPath"], onlyFor: .jsonPath)
        self.init()
        inputType = fields.choice("InputType")
        transformation = fields.choice("Transformation") ?? .none
        manifestType = fields.choice("ManifestType")
        headerLocation = fields.choice("CSVHeaderLocation")
        delimiter = fields.choice("CSVDelimiter") ?? .comma
        headers = Self.headers(of: fields)
        itemsPointer = fields.string("ItemsPointer")
        maxItems = state.count("MaxItems", in: 1...100_000_000, of: fields)
        check(fields, source)
    }

    private func check(_ fields: Fields, _ source: ItemReader.Source) {
        let loads = source == .getObject ? manifestType != .inventory : transformation == .loadAndFlatten
        if loads { fields.require("InputType") }
        if source == .getObject, transformation == .loadAndFlatten {
            fields.findings.schema("Field 'Transformation' is not supported", at: fields.place)
        }
        if inputType == .csv { fields.require("CSVHeaderLocation") }
        if headerLocation == .given { fields.require("CSVHeaders") }
        if let itemsPointer, !itemsPointer.isEmpty, !itemsPointer.hasPrefix("/") {
            fields.findings.schema("Value must be a valid JSON pointer", at: fields.place(of: "ItemsPointer"))
        }
    }

    private static func headers(of fields: Fields) -> [String] {
        guard let elements = fields.nonEmptyArray("CSVHeaders") else { return [] }
        for (index, element) in elements.enumerated() where element.string == nil {
            let place = fields.place(of: "CSVHeaders").appending(index)
            fields.findings.schema("Expected value of type String", at: place)
        }
        return elements.compactMap(\.string)
    }
}
