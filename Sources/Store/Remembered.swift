/// What is remembered of things that can be read again: so many at most, and of so many bytes of text.
///
/// What is made of a text takes about ten times its length: a number alone bounds nothing where the texts are long.
package struct Remembered<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let most: Int
    private let mostBytes: Int
    private var values: [Key: (value: Value, bytes: Int)] = [:]
    /// How long the texts are together.
    package private(set) var bytes = 0

    package init(most: Int, bytes: Int = 8 << 20) {
        self.most = most
        mostBytes = bytes
    }

    package var count: Int { values.count }

    package subscript(key: Key) -> Value? { values[key]?.value }

    /// Remembers one more; with too much at hand all others are dropped first, for what is in use is soon read again.
    ///
    /// - Parameters:
    ///   - value: What was made of a text.
    ///   - bytes: How long that is.
    ///   - key: What it is found by.
    ///   - isNeeded: Tells which of the others are not to be dropped, however many they are.
    package mutating func remember(
        _ value: Value,
        bytes: Int,
        for key: Key,
        keeping isNeeded: (Key) -> Bool = { _ in false }
    ) {
        if let old = values.removeValue(forKey: key) { self.bytes -= old.bytes }
        if values.count >= most || self.bytes + bytes > mostBytes {
            values = values.filter { isNeeded($0.key) }
            self.bytes = values.values.reduce(0) { $0 + $1.bytes }
        }
        values[key] = (value, bytes)
        self.bytes += bytes
    }
}
