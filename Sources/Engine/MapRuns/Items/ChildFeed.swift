import Interpreter
import ItemReading
import JSON
import StatesLanguage

/// An item as a run's source gives it.
struct SourceItem: Sendable {
    var value: JSONText
    /// The member's name, where the items are an object's members.
    var key: String?
    /// What `Map.Item.Source` says.
    var source: String
}

/// Where a run's items come from: one after the other, from any of its cursors on the same ones.
protocol ItemSource {
    /// The next item; `nil` behind the last.
    mutating func next() async throws(RunFailure) -> SourceItem?
    /// Where reading goes on behind the item that was given last, as JSON.
    var cursor: JSONValue { get }
    /// Where reading goes on in front of that item.
    var cursorBefore: JSONValue { get }
    /// How many items there are, where that is known before they are read.
    var total: Int? { get }
}

/// The items that a state's own input has.
struct StateItems: ItemSource {
    private let items: [(key: String?, value: JSONValue)]
    private var next = 0

    init(_ items: [(key: String?, value: JSONValue)], at cursor: JSONValue?) {
        self.items = items
        next = cursor?.int ?? 0
    }

    var cursor: JSONValue { .number(JSONNumber(next)) }
    var cursorBefore: JSONValue { .number(JSONNumber(max(0, next - 1))) }
    var total: Int? { items.count }

    mutating func next() async throws(RunFailure) -> SourceItem? {
        guard next < items.count else { return nil }
        defer { next += 1 }
        return SourceItem(value: JSONText(items[next].value), key: items[next].key, source: "STATE_DATA")
    }
}

/// Makes children's inputs of a run's items: selected, and put together into batches.
struct ChildFeed {
    private var source: any ItemSource
    private var selection: ItemSelection
    private var batcher: ItemBatcher?
    private let most: Int?
    private let limit: Int
    /// The place of the next item.
    private var index: Int
    /// How many items were given by the last child.
    private(set) var items: Int
    /// Where reading goes on behind the last batch.
    private var behindBatch: JSONValue
    /// How many items there are, once that is known.
    private(set) var total: Int?
    private(set) var isOver = false
    /// A batch that is complete, but for which there was no call yet.
    private var ready: [(batch: Batch, cursor: JSONValue)] = []

    /// Feeds from a source that stands at its cursor, after so many items; an input may have `limit` bytes.
    init(
        _ source: any ItemSource,
        _ selection: ItemSelection,
        for request: MapRunRequest,
        isBatched: Bool,
        after items: Int,
        limit: Int
    ) {
        self.source = source
        self.selection = selection
        self.limit = limit
        if isBatched {
            batcher = ItemBatcher(
                maxItems: request.batchItems,
                maxBytes: request.batchBytes,
                batchInput: request.batchInput
            )
        }
        most = request.maxItems.flatMap { $0 > 0 ? $0 : nil }
        index = items
        self.items = items
        behindBatch = source.cursor
        total = source.total.map { count in most.map { min($0, count) } ?? count }
    }

    /// Where reading goes on behind the last child.
    var cursor: JSONValue { batcher == nil ? source.cursor : behindBatch }

    /// Returns the input of the next child; `nil` behind the last.
    mutating func next() async throws(RunFailure) -> ChildInput? {
        while true {
            if let first = ready.first {
                ready.removeFirst()
                behindBatch = first.cursor
                items += first.batch.count
                return ChildInput(input: first.batch.input, count: first.batch.count)
            }
            if isOver { return nil }
            guard most.map({ index < $0 }) ?? true, let item = try await source.next() else {
                isOver = true
                total = index
                if let last = batcher?.flush() { ready.append((last, source.cursor)) }
                continue
            }
            let input = try selection.input(index, item.value, key: item.key, source: item.source)
            index += 1
            guard batcher != nil else {
                guard input.byteCount <= limit else { throw RunFailure(.itemTooLarge(index - 1, limit)) }
                items += 1
                return ChildInput(input: input, count: 1)
            }
            do {
                guard let batch = try batcher?.add(input) else { continue }
                // It may be complete without the item that was just read.
                let isWithout = (batcher?.count ?? 0) > 0
                ready.append((batch, isWithout ? source.cursorBefore : source.cursor))
            } catch {
                throw RunFailure(
                    Failure(error: ErrorName.dataLimitExceeded, cause: "\(error) It is item \(index - 1).")
                )
            }
        }
    }
}

extension Failure {
    fileprivate static func itemTooLarge(_ index: Int, _ limit: Int) -> Failure {
        Failure(
            error: ErrorName.dataLimitExceeded,
            cause: "The input of the child of item \(index) is larger than the limit of \(limit) bytes."
        )
    }
}
