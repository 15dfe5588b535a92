import JSON

/// The `manifest.json` of an S3 inventory: files of CSV, gzipped, without headers, whose rows are the items.
///
/// Source: reference §14; "Amazon S3 Inventory, Inventory manifest".
package struct InventoryManifest: Sendable, Hashable {
    /// The columns of every file, in order.
    package let columns: [String]
    package let files: [ObjectLocation]

    /// - Parameters:
    ///   - bytes: The whole manifest.
    ///   - bucket: The bucket that it was read from: where the files are if it does not say so itself.
    /// - Throws: What it lacks.
    package init(parsing bytes: [UInt8], bucket: String) throws(ItemReadingError) {
        let manifest: JSONValue
        do { manifest = try JSONValue(parsing: bytes) } catch { throw .malformedManifest("\(error)") }
        guard manifest.object != nil else { throw .malformedManifest("it is no JSON object") }
        guard let format = manifest["fileFormat"]?.string else {
            throw .malformedManifest("it has no 'fileFormat'")
        }
        if format.lowercased() == "parquet" { throw .unsupported("Parquet") }
        guard format.lowercased() == "csv" else { throw .malformedManifest("its 'fileFormat' is '\(format)', not CSV") }
        guard let schema = manifest["fileSchema"]?.string else {
            throw .malformedManifest("it has no 'fileSchema'")
        }
        columns = schema.utf8.split(separator: UInt8(ascii: ",")).map {
            String(Substring($0).drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        guard !columns.isEmpty else { throw .malformedManifest("its 'fileSchema' names no column") }
        guard let entries = manifest["files"]?.array else { throw .malformedManifest("it has no list of 'files'") }
        let destination = manifest["destinationBucket"]?.string.map(Self.name(ofBucket:)) ?? bucket
        var files: [ObjectLocation] = []
        for (index, entry) in entries.enumerated() {
            guard let key = entry["key"]?.string, !key.isEmpty else {
                throw .malformedManifest("file \(index) has no 'key'")
            }
            files.append(ObjectLocation(bucket: destination, key: key))
        }
        self.files = files
    }

    /// How its files are written.
    package var format: FileFormat { FileFormat(.csv(CSVDialect(header: .given(columns)))) }

    /// The name in `arn:aws:s3:::name`, or the name itself.
    private static func name(ofBucket text: String) -> String {
        guard text.hasPrefix("arn:") else { return text }
        return String(text[text.index(after: text.lastIndex(of: ":") ?? text.startIndex)...])
    }
}
