/// Why items cannot be read: the cause of a `States.ItemReaderFailed`.
package enum ItemReadingError: Error, Hashable, CustomStringConvertible {
    /// Two columns have the same name.
    case duplicateHeaders
    /// There is no row to take the columns' names from.
    case missingHeader
    /// What should be mapped over is neither an array nor an object.
    case notIterable
    /// An `ItemsPointer` leads to nothing.
    case nothingAt(pointer: String)
    /// An `ItemsPointer` is none.
    case malformedPointer(String)
    /// The bytes break the rules of their format.
    case malformed(format: String, String, at: ItemPlace)
    /// An item is larger than any that can be read.
    case tooLarge(limit: Int, at: ItemPlace)
    /// A manifest is not what its type says.
    case malformedManifest(String)
    /// A format that Braid does not read.
    case unsupported(String)

    /// The text is AWS's where one has been recorded.
    package var description: String {
        switch self {
        case .duplicateHeaders: "CSV headers cannot contain duplicates."
        case .missingHeader: "The CSV file has no row with the headers."
        case .notIterable: "Attempting to map over non-iterable node."
        case .nothingAt(let pointer): "The ItemsPointer '\(pointer)' leads to nothing."
        case .malformedPointer(let pointer): "The ItemsPointer '\(pointer)' is not a JSON pointer."
        case .malformed(let format, let reason, let place): "The \(format) is malformed at \(place): \(reason)."
        case .tooLarge(let limit, let place): "The item at \(place) is larger than \(limit) bytes."
        case .malformedManifest(let reason): "The manifest cannot be read: \(reason)."
        case .unsupported(let what): "\(what) is not supported"
        }
    }
}

/// Where in an object a fault was found.
package struct ItemPlace: Sendable, Hashable, CustomStringConvertible {
    /// Counted from 1; `nil` for what has no lines of its own.
    package let line: Int?
    /// The bytes in front of it.
    package let offset: Int
    /// The item, counted from 0.
    package let ordinal: Int

    package init(line: Int? = nil, offset: Int, ordinal: Int) {
        self.line = line
        self.offset = offset
        self.ordinal = ordinal
    }

    package var description: String {
        (line.map { "line \($0), " } ?? "") + "byte \(offset) (item \(ordinal))"
    }
}
