package import JSON

/// Puts items together into the inputs of a Map's children.
///
/// A batch is `{"BatchInput": …, "Items": […]}`, the first only where it is given. Items keep their order; a batch is full
/// with so many items, or when one more would make it larger than it may be. What counts is the child's whole input, with
/// BatchInput, names and brackets: a batch within the limit is always one that its child can be started with. It is a
/// value, as the readers are. Source: reference §14.
package struct ItemBatcher: Sendable {
    /// The largest input of an execution.
    package static let largestInput = 262_144

    private let maxItems: Int
    private let maxBytes: Int
    private let prefix: String
    private var items: [JSONText] = []
    private var bytes: Int

    /// - Parameters:
    ///   - maxItems: `MaxItemsPerBatch`; `nil` or 0 is as many as fit.
    ///   - maxBytes: `MaxInputBytesPerBatch`; `nil` or 0 is as much as an input may be.
    ///   - batchInput: What every batch begins with.
    package init(maxItems: Int?, maxBytes: Int?, batchInput: JSONText? = nil) {
        self.maxItems = maxItems.flatMap { $0 > 0 ? $0 : nil } ?? .max
        self.maxBytes = min(maxBytes.flatMap { $0 > 0 ? $0 : nil } ?? Self.largestInput, Self.largestInput)
        prefix = (batchInput.map { "{\"BatchInput\":\($0.text)," } ?? "{") + "\"Items\":["
        bytes = prefix.utf8.count + 2
    }

    /// How many items wait for their batch.
    package var count: Int { items.count }

    /// Takes an item.
    ///
    /// - Returns: The batch that is complete by it or without it, if one is.
    /// - Throws: That the item alone is too large for any batch.
    package mutating func add(_ item: JSONText) throws(BatchError) -> Batch? {
        let alone = prefix.utf8.count + 2 + item.byteCount
        guard alone <= maxBytes else { throw .itemTooLarge(bytes: alone, limit: maxBytes) }
        var full: Batch?
        if !items.isEmpty, bytes + 1 + item.byteCount > maxBytes { full = flush() }
        bytes += item.byteCount + (items.isEmpty ? 0 : 1)
        items.append(item)
        // Both at once cannot be: a batch that was just closed left this item alone in the next.
        if full == nil, items.count == maxItems { full = flush() }
        return full
    }

    /// Returns the items that wait as a batch, `nil` if there are none.
    package mutating func flush() -> Batch? {
        guard !items.isEmpty else { return nil }
        defer {
            items = []
            bytes = prefix.utf8.count + 2
        }
        return Batch(
            input: JSONText(trusted: prefix + items.map(\.text).joined(separator: ",") + "]}"),
            count: items.count
        )
    }
}

/// The input of one child, and how many items are in it.
package struct Batch: Sendable, Hashable {
    package let input: JSONText
    package let count: Int
}

/// Why items cannot be batched.
package enum BatchError: Error, Hashable, CustomStringConvertible {
    /// A batch of only that item would be larger than a batch may be.
    case itemTooLarge(bytes: Int, limit: Int)

    package var description: String {
        switch self {
        case .itemTooLarge(let bytes, let limit):
            "An item makes a batch of \(bytes) bytes, which is larger than the limit of \(limit) bytes."
        }
    }
}
