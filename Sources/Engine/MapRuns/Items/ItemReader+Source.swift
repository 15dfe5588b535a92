import Interpreter
import ItemReading
import JSON
import Objects
import StatesLanguage

extension ItemReader {
    /// What gives the items, from a cursor on.
    ///
    /// - Parameters:
    ///   - parameters: What the state's Parameters or Arguments have become.
    ///   - store: Where the objects are.
    ///   - cursor: `nil` at the start.
    /// - Throws: `States.ItemReaderFailed`, with a cause that says where.
    /// - Returns: The items from there on.
    func source(
        _ parameters: JSONObject,
        in store: any ObjectStore,
        at cursor: JSONValue?
    ) async throws(RunFailure) -> any ItemSource {
        let bucket = try text("Bucket", of: parameters)
        let owner = try optionalText("ExpectedBucketOwner", of: parameters)
        switch source {
        case .listObjects:
            var request = ObjectListRequest(bucket: bucket, prefix: try optionalText("Prefix", of: parameters) ?? "")
            request.expectedBucketOwner = owner
            request.after = try optionalText("StartAfter", of: parameters).flatMap { $0.isEmpty ? nil : $0 }
            // MaxKeys is how many a page has: all pages are read.
            let delimiter = try optionalText("Delimiter", of: parameters)
            guard configuration.transformation == .loadAndFlatten else {
                return ListingItems(request, upTo: delimiter, in: store, at: cursor)
            }
            let listing = Listing(request, upTo: delimiter, in: store, at: cursor?["At"])
            return try await ObjectItems(.listed(listing), try configuration.format(), in: store, at: cursor)
        case .getObject:
            let name = ObjectName(
                bucket: bucket,
                key: try text("Key", of: parameters),
                versionID: try optionalText("VersionId", of: parameters),
                expectedBucketOwner: owner
            )
            guard isManifest else {
                let next = cursor?["At"]?.int ?? 0
                return try await ObjectItems(
                    .one(name, isRead: next > 0),
                    configuration.format(),
                    in: store,
                    at: cursor
                )
            }
            let (files, format) = try await files(of: name, in: store, at: cursor?["At"])
            return try await ObjectItems(files, format, in: store, at: cursor)
        }
    }

    private var isInventory: Bool {
        configuration.inputType == .manifest || configuration.manifestType == .inventory
    }

    private var isManifest: Bool { isInventory || configuration.manifestType == .athena }

    /// How large a manifest may be: it is held as a whole, with what it says.
    private static let largestManifest = 16 << 20

    /// What a manifest names, from a cursor on.
    ///
    /// - Throws: Also that it is another than it was when the cursor was made: its files would not be those of the cursor.
    private func files(
        of name: ObjectName,
        in store: any ObjectStore,
        at cursor: JSONValue?
    ) async throws(RunFailure) -> (ObjectItems.Files, FileFormat) {
        var bytes: [UInt8] = []
        let info: ObjectInfo
        do throws(ObjectStoreError) {
            var reader = try await ObjectReader(name, in: store, ifMatch: cursor?["Manifest"]?.string)
            info = reader.info
            while info.size <= Self.largestManifest, let more = try await reader.next() { bytes += more }
        } catch {
            throw RunFailure(reading: name, error)
        }
        guard info.size <= Self.largestManifest else {
            throw RunFailure(
                reading: name,
                "The manifest has \(info.size) bytes, more than the \(Self.largestManifest) that it may have."
            )
        }
        let next = cursor?["Next"]?.int ?? cursor?.int ?? 0
        let (named, format) = try files(in: bytes, of: name)
        return (.named(named, by: info.etag, next: next), format)
    }

    private func files(in bytes: [UInt8], of name: ObjectName) throws(RunFailure) -> ([ObjectName], FileFormat) {
        let named: [ObjectName]
        do throws(ItemReadingError) {
            func names(_ locations: [ObjectLocation]) -> [ObjectName] {
                locations.map { ObjectName(bucket: $0.bucket, key: $0.key) }
            }
            if isInventory {
                let manifest = try InventoryManifest(parsing: bytes, bucket: name.bucket)
                return (names(manifest.files), manifest.format)
            }
            named = names(try AthenaManifest(parsing: bytes).files)
        } catch {
            throw RunFailure(reading: name, error)
        }
        return (named, try configuration.format())
    }

    /// A member that need not be there.
    private func optionalText(_ name: String, of parameters: JSONObject) throws(RunFailure) -> String? {
        guard let member = parameters[name] else { return nil }
        guard let text = member.string else {
            throw RunFailure(itemReader: "The ItemReader's '\(name)' must be a string.")
        }
        return text
    }

    private func text(_ name: String, of parameters: JSONObject) throws(RunFailure) -> String {
        guard let text = parameters[name]?.string, !text.isEmpty else {
            throw RunFailure(itemReader: "The ItemReader's '\(name)' must be a string that is not empty.")
        }
        return text
    }
}

extension ReaderConfiguration {
    /// How the files are written.
    fileprivate func format() throws(RunFailure) -> FileFormat {
        switch inputType {
        case .csv:
            let delimiter = CSVDialect.Delimiter(rawValue: delimiter.rawValue) ?? .comma
            let header: CSVDialect.Header = headerLocation == .given ? .given(headers) : .firstRow
            return FileFormat(.csv(CSVDialect(delimiter: delimiter, header: header)))
        // Without a pointer an object is refused, as recorded (test_map_item_reader_json_no_json_list_object).
        case .json: return FileFormat(.json(pointer: itemsPointer), acceptsObjects: itemsPointer != nil)
        case .jsonLines: return FileFormat(.jsonLines)
        case .parquet: throw RunFailure(itemReader: "Parquet is not supported")
        case .manifest, nil: throw RunFailure(itemReader: "The ItemReader's InputType names no format.")
        }
    }
}
