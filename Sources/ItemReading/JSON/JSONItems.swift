import JSON

/// The elements of an array in a JSON document, or the members of an object, one after the other.
///
/// What `ItemsPointer` does not lead to is skipped, not kept. The document is read to its end: one that was cut short is an
/// error although all items were there.
package struct JSONItems: ItemParser {
    private enum Phase {
        /// In front of a value that the pointer's next step leads into, or that is mapped over.
        case value
        /// Among the members or elements of a value on the way.
        case searching(Slot)
        case colon(isFound: Bool)
        case skipping(ValueExtent)
        /// Among the items.
        case items(Slot)
        case itemColon
        case item(ValueExtent, scanned: Int)
        /// Behind the items, in what is around them.
        case around(ValueExtent)
        case end
    }

    /// What may come next between an opening and a closing bracket.
    private enum Slot { case first, separator, required }

    private let pointer: [String]
    private let acceptsObjects: Bool
    private var input: InputBuffer
    private var ordinal: Int
    private var phase: Phase
    /// How many of the pointer's steps have been taken.
    private var taken = 0
    /// The index of the next element on the way; `nil` in an object.
    private var index: Int?
    private var isInObject: Bool
    private var key: String?

    /// - Parameters:
    ///   - pointer: Where in the document the items are.
    ///   - acceptsObjects: Whether an object's members may be mapped over, as AWS has it since 2025.
    ///   - cursor: Where to go on.
    package init(pointer: [String] = [], acceptsObjects: Bool = true, at cursor: ItemCursor = ItemCursor()) {
        self.pointer = pointer
        self.acceptsObjects = acceptsObjects
        input = InputBuffer(offset: cursor.offset)
        ordinal = cursor.ordinal
        isInObject = cursor.isInObject
        phase = cursor.ordinal == 0 ? .value : .items(.separator)
    }

    package mutating func take(_ bytes: [UInt8]) { input.take(bytes) }
    package mutating func finish() { input.finish() }

    package mutating func next() throws(ItemReadingError) -> Item? {
        while true {
            switch phase {
            case .value:
                guard try enter() else { return nil }
            case .searching(let slot):
                guard try search(slot) else { return nil }
            case .colon(let isFound):
                guard try colon() else { return nil }
                phase = isFound ? .value : .skipping(ValueExtent())
            case .skipping(var extent):
                guard try skip(&extent) else { return nil }
                phase = .searching(.separator)
            case .items(let slot):
                guard try itemStart(slot) else { return nil }
            case .itemColon:
                guard try colon() else { return nil }
                phase = .item(ValueExtent(), scanned: 0)
            case .item(let extent, let scanned):
                return try item(extent, scanned: scanned)
            case .around(var extent):
                guard try skip(&extent) else { return nil }
                phase = .end
            case .end:
                if skipWhitespace() != nil { throw fault("expected nothing behind the value") }
                return nil
            }
        }
    }
}

extension JSONItems {
    private func fault(_ reason: String) -> ItemReadingError {
        .malformed(format: "JSON", reason, at: ItemPlace(offset: input.offset, ordinal: ordinal))
    }

    /// The next byte that is no white space; `nil` when more are needed.
    private mutating func skipWhitespace() -> UInt8? {
        if input.offset == 0, input.count >= 3, input.prefix(3).elementsEqual([0xEF, 0xBB, 0xBF]) {
            input.advance(by: 3)
        }
        while let byte = input.peek() {
            guard byte.isJSONWhitespace else { return byte }
            input.advance()
        }
        return nil
    }

    /// The same, where the document cannot end.
    private mutating func required() throws(ItemReadingError) -> UInt8? {
        if let byte = skipWhitespace() { return byte }
        if input.isComplete { throw fault("unexpected end of the text") }
        return nil
    }

    /// Enters a value on the way, or the one that is mapped over.
    private mutating func enter() throws(ItemReadingError) -> Bool {
        guard let byte = try required() else { return false }
        let isObject = byte == UInt8(ascii: "{")
        guard taken == pointer.count else {
            guard isObject || byte == UInt8(ascii: "[") else { throw nothingFound }
            input.advance()
            index = isObject ? nil : 0
            phase = .searching(.first)
            return true
        }
        guard byte == UInt8(ascii: "[") || (isObject && acceptsObjects) else { throw .notIterable }
        input.advance()
        isInObject = isObject
        phase = .items(.first)
        return true
    }

    private var nothingFound: ItemReadingError {
        .nothingAt(pointer: pointer.map { "/" + $0 }.joined())
    }

    private mutating func search(_ slot: Slot) throws(ItemReadingError) -> Bool {
        switch try place(slot, closing: index == nil ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
        case .none: return false
        case .some(false): throw nothingFound
        case .some(true): break
        }
        guard let index else {
            guard let name = try name() else {
                phase = .searching(.required)
                return false
            }
            let isFound = name.utf8.elementsEqual(pointer[taken].utf8)
            if isFound { taken += 1 }
            phase = .colon(isFound: isFound)
            return true
        }
        self.index = index + 1
        if String(index) == pointer[taken] {
            taken += 1
            phase = .value
        } else {
            phase = .skipping(ValueExtent())
        }
        return true
    }

    /// Reads a comma where one is due; returns whether a member or element follows, `nil` when more bytes are needed.
    private mutating func place(_ slot: Slot, closing: UInt8) throws(ItemReadingError) -> Bool? {
        guard let byte = try required() else { return nil }
        switch slot {
        case .first where byte == closing, .separator where byte == closing:
            input.advance()
            return false
        case .separator:
            guard byte == UInt8(ascii: ",") else {
                throw fault("expected ',' or '\(Character(Unicode.Scalar(closing)))'")
            }
            input.advance()
            guard try required() != nil else {
                // The comma is used up.
                switch phase {
                case .items: phase = .items(.required)
                default: phase = .searching(.required)
                }
                return nil
            }
            return true
        case .first, .required: return true
        }
    }

    private mutating func colon() throws(ItemReadingError) -> Bool {
        guard let byte = try required() else { return false }
        guard byte == UInt8(ascii: ":") else { throw fault("expected ':'") }
        input.advance()
        return true
    }

    /// Reads a member's name; `nil` until it is complete.
    private mutating func name() throws(ItemReadingError) -> String? {
        guard input.peek() == UInt8(ascii: "\"") else { throw fault("expected a member's name") }
        var extent = ValueExtent()
        guard let length = try extend(&extent, from: 0).length else { return nil }
        let name = try value(length).string
        input.advance(by: length)
        return name
    }

    /// Steps over a value without keeping it.
    private mutating func skip(_ extent: inout ValueExtent) throws(ItemReadingError) -> Bool {
        while let byte = input.peek() {
            switch extent.step(byte) {
            case .more: input.advance()
            case .last:
                input.advance()
                return true
            case .behind: return true
            }
        }
        if input.isComplete { throw fault("unexpected end of the text") }
        switch phase {
        case .around: phase = .around(extent)
        default: phase = .skipping(extent)
        }
        return false
    }

    /// Looks for the end of the value that begins at the next byte; `length` is `nil` until it has come.
    private mutating func extend(
        _ extent: inout ValueExtent,
        from scanned: Int
    ) throws(ItemReadingError) -> (length: Int?, scanned: Int) {
        var scanned = scanned
        while let byte = input.peek(scanned) {
            switch extent.step(byte) {
            case .more: scanned += 1
            case .last: return (scanned + 1, scanned)
            case .behind: return (scanned, scanned)
            }
            guard scanned <= largestItem else {
                throw .tooLarge(limit: largestItem, at: ItemPlace(offset: input.offset, ordinal: ordinal))
            }
        }
        if input.isComplete { throw fault("unexpected end of the text") }
        return (nil, scanned)
    }

    private func value(_ length: Int) throws(ItemReadingError) -> JSONValue {
        do {
            return try JSONValue(parsing: Array(input.prefix(length)))
        } catch {
            let place = ItemPlace(offset: input.offset + error.offset, ordinal: ordinal)
            throw .malformed(format: "JSON", error.message, at: place)
        }
    }

    private mutating func itemStart(_ slot: Slot) throws(ItemReadingError) -> Bool {
        switch try place(slot, closing: isInObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
        case .none: return false
        case .some(false):
            phase = pointer.isEmpty ? .end : .around(ValueExtent(depth: pointer.count))
            return true
        case .some(true): break
        }
        guard isInObject else {
            phase = .item(ValueExtent(), scanned: 0)
            return true
        }
        guard let name = try name() else {
            phase = .items(.required)
            return false
        }
        key = name
        phase = .itemColon
        return true
    }

    private mutating func item(_ extent: ValueExtent, scanned: Int) throws(ItemReadingError) -> Item? {
        if scanned == 0, try required() == nil { return nil }
        var extent = extent
        let found = try extend(&extent, from: scanned)
        guard let length = found.length else {
            phase = .item(extent, scanned: found.scanned)
            return nil
        }
        guard length > 0 else { throw fault("expected a value") }
        let value = try value(length)
        input.advance(by: length)
        ordinal += 1
        phase = .items(.separator)
        let next = ItemCursor(ordinal: ordinal, offset: input.offset, isInObject: isInObject)
        return Item(value: JSONText(value), key: isInObject ? key : nil, next: next)
    }
}
