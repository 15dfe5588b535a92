package import JSON

/// What a Map is run over: one element of an array, one member of an object, one row, one line.
package struct Item: Sendable, Hashable {
    package let value: JSONText
    /// The member's name, where an object's members are mapped over.
    package let key: String?
    /// Where reading goes on behind it.
    package let next: ItemCursor

    package init(value: JSONText, key: String? = nil, next: ItemCursor) {
        self.value = value
        self.key = key
        self.next = next
    }
}

/// Where a reader stands in one object: reading that begins there gives the very items that were still to come.
package struct ItemCursor: Sendable, Hashable {
    /// How many items of the object have been given.
    package var ordinal: Int
    /// The bytes in front of the next item, decompressed ones where the object is compressed.
    package var offset: Int
    /// The line in which the next item begins, counted from 1; only for what has lines.
    package var line: Int
    /// Whether an object's members are read, not an array's elements.
    package var isInObject: Bool

    package init(ordinal: Int = 0, offset: Int = 0, line: Int = 1, isInObject: Bool = false) {
        self.ordinal = ordinal
        self.offset = offset
        self.line = line
        self.isInObject = isInObject
    }
}

/// Reads the items of one object: bytes in, items out.
///
/// It is a value: whoever reads may keep it, copy it, or make another one at an item's ``Item/next``. Bytes may come in
/// pieces of any size; it holds no more of them than one item needs.
package protocol ItemParser: Sendable {
    /// Takes the bytes that follow those taken before.
    mutating func take(_ bytes: [UInt8])
    /// Says that there are no more bytes.
    mutating func finish()
    /// Returns the next item; `nil` when more bytes are needed, and once it is finished, when there are no more.
    mutating func next() throws(ItemReadingError) -> Item?
}

/// The largest item that is read.
///
/// AWS reads items of 8 MB if an ItemSelector makes them small enough to be an input. Source: reference §14.
package let largestItem = 8 << 20
