import ItemReading
import JSON
import Testing

@Suite("An ItemBatcher")
struct ItemBatcherTests {
    func batches(_ count: Int, _ batcher: ItemBatcher) throws(BatchError) -> [Batch] {
        var batcher = batcher
        var batches: [Batch] = []
        for index in 0..<count {
            if let batch = try batcher.add(JSONText(.number(JSONNumber(index)))) { batches.append(batch) }
        }
        if let batch = batcher.flush() { batches.append(batch) }
        return batches
    }

    @Test("fills batches in order, and the last as far as items go: 1130 at 100 make 12")
    func byCount() throws {
        let made = try batches(1130, ItemBatcher(maxItems: 100, maxBytes: nil))
        #expect(made.map(\.count) == Array(repeating: 100, count: 11) + [30])
        #expect(made.flatMap { $0.input.value["Items"]?.array ?? [] }.map(\.int) == Array(0..<1130))
        #expect(made[0].input.value.object?.keys == ["Items"])
        #expect(
            try batches(3, ItemBatcher(maxItems: 1, maxBytes: nil)).map(\.input.text)
                == [0, 1, 2].map { "{\"Items\":[\($0)]}" }
        )
        #expect(try batches(0, ItemBatcher(maxItems: 1, maxBytes: nil)).isEmpty)
    }

    @Test("gives every batch its BatchInput")
    func batchInput() throws {
        let batcher = ItemBatcher(maxItems: 2, maxBytes: nil, batchInput: JSONText(["a": 1]))
        #expect(
            try batches(3, batcher).map(\.input.text)
                == [#"{"BatchInput":{"a":1},"Items":[0,1]}"#, #"{"BatchInput":{"a":1},"Items":[2]}"#]
        )
    }

    @Test("never makes an input larger than the limit, counted with all that is around the items", arguments: 14...40)
    func byBytes(limit: Int) throws {
        let made = try batches(12, ItemBatcher(maxItems: nil, maxBytes: limit))
        #expect(made.reduce(0) { $0 + $1.count } == 12)
        for (index, batch) in made.enumerated() {
            #expect(batch.input.byteCount <= limit)
            // One more would have been too many.
            if index + 1 < made.count, let next = made[index + 1].input.value["Items"]?[0] {
                #expect(batch.input.byteCount + 1 + next.text.utf8.count > limit)
            }
        }
    }

    @Test("takes no item that alone is too large, whatever limit was set")
    func tooLarge() throws {
        var batcher = ItemBatcher(maxItems: 5, maxBytes: 1_000_000)
        // {"Items":["…"]} has 14 bytes of its own.
        let largest = JSONText(.string(String(repeating: "x", count: 262_144 - 14)))
        #expect(try batcher.add(largest) == nil)
        #expect(batcher.flush()?.input.byteCount == 262_144)
        let larger = JSONText(.string(String(repeating: "x", count: 262_144 - 13)))
        #expect(throws: BatchError.itemTooLarge(bytes: 262_145, limit: 262_144)) { try batcher.add(larger) }
        #expect(batcher.count == 0)
    }
}
