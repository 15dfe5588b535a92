import Compression
import Interpreter
import ItemReading
import JSON
import Objects
import StatesLanguage

/// The items of one object, read in ranges, and decompressed where its key says that it is compressed.
struct ObjectFile {
    private let location: ObjectName
    private let isOfMany: Bool
    private var reader: ObjectReader
    private let decompressor: Decompressor?
    private var items: FileItems
    private var place: ItemCursor
    /// Where the item that was given last begins; `nil` if that is the object's first.
    private var before: ItemCursor?
    /// What `Map.Item.Source` says of the items.
    private let source: String
    /// Decompressed bytes in front of where reading goes on: they cannot be sought, so they are read again.
    private var skipped: Int
    private var isFinished = false

    /// Opens an object, behind one of its items if `cursor` says so; `isOfMany` where it is not what the state names.
    ///
    /// - Throws: That it cannot be read, or is another than it was when the cursor was made.
    init(
        _ location: ObjectName,
        ofMany isOfMany: Bool,
        _ format: FileFormat,
        in store: any ObjectStore,
        at cursor: JSONValue? = nil
    ) async throws(RunFailure) {
        self.location = location
        self.isOfMany = isOfMany
        source = "S3://\(location.bucket)/\(location.key)"
        place = cursor.flatMap { ItemCursor($0) } ?? ItemCursor()
        let columns = cursor?["Columns"]?.array?.compactMap(\.string)
        let kind = Compression(key: location.key)
        do throws(ItemReadingError) {
            items = try FileItems(format, columns: columns, at: place)
        } catch {
            throw RunFailure(reading: location, ofMany: isOfMany, error)
        }
        do throws(CompressionError) {
            decompressor = if let kind { try Decompressor(kind) } else { nil }
        } catch {
            throw RunFailure(reading: location, "\(error)")
        }
        skipped = kind == nil ? 0 : place.offset
        do throws(ObjectStoreError) {
            reader = try await ObjectReader(
                location,
                in: store,
                from: kind == nil ? place.offset : 0,
                ifMatch: cursor?["ETag"]?.string
            )
        } catch {
            throw RunFailure(reading: location, error)
        }
    }

    /// Where reading goes on behind the last item.
    var cursor: JSONValue { cursor(at: place) }

    /// Where reading goes on in front of it; `nil` at the start.
    var cursorBefore: JSONValue? { before.map(cursor) }

    private func cursor(at place: ItemCursor) -> JSONValue {
        var object: JSONObject = [
            "ETag": .string(reader.info.etag), "Ordinal": .number(JSONNumber(place.ordinal)),
            "Offset": .number(JSONNumber(place.offset)), "Line": .number(JSONNumber(place.line)),
        ]
        if place.isInObject { object["InObject"] = true }
        if let columns = items.columnNames { object["Columns"] = .array(columns.map { .string($0) }) }
        return .object(object)
    }

    mutating func next() async throws(RunFailure) -> SourceItem? {
        while true {
            do throws(ItemReadingError) {
                if let item = try items.next() {
                    before = place.offset > 0 ? place : nil
                    place = item.next
                    return SourceItem(value: item.value, key: item.key, source: source)
                }
            } catch {
                throw RunFailure(reading: location, ofMany: isOfMany, error)
            }
            guard !isFinished else { return nil }
            guard let bytes = try await bytes() else {
                items.finish()
                isFinished = true
                continue
            }
            items.take(bytes)
        }
    }

    /// The next bytes, decompressed; `nil` behind the last.
    private mutating func bytes() async throws(RunFailure) -> [UInt8]? {
        while true {
            guard let decompressor else { return try await read() }
            do throws(CompressionError) {
                if let piece = try decompressor.next() {
                    let unwanted = min(skipped, piece.count)
                    skipped -= unwanted
                    if unwanted == piece.count { continue }
                    return unwanted == 0 ? piece : Array(piece[unwanted...])
                }
            } catch {
                throw RunFailure(reading: location, "\(error)")
            }
            if let more = try await read() {
                decompressor.take(more)
                continue
            }
            do throws(CompressionError) { try decompressor.finish() } catch {
                throw RunFailure(reading: location, "\(error)")
            }
            return nil
        }
    }

    private mutating func read() async throws(RunFailure) -> [UInt8]? {
        do { return try await reader.next() } catch { throw RunFailure(reading: location, error) }
    }
}

extension ItemCursor {
    fileprivate init?(_ value: JSONValue) {
        guard let ordinal = value["Ordinal"]?.int, let offset = value["Offset"]?.int, let line = value["Line"]?.int
        else { return nil }
        self.init(ordinal: ordinal, offset: offset, line: line, isInObject: value["InObject"]?.bool ?? false)
    }
}

extension RunFailure {
    /// The reader of a run cannot go on.
    init(itemReader cause: String) { self.init(Failure(error: ErrorName.itemReaderFailed, cause: cause)) }

    init(reading location: ObjectName, _ reason: String) { self.init(itemReader: "\(location): \(reason)") }

    init(reading location: ObjectName, _ error: ObjectStoreError) {
        self.init(itemReader: "\(location): \(error.name): \(error)")
    }

    /// The texts that are AWS's are left as they are where the state names the object.
    init(reading location: ObjectName, ofMany isOfMany: Bool = false, _ error: ItemReadingError) {
        switch error {
        case .duplicateHeaders where !isOfMany, .notIterable where !isOfMany: self.init(itemReader: "\(error)")
        default: self.init(itemReader: "\(location): \(error)")
        }
    }
}
