/// The manifest that Athena's `UNLOAD` leaves: the URI of one object in each line.
///
/// Source: reference §14.
package struct AthenaManifest: Sendable, Hashable {
    package let files: [ObjectLocation]

    package init(parsing bytes: [UInt8]) throws(ItemReadingError) {
        var files: [ObjectLocation] = []
        var records = CSVRecords(delimiter: .comma, at: ItemCursor())
        var input = InputBuffer(offset: 0)
        input.take(bytes)
        input.finish()
        while true {
            let line = records.line
            guard let record = try records.next(from: &input, ordinal: files.count) else { break }
            guard let uri = record.first, let file = ObjectLocation(uri: uri) else {
                throw .malformedManifest("line \(line) is not the URI of an object (s3://bucket/key)")
            }
            files.append(file)
        }
        self.files = files
    }
}
